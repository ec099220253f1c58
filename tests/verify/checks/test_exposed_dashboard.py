"""Traefik's own pages are recognised, and nothing else is taken for them."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from edgegen.core.location import Location
from edgegen.endpoints import Kind
from edgegen.verify.checks.exposed_dashboard import CHECK
from edgegen.verify.observation import Phase, Response, Trouble
from tests.verify.checks.making import (
    ADDRESS,
    HOST,
    OTHER_ADDRESS,
    UNREACHED,
    address_seen,
    broken,
    dead,
    endpoint,
    exposed,
    failure,
    judged,
    observation,
    response,
    verdicts,
    words,
)

# As Traefik 3.7.15 answered, cut.
DASHBOARD = (
    b'<!DOCTYPE html>\n<html lang="en">\n  <head>\n    <script>\n      window.APIUrl = "\\/api\\/"\n    </script>\n'
    b'    <meta name="description" content="Traefik Proxy" />\n    <title>Traefik Proxy</title>\n'
)
OLD_DASHBOARD = b"<!DOCTYPE html><html><head><title>Traefik</title><meta charset=utf-8>"
RAWDATA = b'{"routers":{"api@internal":{"entryPoints":["traefik"],"service":"api@internal","rule":"PathPrefix(`/api`)"'
OVERVIEW = b'{"http":{"routers":{"total":8},"services":{"total":7},"middlewares":{"total":4}},"tcp":{}}'
VERSION = b'{"Version":"3.7.15","Codename":"langres","startDate":"2026-11-24T13:27:38.481762572Z"}'
API, PAGE = f"https://{HOST}/api/rawdata", f"https://{HOST}/dashboard/"
INSECURE = f"http://{ADDRESS}:8080/api/rawdata"
CAUGHT = [
    ("the dashboard", response(PAGE, body=DASHBOARD), "dashboard-exposed"),
    ("an older dashboard", response(PAGE, body=OLD_DASHBOARD), "dashboard-exposed"),
    ("raw data", response(API, body=RAWDATA), "api-exposed"),
    (
        "raw data that was cut",
        replace(response(API, body=RAWDATA), failure=failure(Trouble.TOO_LARGE, Phase.BODY)),
        "api-exposed",
    ),
    ("the overview", response(API, body=OVERVIEW), "api-exposed"),
    ("the version", response(API, body=VERSION), "api-exposed"),
    ("port 8080", response(INSECURE, body=RAWDATA), "api-exposed"),
    ("the dashboard on port 8080", response(f"http://{ADDRESS}:8080/dashboard/", body=DASHBOARD), "dashboard-exposed"),
]
FINE = [
    ("a page of the app", response(PAGE, body=b"<title>My dashboard</title><h1>Sales</h1>")),
    ("a page about Traefik", response(PAGE, body=b"<title>My traefik notes</title>")),
    ("one page for all paths, about Traefik", response(PAGE, body=b"<title>Traefik at home: a tutorial</title>")),
    ("JSON with a version", response(API, body=b'{"Version":"1.4","Name":"shop"}')),
    ("JSON of the app", response(API, body=b'{"routers": []}')),
    ("more JSON of the app", response(API, body=b'{"services": {}, "middlewares": {}}')),
    ("a list", response(API, body=b'["routers", "services", "middlewares"]')),
    ("a password is asked for", response(PAGE, 401, body=DASHBOARD)),
    ("forbidden", response(API, 403, body=RAWDATA)),
    ("a redirect", response(PAGE, 302)),
    ("nothing", response(API, 404)),
    ("another program on port 8080", response(f"http://{ADDRESS}:8080/api/rawdata", body=b"hello")),
    ("port 8080 is closed", broken(Trouble.REFUSED, Phase.CONNECT, url=INSECURE)),
    ("port 8080 is filtered", broken(Trouble.TIMEOUT, Phase.CONNECT, url=INSECURE)),
]


@pytest.mark.parametrize(("answer", "word"), [row[1:] for row in CAUGHT], ids=[row[0] for row in CAUGHT])
def test_caught(answer: Response, word: str) -> None:
    assert verdicts(CHECK, observation(exposed=(*exposed(), answer))) == [(word, "critical")]
    assert verdicts(CHECK, observation(exposed=(answer,))) == [(word, "critical")]


@pytest.mark.parametrize("answer", [row[1] for row in FINE], ids=[row[0] for row in FINE])
def test_fine(answer: Response) -> None:
    assert words(CHECK, observation(exposed=(*exposed(), answer))) == ["ok"]
    assert words(CHECK, observation(exposed=exposed())) == ["ok"]


@pytest.mark.parametrize("seen", UNREACHED.values(), ids=UNREACHED)
def test_not_seen(seen: Any) -> None:
    assert words(CHECK, seen) == ["not-seen"]


def test_what_was_not_asked_in_full_is_not_good() -> None:
    assert words(CHECK, observation(exposed=())) == ["not-seen"]
    assert words(CHECK, observation(exposed=(response(API, 404),))) == ["not-seen"]
    assert words(CHECK, observation(exposed=(response(API, 404), broken(Trouble.TIMEOUT, url=PAGE)))) == ["not-seen"]


def test_port_8080_is_open_although_https_is_dead() -> None:
    alone = replace(dead(ADDRESS), exposed=(response(INSECURE, body=RAWDATA),))
    assert words(CHECK, observation(alone)) == ["api-exposed"]


def test_services_without_http_have_an_address_too() -> None:
    passed = endpoint(kind=Kind.TCP, web_port=None)
    assert words(CHECK, observation(endpoint=passed)) == []
    assert words(CHECK, observation(endpoint=passed, exposed=(response(INSECURE, body=RAWDATA),))) == ["api-exposed"]
    assert words(CHECK, observation(endpoint=passed, exposed=(response(INSECURE, 404),))) == ["ok"]


def test_the_dashboard_s_own_host_must_ask() -> None:
    own = endpoint(kind=Kind.DASHBOARD, name="dashboard")
    assert words(CHECK, observation(endpoint=own)) == ["ok"]
    opened = (*exposed(status=401)[:1], response(PAGE, body=b"something that nobody recognises"))
    assert words(CHECK, observation(endpoint=own, exposed=opened)) == ["dashboard-exposed"]
    assert words(CHECK, observation(endpoint=own, exposed=(response(API, body=RAWDATA),))) == ["api-exposed"]
    assert words(CHECK, observation(exposed=opened)) == ["ok"]


def test_it_names_all_urls_and_the_line() -> None:
    places = {"host": Location("edge.yaml", 1, 1), "dashboard": Location("edge.yaml", 5, 3)}
    seen = (response(PAGE, body=DASHBOARD), response(API, body=RAWDATA), response(INSECURE, body=RAWDATA))
    (both,) = judged(CHECK, observation(endpoint=endpoint(places=places), exposed=seen))
    assert both.message == f"the dashboard and Traefik's API open without a password: {PAGE}, {API}, {INSECURE}"
    assert str(both.where) == "edge.yaml:5:3"
    assert "api.insecure" in both.hint
    (alone,) = judged(CHECK, observation(exposed=seen[1:]))
    assert alone.message == f"Traefik's API answers without a password: {API}, {INSECURE}"


def test_one_address_of_two() -> None:
    other = address_seen(OTHER_ADDRESS, exposed=(response(API, body=RAWDATA),))
    (finding,) = judged(CHECK, observation(address_seen(), other))
    assert finding.message.endswith(f"(at {OTHER_ADDRESS}, 1 of 2 addresses)")
