"""What Traefik's log says about one host: only lines about it, since the last start of what they mention."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from edgegen.compose.model import PROJECT_LABEL
from edgegen.core.show import shown
from edgegen.deploy.containers import ContainerSeen
from edgegen.endpoints import Endpoint
from edgegen.explain.engine_view import Inside, Store
from edgegen.explain.reason import Reason, Weight
from edgegen.explain.wanted import Wanted
from edgegen.traefik.errors import CHMOD, RESTART, Meaning, meaning
from edgegen.traefik.log import LogLine, since
from edgegen.traefik.rule_hosts import rule_names
from edgegen.verify.checks.check import Hop

_OTHERS_MAY_READ = 0o077
_SKIPS = "Skip container"
"""A swarm's Traefik does not even say which one."""
_REFUSED = "cannot validate certificate for "
"""Here it says only the container's address."""


def log_reasons(inside: Inside, endpoint: Endpoint, wanted: Wanted | None) -> Iterator[Reason]:
    """What explains a broken link, the newest line of each kind."""
    yield from _store_reason(inside.store)
    if inside.traefik is None:
        return
    about = _About(endpoint.host, inside.behind)
    lines = since(inside.log, inside.traefik.started)
    own = {id(line) for container in inside.behind for line in since(lines, container.started)}
    told: dict[str, Reason] = {}
    for line in reversed(lines):
        found = meaning(line.text)
        if found and (about.edge(line) or (about.host_itself(line) and (id(line) in own or not inside.behind))):
            told.setdefault(found.sentence, _reason(found, wanted))
    yield from told.values()


def _reason(found: Meaning, wanted: Wanted | None) -> Reason:
    where = wanted.place(found.word) if wanted and found.word else wanted.where if wanted else None
    return Reason(Hop(found.part), Weight.EXPLAINS, f"Traefik's log: {shown(found.sentence, 300)}", found.hint, where)


def _store_reason(store: Store | None) -> Iterator[Reason]:
    """The log also says it, if it goes back to Traefik's start."""
    if store and store.mode & _OTHERS_MAY_READ:
        sentence = f"{store.path} has mode {store.mode:o}, but Traefik refuses one that others can read: it must be 600"
        hint = f"{CHMOD}, then `{RESTART}`"
        yield Reason(Hop.TLS, Weight.EXPLAINS, sentence, hint)


class _About(Struct, frozen=True):
    """Which lines are about a host and what is behind it."""

    host: str
    behind: tuple[ContainerSeen, ...]

    def edge(self, line: LogLine) -> bool:
        """A line that is not about one router or container, but about a resolver or a whole entrypoint."""
        named = {"container", "routerName", "configuration", "domains", "rule", "serviceName"} & set(line.fields)
        return not named and not line.message.startswith(_SKIPS) and _REFUSED not in line.text

    def host_itself(self, line: LogLine) -> bool:
        """By its name, by a router, or by a container behind it."""
        fields = line.fields
        routers = {name for container in self.behind for name in router_names(container.labels)}
        if fields.get("routerName", "").partition("@")[0].lower() in routers:
            return True
        if f'"{self.host}"' in fields.get("domains", "") or rule_names(fields.get("rule", ""), self.host):
            return True
        if any(f"{_REFUSED}{address} " in line.text for item in self.behind for address in item.networks.values()):
            return True
        said = f"{fields.get('container', '')} {fields.get('configuration', '')}"
        return any(container.id in said or _skips(line, container) for container in self.behind)


def router_names(labels: Mapping[str, str]) -> Iterable[str]:
    """The routers that labels define, lower case as Traefik compares them."""
    for label in labels:
        parts = label.lower().split(".")
        if len(parts) > 4 and parts[0] == "traefik" and parts[2] == "routers":
            yield parts[3]


def _skips(line: LogLine, container: ContainerSeen) -> bool:
    """`Skip container NAME`: the service and the project joined for one of Compose, else the container's own name."""
    skipped, name = line.message.startswith(_SKIPS), line.message.removeprefix(_SKIPS).strip()
    of_compose = f"{container.service}-{container.labels.get(PROJECT_LABEL, '')}"
    return skipped and name.replace("_", "-") in (container.name.replace("_", "-"), of_compose.replace("_", "-"))
