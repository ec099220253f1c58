"""What edge.yaml wants from the service behind a URL and from the edge in front of it, with its lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct, field

from edgegen.compose.model import plain
from edgegen.core.errors import EdgegenError
from edgegen.core.location import Location
from edgegen.desired.build import build
from edgegen.desired.edge import TRAEFIK
from edgegen.desired.endpoints import DASHBOARD
from edgegen.endpoints import Endpoint, Kind
from edgegen.files.beside import texts_beside
from edgegen.spec.edge import Spec
from edgegen.spec.load import LoadedSpec
from edgegen.spec.service import ServiceBase
from edgegen.system.read import read_bounded
from edgegen.targets import Contents, Target

_KEYS = "image", "port", "ports", "networks", "volumes", "restart", "deploy", "cpus", "healthcheck", "stop_signal"
"""What a task's error or a label may be about."""
_SERVICE = 2
"""How far a service's name is from the left."""
_MOST_BYTES = 1024 * 1024


class Override(Struct, frozen=True):
    """The user's own Compose file next to the rendered one."""

    file: str
    lines: tuple[str, ...]

    def line_of(self, text: str) -> Location | None:
        """The first line that holds a text."""
        found = next((number for number, line in enumerate(self.lines, 1) if text in line), 0)
        return Location(self.file, found, self.lines[found - 1].index(text) + 1) if found else None

    def label_line(self, service: str, label: str, section: str) -> Location | None:
        """The line of a label under `labels:` or `deploy:` of a service, in a file as edgegen lays it out."""
        within, key = False, ""
        for number, line in enumerate(self.lines, 1):
            indent, word = len(line) - len(line.lstrip()), line.strip()
            if indent <= _SERVICE and word and not word.startswith("#"):
                within = indent == _SERVICE and word.partition(":")[0] == service
            elif within and indent == _SERVICE * 2:
                key = word.partition(":")[0]
            elif within and key == section and label in line:
                return Location(self.file, number, line.index(label) + 1)
        return None


class Wanted(Struct, frozen=True):
    """One service of the spec as Compose gets it, and Traefik. `body` is empty where no container is behind."""

    project: str
    service: str
    edge_project: str = ""
    """The project whose Traefik serves it: its own, or that of `edge.use`."""
    body: Mapping[str, Any] = field(default_factory=dict)
    edge: Mapping[str, Any] = field(default_factory=dict)
    where: Location | None = None
    labels_where: Mapping[str, Location] = field(default_factory=dict)
    """The lines of labels that the spec writes itself."""
    auth_where: Location | None = None
    keys_where: Mapping[str, Location] = field(default_factory=dict)
    """The lines of the service's own keys."""
    override: Override | None = None
    rendered: Override | None = None
    """The rendered file of a target that merges none of the user's over it: what it should not say was edited."""
    networks: tuple[str, ...] = ()
    """The real names of its networks."""
    is_registry: bool = False
    """Whether a registry or a cache is behind."""
    without_container: str = ""
    """Why no container is behind the host, as a sentence."""
    is_asked_by_url: bool = False
    """Whether Traefik has its address from a file: no label, and no health, decides about its routers."""

    @property
    def labels(self) -> Mapping[str, str]:
        """Traefik's labels: those of the containers, or of a swarm's service."""
        found = {**(self.body.get("labels") or {}), **((self.body.get("deploy") or {}).get("labels") or {})}
        return {name: str(value) for name, value in found.items() if name.startswith("traefik.")}

    @property
    def asks_no_password(self) -> bool:
        """Whether it is a registry whose passwords Traefik asks for, so that any other way to it needs none."""
        return self.is_registry and "REGISTRY_AUTH" not in self.body.get("environment", {})

    def place(self, *texts: str, default: Location | None = None) -> Location | None:
        """Where a label, a flag or a mount comes from: the spec's own line, the override's, or else the service's."""
        lines = (self.override.line_of(text) for text in texts) if self.override else iter(())
        own = (self.labels_where.get(text) for text in texts)
        return next((place for place in (*own, *lines) if place), default or self.where)

    def label_place(self, label: str, section: str = "labels") -> Location | None:
        """Where a label comes from that should not be there: the rendered file, if somebody wrote it there.

        `section` of the service: `labels` for those of its containers, or `deploy`.
        """
        found = self.rendered.label_line(self.service, label, section) if self.rendered else None
        return found or self.place(label)

    def key_place(self, key: str) -> Location | None:
        """Where the service has a key of this name; the service itself where it has none."""
        return self.keys_where.get(key, self.where)

    @property
    def edge_is_shared(self) -> bool:
        """Whether another project's Traefik serves it."""
        return self.edge_project not in ("", self.project)

    @property
    def edge_mend(self) -> str:
        """How the Traefik that runs becomes what this project needs."""
        if self.edge_is_shared:
            return f"`edgegen up` in project `{self.edge_project}`, whose Traefik serves this one"
        return self.mend

    @property
    def mend(self) -> str:
        """How what runs becomes what edge.yaml says."""
        if self.override is None:
            return "`edgegen up` restores what edge.yaml says"
        return f"look into {self.override.file}: without it, `edgegen up` restores what edge.yaml says"


