"""The services of a swarm. Never the values of their variables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from edgegen.compose.swarm_names import NAMESPACE_LABEL
from edgegen.deploy.answers import Reader
from edgegen.deploy.model import Published
from edgegen.deploy.program import Program, name_list, named_settings, setting_list
from edgegen.deploy.runner import Executor
from edgegen.deploy.swarm.asking import inspected, listed, of_stack

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


class ServiceSeen(Program, frozen=True):
    """One service, whether or not any task of it runs."""

    container_labels: Mapping[str, str] = field(default_factory=dict)
    """Those of `labels`, which a swarm's Traefik does not read."""
    replicas: int = 1
    """How many tasks it should have; 0 for a global one, which has one on each fitting node."""
    mode: str = "replicated"
    """`replicated`, `global`, or a job's."""
    update: UpdateSeen = field(default_factory=UpdateSeen)
    networks: tuple[str, ...] = ()
    """The ids of its networks."""
    constraints: tuple[str, ...] = ()
    host_ports: tuple[Published, ...] = ()
    """The ports that are taken only on the task's node (`mode: host`)."""
    restart: str = ""
    """`any`, `on-failure` or `none`; "" for the engine's own, which is `any`."""
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
        return _SERVICE.texts(data.get(key), key)

    mode, replicas = _mode(part("mode"))
    return ServiceSeen(
        id=_SERVICE.text(data.get("id"), "id"),
        name=_SERVICE.text(data.get("name"), "name"),
        labels=_SERVICE.pairs(data.get("labels"), "labels"),
        container_labels=_SERVICE.pairs(data.get("container_labels"), "container_labels"),
        image=_SERVICE.text(data.get("image"), "image"),
        replicas=replicas,
        mode=mode,
        update=_update(part("update")),
        networks=tuple(_texts(data, "networks", "Target")),
        constraints=tuple(_SERVICE.texts(part("placement").get("Constraints"), "Constraints")),
        ports=tuple(_ports(part("endpoint"))),
        host_ports=tuple(_ports(part("endpoint"), mode="host")),
        restart=_SERVICE.text(part("restart").get("Condition"), "Condition"),
        args=(*words("command"), *words("args")),
        variables=frozenset(filter(None, words("variables"))),
        settings=named_settings(words("settings")),
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
