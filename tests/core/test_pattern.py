"""A pattern that is compiled late is the pattern, and one that is wrong does not stay unnoticed until it is used."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

from edgegen.core.pattern import late_pattern, late_patterns

PACKAGE = Path(__file__).parents[2] / "edgegen"


@pytest.mark.parametrize("text", [r"(a)|(b)", b"(a)|(b)"])
def test_it_is_what_compile_gives(text: str | bytes) -> None:
    mine, theirs = late_pattern(text, re.IGNORECASE), re.compile(text, re.IGNORECASE)
    for subject in ("A", "cAb", "") if isinstance(text, str) else (b"A", b"cAb", b""):
        assert [found.groups() for found in mine.finditer(subject)] == [
            found.groups() for found in theirs.finditer(subject)
        ]
        for method in ("match", "fullmatch", "search"):
            mine_found, theirs_found = getattr(mine, method)(subject), getattr(theirs, method)(subject)
            assert (mine_found and mine_found.span()) == (theirs_found and theirs_found.span())
        assert mine.split(subject) == theirs.split(subject)
        assert mine.sub(subject[:0], subject) == theirs.sub(subject[:0], subject)
        assert mine.findall(subject) == theirs.findall(subject)
    assert (mine.pattern, mine.flags, mine.groups) == (theirs.pattern, theirs.flags, theirs.groups)


def test_it_compiles_once_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[object] = []
    compile_now = re.compile
    monkeypatch.setattr(re, "compile", lambda *words: compiled.append(words) or compile_now(*words))
    mine = late_pattern("x+")
    assert not compiled
    assert mine.search("axx") and mine.match("x") and not mine.search("")
    assert len(compiled) == 1


def test_what_a_pattern_does_not_have_is_not_there() -> None:
    assert not hasattr(late_pattern("x"), "nothing")
    with pytest.raises(re.error):
        late_pattern("(").search("")


def test_what_a_library_compiles_while_it_is_loaded_is_late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "library_of_a_test.py").write_text(
        "import re\nfirst = re.compile('(A)', re.I)\nused = re.compile('b+').search('abb').span()\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    with late_patterns():
        library = importlib.import_module("library_of_a_test")
        mine = late_pattern("x+")
        assert mine.search("axx")  # one in the other
    assert not isinstance(library.first, re.Pattern)
    assert (library.first.search("xa")[1], library.first.groupindex, library.used) == ("a", {}, (1, 3))
    assert isinstance(re.compile("c"), re.Pattern)


def test_a_library_that_can_not_be_loaded_leaves_compile_as_it_was() -> None:
    with pytest.raises(ZeroDivisionError), late_patterns():
        raise ZeroDivisionError
    assert isinstance(re.compile("d"), re.Pattern)


@pytest.mark.slow
def test_each_of_edgegen_compiles() -> None:
    texts = [found for file in PACKAGE.rglob("*.py") for found in _patterns(file.read_text())]
    assert len(texts) > 50
    for text in texts:
        re.compile(text)
    assert _patterns('X = late_pattern(r"(")') == ["("]


def _patterns(source: str) -> list[str | bytes]:
    """The texts that are written out."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args)
    named = (call.args[0] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "late_pattern")
    return [node.value for node in named if isinstance(node, ast.Constant)]
