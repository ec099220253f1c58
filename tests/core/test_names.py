"""Names of the outside world: each is parsed once, and what comes out is safe in rules, labels and records."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edgegen.core.names import Duration, Hostname, ImageRef, ProjectName, seconds_of

LABEL63 = "a" * 63
NAME253 = ".".join([LABEL63, LABEL63, LABEL63, "a" * 57 + ".com"])


@pytest.mark.parametrize(
    ("written", "parsed"),
    [
        ("commenthouse.com", "commenthouse.com"),
        ("Registry.Example.COM.", "registry.example.com"),
        (" a.example ", "a.example"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("ΣΊΣΥΦΟΣ.example", "xn--kxa6akbbkh.example"),  # with σ at the end, not ς
        ("straße.example", "xn--strae-oqa.example"),
        ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
        ("a。example", "a.example"),
        (f"{LABEL63}.example", f"{LABEL63}.example"),
        (NAME253, NAME253),
        ("1.example", "1.example"),
        ("a-b--c.example", "a-b--c.example"),
    ],
)
def test_host_names(written: str, parsed: str) -> None:
    assert Hostname.parse(written) == parsed
    assert Hostname.parse(parsed) == parsed


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("", "empty"),
        (".", "empty"),
        ("localhost", "no dot"),
        ("192.0.2.1", "IP address"),
        ("999.1.1.1", "IP address"),
        ("::1", "IP address"),
        ("[2001:db8::1]", "IP address"),
        ("a.example:443", "has a port"),
        ("https://a.example", "URL"),
        ("a.example/x", "URL"),
        ("a..example", "empty label"),
        (".a.example", "empty label"),
        ("my_app.example", "`my_app`"),
        ("-a.example", "`-a`"),
        ("a-.example", "`a-`"),
        (f"{LABEL63}a.example", "longer than 63"),
        ("a" + NAME253, "longer than"),
        ("a." + NAME253, "longer than 253"),
        ("*.example.com", "wildcard"),
        ("a.*.com", "`*`"),
        ("a b.example", "`a b`"),
        ("a`b.example", "may contain only"),
        ("a\n.example", "may contain only"),
        ("a.b\n.example", "may contain only"),
        ("a.example\n", None),
        ("🚀.example", "international"),
        ("a\u202eb.example", "international"),
        ("xn--.example.com\x00", "may contain only"),
    ],
)
def test_no_host_names(written: str, words: str | None) -> None:
    if words is None:  # white space around is forgiven
        assert Hostname.parse(written) == written.strip()
        return
    with pytest.raises(ValueError, match=re.escape(words)) as caught:
        Hostname.parse(written)
    assert str(caught.value).isprintable()


def test_wildcards_where_they_are_allowed() -> None:
    assert Hostname.parse("*.Example.com", wildcard=True) == "*.example.com"
    for wrong in ("*", "*.*.com", "a*.example.com", "*.", "*.com:80"):
        with pytest.raises(ValueError, match=r"."):
            Hostname.parse(wrong, wildcard=True)


@pytest.mark.slow
@given(st.text(max_size=80))
def test_whatever_is_written_what_comes_out_is_plain(text: str) -> None:
    try:
        name = Hostname.parse(text, wildcard=True)
    except ValueError as error:
        assert str(error).isprintable()
        return
    assert re.fullmatch(r"(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", name)
    assert len(name) <= 253
    assert Hostname.parse(name, wildcard=True) == name


@pytest.mark.parametrize("text", ["a", "a-b", "0", "a" * 63])
def test_project_names(text: str) -> None:
    assert ProjectName.parse(text) == text


@pytest.mark.parametrize("text", ["", "A", "-a", "a-", "a_b", "a.b", "a/b", "..", "a" * 64, "a\n", "ä"])
def test_no_project_names(text: str) -> None:
    with pytest.raises(ValueError, match="not a usable name"):
        ProjectName.parse(text)


@pytest.mark.parametrize(
    ("text", "tag", "pinned"),
    [
        ("nginx", "", False),
        ("nginx:latest", "latest", False),
        ("nginx:1.27", "1.27", True),
        ("ghcr.io/acme/web:1.4", "1.4", True),
        ("my.example.com:5000/a/b", "", False),
        ("my.example.com:5000/a/b:v1", "v1", True),
        ("a@sha256:" + "0" * 64, "", True),
        ("a:latest@sha256:" + "0" * 64, "latest", True),
        ("a:1@sha384:" + "0" * 96, "1", True),
        ("a@sha512:" + "0" * 128, "", True),
        ("localhost/a__b", "", False),
    ],
)
def test_images(text: str, tag: str, pinned: bool) -> None:
    image = ImageRef.parse(text)
    assert (image.tag, image.is_pinned) == (tag, pinned)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nginx",
        "a b",
        "a:",
        "a:b:c/",
        "-a",
        "a@sha256:abc",
        "a@sha512:" + "0" * 64,
        "a/../b",
        "${IMAGE}",
        "a\n",
        "a:1\n",
        "a" * 600,
    ],
)
def test_no_images(text: str) -> None:
    with pytest.raises(ValueError, match="not an image reference"):
        ImageRef.parse(text)


@pytest.mark.parametrize("text", ["2562048h", "153722868m", "9223372037s", "1h99999999999999999999ns"])
def test_durations_beyond_the_nanoseconds_that_go_can_count(text: str) -> None:
    with pytest.raises(ValueError, match="longer than 292 years"):
        Duration.parse(text)
    assert Duration.parse("2562047h") == "2562047h"


@pytest.mark.parametrize("text", ["30s", "1m30s", "500ms", "1.5h", "0s", "10us"])
def test_durations(text: str) -> None:
    assert Duration.parse(text) == text


@pytest.mark.parametrize("text", ["30", "", "s", "1 m", "1d", "-1s", "1m30", "1s\n", "٣s", "１m"])
def test_no_durations(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        Duration.parse(text)


@pytest.mark.parametrize(
    ("text", "seconds"), [("1m30s", 90), ("1h", 3600), ("500ms", 0.5), ("0s", 0), ("", 0), ("x", 0), ("1.5h", 5400)]
)
def test_seconds_of_a_duration(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds
