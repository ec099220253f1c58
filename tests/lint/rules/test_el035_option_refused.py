"""An option whose value disables the router: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el035_option_refused as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack, traefik

CAUGHT = [
    (
        stack("traefik.http.middlewares.m.ipallowlist.sourcerange=192.168.1", "traefik.http.routers.w.middlewares=m"),
        [
            "5 high the middleware `m` has `192.168.1`, which is not a range of addresses, and Traefik disables every router that uses it"
        ],
    ),
    (
        stack("traefik.http.middlewares.m.ipallowlist.ipstrategy.depth=1", "traefik.http.routers.w.middlewares=m"),
        ["5 high the middleware `m` has no range of addresses, and Traefik disables every router that uses it"],
    ),
    (
        stack("traefik.http.middlewares.m.redirectscheme.permanent=true", "traefik.http.routers.w.middlewares=m"),
        ["5 high the middleware `m` has no scheme, and Traefik disables every router that uses it"],
    ),
    (
        stack("traefik.http.middlewares.m.addprefix.prefix=", "traefik.http.routers.w.middlewares=m"),
        ["5 high the middleware `m` has no prefix, and Traefik disables every router that uses it"],
    ),
    (
        stack("traefik.http.middlewares.m.redirectregex.regex=(", "traefik.http.routers.w.middlewares=m"),
        [
            "5 high the middleware `m` can't be built: `(` is not a regular expression: it lacks a `)`, and Traefik disables every router that uses it"
        ],
    ),
    (
        stack("traefik.http.middlewares.m.circuitbreaker.expression=x y", "traefik.http.routers.w.middlewares=m"),
        [
            "5 high the middleware `m` can't be built: `x` is none of NetworkErrorRatio(), ResponseCodeRatio(), LatencyAtQuantileMS(), and Traefik disables every router that uses it"
        ],
    ),
    (
        stack("traefik.http.middlewares.m.errors.query=/", "traefik.http.routers.w.middlewares=m"),
        ["5 high the middleware `m` has no service, and Traefik disables every router that uses it"],
    ),
    (
        stack("traefik.http.middlewares.m.compress.encodings=deflate", "traefik.http.routers.w.middlewares=m"),
        [
            "5 high the middleware `m` has `deflate`, which is not an encoding, and Traefik disables every router that uses it"
        ],
    ),
    (
        stack("traefik.http.middlewares.m.basicauth.users=", "traefik.http.routers.w.middlewares=m"),
        ["5 high the middleware `m` has no users, and Traefik disables every router that uses it"],
    ),
    (
        stack("traefik.http.middlewares.m.basicauth.realm=x", "traefik.http.routers.w.middlewares=m"),
        ["5 high the middleware `m` has no users, and Traefik disables every router that uses it"],
    ),
    (
        stack("traefik.http.middlewares.m.ipallowlist.rejectstatuscode=99", "traefik.http.routers.w.middlewares=m"),
        [
            "5 high the middleware `m` has `99`, which is not a status code, and Traefik disables every router that uses it",
            "5 high the middleware `m` has no range of addresses, and Traefik disables every router that uses it",
        ],
    ),
    (
        stack(
            "traefik.http.middlewares.m.compress=true",
            "traefik.http.middlewares.m.addprefix.prefix=/x",
            "traefik.http.routers.w.middlewares=m",
        ),
        [
            "5 high the middleware `m` is of several kinds (addprefix, compress), and Traefik disables every router that uses it"
        ],
    ),
    (
        stack("traefik.http.middlewares.m.addprefix.prefix="),
        ["5 medium the middleware `m` has no prefix, and Traefik disables every router that uses it"],
    ),
    (
        stack("traefik.http.middlewares.m.plugin.geo.x=1", "traefik.http.routers.w.middlewares=m")
        + traefik("--experimental.plugins.geo.modulename=x"),
        [
            "5 high the middleware `m` needs the plugin `geo`, which has no `version`: Traefik loads no plugin, and Traefik disables every router that uses it"
        ],
    ),
    (
        stack("traefik.http.middlewares.m.plugin.geo.x=1", "traefik.http.routers.w.middlewares=m") + traefik(),
        [
            "5 high the middleware `m` needs the plugin `geo`, which this Traefik does not load, and Traefik disables every router that uses it"
        ],
    ),
    (
        stack("traefik.http.services.web.loadbalancer.server.url=10.0.0.1:80"),
        [
            "5 high the service `web` has the URL `10.0.0.1:80`, which has no scheme, and Traefik disables every router that leads to it"
        ],
    ),
    (
        stack("traefik.http.services.web.loadbalancer.server.url=web:80"),
        ["5 medium the service `web` has the URL `web:80`, which has no scheme: no request gets there"],
    ),
    (
        stack("traefik.http.middlewares.m.retry.initialinterval=1s", "traefik.http.routers.w.middlewares=m"),
        ["5 high the middleware `m` has no attempts, and Traefik disables every router that uses it"],
    ),
    (
        stack("traefik.http.middlewares.m.headers.framedeny=false", "traefik.http.routers.w.middlewares=m"),
        ["5 high the middleware `m` turns nothing on, and Traefik disables every router that uses it"],
    ),
    (
        stack("traefik.http.middlewares.m.buffering.maxrequestbodybytes=-1", "traefik.http.routers.w.middlewares=m"),
        ["5 high the middleware `m` has a negative size, `-1`, and Traefik disables every router that uses it"],
    ),
    (
        stack("traefik.http.middlewares.m.contenttype=false", "traefik.http.routers.w.middlewares=m"),
        ["5 high the middleware `m` turns nothing on, and Traefik disables every router that uses it"],
    ),
    (
        stack("traefik.http.middlewares.m.ipallowlist.sourcerange=10.0.0.0/8,", "traefik.http.routers.w.middlewares=m"),
        [
            "5 high the middleware `m` has a comma too many in its ranges of addresses, and Traefik disables every router that uses it"
        ],
    ),
    (
        stack("traefik.http.services.web.loadbalancer.strategy=rr"),
        [
            "5 high the service `web` has the strategy `rr`, which Traefik doesn't know, and Traefik disables every router that leads to it"
        ],
    ),
    (
        stack("traefik.http.middlewares.m.basicauth.users=") + traefik(image="traefik:v3.6.2"),
        ["5 medium the middleware `m` has no users, and Traefik answers 401 to everyone"],
    ),
    (
        stack("traefik.http.middlewares.m.basicauth.users=") + traefik(image="traefik:v3.6.15"),
        ["5 medium the middleware `m` has no users: some versions of Traefik below 3.7.3 then show no router at all"],
    ),
    (
        stack("traefik.tcp.middlewares.m.ipallowlist.sourcerange=x", "traefik.tcp.routers.w.middlewares=m"),
        [
            "5 high the middleware `m` has `x`, which is not a range of addresses, and Traefik disables every router that uses it"
        ],
    ),
]
PASSED = [
    stack("traefik.http.middlewares.m.ipallowlist.sourcerange=10.0.0.0/8, 192.168.1.1"),
    stack("traefik.http.middlewares.m.ipallowlist.sourcerange=${RANGES}"),
    stack("traefik.http.middlewares.m.redirectscheme.scheme=https"),
    stack("traefik.http.middlewares.m.basicauth.usersfile=/users"),
    stack("traefik.http.middlewares.m.basicauth.users=${USERS}"),
    stack("traefik.http.middlewares.m.plugin.geo.x=1"),
    stack("traefik.http.middlewares.m.compress=true"),
    stack("traefik.http.middlewares.m.errors.service=x"),
    stack("traefik.http.middlewares.m.addprefix.prefix=/x"),
    stack("traefik.http.middlewares.m.buffering.retryexpression="),
    stack("traefik.http.middlewares.m.retry.attempts=2"),
    stack("traefik.http.middlewares.m.headers.stsseconds=0"),
    stack("traefik.http.middlewares.m.headers.customresponseheaders.X-Powered-By="),
    stack("traefik.http.middlewares.m.plugin.geo.x=1", "traefik.http.routers.w.middlewares=m")
    + traefik("--experimental.plugins.geo.modulename=x", "--experimental.plugins.geo.version=v1"),
    stack("traefik.http.middlewares.m.plugin.geo.x=1", "traefik.http.routers.w.middlewares=m")
    + traefik("--experimental.localplugins.geo.modulename=x"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL035") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL035") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_NEEDED", {})
    assert differences("EL035", CAUGHT, PASSED)
