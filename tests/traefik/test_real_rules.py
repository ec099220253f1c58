"""Which rules Traefik takes: asked of the real one, and both must agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from edgegen.traefik.rule_syntax import parse_rule
from tests.fakes.docker_api import FakeDockerApi
from tests.traefik.process import running

pytestmark = pytest.mark.lab

HTTP = [
    "Host(`a.test`)", "Host(`a.test`) ", " Host(`a.test`)", "host(`a.test`)", "HOST(`a.test`)", "hOst(`a.test`)",
    "Host('a.test')", 'Host("a.test")', "Host(a.test)", "Host()", "Host(``)", "Host(`a`,`b`)", "Host(`a`,)", "Host",
    "Host(`a`) || Host(`b`)", "Host(`a`) | Host(`b`)", "Host(`a`) && PathPrefix(`/x`)", "Host(`a`) PathPrefix(`/x`)",
    "Host(`a`) and PathPrefix(`/x`)", "Host(`a`) &&", "&& Host(`a`)", "(Host(`a`))", "((Host(`a`))", "(Host(`a`)))",
    "!Host(`a`)", "!!Host(`a`)", "!(Host(`a`) || Path(`/`))", "Host(`a`) && !Path(`/x`)", "Host(`a`)\n|| Host(`b`)",
    "Host(`a`) || Host(`b`) && Path(`/x`)", "", " ", "a", "`a`", "true", "1", "Host(1)", "Host(true)", "Host(Host)",
    "Host(Host(`a`))", "Host(`a` + `b`)", "Host(`*.a.test`)", "Host(`*`)", "Host(`ä.test`)", "Host(`xn--4ca.test`)",
    "Host(`a.test:80`)", "Host(`{name:.*}`)", "HostRegexp(`^.+$`)", "HostRegexp(`{name:[a-z]+}.test`)",
    "HostRegexp(`(`)", "HostHeader(`a`)", "Path(`/x`)", "Path(`x`)", "Path(``)", "PathPrefix(`x`)", "PathPrefix(`/`)",
    "pathprefix(`/x`)", "Pathprefix(`/x`)", "PATHPREFIX(`/x`)", "pathPrefix(`/x`)", "PathRegexp(`^/a`)",
    "PathRegexp(`[`)", "Method(`GET`)", "Method(`get`)", "Method(`GET`,`POST`)", "Method(``)", "Header(`A`,`b`)",
    "Header(`A`)", "Headers(`A`,`b`)", "HeaderRegexp(`A`,`b`)", "HeaderRegexp(`A`,`(`)", "HeadersRegexp(`A`,`b`)",
    "Query(`a`)", "Query(`a`,`b`)", "Query(`a=b`)", "Query(`a`,`b`,`c`)", "QueryRegexp(`a`,`b`)", "QueryRegexp(`a`)",
    "QueryRegexp(`a`,`(`)", "ClientIP(`192.0.2.1`)", "ClientIP(`192.0.2.0/24`)", "ClientIP(`192.0.2.9/24`)",
    "ClientIP(`x`)", "ClientIP(`2001:db8::/32`)", "ClientIP(`192.0.2.1`,`192.0.2.2`)", "HostSNI(`a`)", "ALPN(`h2`)",
    'Path("/a\\tb")', 'Path("/\\u00e4")', 'Path("/\\q")', "Path(\"/a`b\")", "Path(`/a\"b`)", "Path(`/a\\b`)",
    "Host(`a`);", "Host(`a`) == Host(`b`)", "Host[`a`]", "Host{`a`}", "x.Host(`a`)", "Host (`a`)",
    "Host( `a` )", "Host(\n`a`\n)", "Host(`a`,\n)", "Host(`a\nb`)", "Host(`a b`)",
]  # fmt: skip
TCP = [
    "HostSNI(`*`)", "HostSNI(`a.test`)", "hostsni(`a.test`)", "Hostsni(`a.test`)", "hostSNI(`a.test`)",
    "HostSNI(`a`,`b`)", "HostSNI(``)", "HostSNI(`*.a.test`)", "HostSNI(`a b`)", "HostSNI(`ä.test`)",
    "HostSNI(`a_b.test`)", "HostSNI(`a.test:443`)", "HostSNIRegexp(`^.+$`)", "HostSNIRegexp(`(`)",
    "ALPN(`h2`)", "ALPN(`acme-tls/1`)", "ClientIP(`192.0.2.1`)", "ClientIP(`x`)", "Host(`a`)", "PathPrefix(`/`)",
    "HostSNI(`a.test`) && ClientIP(`192.0.2.1`)", "HostSNI(`a.test`) || HostSNI(`b.test`)", "!HostSNI(`a.test`)",
    "HostSNI(`*`) && ALPN(`h2`)", "HostSNI(a.test)", "",
]  # fmt: skip

Judge = Callable[[str, str], object]


def taken_by_traefik(section: str, rules: Sequence[str]) -> list[bool]:
    """Whether the router of each is in force."""
    containers = []
    for index, rule in enumerate(rules):
        router = f"traefik.{section}.routers.r{index}"
        labels = {"traefik.enable": "true", f"{router}.rule": rule, f"{router}.entrypoints": "web",
                  f"{router}.service": f"r{index}", f"{router}.priority": "5",
                  f"traefik.{section}.services.r{index}.loadbalancer.server.port": "1"}  # fmt: skip
        if section == "tcp":
            labels[f"{router}.tls"] = "true"
        containers.append({"name": f"c{index}", "labels": labels, "networks": ["net"], "ports": [80]})
    last = {"traefik.enable": "true", "traefik.http.routers.last.rule": "Host(`last`)"}
    containers.append({"name": "last", "labels": last, "networks": ["net"], "ports": [80]})
    flags = ["--providers.docker=true", "--providers.docker.exposedbydefault=false", "--providers.docker.defaultrule="]
    kind = "tcpRouters" if section == "tcp" else "routers"
    with (
        FakeDockerApi(containers) as api,
        running([*flags, f"--providers.docker.endpoint={api.endpoint}"]) as traefik,
    ):
        data = traefik.until(lambda data: "last@docker" in data.get("routers", {}))
    found = data.get(kind) or {}
    return [found.get(f"r{index}@docker", {}).get("status") == "enabled" for index in range(len(rules))]


def disagreements(section: str, rules: Sequence[str], judge: Judge) -> list[tuple[str, bool]]:
    """Rules that Traefik takes and the judge does not, or the reverse: with what Traefik does."""
    return [
        (rule, taken)
        for rule, taken in zip(rules, taken_by_traefik(section, rules), strict=True)
        if _accepts(judge, rule, section) != taken
    ]


def _accepts(judge: Judge, rule: str, section: str) -> bool:
    try:
        judge(rule, section)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(("section", "rules"), [("http", HTTP), ("tcp", TCP)])
def test_traefik_takes_the_same_rules(section: str, rules: list[str]) -> None:
    assert disagreements(section, rules, parse_rule) == []  # type: ignore[arg-type]


def test_a_mild_and_a_strict_judge_are_seen() -> None:
    def refuse(rule: str, section: str) -> object:
        raise ValueError(rule)

    assert disagreements("http", ["Host(`a`)", "Host(a)"], lambda rule, section: rule) == [("Host(a)", False)]
    assert disagreements("http", ["Host(`a`)", "Host(a)"], refuse) == [("Host(`a`)", True)]
