"""What the project needs lies in the project."""

from __future__ import annotations

import pytest

from edgegen.rules import file_outside_project
from tests.rules.conftest import Said, said

BROKEN = [
    (
        """\
secrets: {s: {file: ../s.txt}}
""",
        "secrets.s.file",
        "is outside",
    ),
    (
        """\
secrets: {s: {file: a/../../s.txt}}
""",
        "secrets.s.file",
        "is outside",
    ),
    (
        """\
configs: {c: {file: ../c.conf}}
""",
        "configs.c.file",
        "is outside",
    ),
    (
        """\
acme: {ca_file: ../ca.pem}
""",
        "acme.ca_file",
        "is outside",
    ),
]
NEAR_MISSES = [
    """\
secrets: {s: {file: s.txt}}
""",
    """\
secrets: {s: {file: /run/s.txt}}
""",
    """\
secrets: {s: {file: a..b/s.txt}}
""",
    """\
configs: {c: {file: c..conf}, d: {content: ../x}}
""",
    """\
acme: {ca_file: ca.pem}
""",
]


@pytest.mark.parametrize(("spec", "path", "words"), BROKEN)
def test_broken(spec: str, path: str, words: str) -> None:
    found = said(file_outside_project, spec)
    assert [(item.path, item.refused) for item in found] == [(path, True)]
    assert words in found[0].message
    assert found[0].line > 0


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(file_outside_project, spec) == list[Said]()
