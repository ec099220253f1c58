"""What the DNS says about an endpoint's host: through the resolver, and at each authoritative server of its zone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import inf

from msgspec import Struct

from edgegen.core.errors import OutsideError
from edgegen.endpoints import Endpoint
from edgegen.lookup import TIMEOUT, Question, Reply, Server, Status, ask_all, authorities
from edgegen.lookup.model import KINDS
from edgegen.net.deadline import Deadline
from edgegen.system.internet import literal
from edgegen.verify.look.dnssec import SECONDS, left_behind
from edgegen.verify.look.memo import Memo
from edgegen.verify.look.resolvers import Resolvers
from edgegen.verify.observation import CaaSeen, NamesSeen
from edgegen.verify.settings import Settings

LEAST = 0.3
"""Seconds that must be left to ask the authorities: with less, a missing answer would say nothing."""


class ZoneServers(Struct, frozen=True):
    """The authoritative servers of a zone, or why they could not be found."""

    servers: tuple[Server, ...] = ()
    trouble: str = ""


class SharedNames:
    """What the look-ups of one round share: each zone's name servers are found once, however many threads ask.

    It remembers failures too, so a new round (`--wait`) takes a new one.
    """

    def __init__(self) -> None:
        self._zones: Memo[str, ZoneServers] = Memo(inf)
        self.caa: Memo[str, Reply] = Memo(inf)
        self._dnssec: Memo[str, str] = Memo(inf)
        self.no_caa = False
        """A question for CAA got no answer: some routers drop what they don't know."""
        self.silent: set[Server] = set()
        """Servers that gave no answer in their whole time: resolvers are then asked last, authorities not again."""

    def authorities(self, zone: str, settings: Settings, deadline: Deadline) -> ZoneServers:
        """The servers of a zone: found by the first thread that asks, awaited by all others. Never raises."""
        found = self._zones.get(zone, lambda: self._find(zone, settings, deadline), deadline)
        return found or ZoneServers(trouble=f"no time was left to find the name servers of {zone}")

    def dnssec(self, zone: str, told: Sequence[tuple[int, Reply]], resolvers: Resolvers) -> str:
        """What keeps resolvers that check DNSSEC from the zone, or "". `told`: what its servers have answered."""
        servers = dict.fromkeys(reply.server for _, reply in told if reply.status.tells and not reply.server.only_above)
        seconds = min(SECONDS, resolvers.deadline.left / 2)
        if not servers or seconds < LEAST:
            return ""
        found = self._dnssec.get(
            zone, lambda: left_behind(zone, tuple(servers), resolvers, seconds), resolvers.deadline
        )
        return found or ""

    def _find(self, zone: str, settings: Settings, deadline: Deadline) -> ZoneServers | None:
        """None where time ran out: the next thread may have more of it."""
        try:
            return ZoneServers(
                authorities(
                    zone,
                    settings.resolvers,
                    port=settings.authority_port,
                    deadline=deadline,
                    silent=self.silent,
                    delegated=True,
                )
            )
        except OutsideError as error:
            return ZoneServers(trouble=str(error)) if deadline.left else None


def look_up(endpoint: Endpoint, settings: Settings, shared: SharedNames) -> NamesSeen:
    """A and AAAA of the host, by `settings.resolvers` and by the authorities of its zone. Never raises.

    An address in place of a name is put into `resolved` as if it had been answered. Where `--connect-to` names this
    host and an address, `detour` is that address and nobody is asked.
    """
    if address := literal(endpoint.host):
        reply = Reply(Server(address), Status.ANSWER, (address,), detail="an address needs no DNS")
        return NamesSeen({6 if ":" in address else 4: reply})
    if detour := _detour(endpoint, settings):
        return NamesSeen(detour=detour)
    deadline = Deadline.after(settings.timeout)
    resolvers = Resolvers(settings.resolvers, deadline, shared.silent)
    resolved, bogus = _resolve(resolvers, endpoint.host)
    told, trouble = _authorities(endpoint, settings, shared, deadline)
    cname = next((reply.cnames for reply in resolved.values() if reply.cnames), ())
    answered = any(reply.status is Status.ANSWER for reply in resolved.values())
    dnssec = shared.dnssec(endpoint.zone, told, resolvers) if endpoint.zone and answered else ""
    return NamesSeen(resolved, told, trouble, bogus, cname, dnssec_trouble=dnssec)


def asks(endpoint: Endpoint, settings: Settings) -> bool:
    """Whether `look_up` has anything to ask for this endpoint."""
    return not (literal(endpoint.host) or _detour(endpoint, settings))


