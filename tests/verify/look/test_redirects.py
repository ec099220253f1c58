"""Redirects: followed on the same host, never to another one, never without end."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from edgegen.endpoints import Endpoint, Goal
from edgegen.net.answer import Failure, Phase, Response, Trouble
from edgegen.verify.look.redirects import follow, other_port

HERE = Endpoint("a", "a.test")
THERE = Endpoint("a", "a.test", port=8443, web_port=8080)


def walk(locations: dict[str, str], endpoint: Endpoint = HERE, *, status: int = 301) -> tuple[list[str], bool]:
    """The URLs that were asked, and whether they go round. `locations`: path (http: URL) -> Location."""
    start = "https://a.test:8443" if endpoint is THERE else "https://a.test"
    plain = "http://a.test:8080" if endpoint is THERE else "http://a.test"

    def answer(url: str) -> Response:
        location = locations.get(url.removeprefix(start))
        return Response(url, status, (("location", location),)) if location is not None else Response(url, 200)

    def get(scheme: str, path: str, _: object) -> Response:
        return answer((start if scheme == "https" else plain) + path)

    answers, loop = follow(answer(f"{start}/"), endpoint, get)
    return [item.url for item in answers], loop


@pytest.mark.parametrize(
    ("locations", "urls"),
    [
        ({}, ["https://a.test/"]),
        ({"/": "/x"}, ["https://a.test/", "https://a.test/x"]),
        ({"/": "x?y=1#part", "/x?y=1": "/z"}, ["https://a.test/", "https://a.test/x?y=1", "https://a.test/z"]),
        ({"/": "https://A.TEST:443/x"}, ["https://a.test/", "https://a.test/x"]),
        ({"/": "//a.test/x"}, ["https://a.test/", "https://a.test/x"]),
        ({"/": "http://a.test/x"}, ["https://a.test/", "http://a.test/x"]),
        (
            {"/": "http://a.test/x", "http://a.test/x": "https://a.test/y"},
            ["https://a.test/", "http://a.test/x", "https://a.test/y"],
        ),
    ],
)
def test_on_the_same_host(locations: dict[str, str], urls: list[str]) -> None:
    assert walk(locations) == (urls, False)


@pytest.mark.parametrize(
    "location",
    [
        "https://b.test/", "//b.test/", "https://a.test.b.test/", "https://a.test:8443/", "http://a.test:8080/",
        "https://192.0.2.1/", "http://169.254.169.254/latest/", "javascript:alert(1)", "ftp://a.test/",
        "https://a.test:99999/", "https://[/", "https://a.test@b.test/", "", "mailto:a@a.test",
    ],
)  # fmt: skip
def test_never_elsewhere(location: str) -> None:
    assert walk({"/": location}) == (["https://a.test/"], False)


@pytest.mark.parametrize("location", ["/\\b.test", "\\\\b.test/"])
def test_backslashes_stay_on_the_host(location: str) -> None:
    urls, _ = walk({"/": location})
    assert all(url.startswith("https://a.test/") for url in urls)


@pytest.mark.parametrize(
    ("location", "port"),
    [
        ("https://a.test:3000/login", 3000), ("//A.test.:8443", 8443), ("https://a.test/", None), ("/x", None),
        ("https://b.test:3000/", None), ("http://a.test:3000/", None), ("https://a.test:x/", None), ("", None),
    ],
)  # fmt: skip
def test_a_port_that_nobody_looks_at(location: str, port: int | None) -> None:
    assert other_port(Response("https://a.test/", 302, (("location", location),)), HERE) == port
    assert other_port(Response("https://a.test/", 200, (("location", location),)), HERE) is None


def test_the_usual_port_of_an_endpoint_on_another() -> None:
    moved = Response("https://a.test:8443/", 302, (("location", "https://a.test/"),))
    assert other_port(moved, THERE) == 443


def test_other_ports_of_the_endpoint() -> None:
    there = {"/": "http://a.test:8080/x", "http://a.test:8080/x": "https://a.test:8443/y"}
    assert walk(there, THERE) == (["https://a.test:8443/", "http://a.test:8080/x", "https://a.test:8443/y"], False)
    assert walk({"/": "https://a.test/"}, THERE) == (["https://a.test:8443/"], False)


@pytest.mark.parametrize(
    ("locations", "asked"),
    [({"/": "/"}, 1), ({"/": "https://a.test"}, 1), ({"/": "/x", "/x": "/"}, 2), ({"/": "/x", "/x": "/x#y"}, 2)],
)
def test_loops(locations: dict[str, str], asked: int) -> None:
    urls, loop = walk(locations)
    assert (len(urls), loop) == (asked, True)


KNOWN = Endpoint(
    "a", "a.test",
    redirects={
        "www.a.test": Goal("https://a.test"), "old.test": Goal("https://www.a.test/old"),
        "home.test": Goal("https://a.test/home?from=home", keep_path=False), "b.test": Goal("https://c.test"),
        "x.test": Goal("https://y.test"), "y.test": Goal("https://x.test"),
    },
)  # fmt: skip


@pytest.mark.parametrize(
    ("locations", "paths", "loop"),
    [
        ({"/": "https://www.a.test/"}, ["/"], True),
        ({"/": "http://WWW.a.test"}, ["/"], True),
        ({"/": "//www.a.test/"}, ["/"], True),
        ({"/": "https://www.a.test/blog"}, ["/", "/blog"], False),
        ({"/": "https://www.a.test/blog", "/blog": "https://www.a.test/blog"}, ["/", "/blog"], True),
        ({"/": "https://www.a.test/?x=1"}, ["/", "/?x=1"], False),
        ({"/": "https://old.test/b?c"}, ["/", "/old/b?c"], False),
        ({"/": "https://home.test/b?c"}, ["/", "/home?from=home"], False),
        ({"/": "https://b.test/"}, ["/"], False),
        ({"/": "https://x.test/"}, ["/"], False),  # the spec's own loop, which it refuses
        ({"/": "https://www.a.test:8443/"}, ["/"], False),  # who answers there is not known
        ({"/": "https://www.a.test.evil.test/"}, ["/"], False),
        ({"/": "https://web.a.test/"}, ["/"], False),
    ],
)
def test_names_that_the_spec_redirects(locations: dict[str, str], paths: list[str], loop: bool) -> None:
    urls, went_round = walk(locations, KNOWN)
    assert (urls, went_round) == ([f"https://a.test{path}" for path in paths], loop)


def test_a_name_that_is_redirected_itself_is_followed_on_its_own_host() -> None:
    alias = Endpoint("a", "www.a.test", redirects=KNOWN.redirects)
    first = Response("https://www.a.test/x", 301, (("location", "https://www.a.test/x"),))
    assert follow(first, alias, lambda *_: None) == ((first,), True)


@pytest.mark.parametrize(("hops", "loop"), [(9, False), (10, False), (11, True), (100, True)])
def test_ten_hops_and_no_more(hops: int, loop: bool) -> None:
    urls, went_round = walk({"/": "/1", **{f"/{number}": f"/{number + 1}" for number in range(1, hops)}})
    assert (len(urls), went_round) == (min(hops, 10) + 1, loop)


@pytest.mark.parametrize(("status", "followed"), [(301, 2), (302, 2), (303, 2), (307, 2), (308, 2), (300, 1), (304, 1)])
def test_which_answers_are_redirects(status: int, followed: int) -> None:
    assert len(walk({"/": "/x"}, status=status)[0]) == followed


def test_it_ends_where_nothing_more_can_be_asked_or_an_answer_failed() -> None:
    first = Response("https://a.test/", 301, (("location", "http://a.test/"),))
    assert follow(first, HERE, lambda *_: None) == ((first,), False)
    broken = Response("https://a.test/x", 301, (("location", "/y"),), failure=Failure(Trouble.CLOSED, Phase.BODY))
    moved = Response("https://a.test/", 301, (("location", "/x"),))
    assert follow(moved, HERE, lambda *_: broken) == ((moved, broken), False)


def test_cookies_go_along_over_https_alone() -> None:
    """A page that sets a cookie and reloads itself is no circle; one that sets it again and again is."""
    asked = []

    def get(scheme: str, path: str, headers: Mapping[str, str]) -> Response:
        asked.append((scheme, path, dict(headers)))
        if path == "/plain":
            return Response("http://a.test/plain", 301, (("location", "https://a.test/end"),))
        if path == "/end":
            return Response("https://a.test/end", 200)
        return Response("https://a.test/", 302, (("location", "http://a.test/plain"), ("set-cookie", "b=2; Secure")))

    first = Response("https://a.test/", 302, (("location", "/"), ("set-cookie", "a=1; Path=/"), ("set-cookie", "x")))
    answers, loop = follow(first, HERE, get)
    assert ([answer.status for answer in answers], loop) == ([302, 302, 301, 200], False)
    assert asked == [
        ("https", "/", {"Cookie": "a=1"}),
        ("http", "/plain", {}),
        ("https", "/end", {"Cookie": "a=1; b=2"}),
    ]
    answers, loop = follow(first, HERE, lambda *_: first)
    assert (len(answers), loop) == (2, True)
