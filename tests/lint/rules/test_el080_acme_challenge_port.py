"""A challenge whose port is not published."""

from __future__ import annotations

from tests.lint.acme_table import proxy
from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        proxy("httpchallenge.entrypoint=web", ports='["443:443"]'),
        ["10 medium `httpchallenge` of `le` needs port 80"],
    ),
    Case(
        proxy(ports='["80:80"]'),
        ["10 medium `tlschallenge` of `le` needs port 443"],
    ),
    Case(
        proxy("httpchallenge.entrypoint=web", ports='["8080:80", "443:443"]'),
        ["10 medium `httpchallenge`"],
    ),
    Case(proxy("httpchallenge.entrypoint=web")),
    Case(proxy()),
    Case(proxy("dnschallenge.provider=cloudflare", ports='["8443:443"]')),
    Case(proxy("httpchallenge.entrypoint=web", ports="[]")),
    Case(proxy("httpchallenge.entrypoint=web", ports='["${P}:80"]')),
    Case(proxy("httpchallenge.entrypoint=web", ports='["8443:443"]', more="network_mode: host\n")),
    Case(proxy("httpchallenge.entrypoint=web", "tlschallenge=true", ports='["443:443"]')),
    Case(proxy("httpchallenge.entrypoint=web", ports='["80-81:80-81"]')),
    Case(proxy("httpchallenge.entrypoint=web", ports="[{target: 80, published: 80, mode: host}]")),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, '"httpchallenge": 80', '"httpchallenge": 8080'), CASES)
    assert differences(with_fault(RULE, "not traefik.ports", "traefik.ports"), CASES)


def test_a_traefik_behind_another_proxy_is_passed_over() -> None:
    compose = CASES[0].compose.replace('["443:443"]', '["127.0.0.1:8443:443"]')
    assert compose != CASES[0].compose
    assert differences(RULE, [Case(compose)]) == []
