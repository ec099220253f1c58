"""Challenges as servers write them."""

from __future__ import annotations

import pytest

from edgegen.verify.challenge import Challenge, challenges, usable

BEARER = 'Bearer realm="https://auth.example.com/token",service="registry.example.com",scope="repository:a/b:pull,push"'


def of(*lines: str) -> tuple[Challenge, ...]:
    return challenges([("www-authenticate", line) for line in lines])


@pytest.mark.parametrize(
    ("line", "scheme", "parameters"),
    [
        ('Basic realm="Registry Realm"', "basic", {"realm": "Registry Realm"}),
        ("Basic", "basic", {}),
        ('basic REALM="x", charset="UTF-8"', "basic", {"realm": "x", "charset": "UTF-8"}),
        ("Basic realm=traefik", "basic", {"realm": "traefik"}),
        (r'Basic realm="a \"quoted\" one, with a comma"', "basic", {"realm": 'a "quoted" one, with a comma'}),
        ('Basic realm = "spaces"', "basic", {"realm": "spaces"}),
        ('Basic realm=""', "basic", {"realm": ""}),
        (
            BEARER,
            "bearer",
            {
                "realm": "https://auth.example.com/token",
                "service": "registry.example.com",
                "scope": "repository:a/b:pull,push",
            },
        ),
        ("Negotiate", "negotiate", {}),
    ],
)
def test_one(line: str, scheme: str, parameters: dict[str, str]) -> None:
    assert of(line) == (Challenge(scheme, parameters),)


def test_several_in_one_header_and_in_two() -> None:
    expected = ["bearer", "basic"]
    assert [one.scheme for one in of('Bearer realm="https://a/t",service="s", Basic realm="x"')] == expected
    assert [one.scheme for one in of('Bearer realm="https://a/t"', 'Basic realm="x"')] == expected


@pytest.mark.parametrize("line", ["", ",,,", '"', "=", "realm=x"])
def test_what_is_none(line: str) -> None:
    assert of(line) == ()


def test_an_open_quote_ends_nothing_else() -> None:
    assert of('Basic realm="open')[0].scheme == "basic"
    assert of("Basic " + 'a="' * 5000)[0].scheme == "basic"


def test_docker_takes_a_token_server_first() -> None:
    headers = [("content-type", "text/html"), ("WWW-Authenticate", 'Basic realm="x"'), ("www-authenticate", BEARER)]
    found = usable(headers)
    assert found is not None
    assert found.scheme == "bearer"


def test_a_bearer_without_a_realm_can_not_be_used() -> None:
    assert usable([("www-authenticate", "Bearer"), ("www-authenticate", "Digest realm=x")]) is None
