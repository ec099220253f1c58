"""What edgegen accepts Traefik takes, and what edgegen refuses Traefik would refuse: asked of the real one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from edgegen.traefik.engine_providers import DockerProvider
from edgegen.traefik.go_regex import check_regex
from edgegen.traefik.labels import router_labels
from edgegen.traefik.middlewares.condition import BUFFERING, CIRCUIT_BREAKER, condition
from edgegen.traefik.middlewares.values import cidr
from edgegen.traefik.router import HttpRouter
from edgegen.traefik.rules import host_rule
from tests.fakes.docker_api import FakeDockerApi
from tests.traefik.process import running

pytestmark = pytest.mark.lab

REGEXES = [
    "^/a", "(", ")", "[", "a]", "*", "a**", "a*?", "a+?b??", "a++", "a{2,3}", "a{2}{3}", "a{1000}", "a{1001}",
    "a{,5}",
    "a{3,2}", "(?i)abc", "a(?i)b", "(?i:a)b", "(?U)a+", "(?s-m:.)", "(?x)a", "(?a)b", "(?#c)a", "(?P<n>a)", "(?<n>a)",
    "(?P=n)", "(?P<n>a)(?P<n>b)", "(?P<1n>a)", "(?=a)", "(?!a)", "(?<=a)b", "(?<!a)b", "(?>a)", "(?(1)a|b)", r"(a)\1",
    r"(a)\\1", r"\d\w\s\b\B\A\z", r"a\Z", r"\pL\p{Greek}\P{^L}", "[[:alpha:]]", "[^[:^space:]x]", r"\Qa.(b\E+",
    r"\x41\x{1F600}", r"\u0041", r"\N{DASH}", r"\k<n>", r"\g", r"\y", "[z-a]", r"[\d-z]", "[]a]", "a|b|", "()",
    "(?:)",
    "^$", r"https?://([^/]+)/(.*)", "\\", r"\\", r"\.\-\/\_\#\@", "ä+€", "x{", "x{a}", "x{1,2", "(((((a)))))",
    r"\C", "(?i", "(?-)", r"[\pL-z]", r"[\pL-A]", "[[:alpha:]-z]", r"\pX", r"\p{", r"\Q", r"\07", r"\0", r"\8",
    "[[:nope:]]", "[[=a=]]", "(?i)(?m)^a$", "a{0}", "{1}", "a|*", "(|a)*", "(?:a", r"\cA", r"\e", r"\E", r"\Qa\Eb+",
    r"\x4", r"\xZZ", r"\x{110000}", r"[\x{41}-\x{5A}]", r"[\Qa-z\E]", "[a&&b]", "[[a]", "[--a]", "[a-]", r"[\b]",
    r"[\B]",
    r"[\A]", "(?P<>a)", "(?P<n-m>a)", "(?<é>a)", "(?ii)a", "(?i-i)a", "(?--i)a", "a{1}?", "a{1}+", r"\++",
    r"a\{2}{3}", "a{,}",
    "(?:a{999}){2}", "(a{100}){11}", "((a{10}){10}){10}", "((a{10}){10}){11}", "[+*?]{2}", "[*]+", "[a+]*b", "^*",
    "$*", r"\b+",
]  # fmt: skip

CONDITIONS = [
    "NetworkErrorRatio() > 0.3", "NetworkErrorRatio() > 1", "NetworkErrorRatio()>0.3&&NetworkErrorRatio()<0.9",
    "NetworkErrorRatio() >= 1.0 || (NetworkErrorRatio() != 0.5)", "NetworkErrorRatio(1) > 0.3",
    "NetworkErrorRatio > 0.3",
    "LatencyAtQuantileMS(50.0) > 100", "LatencyAtQuantileMS(50) > 100", "LatencyAtQuantileMS(50.0) > 100.5",
    "ResponseCodeRatio(500, 600, 0, 600) > 0.25", "ResponseCodeRatio(500, 600) > 0.25",
    "ResponseCodeRatio(500.0, 600, 0, 600) > 0.25", "Unknown() > 0.3", "NetworkErrorRatio()",
    "0.3 < NetworkErrorRatio()",
    "NetworkErrorRatio() > 0.3)", "((NetworkErrorRatio() > 0.3))", "NetworkErrorRatio() > 0.3 &&",
    "NetworkErrorRatio() = 0.3", "NetworkErrorRatio() > 0.3 and true", "!(NetworkErrorRatio() > 0.3)",
]  # fmt: skip

RETRIES = [
    "IsNetworkError()", "IsNetworkError() && Attempts() < 2", "Attempts() <= 2 || ResponseCode() == 502",
    "Attempts() < 2.0", "Attempts()", "Attempts(1) < 2", "IsNetworkError() == 1", "NetworkErrorRatio() > 0.3",
    "(IsNetworkError() || ResponseCode() >= 500) && Attempts() < 3", "IsNetworkError() &&", "ResponseCode() != 200",
]  # fmt: skip

RANGES = [
    "192.0.2.1", "192.0.2.0/24", "192.0.2.1/24", "10.0.0.0/255.0.0.0", "10.0.0.0/33", "2001:db8::/32", "nonsense",
]  # fmt: skip

Table = Mapping[str, tuple[list[str], str, Callable[[str], str]]]
TABLES: Table = {
    "regexes": (REGEXES, "replacepathregex.regex", check_regex),
    "conditions": (CONDITIONS, "circuitbreaker.expression", lambda text: condition(text, CIRCUIT_BREAKER)),
    "ranges": (RANGES, "ipallowlist.sourcerange", cidr),
    "retries": (RETRIES, "buffering.retryexpression", lambda text: condition(text, BUFFERING)),
}


def _accepted(judge: Callable[[str], str], text: str) -> bool:
    try:
        judge(text)
    except ValueError:
        return False
    return True


def disagreements(texts: list[str], option: str, judge: Callable[[str], str]) -> tuple[set[str], set[str]]:
    """What `judge` accepts and Traefik refuses; what it refuses and Traefik takes."""
    containers = []
    for index, text in enumerate(texts):
        router = HttpRouter(f"r{index}", host_rule([f"r{index}.test"]), ("web",), (f"m{index}",), "noop@internal")
        own = {"traefik.enable": "true", f"traefik.http.middlewares.m{index}.{option}": text, **router_labels(router)}
        containers.append({"name": f"c{index}", "labels": own, "networks": ["edge"], "ports": [80]})
    last = f"r{len(texts) - 1}@docker"
    with FakeDockerApi(containers) as engine, running([*DockerProvider(engine.endpoint).flags()]) as traefik:
        seen = traefik.until(lambda data: last in data.get("routers", {}))["routers"]
    taken = {text for index, text in enumerate(texts) if seen[f"r{index}@docker"]["status"] == "enabled"}
    accepted = {text for text in texts if _accepted(judge, text)}
    return accepted - taken, taken - accepted


@pytest.mark.parametrize("table", TABLES)
def test_judgements_agree(table: str) -> None:
    too_mild, too_strict = disagreements(*TABLES[table])
    assert too_mild == set(), "accepted, and Traefik refuses"
    assert too_strict == set(), "refused, and Traefik takes"


def test_a_mild_and_a_strict_judge_are_seen() -> None:
    def refuse(text: str) -> str:
        raise ValueError(text)

    assert disagreements(["^/a", "(?=a)"], TABLES["regexes"][1], str) == ({"(?=a)"}, set())
    assert disagreements(["^/a", "(?=a)"], TABLES["regexes"][1], refuse) == (set(), {"^/a"})
