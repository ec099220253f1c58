"""Labels that people write, and what Traefik is expected to do for each: a table, to be put before the real one."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

from tests.traefik.label_oracle import DROPPED, READ, SILENT, Case

MEANT = "meant"
"""Traefik shows no difference, and that is what the label says, or it is nobody's mistake."""
LOST = "lost"
"""Something comes of the label, and its value is lost."""

REFERENCE = Path(__file__).parent / "data" / "reference_labels.txt"
_ROUTER = {"traefik.http.routers.#r.rule": "Host(`q.test`)", "traefik.http.routers.#r.service": "#"}
_TCP_ROUTER = {"traefik.tcp.routers.#r.rule": "HostSNI(`*`)", "traefik.tcp.routers.#r.service": "#r"}
_TCP_SERVICE = {"traefik.tcp.services.#r.loadbalancer.server.port": "5432"}
_SERVICE = {"traefik.http.services.#r.loadbalancer.server.port": "8"}
_MIDDLEWARE = {"traefik.http.middlewares.#m.headers.stsseconds": "7"}
R, S, M = "traefik.http.routers.#r", "traefik.http.services.#r.loadbalancer", "traefik.http.middlewares.#m"

FACTS: tuple[tuple[str, Case], ...] = (
    (DROPPED, Case(f"{R}.tls.certresolvers", "le", _ROUTER)),
    (DROPPED, Case(f"{M}.frobnicate.x", "1")),
    (READ, Case(f"{R}.middlewares", "nope", _ROUTER)),
    (READ, Case(f"{R}.middlewares", "z@file", _ROUTER)),
    (READ, Case(f"{R}.tls.certresolver", "nope", _ROUTER)),
    (READ, Case(f"{R}.entrypoints", "nope", _ROUTER)),
    (READ, Case("traefik.http.routers.#r.service", "nope", {"traefik.http.routers.#r.rule": "Host(`q.test`)"})),
    (READ, Case(f"{R}.rule", "Host(x.test)")),
    (DROPPED, Case("Traefik.Enable", "true")),
    (SILENT, Case(f"{R}.tls", "yes", _ROUTER)),
    (MEANT, Case(f"{R}.tls", "false", _ROUTER)),
    (READ, Case(f"{R}.tls", "true", _ROUTER)),
    (READ, Case(f"{R}.tls.options", "strong", _ROUTER)),
    (SILENT, Case("traefik.tls.options.strong.minversion", "VersionTLS13")),
    (SILENT, Case("traefik.tls.certificates[0].certfile", "/a")),
    (SILENT, Case("traefik.http.serverstransports.#t.insecureskipverify", "true")),
    (SILENT, Case("traefik.foo.bar", "1")),
    (READ, Case(f"{M}.basicauth.users", "")),
    (READ, Case(f"{M}.ipallowlist.sourcerange", "nonsense")),
    (READ, Case(f"{M}.ipwhitelist.sourcerange", "127.0.0.1/32")),
    (DROPPED, Case("traefik.http.services.#w.weighted.services[0].name", "a")),
    (DROPPED, Case("traefik.http.services.#w.mirroring.service", "a")),
    (DROPPED, Case("traefik.http.services.#w.failover.service", "a")),
    (DROPPED, Case("traefik.docker.networks", "edge")),
    (SILENT, Case("traefik.dokcer.network", "edge")),
    (SILENT, Case("traefik.httn.routers.a.rule", "Host(`a`)")),
    (SILENT, Case("traefik.enabel", "true")),
    (READ, Case(f"{M}.headers.featurepolicy", "x")),
    (READ, Case(f"{M}.digestauth.users", "")),
    (DROPPED, Case(f"{S}.server.url", "http://a:1", {f"{S}.server.port": "2"})),
)
"""Of the facts about labels, those that are about one container."""

