"""Two entrypoints on one port.

What it does
    Compares the addresses of all entrypoints, with the one that Traefik makes itself: `traefik` on :8080, for
    `api.insecure`, ping and metrics.

Why
    The second one can't listen (`bind: address already in use`), and Traefik exits.

Example
    `--entrypoints.web.address=:8080` with `--api.insecure=true`

Instead
    `--entrypoints.web.address=:80`, or a separate address for the entrypoint `traefik`
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.model import Project, Spot
from edgegen.lint.rule import Found, Rule
from edgegen.lint.statics import Address, Judged, address_of, entrypoints, is_on, judged, known
from edgegen.traefik.go_values import TRUE

RULE = Rule("EL046", "entrypoints-on-one-port", Severity.HIGH)
_ALL = ("", "0.0.0.0", "::")  # noqa: S104  # compared, not bound
_OWN = "traefik"


def check(project: Project) -> Iterator[Found]:
    """Each pair that can't both listen."""
    for item in judged(project):
        for (first, _, there), (second, spot, here) in combinations(_listening(item), 2):
            if _collide(there, here):
                message = f"the entrypoints `{shown(first)}` and `{shown(second)}` both listen on port {here.port}"
                yield Found(
                    item.subject, f"{message}, and Traefik does not start", spot, "give one of them another port"
                )


def _listening(item: Judged) -> Iterator[tuple[str, Spot, Address]]:
    names = entrypoints(item)
    if _needs_own(item) and _OWN not in names:
        yield _OWN, item.traefik.spot, Address("", 8080, "tcp")
    for name, value in names.items():
        address = address_of(value.text) if value is not None and value.known else None
        if value is None or address is None or address.port == 0:
            continue
        if is_on(item.static, f"entrypoints.{name}.reuseport"):
            continue
        yield name, value.spot, address
        if address.protocol == "tcp" and is_on(item.static, f"entrypoints.{name}.http3"):
            yield name, value.spot, Address(address.host, address.port, "udp")


def _needs_own(item: Judged) -> bool:
    static = item.static
    if known(static, "api.insecure") in TRUE:
        return True
    return any(
        is_on(static, group)
        and static.get(f"{group}.entrypoint") is None
        and known(static, f"{group}.manualrouting") in (None, "false")
        for group in ("ping", "metrics.prometheus")
    )


def _collide(one: Address, two: Address) -> bool:
    if (one.port, one.protocol) != (two.port, two.protocol):
        return False
    return one.host == two.host or one.host in _ALL or two.host in _ALL
