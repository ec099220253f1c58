"""The services of a swarm. Never the values of their variables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from edgegen.compose.swarm_names import NAMESPACE_LABEL
from edgegen.deploy.answers import Reader
from edgegen.deploy.model import Published
from edgegen.deploy.runner import Executor
from edgegen.deploy.swarm.asking import inspected, listed, of_stack
from edgegen.deploy.variables import name_list, setting_list
from edgegen.traefik.settings import Settings, is_traefik, settings

_SERVICE = Reader("docker service inspect")
_FORMAT = (
    '{"id":{{json .ID}},"name":{{json .Spec.Name}},"labels":{{json .Spec.Labels}},"mode":{{json .Spec.Mode}},'
    '"update":{{json .UpdateStatus}},"networks":{{json .Spec.TaskTemplate.Networks}},'
    '"placement":{{json .Spec.TaskTemplate.Placement}},"endpoint":{{json .Spec.EndpointSpec}},'
    '"restart":{{json .Spec.TaskTemplate.RestartPolicy}}'
    "{{with .Spec.TaskTemplate.ContainerSpec}},"
    '"image":{{json .Image}},"container_labels":{{json .Labels}},"args":{{json .Args}},"command":{{json .Command}},'
    '"mounts":{{json .Mounts}},"secrets":{{json .Secrets}},"configs":{{json .Configs}},'
    '"stop_signal":{{json .StopSignal}},"health":{{json .Healthcheck}},'
    f'"variables":{name_list(".Env")},"settings":{setting_list(".Env")}{{{{end}}}}}}'
)


class UpdateSeen(Struct, frozen=True):
    """A service's last update."""

    state: str = ""
    """`updating`, `paused`, `completed`, `rollback_started`, `rollback_paused`, `rollback_completed`, ""."""
    message: str = ""
    started: str = ""
    completed: str = ""
    """RFC 3339, or "" while it goes on."""

    @property
    def has_failed(self) -> bool:
        """Whether what was asked for is not what runs, and the swarm has given up."""
        return self.state in ("paused", "rollback_completed", "rollback_paused")

    @property
    def goes_on(self) -> bool:
        return self.state in ("updating", "rollback_started")


class ServiceSeen(Struct, frozen=True):
    """One service, whether or not any task of it runs."""

    id: str
    name: str
    """With the stack in front: `web_app`."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Those of `deploy.labels`, which Traefik reads."""
    container_labels: Mapping[str, str] = field(default_factory=dict)
    """Those of `labels`, which a swarm's Traefik does not read."""
    image: str = ""
    """With the digest that the manager resolved, if it did."""
    replicas: int = 1
    """How many tasks it should have; 0 for a global one, which has one on each fitting node."""
    mode: str = "replicated"
    """`replicated`, `global`, or a job's."""
    update: UpdateSeen = field(default_factory=UpdateSeen)
    networks: tuple[str, ...] = ()
    """The ids of its networks."""
    constraints: tuple[str, ...] = ()
    ports: tuple[Published, ...] = ()
    """Published ports, of the host or of the ingress network."""
    host_ports: tuple[Published, ...] = ()
    """Those that are taken only on the task's node (`mode: host`)."""
    restart: str = ""
    """`any`, `on-failure` or `none`; "" for the engine's own, which is `any`."""
    args: tuple[str, ...] = ()
    """Its command line, the entry point's words included."""
    variables: frozenset[str] = frozenset()
    """The names of its variables."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Traefik's variables that are not secret, with their values."""
    mounts: Mapping[str, str] = field(default_factory=dict)
    """Path inside -> path on the host, or the volume's name."""
    secrets: tuple[str, ...] = ()
    configs: tuple[str, ...] = ()
    """The names of its secrets and configs on the swarm."""
    stop_signal: str = ""
    is_checked: bool = False
    """Whether the service itself has a health check; an image may have one too."""

    @property
    def stack(self) -> str:
        """Its stack, or ""."""
        return self.labels.get(NAMESPACE_LABEL, "")

    @property
    def short_name(self) -> str:
        """Its name in the stack's file."""
        return self.name.removeprefix(f"{self.stack}_") if self.stack else self.name

    @property
    def ends(self) -> bool:
        """Whether its tasks may end with 0 and stay so, like a migration."""
        return self.restart in ("none", "on-failure") or self.mode.endswith("job")

    @property
    def static(self) -> Settings:
        """What it is started with, if it is a Traefik."""
        return settings(self.args, self.variables, self.settings)

    @property
    def is_traefik(self) -> bool:
        """By its image's name, or by its flags."""
        return is_traefik(self.image, self.args)


