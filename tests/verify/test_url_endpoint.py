"""URLs of the command line as endpoints, and what is no such URL."""

from __future__ import annotations

import pytest

from edgegen.core.errors import UsageError
from edgegen.endpoints import Kind
from edgegen.verify.url_endpoint import is_url, stranger


@pytest.mark.parametrize(
    ("url", "host", "port", "path", "web_port", "shown"),
    [
        ("https://www.example.com", "www.example.com", 443, "/", 80, "www.example.com"),
        ("https://WWW.Example.com./", "www.example.com", 443, "/", 80, "www.example.com"),
        ("HTTPS://www.example.com:443", "www.example.com", 443, "/", 80, "www.example.com"),
        ("https://www.example.com:8443", "www.example.com", 8443, "/", None, "www.example.com:8443"),
        ("https://www.example.com/a/b", "www.example.com", 443, "/a/b", 80, "www.example.com/a/b"),
        ("https://www.example.com:8443/a b", "www.example.com", 8443, "/a%20b", None, "www.example.com:8443/a%20b"),
        ("https://www.example.com/%C3%A9", "www.example.com", 443, "/%C3%A9", 80, "www.example.com/%C3%A9"),
        ("https://münchen.example.com", "xn--mnchen-3ya.example.com", 443, "/", 80, "xn--mnchen-3ya.example.com"),
    ],
)
def test_a_host_of_anybody(url: str, host: str, port: int, path: str, web_port: int | None, shown: str) -> None:
    found = stranger(url)
    assert (found.host, found.port, found.path, found.web_port, found.shown) == (host, port, path, web_port, shown)
    assert found.kind is Kind.WEB
    # Nobody has said anything of it.
    assert (found.ipv4, found.ipv6, found.zone, found.proxied, found.hsts, found.ca, found.places) == (
        None, None, None, None, None, "", {},
    )  # fmt: skip


@pytest.mark.parametrize("path", ["/v2", "/v2/"])
def test_v2_is_a_registry(path: str) -> None:
    found = stranger(f"https://r.example.com:5000{path}")
    assert (found.kind, found.path, found.shown, found.authority) == (
        Kind.REGISTRY, "/", "r.example.com:5000", "r.example.com:5000",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("url", "message", "hint"),
    [
        ("http://www.example.com", "is not https", "https://www.example.com"),
        ("ftp://www.example.com", "is not https", "https://"),
        ("https://", "can't be empty", ""),
        ("https://www.example.com:0", "ports go from 1", ""),
        ("https://www.example.com:99999", "ports go from 1", ""),
        ("https://www.example.com:x", "ports go from 1", ""),
        ("https://localhost", "no dot", ""),
        ("https://192.0.2.1/", "IP address", ""),
        ("https://[2001:db8::1]/", "IP address", ""),
        ("https://[2001:db8::1", "", ""),
        ("https://*.example.com", "wildcard", ""),
        ("https://www.example.com/?a=1", "query", "leave out"),
        ("https://www.example.com/#top", "query", "leave out"),
    ],
)
def test_what_is_no_such_url(url: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        stranger(url)
    (problem,) = caught.value.problems
    assert message in problem.message
    assert hint in problem.hint


@pytest.mark.parametrize(
    "url", ["https://ci:canary-1@r.example.com", "http://ci:canary-1@r.example.com/", "https://canary-1@r.example.com"]
)
def test_a_password_in_a_url_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(UsageError, match="must not contain a user or a password") as caught:
        stranger(url)
    assert "canary" not in str(caught.value) + caught.value.problems[0].hint


@pytest.mark.parametrize(
    ("word", "url"), [("https://a.test", True), ("http://a.test", True), ("a.test", False), ("web", False)]
)
def test_which_words_are_urls(word: str, url: bool) -> None:
    assert is_url(word) is url
