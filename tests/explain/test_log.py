"""Which lines of Traefik's log are told of a host."""

# ruff: noqa: E501 - lines of a log stand as they are

from __future__ import annotations

import pytest

from edgegen.explain.engine_view import Store
from edgegen.explain.log import log_reasons
from edgegen.explain.reason import Reason, Weight
from edgegen.traefik.log import read_log
from edgegen.verify.checks.check import Hop
from tests.explain.making import API, container, endpoint_of, inside, only, traefik, wanted_of

OF = wanted_of(API)
ID = container(OF).id
BEFORE, TRAEFIKS, AFTER = "2025-12-31T00:00:00Z", "2026-01-01T00:00:00Z", "2026-02-01T12:00:00Z"


def reasons(*lines: str, at: str = AFTER, started: str = "2026-01-02T00:00:00Z") -> list[Reason]:
    of = container(OF, started=started)
    log = tuple(read_log("\n".join(f"{at} {at} {line}" for line in lines)))
    assert len(log) == len(lines)
    return list(log_reasons(inside(OF, of, log=log), endpoint_of(API), OF))


ABOUT = {
    f'ERR error="field not found, node: certresolvers" container=api-shop-{ID} providerName=docker': Hop.ROUTER,
    'ERR Skip container api_shop error="decoding Docker labels: field not found, node: networks" providerName=docker':
        Hop.ROUTER,
    'ERR error="middleware \\"nope@docker\\" does not exist" entryPointName=websecure routerName=api-https@docker': Hop.ROUTER,
    f'ERR HTTP router defined multiple times with different configurations configuration=["api-{ID}","x-y"] '
    "providerName=docker routerName=zzz": Hop.ROUTER,
    'ERR Unable to obtain ACME certificate for domains error="acme: error: 429 :: POST :: https://x :: '
    'urn:ietf:params:acme:error:rateLimited :: too many" domains=["api.example.com"] routerName=other@docker': Hop.TLS,
    'ERR error="the service \\"x@docker\\" does not exist" routerName=x@docker rule=Host(`api.example.com`)': Hop.ROUTER,
    'ERR The ACME resolve is skipped from the resolvers list error="unable to get ACME account: permissions 644 for '
    '/acme/acme.json are too open, please use 600" resolver=letsencrypt': Hop.TLS,
    'ERR 500 Internal Server Error error="tls: failed to verify certificate: x509: cannot validate certificate for '
    f"{next(iter(container(OF).networks.values()))} because it doesn't contain any IP SANs\"": Hop.SERVICE,
    'ERR Provider error, retrying in 461ms error="Error response from daemon: client version 1.24 is too old. Minimum '
    'supported API version is 1.44, please upgrade your client to a newer version" providerName=docker': Hop.ROUTER,
    "ERR Unable to create redirection: the entry point or the port is missing entryPointName=web providerName=internal":
        Hop.ENTRYPOINT,
}  # fmt: skip


@pytest.mark.parametrize("line", ABOUT)
def test_lines_about_the_host(line: str) -> None:
    found = only(reasons(line))
    assert (found.hop, found.weight) == (ABOUT[line], Weight.EXPLAINS)
    assert found.sentence.startswith("Traefik's log: ")
    assert found.hint


OTHERS = [
    'ERR error="field not found, node: certresolvers" container=web-shop-fff providerName=docker',
    'ERR Skip container web-shop error="decoding Docker labels: field not found, node: networks" providerName=docker',
    'ERR error="middleware \\"nope@docker\\" does not exist" routerName=api-http-other@docker',
    'ERR Unable to obtain ACME certificate for domains error="x y" domains=["www.api.example.com"] routerName=o@docker',
    "ERR something that nobody knows",
    'ERR 500 Internal Server Error error="tls: failed to verify certificate: x509: cannot validate certificate for 10.9.8.7 '
    "because it doesn't contain any IP SANs\"",
    "WRN aliasHeadersStrategy is not configured entryPointName=web",
]


@pytest.mark.parametrize("line", OTHERS)
def test_lines_about_others(line: str) -> None:
    assert reasons(line) == []


@pytest.mark.parametrize("line", ABOUT)
def test_old_lines_are_no_news(line: str) -> None:
    assert reasons(line, at=BEFORE) == []


def test_lines_of_a_container_before_it_was_made_anew_are_no_news() -> None:
    own = 'ERR error="middleware \\"nope@docker\\" does not exist" routerName=api-https@docker'
    edges = "ERR Unable to create redirection: the entry point or the port is missing entryPointName=web"
    assert [item.hop for item in reasons(own, edges, at="2026-01-01T06:00:00Z")] == [Hop.ENTRYPOINT]


def test_the_newest_first_and_each_once() -> None:
    line = 'ERR error="middleware \\"{}@docker\\" does not exist" routerName=api-https@docker'
    found = reasons(*(line.format(name) for name in ("a", "b", "a")))
    assert ["`a@docker`" in item.sentence for item in found] == [True, False]


def test_an_acme_json_that_others_can_read() -> None:
    def of(mode: int) -> list[Reason]:
        return list(log_reasons(inside(OF, store=Store("/srv/acme/acme.json", mode)), endpoint_of(API), OF))

    assert "/srv/acme/acme.json has mode 644" in only(of(0o644)).sentence
    assert [of(mode) for mode in (0o600, 0o400, 0o700)] == [[], [], []]


def test_the_line_of_the_override_owns_a_word() -> None:
    of = wanted_of(API, override="services:\n  api: {labels: {x.middlewares: nope@docker}}\n")
    line = f'{AFTER} ERR error="middleware \\"nope@docker\\" does not exist" routerName=api-https@docker'
    found = only(log_reasons(inside(of, log=tuple(read_log(line))), endpoint_of(API), of))
    assert str(found.where) == "compose.override.yaml:2:33"


def test_without_traefik_or_a_spec() -> None:
    line = f'{AFTER} ERR error="no users found in " routerName=api-https@docker'
    log = tuple(read_log(line))
    assert list(log_reasons(inside(OF, traefik=None, log=log), endpoint_of(API), OF)) == []
    assert only(log_reasons(inside(OF, log=log, traefik=traefik()), endpoint_of(API), None)).where is None