def services(runner: Executor, stack: str | None = None) -> tuple[ServiceSeen, ...]:
    """The services of a stack, or all of the swarm, by name. Raises OutsideError if the engine isn't a manager."""
    words = of_stack(stack) if stack is not None else ()
    ids = listed(runner, "service", "ls", "--quiet", *words)
    found = map(_service, inspected(runner, ids, _FORMAT, _SERVICE, "service", "inspect"))
    return tuple(sorted(found, key=lambda service: service.name))


def _service(data: Mapping[str, Any]) -> ServiceSeen:
    def part(key: str) -> dict[str, Any]:
        return _SERVICE.mapping(data.get(key), key)

    def words(key: str) -> list[str]:
        return [_SERVICE.text(word, key) for word in _SERVICE.items(data.get(key), key)]

    def pairs(key: str) -> dict[str, str]:
        return {name: _SERVICE.text(value, name) for name, value in part(key).items()}

    mode, replicas = _mode(part("mode"))
    return ServiceSeen(
        id=_SERVICE.text(data.get("id"), "id"),
        name=_SERVICE.text(data.get("name"), "name"),
        labels=pairs("labels"),
        container_labels=pairs("container_labels"),
        image=_SERVICE.text(data.get("image"), "image"),
        replicas=replicas,
        mode=mode,
        update=_update(part("update")),
        networks=tuple(_texts(data, "networks", "Target")),
        constraints=tuple(_constraints(part("placement"))),
        ports=tuple(_ports(part("endpoint"))),
        host_ports=tuple(_ports(part("endpoint"), mode="host")),
        restart=_SERVICE.text(part("restart").get("Condition"), "Condition"),
        args=(*words("command"), *words("args")),
        variables=frozenset(filter(None, words("variables"))),
        settings={name: value for name, equals, value in (word.partition("=") for word in words("settings")) if equals},
        mounts=dict(_mounts(_SERVICE.mappings(data.get("mounts"), "mounts"))),
        secrets=tuple(_texts(data, "secrets", "SecretName")),
        configs=tuple(_texts(data, "configs", "ConfigName")),
        stop_signal=_SERVICE.text(data.get("stop_signal"), "stop_signal"),
        is_checked=_is_checked(part("health")),
    )


def _mode(mode: Mapping[str, Any]) -> tuple[str, int]:
    """`{"Replicated": {"Replicas": 3}}`, `{"Global": {}}`, or a job's."""
    name, body = next(iter(mode.items()), ("Replicated", {}))
    told = _SERVICE.mapping(body, name)
    count = told.get("Replicas", told.get("MaxConcurrent", 0 if "global" in name.lower() else 1))
    return name.lower(), _SERVICE.number(count, "Replicas")


def _update(update: Mapping[str, Any]) -> UpdateSeen:
    state, message, started, completed = (
        _SERVICE.text(update.get(key), key) for key in ("State", "Message", "StartedAt", "CompletedAt")
    )
    return UpdateSeen(state, message, started, completed)


def _texts(data: Mapping[str, Any], key: str, inner: str) -> Iterator[str]:
    return (_SERVICE.text(item.get(inner), inner) for item in _SERVICE.mappings(data.get(key), key))


def _constraints(placement: Mapping[str, Any]) -> list[str]:
    found = _SERVICE.items(placement.get("Constraints"), "Constraints")
    return [_SERVICE.text(item, "Constraints") for item in found]


def _ports(endpoint: Mapping[str, Any], mode: str = "") -> Iterator[Published]:
    for port in _SERVICE.mappings(endpoint.get("Ports"), "Ports"):
        number = _SERVICE.number(port.get("PublishedPort"), "PublishedPort")
        if number and mode in ("", port.get("PublishMode")):
            yield Published(number, _SERVICE.text(port.get("Protocol"), "Protocol") or "tcp")


def _mounts(mounts: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for mount in mounts:
        yield _SERVICE.text(mount.get("Target"), "Target"), _SERVICE.text(mount.get("Source"), "Source")


def _is_checked(health: Mapping[str, Any]) -> bool:
    test = _SERVICE.items(health.get("Test"), "Test")
    return bool(test) and test[0] != "NONE"