BEGINNINGS: tuple[tuple[str, Case], ...] = (
    (DROPPED, Case("traefik.enabled", "true")),
    (DROPPED, Case("traefik.https.routers.#r.rule", "Host(`a`)")),
    (DROPPED, Case("traefik.tcps.routers.#r.rule", "HostSNI(`*`)")),
    (DROPPED, Case("traefik.udpx", "1")),
    (DROPPED, Case("traefik.enable.", "true")),
    (DROPPED, Case("traefik.enable ", "true")),
    (DROPPED, Case("traefik.enable", "yes")),
    (SILENT, Case("traefik.enalbe", "true")),
    (SILENT, Case("traefik.dockers.network", "net")),
    (SILENT, Case("traefik.htpp.routers.#r.rule", "Host(`a`)")),
    (MEANT, Case("traefik.constraint-label", "public")),
)
"""Labels that begin like a real one, as first seen."""

KIN: tuple[tuple[str, Case], ...] = (
    (DROPPED, Case("traefik.enables", "true")),
    (DROPPED, Case("traefik.enable-router", "true")),
    (DROPPED, Case("traefik.enable_docker", "true")),
    (DROPPED, Case("traefik.enable.http", "true")),
    (DROPPED, Case("traefik.enable[0]", "true")),
    (DROPPED, Case("TRAEFIK.enable", "true")),
    (DROPPED, Case("traefiK.http.routers.#r.rule", "Host(`a`)")),
    (SILENT, Case("traefik.http", "1")),
    (DROPPED, Case("traefik.tcp", "true")),
    (DROPPED, Case("traefik.udp", "true")),
    (DROPPED, Case("traefik.http2.routers.#r.rule", "Host(`a`)")),
    (DROPPED, Case("traefik.http-routers", "1")),
    (DROPPED, Case("traefik.http.", "1")),
    (DROPPED, Case("traefik.http..routers.#r.rule", "Host(`a`)")),
    (SILENT, Case("traefik.http.routers", "1")),
    (DROPPED, Case("traefik.http.router.#r.rule", "Host(`a`)")),
    (DROPPED, Case("traefik.http.routers.#r.", "1")),
    (DROPPED, Case("traefik.http.routers..rule", "Host(`a`)")),
    (DROPPED, Case(f"{R}.rules", "Host(`a`)", _ROUTER)),
    (DROPPED, Case(f"{R}.rule ", "Host(`a`)", _ROUTER)),
    (DROPPED, Case(f"{R}.rule\t", "Host(`a`)", _ROUTER)),
    (DROPPED, Case(f"{R}.rule.", "Host(`a`)", _ROUTER)),
    (DROPPED, Case(f"{R}.rule.host", "a", _ROUTER)),
    (DROPPED, Case(f"{R}.rul", "Host(`a`)", _ROUTER)),
    (READ, Case(f"{R}.RULE", "Host(`a`)")),
    (READ, Case("traefik.HTTP.Routers.#r.Rule", "Host(`a`)")),
    (READ, Case(f"{R}.EntryPoints", "nope", _ROUTER)),
    (DROPPED, Case(f"{R}.entrypoint", "web", _ROUTER)),
    (SILENT, Case(f"{R}.entrypoints[0]", "web", _ROUTER)),
    (SILENT, Case(f"{R}.middlewares[0]", "auth", _ROUTER)),
    (DROPPED, Case(f"{R}.entrypoints[0].name", "web", _ROUTER)),
    (DROPPED, Case(f"{R}.middleware", "auth", _ROUTER)),
    (DROPPED, Case(f"{R}.tls.domain[0].main", "a.test", _ROUTER)),
    (DROPPED, Case(f"{R}.tls.domains.[0].main", "a.test", _ROUTER)),
    (READ, Case(f"{R}.tls.domains[0].main", "a.test", {**_ROUTER, f"{R}.tls": "true"})),
    (LOST, Case(f"{R}.tls.domains.main", "a.test", _ROUTER)),
    (DROPPED, Case(f"{R}.tls.domains[0].mains", "a.test", _ROUTER)),
    (DROPPED, Case(f"{R}.tls.passthrough", "true", _ROUTER)),
    (SILENT, Case(f"{R}.tls.certresolver", "le", {**_ROUTER, f"{R}.tls": "false"})),
    (SILENT, Case(f"{R}.tls", "1", _ROUTER)),
    (READ, Case(f"{R}.tls", "TRUE", _ROUTER)),
    (READ, Case(f"{R}.tls", "", _ROUTER)),
    (SILENT, Case(f"{R}.tls", "true ", _ROUTER)),
    (DROPPED, Case(f"{R}.priority", "high", _ROUTER)),
    (DROPPED, Case(f"{R}.priority", "1.5", _ROUTER)),
    (DROPPED, Case(f"{R}.priority", "", _ROUTER)),
    (DROPPED, Case(f"{R}.priority", "1_000", _ROUTER)),
    (DROPPED, Case(f"{R}.priority", " 7", _ROUTER)),
    (DROPPED, Case(f"{R}.priority", "9223372036854775808", _ROUTER)),
    (READ, Case(f"{R}.priority", "+7", _ROUTER)),
    (READ, Case(f"{R}.priority", "-7", _ROUTER)),
    (READ, Case(f"{R}.priority", "007", _ROUTER)),
    (DROPPED, Case(f"{R}.observability.accesslogs", "off", _ROUTER)),
    (READ, Case(f"{R}.observability.accesslogs", "false", _ROUTER)),
    (DROPPED, Case(f"{R}.observability", "true", _ROUTER)),
    (DROPPED, Case("traefik.http.services.#r.loadbalancers.server.port", "8")),
    (DROPPED, Case("traefik.http.services.#r.loadbalancer", "true")),
    (DROPPED, Case("traefik.http.services.#r", "true")),
    (DROPPED, Case("traefik.http.services.#r.loadbalancer.server", "80")),
    (DROPPED, Case("traefik.http.services.#r.loadbalancer.servers[0].port", "80")),
    (DROPPED, Case("traefik.http.services.#r.loadbalancer.server[0].port", "80")),
    (DROPPED, Case("traefik.http.services.#r.loadbalancer.port", "80")),
    (DROPPED, Case(f"{S}.healthcheck.interval", "10 s", _SERVICE)),
    (DROPPED, Case(f"{S}.healthcheck.interval", "10d", _SERVICE)),
    (DROPPED, Case(f"{S}.healthcheck.interval", "often", _SERVICE)),
    (READ, Case(f"{S}.healthcheck.interval", "10", _SERVICE)),
    (READ, Case(f"{S}.healthcheck.interval", "1m30s", _SERVICE)),
    (DROPPED, Case(f"{S}.healthcheck", "true", _SERVICE)),
    (DROPPED, Case(f"{S}.passhostheader", "no", _SERVICE)),
    (READ, Case(f"{S}.passhostheader", "f", _SERVICE)),
    (READ, Case(f"{S}.sticky.cookie", "true", _SERVICE)),
    (READ, Case(f"{S}.sticky", "true", _SERVICE)),
    (SILENT, Case(f"{S}.sticky", "on", _SERVICE)),
    (DROPPED, Case(f"{M}.headers", "true")),
    (MEANT, Case(f"{M}.headers", "true", _MIDDLEWARE)),
    (READ, Case(f"{M}.compress", "true")),
    (LOST, Case(f"{M}.compress", "yes")),
    (DROPPED, Case(f"{M}.headers.customrequestheaders", "X-A=b", _MIDDLEWARE)),
    (READ, Case(f"{M}.headers.customrequestheaders.X-A", "b", _MIDDLEWARE)),
    (READ, Case(f"{M}.headers.customrequestheaders.X.A", "b", _MIDDLEWARE)),
    (DROPPED, Case(f"{M}.basicauth", "user:hash")),
    (DROPPED, Case(f"{M}.basicauth.user", "user:hash")),
    (DROPPED, Case(f"{M}.ratelimit.period", "1 minute")),
    (DROPPED, Case(f"{M}.ratelimit.average", "10/s")),
    (DROPPED, Case(f"{M}.errors.statusrewrites.500", "x")),
    (READ, Case(f"{M}.errors.statusrewrites.500", "200")),
    (READ, Case(f"{M}.plugin.any.thing.at.all", "x")),
    (DROPPED, Case("traefik.http.middleware.#m.compress", "true")),
    (SILENT, Case("traefik.docker", "true")),
    (DROPPED, Case("traefik.docker.", "true")),
    (DROPPED, Case("traefik.docker.network.name", "net")),
    (MEANT, Case("traefik.docker.network", "net")),
    (MEANT, Case("traefik.Docker.Network", "net")),
    (DROPPED, Case("traefik.docker.lbswarm", "yes")),
    (DROPPED, Case("traefik.docker.allownonrunning", "")),
    (SILENT, Case("traefik.swarm.network", "net")),
    (SILENT, Case("traefik.swarm.networks", "net")),
    (SILENT, Case("traefik.swarm.lbswarm", "yes")),
    (SILENT, Case("traefik.tls.stores.mine.defaultgeneratedcert.resolver", "le")),
    (DROPPED, Case("traefik.tls.stores.default.defaultgeneratedcerts.resolver", "le")),
    (SILENT, Case("traefik.tls.stores.defaults", "le")),
    (MEANT, Case("traefik", "true")),
    (SILENT, Case("traefik.", "true")),
    (SILENT, Case("traefik.frontend.rule", "Host:a.test")),
    (SILENT, Case("traefik.port", "80")),
    (SILENT, Case("traefik.tags", "a")),
    (SILENT, Case("traefk.enable", "true")),
    (SILENT, Case("treafik.http.routers.#r.rule", "Host(`a`)")),
    (SILENT, Case(" traefik.enable", "yes")),
    (SILENT, Case("traefik .enable", "yes")),
    (SILENT, Case("traefik-enable", "yes")),
    (SILENT, Case("traefik_enable", "yes")),
    (DROPPED, Case("traefik.udp.routers.#u.rule", "HostSNI(`*`)")),
    (DROPPED, Case("traefik.udp.services.#u.weighted.services[0].name", "a")),
    (DROPPED, Case("traefik.tcp.routers.#r.sni", "a", {**_TCP_ROUTER, **_TCP_SERVICE})),
    (READ, Case("traefik.tcp.routers.#r.tls.passthrough", "true", {**_TCP_ROUTER, **_TCP_SERVICE})),
    (DROPPED, Case("traefik.tcp.routers.#r.tls.passthrough", "", {**_TCP_ROUTER, **_TCP_SERVICE})),
    (DROPPED, Case("traefik.tcp.services.#r.loadbalancer.server.scheme", "tcp", {**_TCP_ROUTER, **_TCP_SERVICE})),
    (DROPPED, Case("traefik.http.serverstransports.#t.insecureskipverifi", "true")),
    (SILENT, Case("traefik.http.serverstransports.#t.insecureskipverify", "yes")),
)
"""More of their kind: names that begin, end or are cut like a real one, and values in other spellings."""

