"""A spec without domains is taken, with one remark."""

from __future__ import annotations

import pytest

from edgegen.core.errors import Problem
from edgegen.project.checked import checked
from edgegen.rules import no_domains
from edgegen.spec.load import load_text
from tests.rules.conftest import Said, said

BROKEN = [
    (
        """\
services:
  web: {image: "w:1", port: 80, host: www.example.com}
""",
        "services.web.host",
        "for `www.example.com`",
    ),
    (
        """\
services:
  here: {image: "w:1", port: 80, host: w.localhost}
  web: {image: "w:1", port: 80, host: www.example.com, aliases: [example.com, old.example.com]}
edge: {dashboard: {host: dash.example.com, users: [me]}}
""",
        "services.web.host",
        "for `www.example.com` and 3 more",
    ),
]
NEAR_MISSES = [
    """\
domains: {example.com: {}}
services:
  web: {image: "w:1", port: 80, host: www.example.com}
""",
    """\
services:
  web: {image: "w:1", port: 80, host: www.localhost}
  db: {image: "d:1"}
""",
]


@pytest.mark.parametrize(("spec", "path", "words"), BROKEN)
def test_broken(spec: str, path: str, words: str) -> None:
    found = said(no_domains, spec)
    assert [(item.path, item.refused) for item in found] == [(path, False)]
    assert words in found[0].message


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(no_domains, spec) == list[Said]()


def test_the_spec_is_taken() -> None:
    remarks: list[Problem] = checked(load_text(f"name: a\n{BROKEN[0][0]}".encode()))
    assert [str(remark.where) for remark in remarks] == ["edge.yaml:3:39"]