def _detour(endpoint: Endpoint, settings: Settings) -> str:
    """The address that `--connect-to` leads to for this host and port, where it names the host itself."""
    rule = settings.detour(endpoint.host, endpoint.port)
    return literal(rule.to_host) if rule and rule.host else ""


def _resolve(resolvers: Resolvers, host: str) -> tuple[dict[int, Reply], bool]:
    """The answer of each family, and whether only DNSSEC makes them fail."""
    replies = resolvers.ask([(host, kind) for kind in KINDS.values()])
    resolved = {
        family: resolvers.to_the_end(host, kind, reply)
        for (family, kind), reply in zip(KINDS.items(), replies, strict=True)
    }
    failed = [family for family, reply in resolved.items() if reply.status is Status.SERVFAIL]
    return _why_failed(resolvers, host, resolved, failed) if failed else (resolved, False)


def _why_failed(
    resolvers: Resolvers, host: str, resolved: dict[int, Reply], failed: Sequence[int]
) -> tuple[dict[int, Reply], bool]:
    """What SERVFAIL hides: invalid signatures, a loop of CNAMEs, or a failure that has passed since."""
    wanted = [(host, KINDS[family]) for family in failed]
    unchecked = resolvers.ask(wanted, unchecked=True)
    if not any(reply.status.tells for reply in unchecked):
        circle = resolvers.circle(host)
        return ({**resolved, **dict.fromkeys(failed, circle)} if circle else resolved), False
    again = dict(zip(failed, resolvers.ask(wanted), strict=True))
    still = [
        reply.status.tells and again[family].status is Status.SERVFAIL
        for family, reply in zip(failed, unchecked, strict=True)
    ]
    return {**resolved, **{family: reply for family, reply in again.items() if not reply.status.silent}}, any(still)


def _authorities(
    endpoint: Endpoint, settings: Settings, shared: SharedNames, deadline: Deadline
) -> tuple[tuple[tuple[int, Reply], ...], str]:
    """What each authoritative server says of each family, or why nobody could be asked."""
    if endpoint.zone is None:
        return (), ""
    found = shared.authorities(endpoint.zone, settings, deadline)
    if found.trouble:
        return (), found.trouble
    # Half of what is left, so that dead name servers do not take all the time that a look at the host has.
    seconds = min(TIMEOUT, deadline.left / 2)
    if seconds < LEAST:
        return (), f"no time was left to ask the name servers of {endpoint.zone}"
    return tuple(_ask_each(endpoint.host, found.servers, shared, seconds)), ""


def _ask_each(host: str, servers: Sequence[Server], shared: SharedNames, seconds: float) -> list[tuple[int, Reply]]:
    wanted = [(server, family) for server in servers for family in KINDS]
    silent = frozenset(shared.silent)
    asked = [(server, family) for server, family in wanted if server not in silent]
    questions = [Question(server, host, KINDS[family], authority=True) for server, family in asked]
    told = dict(zip(asked, ask_all(questions, timeout=seconds), strict=True))
    shared.silent.update(server for server in servers if _timed_out(server, told))
    return [
        (family, told.get((server, family)) or Reply(server, Status.TIMEOUT, detail="gave no answer before"))
        for server, family in wanted
    ]


def _timed_out(server: Server, told: dict[tuple[Server, int], Reply]) -> bool:
    replies = [told[server, family] for family in KINDS if (server, family) in told]
    return bool(replies) and all(reply.status is Status.TIMEOUT for reply in replies)


def caa_of(host: str, settings: Settings, shared: SharedNames) -> CaaSeen:
    """The CAA records that hold for a host (RFC 8659: the nearest set up the tree); an address has none."""
    if literal(host):
        return CaaSeen(())
    deadline = Deadline.after(settings.timeout)
    resolvers = Resolvers(settings.resolvers, deadline, set())
    labels = host.removesuffix(".").split(".")
    for depth in range(len(labels)):
        name = ".".join(labels[depth:])
        reply = shared.caa.get(name, partial(_caa_at, name, resolvers), deadline)
        if reply is None:
            shared.no_caa = True
            return CaaSeen()
        if reply.status is Status.ANSWER:
            return CaaSeen(reply.values)
        if reply.status is Status.SERVFAIL:
            return CaaSeen(failed_at=name)
        if reply.status not in (Status.NODATA, Status.NXDOMAIN):
            return CaaSeen()
    return CaaSeen(())


def _caa_at(name: str, resolvers: Resolvers) -> Reply | None:
    """The answer for one name; None where there is none, so that the next host asks again."""
    reply = resolvers.ask([(name, "CAA")])[0]
    return None if reply.status.silent else reply
