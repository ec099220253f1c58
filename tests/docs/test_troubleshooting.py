"""Who searches for an error finds it on the page of troubleshooting, and `explain` knows the lines that it lists."""

from __future__ import annotations

import re

import pytest

from edgegen.traefik.errors import meaning
from tests.docs.site import ROOT

PAGE = (ROOT / "docs/troubleshooting.md").read_text(encoding="utf-8")
SEARCHED = (
    "404 page not found",
    "502 Bad Gateway",
    "503 Service Unavailable",
    "504 Gateway Timeout",
    "500 Internal Server Error",
    "413 Request Entity Too Large",
    "Client sent an HTTP request to an HTTPS server",
    "The plain HTTP request was sent to HTTPS port",
    "TRAEFIK DEFAULT CERT",
    "NET::ERR_CERT_AUTHORITY_INVALID",
    "ERR_TOO_MANY_REDIRECTS",
    "DNS_PROBE_FINISHED_NXDOMAIN",
    "x509: certificate signed by unknown authority",
    ".traefik.default, not",
    "server gave HTTP response to HTTPS client",
    "no basic auth credentials",
    "blob upload unknown",
    "port is already allocated",
    "bind: address already in use",
    "declared as external, but could not be found",
    "pull access denied",
    "is too old. Minimum supported API version is 1.44",
    "are too open, please use 600",
    "already issued for this exact set of identifiers",
    "Timeout during connect (likely firewall problem)",
    "field not found, node: ",
)
"""As programs print them."""


@pytest.mark.parametrize("words", SEARCHED)
def test_an_error_is_on_the_page(words: str) -> None:
    assert words in PAGE


def lines(heading: str) -> list[str]:
    """The first column of the table below a heading."""
    section = PAGE.partition(f"# {heading}\n")[2].partition("\n#")[0]
    return re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)


def test_explain_knows_every_line_of_traefik() -> None:
    listed = lines("Traefik's log says")
    assert len(listed) > 10
    assert [line for line in listed if meaning(line) is None] == []


def test_explain_repeats_what_the_authority_says() -> None:
    listed = lines("The authority says")
    assert len(listed) > 5
    for line in listed:
        found = meaning(f"Unable to obtain ACME certificate for domains {line}")
        assert found, line
        assert found.part == "tls"


def test_a_table_that_is_not_there_has_no_lines() -> None:
    assert lines("What nobody says") == []
