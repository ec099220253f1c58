"""What the labels of a container define in Traefik, and where two containers define one name differently.

Traefik drops a router, middleware or service that two containers define with different content, and every router that
uses it; services of one name and the same options become one, with the servers of both.
Source: Traefik's log ("defined multiple times with different configurations"), and pkg/provider/configuration.go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from edgegen.traefik.go_values import FALSE, TRUE

_LABEL = re.compile(r"traefik\.(http|tcp|udp)\.(routers|middlewares|services)\.([^.\[]+)\.(.+)", re.IGNORECASE)
_SERVER = "loadbalancer.server."
"""What a container says about its server: Traefik adds it to the other servers."""
SINGULAR = {"routers": "router", "middlewares": "middleware", "services": "service"}


class Thing(Struct, frozen=True, order=True):
    """One name in one of Traefik's lists."""

    section: str
    kind: str
    name: str

    def __str__(self) -> str:
        return f"{'' if self.section == 'http' else self.section + ' '}{SINGULAR[self.kind]} `{self.name}`"


Content = Mapping[str, str]


def enabled(labels: Mapping[str, str], *, by_default: bool = False) -> bool:
    """Whether Traefik looks at a container with these labels at all."""
    said = {name.lower(): value for name, value in labels.items()}.get("traefik.enable", "")
    return said in TRUE if said else by_default  # what is neither true nor false drops the container


def defined(labels: Mapping[str, str], owner: str) -> dict[Thing, Content]:
    """What the labels define. `owner` replaces what Traefik derives from the container itself."""
    found: dict[Thing, dict[str, str]] = {}
    for label, value in labels.items():
        if match := _LABEL.fullmatch(label):
            section, kind, name, rest = (part.lower() for part in match.groups())
            found.setdefault(Thing(section, kind, name), {})[rest] = plain(value)
    return {thing: _completed(thing, content, found, owner) for thing, content in found.items()}


def differing(one: Mapping[Thing, Content], other: Mapping[Thing, Content], *, two_projects: bool) -> Iterator[Thing]:
    """Names that both define differently. `two_projects`: the containers belong to two projects, whose servers must not
    be joined even where the options are alike."""
    for thing in sorted(one.keys() & other.keys()):
        if one[thing] != other[thing] or (two_projects and thing.kind == "services"):
            yield thing


def same_requests(one: Mapping[Thing, Content], other: Mapping[Thing, Content]) -> Iterator[Thing]:
    """Routers of the first that another name of the second has the same rule for: Traefik serves one of the two."""
    taken = {(thing.section, *_requests(content)): thing for thing, content in other.items() if thing.kind == "routers"}
    for thing, content in sorted(one.items()):
        known = taken.get((thing.section, *_requests(content))) if thing.kind == "routers" else None
        if known is not None and known.name != thing.name:
            yield thing


def _requests(content: Content) -> tuple[str, str, str]:
    return "".join(content["rule"].split()), content.get("entrypoints", ""), content.get("priority", "")


def _completed(thing: Thing, content: dict[str, str], all_of_it: Mapping[Thing, Content], owner: str) -> Content:
    if thing.kind == "services":
        return {key: value for key, value in content.items() if not key.startswith(_SERVER)}
    if thing.kind == "routers":
        own = [other.name for other in all_of_it if (other.section, other.kind) == (thing.section, "services")]
        return {"rule": f"made up for {owner}", "service": own[0] if len(own) == 1 else owner, **content}
    return content


def plain(value: str) -> str:
    """A value as Traefik compares it: `1` is `true`, and space around the items of a list is gone."""
    if value in TRUE or value in FALSE:
        return "true" if value in TRUE else "false"
    return ",".join(part.strip() for part in value.split(","))
