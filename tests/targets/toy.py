"""A second target, in one file: labels elsewhere, another provider of Traefik, other names, one thing it can't do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from edgegen.compose.model import File, Merged, Service, Shared
from edgegen.spec.container import Container
from edgegen.spec.edge import Spec
from edgegen.spec.problems import Complaint
from edgegen.targets.base import Dynamic
from edgegen.targets.contents import Contents
from edgegen.traefik.middlewares import Middleware


@dataclass(frozen=True)
class ToyProvider:
    endpoint: str
    network: str
    only: str | None

    def flags(self) -> Iterator[str]:
        yield f"--providers.toy.endpoint={self.endpoint}"
        yield f"--providers.toy.network={self.network}"
        if self.only is not None:
            yield f"--providers.toy.only={self.only}"


class ToyTarget:
    """Labels under `deploy`, no `restart`, a fleet of its own, secrets from outside."""

    file_name = "toy-stack.yml"
    overrides = ()
    provider = "toy"
    proxy_rights = ("toys", "toys/[a-z]+")
    reads = "toys"
    files_are_sent = False
    edge_has_labels = False
    publishes_on_addresses = True
    tries_again = False
    log_level = "INFO"

    def watching(self, endpoint: str, network: str, project: str | None) -> ToyProvider:
        return ToyProvider(endpoint, network, project)

    def restarting(self, project: str, service: str) -> str:
        return f"toy again {project} {service}"

    def real_name(self, project: str, name: str) -> str:
        return f"{project}.{name}"

    def variable(self, value: str) -> str:
        return value

    def keeps(self, middleware: Middleware) -> str:
        return "file"

    def said_by_labels(self, dynamic: Dynamic) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
        return {}, {name: dict(data) for name, data in dynamic.items()}

    def translated(self, file: File, contents: Contents) -> File:
        return replace(
            file,
            shared=(*file.shared, Shared("fleet", {"ships": 3})),
            services={name: shaped(service) for name, service in file.services.items()},
            secrets={name: {"external": True} for name in file.secrets},
            extra={**file.extra, "x-sails": Merged((), {"colour": "white $"})},
        )

    def complaints(self, spec: Spec) -> Iterator[Complaint]:
        for name, service in spec.services.items():
            if isinstance(service, Container) and service.privileged:
                yield Complaint(("services", name, "privileged"), "a toy has no privileges", "remove it")

    def remarks(self, spec: Spec) -> Iterator[Complaint]:
        for name, service in spec.services.items():
            if isinstance(service, Container) and service.init:
                yield Complaint(("services", name, "init"), "a toy begins by itself", "remove it")


def shaped(service: Service) -> Service:
    deploy = {**(service.deploy or {}), **({"labels": service.labels} if service.labels else {})}
    return replace(service, labels=None, restart=None, deploy=deploy or None)
