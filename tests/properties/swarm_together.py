"""Many rendered stacks as one question to the real Traefik. Names that all stacks share get the number of theirs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.lab.oracle import OracleAnswer, ask_about
from tests.lab.stack_file import as_project
from tests.properties import expectation, laid_together, swarm_expectation
from tests.properties.specs import token
from tests.properties.swarm_rendered import Stack

Data = dict[str, Any]
_LABEL = re.compile(r"(traefik\.(?:http|tcp)\.(?:routers|services|middlewares)\.)([^.]+)(.*)")


def ask(batch: Sequence[Stack], folder: Path) -> OracleAnswer:
    """What the real Traefik makes of all of them at once."""
    data = laid(batch, folder)
    for attempt in range(3):
        project = as_project(data, folder / f"dynamic-{attempt}", one_host=False)
        answer = ask_about([project])
        # Between the choice of free ports and their use somebody else may take one.
        if not any("address already in use" in line for line in answer.errors):
            break
    return answer


def laid(batch: Sequence[Stack], folder: Path) -> Data:
    """The stacks as one, as docker reads it."""
    merged: Data = {"name": batch[0].name, "services": {}, "networks": {}, "secrets": {}, "configs": {}}
    flags: list[str] = []
    secrets: list[Data] = []
    configs: list[Data] = []
    for index, stack in enumerate(batch):
        services = dict(stack.docker["services"])
        traefik = services.pop("traefik", None)
        if traefik is None:
            continue
        flags += [
            laid_together.shared(flag, stack.number)
            for flag in traefik["command"]
            if not index or laid_together.is_own(flag, stack.number)
        ]
        for name, service in services.items():
            merged["services"][f"{token(stack.number)}-{name}"] = _labelled(service, stack, merged["networks"])
        of_edge = _labelled(traefik, stack, merged["networks"])
        # Traefik's own labels name no network: the flag does, and here it is the first one's.
        merged["services"][f"{token(stack.number)}-edge"] = {**of_edge, "networks": [_flag(flags, _NETWORK)]}
        secrets += _mounted(traefik, stack, "secrets", merged)
        configs += _dynamic(traefik, stack, merged, folder)
    merged["services"]["traefik"] = {
        "image": "traefik:v3.7", "command": list(dict.fromkeys(flags)), "networks": [], "secrets": secrets, "configs": configs,
    }  # fmt: skip
    return merged


_NETWORK = "--providers.swarm.network="


def _flag(flags: Sequence[str], start: str) -> str:
    return next(flag.removeprefix(start) for flag in flags if flag.startswith(start))


def own(name: str, number: int) -> str:
    """A name, or a reference, with the number of its stack."""
    return name if token(number) in name or name.endswith("@internal") else f"{token(number)}-{name}"


def _labelled(service: Data, stack: Stack, networks: Data) -> Data:
    labels = dict(_label(key, value, stack.number) for key, value in (service["deploy"].get("labels") or {}).items())
    real = []
    for name in service.get("networks") or ["default"]:
        options = (stack.docker.get("networks") or {}).get(name) or {}
        real.append(str(options.get("name", name if options.get("external") else f"{stack.name}_{name}")))
    networks |= {name: {"name": name} for name in real}
    return {
        "image": "x",
        "networks": real,
        "deploy": {"labels": labels, "replicas": service["deploy"].get("replicas", "1")},
    }


def _label(key: str, value: str, number: int) -> tuple[str, str]:
    match = _LABEL.fullmatch(key)
    if not match:
        return key, value
    option = match[3].lower()
    if option.endswith(".middlewares"):
        value = ",".join(own(name, number) for name in value.split(","))
    elif option in (".service", ".errors.service"):
        value = own(value, number)
    elif option.endswith(".usersfile"):
        value = f"/{token(number)}{value}"
    elif option == ".entrypoints" and key.startswith("traefik.tcp."):
        value = laid_together.shared(value, number)
    return f"{match[1]}{own(match[2], number)}{match[3]}", value


def _mounted(traefik: Data, stack: Stack, section: str, merged: Data) -> list[Data]:
    """Traefik's mounts, each in a folder of its stack's own."""
    uses = []
    for use in traefik.get(section) or []:
        source, target = use["source"], use.get("target") or use["source"]
        name = f"{token(stack.number)}-{source}"
        merged[section][name] = stack.docker[section][source]
        place = target if target.startswith("/") else f"/run/secrets/{target}"
        uses.append({"source": name, "target": f"/{token(stack.number)}{place}"})
    return uses


def _dynamic(traefik: Data, stack: Stack, merged: Data, folder: Path) -> list[Data]:
    """The files of Traefik's folder, with what they name told apart; the TLS options are the same for all."""
    uses = []
    for use in traefik.get("configs") or []:
        target = Path(use["target"])
        if str(target.parent) != "/etc/traefik/dynamic":
            continue
        text = Path(stack.docker["configs"][use["source"]]["file"]).read_text()
        if target.name == "tls.yml":
            if any(item["target"].endswith("-tls.yml") for item in merged["configs"].values()):
                continue
        name = f"{token(stack.number)}-{target.name}"
        text = re.sub(
            r'(?i)(usersfile: "?)(/)', rf"\1/{token(stack.number)}\2", laid_together.renamed(text, stack.number)
        )
        (folder / name).write_text(text)
        merged["configs"][name] = {"file": str(folder / name), "target": name}
        uses.append({"source": name, "target": f"/etc/traefik/dynamic/{name}"})
    return uses


def wanted(batch: Sequence[Stack]) -> dict[str, expectation.Router]:
    """The routers that all of them ask for, under the names that they have here."""
    return {
        own(name, stack.number): replace(router, entrypoint=laid_together.shared(router.entrypoint, stack.number))
        for stack in batch
        for name, router in swarm_expectation.routers(stack.data).items()
    }
