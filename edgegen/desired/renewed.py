"""What an earlier edgegen rendered differently. It is reported once: after this render the old file is gone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from edgegen.core.data import mapping
from edgegen.core.errors import Problem
from edgegen.desired.build import Desired
from edgegen.desired.edge import TRAEFIK
from edgegen.desired.socket_proxy import CONFIG, SOCKET_PROXY


def renewed(desired: Desired, present: bytes | None, text: str) -> list[Problem]:
    """Remarks about the present Compose file, where this render replaces what the user may rely on."""
    if present is None or present == text.encode():
        return []
    before = _services(present)
    return [*_socket_proxy(before, desired), *_own_networks(before, desired), *_constraint(before, desired)]


def _services(present: bytes) -> dict[str, Any]:
    import yaml  # a file that is unchanged is never parsed

    try:
        data = yaml.load(present, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}  # edited by hand: that is refused elsewhere
    return {str(name): body for name, body in mapping(data, "services").items() if isinstance(body, dict)}


def _socket_proxy(before: dict[str, Any], desired: Desired) -> Iterator[Problem]:
    now = desired.file.services.get(SOCKET_PROXY)
    was = before.get(SOCKET_PROXY, {})
    mounted = f"{was.get('volumes')} {was.get('configs')}"
    if now is not None and was and PurePosixPath(CONFIG).name not in mounted:
        yield Problem(
            f"the socket proxy is now `{now.image}` with `{CONFIG}`: the one before let Traefik read any file of "
            "any container",
            hint="`edgegen up` replaces its container",
        )


def _own_networks(before: dict[str, Any], desired: Desired) -> Iterator[Problem]:
    edge = desired.spec.edge.network
    for name, service in desired.spec.services.items():
        own, networks = service.private_network(name), before.get(name, {}).get("networks")
        if own is None or not isinstance(networks, list | dict):
            continue
        if edge in networks:
            yield Problem(
                f"`{name}` moves from the network `{edge}` to `{own}`, which only Traefik shares: every container of "
                f"`{edge}` could push to it without a password",
                hint=f"containers that used http://{name}:5000 must use https://{service.own_hosts[0]}; its list of "
                "repositories (`_catalog`) now asks for a password",
            )


def _constraint(before: dict[str, Any], desired: Desired) -> Iterator[Problem]:
    was, now = before.get(TRAEFIK), desired.file.services.get(TRAEFIK)
    if was is None or now is None or desired.spec.edge.serves == "all":
        return
    present = f"{was.get('command')} {was.get('environment')}"
    if "providers" in present.lower() and "constraints" not in present.lower():
        yield Problem(
            "Traefik now serves the containers of this project only; it used to read the labels of every container",
            hint="`edge: {serves: all}` in edge.yaml keeps it as it was",
        )
