"""What rules ask of static configurations: which can be judged, entrypoints with their addresses, values. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from edgegen.lint.defined import Defined
from edgegen.lint.model import Project, Spot, Static, Traefik, Value
from edgegen.traefik.go_values import FALSE, TRUE, as_number
from edgegen.traefik.version import Version

_OWN = "traefik"
"""The entrypoint that Traefik makes itself."""
_ADDRESS = re.compile(r"(?P<host>\[[^\]]*\]|[^:/]*):(?P<port>\d+)(?:/(?P<protocol>tcp|udp))?")


class Judged(Struct, frozen=True, eq=False):
    """A static configuration that is there, and whose it is."""

    traefik: Traefik
    static: Static
    version: Version | None
    subject: str
    """The service, or the file."""

    @property
    def whole(self) -> bool:
        """Whether an option that is not here is not set."""
        return not self.static.hidden

    def spot(self, option: str) -> Spot:
        """Where an option is written; the configuration's own place where it is not."""
        value = self.static.get(option)
        if value is not None:
            return value.spot
        start = option.lower() + "."
        below = next((item for name, item in self.static.options.items() if name.startswith(start)), None)
        return below.spot if below else self.static.spot or self.traefik.spot


def judged(project: Project) -> Iterator[Judged]:
    """Every static configuration that was read, from whatever source. Traefik 1 has different options."""
    for traefik in project.traefiks:
        name = traefik.service.name if traefik.service else traefik.spot.file.name
        version = project.wanted or traefik.version
        if version is None or version.major > 1:
            yield Judged(traefik, traefik.static, version, name)


def known(static: Static, option: str) -> str | None:
    """The value of an option; None where it is not set, or has a variable without a value."""
    value = static.get(option)
    return value.text if value is not None and value.known else None


def is_on(static: Static, option: str) -> bool:
    """Whether a boolean or a group is set, by itself or by an option below it. An unknown value counts as on."""
    value = static.get(option)
    if value is not None and value.known and value.text not in TRUE and value.text != "":
        return value.text not in FALSE and static.has(option)
    return static.has(option)


class Address(Struct, frozen=True):
    """Where an entrypoint listens."""

    host: str
    port: int
    protocol: str


def address_of(value: Value | None) -> Address | None:
    """`[::1]:443/udp`; None for what is not an address, or is not known."""
    found = _ADDRESS.fullmatch(value.text.lower()) if value is not None and value.known else None
    if found is None or as_number(found["port"]) > 65535:
        return None
    return Address(found["host"].strip("[]"), int(found["port"]), found["protocol"] or "tcp")


def entrypoints(item: Judged) -> dict[str, Value | None]:
    """Name as it is written -> its address; None where it has none."""
    names = item.static.names("entrypoints")
    return {name: item.static.get(f"entrypoints.{name}.address") for name in names}


def router_entrypoints(traefik: Traefik | None, router: Defined) -> tuple[str, ...]:
    """Those that a router is on, as they are written: it names them, or they are Traefik's default ones."""
    named = router.words("entrypoints")
    if named or traefik is None:
        return named
    every = [name for name in traefik.static.names("entrypoints") if name != _OWN and not _is_udp(traefik.static, name)]
    usual = [name for name in every if is_on(traefik.static, f"entrypoints.{name}.asdefault")]
    return tuple(usual or every)


def _is_udp(static: Static, name: str) -> bool:
    return (known(static, f"entrypoints.{name}.address") or "").lower().endswith("/udp")


def may_meet(traefik: Traefik | None, one: Defined, other: Defined) -> bool:
    """Whether both routers are on one entrypoint, as far as that is known."""
    names = set(router_entrypoints(traefik, one)), set(router_entrypoints(traefik, other))
    return not names[0] or not names[1] or bool(names[0] & names[1])


def is_for_http_challenge(static: Static, name: str) -> bool:
    """Whether some resolver answers its challenge on this entrypoint."""
    options = static.options.items()
    return any(option.endswith(".acme.httpchallenge.entrypoint") and value.text == name for option, value in options)


def listening(item: Judged) -> Iterator[tuple[str, Spot, Address]]:
    """Each port that Traefik opens, as far as it is known: by which entrypoint, where that is written."""
    names = entrypoints(item)
    if _needs_own(item) and _OWN not in names:
        yield _OWN, item.traefik.spot, Address("", 8080, "tcp")
    for name, value in names.items():
        address = address_of(value)
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


def written(item: Judged, option: str) -> str:
    """An option as the user writes it: a flag, a variable, or a key of a file."""
    static = item.static
    if static.source == "environment" and static.variables:
        return static.variables.names.get(option.lower(), "TRAEFIK_" + option.replace(".", "_").upper())
    spelled = static.spelled.get(option.lower(), option)
    return spelled if static.source == "file" else f"--{spelled}"