FLAGS = (
    "1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False", "tRuE", "yes", "Yes", "YES", "no",
    "y", "n", "on", "ON", "off", "2", "-1", "wahr", "enabled", "ture", "'true'", "1.0", "00", "01", "", " true",
    "true ", "tr ue", '"true"', "truefalse",
)  # fmt: skip
NUMBERS = (
    "0", "1", "-1", "+1", "007", "-0", "+-1", "1.0", "1e3", "0x10", "0o7", "1_000", "1,000", "9223372036854775807",
    "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "ten", "10s", "١", "²",
    "99999999999999999999999", "", " 1", "1 ", "- 1",
)  # fmt: skip
DURATIONS = (
    "0", "1", "30", "-5", "+5", "30s", "1m", "1h", "1m30s", "1.5h", ".5s", "5.s", "-1s", "+1s", "1ms", "1us", "1µs",
    "1μs", "1ns", "1d", "1w", "1y", "1S", "1M", "1H", "s", ".", ".s", "1s1", "1s1s", "1h1m1s1ms", "10_s", "1e3s",
    "0x1s", "9223372036854775807", "9223372036854775808", "9223372036s", "2562047h", "2562048h", "99999999h", "30sec",
    "30seconds", "1m-30s", "", " 1s", "1s ", "1 s", "1m 30s",
)  # fmt: skip


