"""Wrong specs: refused with words, a place and an exit code, or rendered; never a traceback, never a Python warning."""

from __future__ import annotations

import io
import re
import warnings
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edgegen.cli.app import run
from edgegen.core.errors import EdgegenError, SpecError
from edgegen.project.render import Prepared, prepare
from edgegen.spec.load import load_text
from tests.properties import mutated
from tests.properties.conftest import EXAMPLES
from tests.properties.rendered import judge_refusal
from tests.sizes import sized

pytestmark = pytest.mark.slow

WRONG = sized(150, EXAMPLES)
ELSEWHERE = re.compile(
    r"comes from the variable|there is no `|is not a regular file|is a directory|is outside the project|several lines|"
    r"is not UTF-8 text: it can't be used as a secret|can't read"
)
"""Refusals that are about another file, or about edgegen's own environment."""
OF_THE_FILE = re.compile(r"the file is (empty|UTF-16|not UTF-8)|NUL at byte|byte 0x|at byte offset")
"""Refusals of a file that has no lines."""


def outcome(text: str, environment: str | None, project: Path) -> Prepared | EdgegenError:
    """What comes of a text. Anything but a result or a proper refusal is raised."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            loaded = load_text(text.encode(), "edge.yaml", environment)
            return prepare(project, environment, environ={}, loaded=loaded)
        except EdgegenError as error:
            return error


def judge(result: Prepared | EdgegenError) -> None:
    """Raise AssertionError for a refusal that leaves its reader alone."""
    if isinstance(result, Prepared):
        return
    assert result.exit_code in (2, 3, 7), result
    assert str(result).strip()
    if isinstance(result, SpecError) and not ELSEWHERE.search(str(result)) and not OF_THE_FILE.search(str(result)):
        judge_refusal(result)


def test_wrong_specs_are_refused_with_a_place_and_a_word(project: Path) -> None:
    refused = 0

    @settings(max_examples=WRONG)
    @given(mutated.texts())
    def one(drawn: tuple[str, str | None]) -> None:
        nonlocal refused
        result = outcome(*drawn, project)
        judge(result)
        refused += isinstance(result, EdgegenError)

    one()
    assert refused > WRONG * 0.5


def test_garbage_is_refused_with_a_place_and_a_word(project: Path) -> None:
    @settings(max_examples=EXAMPLES)
    @given(mutated.garbage)
    def one(text: str) -> None:
        judge(outcome(text, None, project))

    one()


def test_the_command_line_never_has_a_bug_to_report(project: Path, tmp_path: Path) -> None:
    """The whole way of `edgegen render --stdout`: exit codes, one error a line on stderr, nothing on stdout then."""

    @settings(max_examples=sized(60, EXAMPLES // 4))
    @given(st.one_of(mutated.texts(), mutated.garbage.map(lambda text: (text, None))))
    def one(drawn: tuple[str, str | None]) -> None:
        text, environment = drawn
        (tmp_path / "edge.yaml").write_bytes(text.encode())
        code, out, err = called(
            ["render", "--stdout", "-C", str(tmp_path), *(["-e", environment] if environment else [])]
        )
        assert code in (0, 2, 3, 7), err
        assert "Traceback" not in err
        if code:
            assert out == "" and err.startswith(f"error[{code}]: ")
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", err), (
            "a terminal would obey this"
        )

    one()


def called(argv: list[str]) -> tuple[int, str, str]:
    """A command line in this process: exit code, stdout, stderr."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), warnings.catch_warnings():
        warnings.simplefilter("error")
        code = run(argv)
    return code, out.getvalue(), err.getvalue()
