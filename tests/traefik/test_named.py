"""What labels define, and where two containers define one name differently."""

from __future__ import annotations

import pytest

from edgegen.traefik.named import Thing, defined, differing, enabled, same_requests

WEB = {
    "traefik.enable": "true",
    "traefik.http.routers.web.rule": "Host(`a.test`)",
    "traefik.http.routers.web.middlewares": "m",
    "traefik.http.services.web.loadbalancer.server.port": "80",
    "traefik.http.middlewares.m.redirectscheme.scheme": "https",
}
ROUTER, SERVICE, MIDDLEWARE = (Thing("http", kind, name) for kind, name in
                               (("routers", "web"), ("services", "web"), ("middlewares", "m")))  # fmt: skip


def clash(one: dict[str, str], other: dict[str, str], *, two_projects: bool = True) -> list[Thing]:
    return list(differing(defined(one, "p/one"), defined(other, "q/two"), two_projects=two_projects))


def test_what_labels_define() -> None:
    assert set(defined(WEB, "x")) == {ROUTER, SERVICE, MIDDLEWARE}
    assert [str(thing) for thing in (ROUTER, Thing("tcp", "services", "pg"))] == ["router `web`", "tcp service `pg`"]
    assert defined({"traefik.http.routers": "x", "traefik.docker.network": "n", "other": "1"}, "x") == {}


@pytest.mark.parametrize(
    ("label", "value", "expected"),
    [
        ("traefik.http.routers.web.rule", "Host(`b.test`)", [ROUTER]),
        ("traefik.http.routers.web.priority", "7", [ROUTER]),
        ("traefik.http.middlewares.m.redirectscheme.scheme", "http", [MIDDLEWARE]),
        ("traefik.http.middlewares.m.redirectscheme.permanent", "true", [MIDDLEWARE]),
        ("traefik.http.services.web.loadbalancer.passhostheader", "false", [SERVICE]),
        ("TRAEFIK.HTTP.ROUTERS.WEB.PRIORITY", "7", [ROUTER]),
        # Nothing that would be another content:
        ("traefik.http.services.web.loadbalancer.server.port", "81", []),
        ("traefik.docker.network", "elsewhere", []),
        ("unrelated", "1", []),
        ("traefik.http.routers.web.middlewares", " m ", []),
    ],
)
def test_other_content_under_one_name(label: str, value: str, expected: list[Thing]) -> None:
    assert clash(WEB, {**WEB, label: value}, two_projects=False) == expected


@pytest.mark.parametrize(("one", "other", "differs"), [("true", "1", False), ("f", "false", False), ("1", "0", True)])
def test_a_boolean_is_the_same_however_it_is_written(one: str, other: str, differs: bool) -> None:
    label = "traefik.http.routers.web.tls"
    found = clash({**WEB, label: one}, {**WEB, label: other}, two_projects=False)
    assert found == ([ROUTER] if differs else [])


def test_servers_of_two_projects_must_not_become_one_service() -> None:
    assert clash(WEB, WEB, two_projects=False) == []
    assert clash(WEB, WEB, two_projects=True) == [SERVICE]


def test_two_names_for_the_same_requests() -> None:
    other = {key.replace(".web.", ".blog."): value for key, value in WEB.items()}
    assert list(same_requests(defined(WEB, "x"), defined(other, "y"))) == [ROUTER]
    spaced = {**other, "traefik.http.routers.blog.rule": "Host( `a.test` )"}
    assert list(same_requests(defined(WEB, "x"), defined(spaced, "y"))) == [ROUTER]
    for label, value in (("rule", "Host(`b.test`)"), ("entrypoints", "web"), ("priority", "1")):
        changed = {**other, f"traefik.http.routers.blog.{label}": value}
        assert list(same_requests(defined(WEB, "x"), defined(changed, "y"))) == []
    assert list(same_requests(defined(WEB, "x"), defined(WEB, "y"))) == []  # one name: the other check's matter


def test_what_traefik_makes_up_is_each_containers_own() -> None:
    """Without a rule or a service Traefik takes the container's name."""
    bare = {"traefik.http.routers.web.entrypoints": "web"}
    assert clash(bare, bare) == [ROUTER]
    with_rule = {"traefik.http.routers.web.rule": "Host(`a.test`)"}
    assert clash(with_rule, with_rule) == [ROUTER]
    whole = {**with_rule, "traefik.http.routers.web.service": "one"}
    assert clash(whole, whole) == []


@pytest.mark.parametrize(
    ("value", "by_default", "expected"),
    [("true", False, True), ("TRUE", False, True), ("1", False, True), ("false", True, False), (None, True, True),
     (None, False, False), ("yes", True, False)],
)  # fmt: skip
def test_enabled(value: str | None, by_default: bool, expected: bool) -> None:
    labels = {} if value is None else {"traefik.enable": value}
    assert enabled(labels, by_default=by_default) is expected