def wanted(loaded: LoadedSpec, endpoint: Endpoint, project: Path, values: Mapping[str, str]) -> Wanted:
    """What the spec wants behind one of its endpoints, as its target has it. `values`: of variables."""
    spec = loaded.spec
    desired = build(spec, texts_beside(project, spec, values))
    target = desired.target
    file: Mapping[str, Any] = plain(target.translated(desired.file, Contents()).data())
    services: Mapping[str, Any] = file.get("services", {})
    named = spec.services.get(endpoint.name)
    behind = _behind(spec, named)
    name = TRAEFIK if endpoint.kind is Kind.DASHBOARD else behind or endpoint.name
    service = spec.services.get(name) if behind else named
    own_labels = (("labels", service.labels), ("traefik_labels", service.labels_by_hand)) if service else ()
    at = ("edge", DASHBOARD) if endpoint.kind is Kind.DASHBOARD else ("services", behind or endpoint.name)
    return Wanted(
        project=str(spec.name),
        service=name,
        body=(body := services.get(name, {})),
        edge_project=str(spec.edge.use or spec.name),
        edge=_needed_of_another(service) if spec.edge.use else services.get(TRAEFIK, {}),
        where=loaded.locate(("services", endpoint.name) if behind else at),
        labels_where={label: loaded.locate((*at, key, label)) for key, labels in own_labels for label in labels},
        auth_where=loaded.locate((*at, "users")) if service and service.password_users else None,
        keys_where={key: loaded.locate((*at, key)) for key in _KEYS},
        override=_file(project, target.overrides),
        rendered=None if target.overrides else _file(project, (target.file_name,)),
        networks=tuple(_real(file, spec, target, key) for key in body.get("networks") or ()),
        is_registry=service is not None and service.is_registry,
        without_container=service.without_container if service else "",
        is_asked_by_url=bool(behind),
    )


def _behind(spec: Spec, service: ServiceBase | None) -> str:
    """The service of this project to which the URL of a `kind: external` leads; "" for any other."""
    name = urlsplit(service.asks_url).hostname if service else None
    return name if name and name in spec.containers else ""


def _real(file: Mapping[str, Any], spec: Spec, target: Target, network: str) -> str:
    declared = (file.get("networks") or {}).get(network) or {}
    return str(declared.get("name") or target.real_name(spec.name, network))


def _needed_of_another(service: ServiceBase | None) -> Mapping[str, Any]:
    """The flags that this project needs of another's Traefik: uploads to a registry may take any time."""
    secure = "--entrypoints.websecure.transport.respondingtimeouts.readtimeout=0"
    return {"command": [secure] if service and service.is_registry else []}


def _file(project: Path, names: Iterable[str]) -> Override | None:
    """The first one that exists, as in Compose. A file that can't be read is ignored here."""
    file = next((name for name in names if (project / name).is_file()), None)
    if file is None:
        return None
    try:
        text = read_bounded(project / file, _MOST_BYTES)
    except EdgegenError:
        return None
    return Override(file, tuple(text.decode("utf-8", "replace").splitlines()))