def values() -> list[Case]:
    """Flags, numbers and durations in every spelling."""
    return [
        *(Case("traefik.enable", text) for text in FLAGS if text not in ["0", "f", "F", "FALSE", "false", "False"]),
        *(Case(f"{M}.headers.framedeny", text, _MIDDLEWARE) for text in FLAGS),
        *(Case(f"{R}.priority", text, _ROUTER) for text in NUMBERS),
        *(Case(f"{M}.errors.statusrewrites.500", text) for text in NUMBERS),
        *(Case(f"{S}.healthcheck.interval", text, _SERVICE) for text in DURATIONS),
        *(Case(f"{M}.ratelimit.period", text) for text in DURATIONS),
    ]


def reference() -> list[Case]:
    """Every label of Traefik's own reference, with a value that is not the default."""
    lines = (line for line in REFERENCE.read_text().splitlines() if not line.startswith("#"))
    return [_referred(*line.partition("=")[::2]) for line in lines]


def _referred(label: str, value: str) -> Case:
    label = re.sub(r"^(traefik\.(?:http|tcp|udp)\.\w+\.)\w+", r"\1#n", label)
    value = "false" if re.search(r"\.observability\.|passhostheader", label) and value == "true" else value
    http, tcp = label.startswith("traefik.http"), label.startswith("traefik.tcp")
    beside: dict[str, str] = {}
    if ".services." in label and http and "server.url" in label:
        beside = {"traefik.http.services.#n.loadbalancer.passhostheader": "false"}
    elif ".services." in label:
        beside = {re.sub(r"(#n).*", r"\1.loadbalancer.server.port", label): "8"}
    if ".routers." in label:
        beside = {re.sub(r"(#n).*", r"\1.service", label): "x"}
        if http or tcp:
            beside[re.sub(r"(#n).*", r"\1.rule", label)] = "HostSNI(`*`)" if tcp else "Host(`q`)"
    return Case(label, value, beside)


