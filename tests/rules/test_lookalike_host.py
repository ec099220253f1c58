"""Names that look like others are reported, once, and rendered."""

from __future__ import annotations

import pytest

from edgegen.project.checked import checked
from edgegen.rules import lookalike_host
from edgegen.spec.load import load_text
from tests.rules.conftest import Said, said

SPEC = """\
domains: {example.com: {}}
services:
  web: {image: "w:1", port: 80, host: HOST}
"""
CYRILLIC_C = "\u0441"
BROKEN = [
    (f"{CYRILLIC_C}hat.example.com", f"has the Cyrillic letter `{CYRILLIC_C}` among Latin ones in `{CYRILLIC_C}hat`"),
    ("xn--hat-3ed.example.com", f"has the Cyrillic letter `{CYRILLIC_C}` among Latin ones"),
    ("gr\u03bfup.example.com", "has the Greek letter `\u03bf` among Latin ones"),
    ("\u0430\u0440\u0440\u04cf\u0435.example.com", "is `apple` in look-alike Cyrillic letters"),
    ('"*.\u0430pi.example.com"', "has the Cyrillic letter `\u0430` among Latin ones"),
]


@pytest.mark.parametrize(("host", "words"), BROKEN)
def test_it_is_reported(host: str, words: str) -> None:
    found = said(lookalike_host, SPEC.replace("HOST", host))
    assert [(item.path, item.line, item.refused) for item in found] == [("services.web.host", 4, False)]
    assert words in found[0].message


NEAR_MISSES = [
    "www.example.com",
    "b\u00fccher.example.com",
    "stra\u00dfe.example.com",
    "\u65e5\u672c-api.example.com",
    "\u043f\u043e\u0447\u0442\u0430.example.com",
    "\u03a3\u038a\u03a3\u03a5\u03a6\u039f\u03a3.example.com",
    "\u0645\u0648\u0642\u0639.example.com",
    "xn--99999999.example.com",
    "a1-2.example.com",
]


@pytest.mark.parametrize("host", NEAR_MISSES)
def test_names_of_one_script_are_not(host: str) -> None:
    assert said(lookalike_host, SPEC.replace("HOST", host)) == list[Said]()


def test_letters_that_look_latin_are_usual_below_a_cyrillic_domain() -> None:
    spec = SPEC.replace("example.com", "\u0440\u0444.xn--p1ai").replace(
        "HOST", "\u0441\u043e\u0440.\u0440\u0444.xn--p1ai"
    )
    assert said(lookalike_host, spec) == list[Said]()


def test_a_domain_is_reported_once_and_not_again_for_its_hosts() -> None:
    domain = f"{CYRILLIC_C}omment.com"
    found = said(lookalike_host, SPEC.replace("example.com", domain).replace("HOST", f"www.{domain}"))
    assert [(item.path, item.line) for item in found] == [("domains.xn--omment-hrf.com", 2)]


def test_the_spec_is_taken() -> None:
    remarks = checked(load_text(f"name: a\n{SPEC.replace('HOST', BROKEN[0][0])}".encode()))
    assert [str(remark.where) for remark in remarks] == ["edge.yaml:4:39"]
