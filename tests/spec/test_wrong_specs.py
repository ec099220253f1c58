"""What a wrong spec says to its author: every sentence, its place and its hint, written down in `wrong/*.txt`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from edgegen.core.errors import SpecError
from edgegen.spec.load import load_text

FOLDER = Path(__file__).parent / "wrong"
# Words of the library that checks types, which mean nothing to who writes a spec.
JARGON = re.compile(
    r"Input should|Field required|Extra inputs|[Vv]alid(ation|ator)|Value error|function-|pydantic|must match|"
    r"NoneType|<class|\bstr\b|\bint\b|\bdict\b|SecretUse|Traceback|instance of|Annotated|\bTrue\b|\bFalse\b|\bNone\b"
)


class Case(NamedTuple):
    spec: str
    said: str
    environment: str | None


def cases() -> dict[str, Case]:
    """`=== TITLE`, the spec, `--->`, and what is said about it. A title `-e NAME: …` asks for an environment."""
    found: dict[str, Case] = {}
    for file in sorted(FOLDER.glob("*.txt")):
        for block in file.read_text(encoding="utf-8").split("=== ")[1:]:
            title, _, rest = block.partition("\n")
            spec, arrow, said = rest.partition("--->\n")
            assert arrow, f"{file.name}: {title} says nothing"
            name = f"{file.stem}: {title}"
            assert name not in found, name
            found[name] = Case(spec, said, title[3:].partition(":")[0] if title.startswith("-e ") else None)
    return found


CASES = cases()


def said_about(case: Case) -> str:
    with pytest.raises(SpecError) as caught:
        load_text(case.spec.encode(), "edge.yaml", case.environment)
    assert caught.value.exit_code == 2
    return "".join(f"{problem}\n" + f"  {problem.hint}\n" * bool(problem.hint) for problem in caught.value.problems)


def write_down(name: str, said: str) -> None:
    stem, _, title = name.partition(": ")
    file, head = FOLDER / f"{stem}.txt", f"=== {title}\n{CASES[name].spec}--->\n"
    text = file.read_text(encoding="utf-8")
    assert text.count(head + CASES[name].said) == 1
    file.write_text(text.replace(head + CASES[name].said, head + said), encoding="utf-8")


@pytest.mark.parametrize("name", CASES)
def test_the_author_is_told(name: str, request: pytest.FixtureRequest) -> None:
    said = said_about(CASES[name])
    if said != CASES[name].said and request.config.getoption("--update-golden"):
        write_down(name, said)
    else:
        assert said == CASES[name].said, "`pytest --update-golden` writes it"
    assert not JARGON.search(said)


def test_there_are_many_of_them() -> None:
    assert len(CASES) >= 80


@pytest.mark.quick(120)
@pytest.mark.parametrize("name", CASES)
def test_every_place_is_one_of_the_file_and_the_places_are_in_its_order(name: str) -> None:
    case = CASES[name]
    with pytest.raises(SpecError) as caught:
        load_text(case.spec.encode(), "edge.yaml", case.environment)
    places = [problem.where for problem in caught.value.problems]
    assert places == sorted(places, key=lambda place: (place.line, place.column) if place else (0, 0))
    lines = [*case.spec.split("\n"), ""]
    for place in places:
        assert place is not None
        assert place.line <= len(lines)
        assert place.column <= len(lines[place.line - 1]) + 1


@pytest.mark.parametrize("name", [name for name in CASES if "unknown key" in CASES[name].said])
def test_an_unknown_key_is_found_where_it_is_written(name: str) -> None:
    lines = CASES[name].spec.split("\n")
    for line, column, key in re.findall(r"^edge\.yaml:(\d+):(\d+) .*unknown key `(.*)`$", CASES[name].said, re.M):
        assert lines[int(line) - 1][int(column) - 1 :].startswith(key)


def test_a_key_at_every_level_is_told_the_word_that_was_meant() -> None:
    """Each property of the published schema, with its last letter doubled, in the place where it belongs."""
    schema = json.loads((Path(__file__).parents[2] / "templates/schema/edge.schema.json").read_text())
    places = {
        "": (schema, "{key}: 1\n"),
        "Acme": (schema["$defs"]["Acme"], "acme: {{{key}: 1}}\n"),
        "Domain": (schema["$defs"]["Domain"], "domains: {{example.com: {{{key}: 1}}}}\n"),
        "Registry": (schema["$defs"]["Registry"], "services: {{a: {{kind: registry, {key}: 1}}}}\n"),
        "Container": (schema["$defs"]["Container"], "services: {{a: {{{key}: 1}}}}\n"),
        "Redirect": (schema["$defs"]["Redirect"], "services: {{a: {{kind: redirect, {key}: 1}}}}\n"),
        "External": (schema["$defs"]["External"], "services: {{a: {{kind: external, {key}: 1}}}}\n"),
        "Tcp": (schema["$defs"]["Tcp"], "services: {{a: {{kind: tcp, {key}: 1}}}}\n"),
        "EdgeSettings": (schema["$defs"]["EdgeSettings"], "edge: {{{key}: 1}}\n"),
        "Healthcheck": (schema["$defs"]["Healthcheck"], "services: {{a: {{healthcheck: {{{key}: 1}}}}}}\n"),
        "Network": (schema["$defs"]["Network"], "networks: {{a: {{{key}: 1}}}}\n"),
        "Volume": (schema["$defs"]["Volume"], "volumes: {{a: {{{key}: 1}}}}\n"),
        "SecretSource": (schema["$defs"]["SecretSource"], "secrets: {{a: {{{key}: 1}}}}\n"),
    }
    for level, (definition, text) in places.items():
        for key in definition["properties"]:
            wrong = key + key[-1]
            with pytest.raises(SpecError) as caught:
                load_text(("name: a\n" + text.format(key=wrong)).encode())
            hints = [item.hint for item in caught.value.problems if item.message == f"unknown key `{wrong}`"]
            assert hints == [f"did you mean `{key}`?"], (level, key)


@pytest.mark.slow
def test_no_pattern_is_shown_where_a_sentence_should_be() -> None:
    """Every pattern of the models is explained in words."""
    from edgegen.spec.schema import json_schema
    from edgegen.spec.sentences import PATTERNS

    schema = json_schema()
    for name in ("Service", "Middleware"):  # what `kind` is compared with: no model has it
        del schema["$defs"][name]
    patterns = set(re.findall(r'"pattern": ("(?:[^"\\]|\\.)*")', json.dumps(schema)))
    assert len(patterns) > 5
    # Or a variable; and `acme.ca` has a sentence itself.
    read = {json.loads(pattern).removesuffix("|\\$") for pattern in patterns} - {"^https://"}
    assert read <= set(PATTERNS)
