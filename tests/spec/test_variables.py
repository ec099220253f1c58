"""Compose's template grammar, judged by the real docker-compose: what a text becomes, and what it may be written as."""

from __future__ import annotations

import json
import random
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from edgegen.spec.variables import VariableError, evaluate, split, variables, written
from tests.lab.parsers import COMPOSE
from tests.sizes import seed, sized

VALUES = {"A": "a value", "B": "", "D": "d$x${A}", "E": "{e}"}
TEXTS = sized(200, 2_000)


def compose(texts: Sequence[str], folder: Path) -> list[str] | str:
    """What Compose makes of the texts, or what it says against them."""
    services = {f"s{number}": {"image": "x", "environment": {"V": text}} for number, text in enumerate(texts)}
    (folder / "compose.yml").write_text(json.dumps({"name": "p", "services": services}))
    done = subprocess.run(
        [str(COMPOSE), "-f", "compose.yml", "config", "--format", "json"],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), **VALUES},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode:
        return done.stderr
    found = json.loads(done.stdout)["services"]
    return [found[name]["environment"]["V"].replace("$$", "$") for name in services]


def a_text(source: random.Random, depth: int = 0) -> str:
    names = ("A", "B", "C", "D", "E", "_x", "a1")
    words = (
        "x",
        "-",
        "?",
        ":",
        "{",
        "}",
        "{}",
        " ",
        "1",
        "$",
        "$$",
        "$5",
        "}}",
        "\n",
        "é",
        '"',
        "=",
        "+",
        "\u212a",
        "${",
    )
    parts = []
    for _ in range(source.randint(0, 4)):
        kind = source.random()
        if kind < 0.25:
            parts.append(source.choice(words))
        elif kind < 0.4:
            parts.append(f"${source.choice(names)}")
        elif kind < 0.55:
            parts.append(f"${{{source.choice(names)}}}")
        elif kind < 0.6:
            parts.append("$$")
        elif depth < 3:
            operator = source.choice((":-", "-", ":?", "?", ":+", "+"))
            parts.append(f"${{{source.choice(names)}{operator}{a_text(source, depth + 1)}}}")
    return "".join(parts)


def corpus() -> list[str]:
    source = random.Random(seed(9))
    return [a_text(source) for _ in range(TEXTS)]


@pytest.mark.slow
def test_every_text_becomes_what_compose_makes_of_it(tmp_path: Path) -> None:
    """Accepted texts by hundreds at once; a text with an invalid form anywhere may still be taken by Compose."""
    accepted, outcomes = [], []
    for text in corpus():
        try:
            outcome = evaluate(text, VALUES)
        except VariableError:
            continue
        if not outcome.missing:
            accepted.append(text)
            outcomes.append(outcome.text)
    assert len(accepted) > TEXTS // 2
    assert compose(accepted, tmp_path) == outcomes
    assert compose([written(text) for text in accepted], tmp_path) == outcomes


@pytest.mark.quick(4)
@pytest.mark.parametrize(
    "text",
    ["${", "${}", "${1}", "${A", "${A:x}", "${A.b}", "${ A}", "${A:-\n}", "${A-${B}", "a${A:?x", "${-A}", "${Ä}"],
)
def test_an_invalid_form_is_one_for_compose_too(text: str, tmp_path: Path) -> None:
    with pytest.raises(VariableError):
        written(text)
    said = compose([text.replace("A", "C")], tmp_path)
    assert isinstance(said, str)
    assert "invalid interpolation format" in said


@pytest.mark.parametrize("text", ["${C:?no}", "${C?no}", "${B:?}", "${A:+${C?}}", "x${C-${B:?$A}}y"])
def test_a_required_variable_without_a_value_stops_compose(text: str, tmp_path: Path) -> None:
    assert evaluate(text, VALUES).missing
    said = compose([text], tmp_path)
    assert isinstance(said, str)
    assert "is missing a value" in said


@pytest.mark.quick(2)
@pytest.mark.parametrize("text", ["${B?}", "${A:-${C?}}", "${C:+${C?}}", "${A?}$$C", "$5$", "${B-${C?}}"])
def test_a_required_variable_that_is_not_needed_does_not(text: str, tmp_path: Path) -> None:
    outcome = evaluate(text, VALUES)
    assert not outcome.missing
    assert compose([text], tmp_path) == [outcome.text]


def test_a_lone_dollar_is_doubled_and_nothing_else() -> None:
    assert written("$ $5 $$ ${A:-$5} $A a$") == "$$ $$5 $$ ${A:-$5} $A a$$"
    assert written("plain") == "plain"


def test_variables_in_words_are_variables() -> None:
    assert [variable.name for variable in variables("$A ${B:-${C:?$D}} $$E")] == ["A", "B", "C", "D"]


def test_a_text_is_split_outside_of_variables_only() -> None:
    assert split("${D:-./x:y}:/a:ro", ":") == ["${D:-./x:y}", "/a", "ro"]
    assert split("a:b", ":") == ["a", "b"]
    assert split("${A:b", ":") == ["${A", "b"]
    assert split("$A:$B", ":") == ["$A", "$B"]
