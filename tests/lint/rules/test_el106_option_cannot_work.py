"""A middleware's option that can't work: what is caught, and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from edgegen.lint.rules import el106_option_cannot_work as rule
from tests.lint.edge_table import edge, said
from tests.lint.support import found, project
from tests.lint.table import differences, stack, traefik
from tests.traefik.named import named
from tests.traefik.process import running

RULE = "traefik.http.routers.web.rule=Host(`a.test`)"


def used(option: str, value: str) -> str:
    """A router with a middleware of one option."""
    return stack(RULE, "traefik.http.routers.web.middlewares=m", f"traefik.http.middlewares.m.{option}={value}")


def allowed(*more: str) -> str:
    """A router with an allow list that looks at the header of a proxy."""
    return stack(
        RULE,
        "traefik.http.routers.web.middlewares=m",
        "traefik.http.middlewares.m.ipallowlist.sourcerange=10.0.0.0/8",
        "traefik.http.middlewares.m.ipallowlist.ipstrategy.depth=1",
        *more,
    )


CAUGHT = [
    (
        used("stripprefix.prefixes", "/a,api"),
        ["7 high the middleware `m` has the prefix `api`, which no path begins with: nothing is stripped"],
    ),
    (
        used("forwardauth.address", "authelia:9091/api"),
        ["7 high the middleware `m` has the address `authelia:9091/api`, which has no scheme: every request gets 500"],
    ),
    (
        used("redirectscheme.scheme", "htps"),
        ["7 high the middleware `m` redirects to `htps://`, which no browser knows"],
    ),
    (
        stack(RULE, "traefik.http.middlewares.m.redirectscheme.scheme=443"),
        ["6 medium the middleware `m` redirects to `443://`, which no browser knows"],
    ),
    (
        used("forwardauth.authresponseheaders", "Remote-User Remote-Groups,Remote-Name"),
        [
            "7 high the middleware `m` names `Remote-User Remote-Groups` as one header, which has a space: no request has it"
        ],
    ),
    # Seen on Traefik 3.7.15: five requests at once are let through, and not one.
    (used("ratelimit.burst", "50"), ["7 medium the middleware `m` has no `average`: nothing is limited"]),
    (
        used("inflightreq.sourcecriterion.requesthost", "true"),
        ["7 medium the middleware `m` has no `amount`: every request gets 429"],
    ),
    (
        allowed() + traefik(),
        [
            "8 medium the middleware `m` takes the address from `X-Forwarded-For`, and no entrypoint of its routers trusts a "
            "proxy: all get 403"
        ],
    ),
    (
        allowed("traefik.http.routers.web.entrypoints=websecure")
        + traefik("--entrypoints.web.forwardedheaders.trustedips=10.0.0.0/8"),
        [
            "8 medium the middleware `m` takes the address from `X-Forwarded-For`, and no entrypoint of its routers trusts a "
            "proxy: all get 403"
        ],
    ),
]
PASSED = [
    used("stripprefix.prefixes", "/a, /b"),
    used("stripprefix.prefixes", "${PREFIX}"),
    used("forwardauth.address", "http://authelia:9091/api"),
    used("forwardauth.address", "HTTPS://auth.example.com"),
    used("forwardauth.address", "${ADDRESS}"),
    used("redirectscheme.scheme", "https"),
    used("forwardauth.authresponseheaders", "Remote-User, Remote-Groups"),
    used("ratelimit.average", "10"),
    used("ratelimit.average", "0"),  # which Traefik documents as no limit
    used("ratelimit.average", "${AVERAGE}"),
    used("inflightreq.amount", "10"),
    allowed(),
    allowed() + traefik("--entrypoints.websecure.forwardedheaders.trustedips=10.0.0.0/8"),
    allowed() + traefik("--entrypoints.web.forwardedheaders.insecure=true"),
    allowed().replace("depth=1", "depth=0") + traefik(),
    allowed().replace("depth=1", "excludedips=10.0.0.1") + traefik(),
    allowed().replace("middlewares=m", "middlewares=other") + traefik(),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL106") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL106") == []


def test_a_dynamic_file() -> None:
    compose = edge("--entrypoints.web.address=:80", "--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']")
    text = "http: {middlewares: {m: {stripPrefix: {prefixes: [api]}}}}"
    expected = "1 medium the middleware `m` has the prefix `api`, which no path begins with: nothing is stripped"
    assert said("EL106", (compose, {"dyn/a.yml": text})) == [expected]


def test_a_list_of_a_file_needs_items_and_no_commas() -> None:
    compose = edge("--entrypoints.web.address=:80", "--providers.file.directory=/dyn", more="volumes: ['./dyn:/dyn']")
    text = "http: {middlewares: {m: {forwardAuth: {address: 'http://a', authResponseHeaders: [X-A X-B]}}}}"
    (one,) = rule.check(project(compose, files={"dyn/a.yml": text}))
    assert (one.hint, one.fix) == ("make each header a separate item of the list", None)


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_SCHEMES", ("http", "https", "htps", "443"))
    assert differences("EL106", CAUGHT, PASSED)


@pytest.mark.slow
def test_traefik_itself(tmp_path: Path) -> None:
    middlewares = {
        "unlimited": {"rateLimit": {"burst": 1}},
        "limited": {"rateLimit": {"burst": 1, "average": 1, "period": "1m"}},
        "nobody": {"inFlightReq": {"sourceCriterion": {"requestHost": True}}},
        "deep": {"ipAllowList": {"sourceRange": ["127.0.0.0/8"], "ipStrategy": {"depth": 1}}},
    }
    routers = {
        name: {"rule": f"Host(`{name}.test`)", "service": "one", "middlewares": [name], "entryPoints": ["web"]}
        for name in middlewares
    }
    file = tmp_path / "dynamic.yml"
    with named("one") as url:
        services = {"one": {"loadBalancer": {"servers": [{"url": url}]}}}
        file.write_text(
            yaml.safe_dump({"http": {"middlewares": middlewares, "routers": routers, "services": services}})
        )
        with running([f"--providers.file.filename={file}"]) as proxy:
            proxy.until(lambda data: "deep@file" in data.get("routers", {}))
            codes = {name: [proxy.status("/", f"{name}.test") for _ in range(4)] for name in middlewares}
            plugin = [f"--providers.file.filename={file}", "--experimental.plugins.geo.modulename=github.com/a/b"]
    assert codes == {"unlimited": [200] * 4, "limited": [200, 429, 429, 429], "nobody": [429] * 4, "deep": [403] * 4}
    with running(plugin) as proxy:
        proxy.until(lambda _: any("Plugins are disabled" in line for line in proxy.log))
        assert any("plugin version is missing" in line for line in proxy.log)