def mangled(seed: int, count: int) -> Iterator[Case]:
    """Labels of the reference with one slip of the pen each, in the name or in the value."""
    chance = random.Random(seed)
    known = reference()
    for _ in range(count):
        case = chance.choice(known)
        slip = chance.choice(_SLIPS)
        yield Case(slip(chance, case.label), chance.choice([case.value, *_VALUES]), case.beside)


_VALUES = ("", "true", "yes", "42", "42s", "foobar", "-1", "x y", "1,2", "TRUE")


def _twisted(chance: random.Random, label: str) -> str:
    at = chance.randrange(len(label) - 1)
    return label[:at] + label[at + 1] + label[at] + label[at + 2 :]


def _lacking(chance: random.Random, label: str) -> str:
    at = chance.randrange(len(label))
    return label[:at] + label[at + 1 :]


def _doubled(chance: random.Random, label: str) -> str:
    at = chance.randrange(len(label))
    return label[:at] + label[at] + label[at:]


def _foreign(chance: random.Random, label: str) -> str:
    at = chance.randrange(len(label) + 1)
    return label[:at] + chance.choice([*"s.[] _-X@`0", "[0]", ".[0]", "é"]) + label[at:]


def _cut(chance: random.Random, label: str) -> str:
    words = label.split(".")
    return ".".join(words[: chance.randrange(1, len(words) + 1)])


def _without_a_word(chance: random.Random, label: str) -> str:
    words = label.split(".")
    del words[chance.randrange(1, len(words))]
    return ".".join(words)


def _another_case(chance: random.Random, label: str) -> str:
    words = label.split(".")
    at = chance.randrange(len(words))
    words[at] = chance.choice([str.upper, str.title, str.swapcase])(words[at])
    return ".".join(words)


def _longer(chance: random.Random, label: str) -> str:
    return label + chance.choice(["s", ".x", "[0]", ".", " ", ".true", "-x"])


def _as_it_is(chance: random.Random, label: str) -> str:
    return label


_SLIPS = (
    _twisted, _lacking, _doubled, _foreign, _cut, _without_a_word, _another_case, _longer, _as_it_is,
)  # fmt: skip
