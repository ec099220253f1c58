"""Values that options of middlewares are made of, each checked with a sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field

from edgegen.core.json_schema import AlsoAccepts
from edgegen.core.names import Duration
from edgegen.core.pattern import late_pattern
from edgegen.core.show import shown
from edgegen.core.validators import After, Before
from edgegen.traefik.go_network import is_network
from edgegen.traefik.go_regex import check_regex

LARGEST = 2**63 - 1
_TOKEN = late_pattern(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")  # RFC 9110, 5.6.2
_STATUS = late_pattern(r"[1-5]\d\d(-[1-5]\d\d)?", re.ASCII)


def plain_text(value: object) -> str:
    """Text, which YAML did not take for something else."""
    if not isinstance(value, str):
        if isinstance(value, Mapping | list):  # not shown: it may hold a secret
            raise ValueError(f"expected text, not a {'list' if isinstance(value, list) else 'mapping'}")
        raise ValueError(f"expected text, not `{shown(value)}`: put it in quotes")
    return value


def cidr(value: object) -> str:
    """An address or a range, as Traefik's address lists take them."""
    text = plain_text(value)
    if not is_network(text):
        raise ValueError(f"`{text[:60]}` is not an address or a range like 198.51.100.0/24")
    return text


def go_regex(value: object) -> str:
    """A regular expression of Go's RE2."""
    return check_regex(plain_text(value))


def duration(value: object) -> str:
    """A Go duration; a plain number is seconds to Traefik."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        value = f"{value}s"
    return str(Duration.parse(plain_text(value)))


def header_name(value: object) -> str:
    """The name of an HTTP header."""
    text = plain_text(value)
    if not _TOKEN.fullmatch(text):
        raise ValueError(f"`{text[:60]}` is not the name of a header")
    return text


def header_value(value: object) -> str:
    """The value of an HTTP header: no line breaks."""
    text = plain_text(value)
    if any(mark in text for mark in "\r\n\0"):
        raise ValueError("the value of a header can't hold line breaks")
    return text


def line(value: object) -> str:
    """One line of text that says something."""
    text = plain_text(value)
    if not text.strip():
        raise ValueError("the text is empty. Leave the option out to have Traefik's default")
    if any(mark in text for mark in "\r\n\0"):
        raise ValueError("expected one line of text: line breaks can't be used here")
    return text


def status(value: object) -> str:
    """A status code, or a range of them: `404`, `500-599`."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else plain_text(value)
    if not _STATUS.fullmatch(text):
        raise ValueError(f"`{text[:40]}` is not a status code or a range like 500-599")
    first, _, last = text.partition("-")
    if last and int(first) > int(last):
        raise ValueError(f"`{text}` ends before it begins")
    return text


def url(value: object) -> str:
    """An absolute http:// or https:// URL."""
    text = plain_text(value)
    if any(mark.isspace() for mark in text) or not text.lower().startswith(("http://", "https://")):
        raise ValueError(f"`{text[:60]}` is not a URL like http://auth:9000/verify")
    try:
        parts = urlsplit(text)
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:  # a bracket without its other one, a port that is none
        is_whole = False
    if not is_whole:
        raise ValueError("the host or the port of this URL is wrong: ports go from 1 to 65535")
    return text


def path(value: object) -> str:
    """A path of a URL."""
    text = line(value)
    if not text.startswith("/"):
        raise ValueError(f"`{text[:60]}` must start with `/`")
    return text


def one_or_many(value: object) -> object:
    """A single text or number where a list is asked for."""
    return [value] if isinstance(value, (str, int)) and not isinstance(value, bool) else value


def some(value: list[str]) -> list[str]:
    """A list that may not be empty."""
    if not value:
        raise ValueError("the list is empty. Remove the middleware to disable it")
    return value


def count(value: object) -> object:
    """A whole number from 1."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"`{value}` is not a whole number")
    if value < 1:
        raise ValueError("must be at least 1. Remove the middleware to disable it")
    if value > LARGEST:
        raise ValueError("is larger than Traefik can count")
    return value


def _within(value: object, least: int, most: int, what: str) -> object:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"`{str(value)[:40]}` is not {what}")
    return value


def number(value: object) -> object:
    """A whole number from 0."""
    return _within(value, 0, LARGEST, "a whole number from 0")


def flag(value: object) -> object:
    """true or false: everything else is silently false to Traefik."""
    if not isinstance(value, bool):
        raise ValueError(f"`{value}` is neither true nor false")
    return value


def whole(value: object) -> object:
    """A whole number, which is neither text nor a truth value."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"`{str(value)[:40]}` is not a whole number")
    return value


def size(value: object) -> object:
    """So many bytes, or -1 for any number of them."""
    return _within(value, -1, LARGEST, "a number of bytes, nor -1 for any")


def status_code(value: object) -> object:
    """A status code that an answer can have."""
    from http import HTTPStatus  # a render that has none needs no table of them

    if _within(value, 100, 599, "a status code from 100 to 599") not in {*HTTPStatus}:
        raise ValueError(f"{value} is not a registered status code: Traefik would refuse it")
    return value


def port_text(value: object) -> str:
    """A port, which Traefik takes as text here."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else plain_text(value)
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise ValueError(f"`{text[:40]}` is not a port from 1 to 65535")
    return text


def host_port(value: object) -> str:
    """`host:port`."""
    text = plain_text(value)
    host, colon, port = text.rpartition(":")
    if not colon or not re.fullmatch(r"[A-Za-z0-9._-]+|\[[0-9A-Fa-f:]+\]", host):
        raise ValueError(f"`{text[:60]}` is not a server like redis:6379")
    port_text(port)
    return text


Cidr = Annotated[str, Before(cidr), Field(examples=["198.51.100.0/24", "2001:db8::/32"])]
GoRegex = Annotated[str, Before(go_regex), Field(examples=["^/api/(.*)"])]
DurationText = Annotated[str, Before(duration), AlsoAccepts("integer"), Field(examples=["10s", "1m30s", "500ms"])]
HeaderName = Annotated[str, Before(header_name), Field(examples=["X-Forwarded-User"])]
HeaderValue = Annotated[str, Before(header_value)]
Status = Annotated[str, Before(status), Field(examples=["500-599", "404"])]
Statuses = Annotated[
    list[Annotated[Status, AlsoAccepts("integer")]], Before(one_or_many), AlsoAccepts("string", "integer"), After(some)
]
StatusCode = Annotated[int, Before(status_code), Field(examples=[503])]
Url = Annotated[str, Before(url), Field(examples=["http://auth:9000/verify"])]
UrlPath = Annotated[str, Before(path), Field(examples=["/api"])]
Count = Annotated[int, Before(count), Field(examples=[100])]
Number = Annotated[int, Before(number), Field(examples=[1024])]
Size = Annotated[int, Before(size), Field(examples=[1_048_576])]
PortText = Annotated[str, Before(port_text), AlsoAccepts("integer"), Field(examples=["443"])]
HostPort = Annotated[str, Before(host_port), Field(examples=["redis:6379"])]
Flag = Annotated[bool, Before(flag)]
Line = Annotated[str, Before(line)]
Headers = dict[HeaderName, HeaderValue]
