"""Every generated page says what its source says: the command line, the rules' own pages, and the JSON Schema.

The sources are asked as users ask them (`--help`, `rules --json`, the schema's file), not through what makes the pages.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.conftest import Edgegen
from tests.docs.html import Html, Section, plain
from tests.docs.site import ROOT, Built

pytestmark = pytest.mark.slow
SHARED = ("-C, --directory DIR", "-e, --environment NAME", "--json", "-q, --quiet", "-v, --verbose", "-h, --help")
FAMILIES = {"EL": "lint", "ER": "rules", "EV": "checks"}


# Commands: every option and argument that `--help` lists, with its help, in the rows of the command's page.


def helps(edgegen: Edgegen, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every command that does something, with what `--help` prints of it."""
    text = edgegen(*path, "--help").out
    names = re.findall(r"^  ([a-z][\w-]*)(?:  |$)", text.partition("\nCommands:\n")[2], re.MULTILINE)
    if not names:
        yield path, text
    for name in names:
        yield from helps(edgegen, (*path, name))


def entries(text: str) -> dict[str, str]:
    """Options and arguments of a help text, each with its help."""
    found: dict[str, str] = {}
    listed = "\n".join(re.findall(r"^(?:Options|Arguments):\n((?:  .*\n|\n(?=  ))*)", text, re.MULTILINE))
    for line in re.split(r"\n(?=  \S)", f"\n{listed}"):
        if match := re.match(r"  (\S+(?: \S+)*)(?:\s{2,}|$)((?:.|\n)*)", line.rstrip()):
            found[plain(match[1])] = plain(match[2])
    return found


def wrong_with_command(text: str, section: Section) -> list[str]:
    """Options and arguments that the page lacks, or explains in other words."""
    rows = {row[0]: row[1] for row in section.rows if len(row) == 2}
    listed = {name: said for name, said in entries(text).items() if name not in SHARED}
    return [name for name, said in listed.items() if rows.get(name) != said]


@pytest.fixture(scope="module")
def commands(edgegen: Edgegen) -> dict[tuple[str, ...], str]:
    return dict(helps(edgegen))


def test_every_command_has_its_page(site: Built, commands: dict[tuple[str, ...], str]) -> None:
    wrong = {path: wrong_with_command(text, section_of(site, path)) for path, text in commands.items()}
    assert {path: names for path, names in wrong.items() if names} == {}
    pages = {page_of(path) for path in commands} | {"reference/commands/index.html"}
    assert pages == site.below("reference/commands").keys()
    index = site.pages["reference/commands/index.html"]
    assert {"-C, --directory DIR", "--json"} <= {row[0] for row in index.rows}
    assert {f"edgegen {path[0]}" for path in commands} <= {row[0] for row in index.rows}


def page_of(path: tuple[str, ...]) -> str:
    return f"reference/commands/{path[0]}.html"


def section_of(site: Built, path: tuple[str, ...]) -> Section:
    """The part of the page that is about one command."""
    (found,) = (one for one in site.pages[page_of(path)].sections if one.title == " ".join(("edgegen", *path)))
    return found


def test_each_option_that_a_page_lacks_is_noticed(site: Built, commands: dict[tuple[str, ...], str]) -> None:
    section = section_of(site, ("render",))
    options = [row for row in section.rows if row[0].startswith("--")]
    assert len(options) >= 5
    for row in options:
        less = replace(section, rows=[other for other in section.rows if other is not row])
        changed = replace(section, rows=[[row[0], "Nothing."] if other is row else other for other in section.rows])
        for planted in (less, changed):
            assert wrong_with_command(commands[("render",)], planted) == [row[0]]


# Rules and checks: the whole text of each page of `edgegen rules --json`, word for word.


def words(text: str) -> list[str]:
    """A text without the marks that lists and tables replace."""
    return re.sub(r"[():,.]+(?=\s|$)|[()]", " ", plain(text)).split()


def wanted(rule: dict[str, str], family: str) -> list[str]:
    """What a page has to say, in order."""
    body = re.sub(r"(?m)^Severities\n", "Severities\nverdict severity\n", rule["page"])
    return words(f"{rule['id']} {rule['name']}\n{rule['title']}.\n{body}\nAll {family}")


LISTS = {"EL": "lint rules", "ER": "rules about edge.yaml", "EV": "checks of verify"}


@pytest.fixture(scope="module")
def rules(edgegen: Edgegen) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(edgegen("rules", "--json").out)["rules"]
    return found


def test_every_rule_has_its_page(site: Built, rules: list[dict[str, str]]) -> None:
    wrong = [
        rule["id"] for rule in rules if words(page_of_rule(site, rule).text) != wanted(rule, LISTS[rule["id"][:2]])
    ]
    assert wrong == []
    made = {path for folder in FAMILIES.values() for path in site.below(f"reference/{folder}")}
    assert len(made) == len(rules) + len(FAMILIES)
    for letters, folder in FAMILIES.items():
        rows = {tuple(row) for row in site.pages[f"reference/{folder}/index.html"].rows}
        of_family = [rule for rule in rules if rule["id"].startswith(letters)]
        assert {(rule["id"], plain(rule["name"]), plain(rule["title"])) for rule in of_family} == rows - {
            ("id", "name", "what")
        }


def page_of_rule(site: Built, rule: dict[str, str]) -> Html:
    return site.pages[f"reference/{FAMILIES[rule['id'][:2]]}/{rule['id']}.html"]


def test_a_word_that_differs_is_noticed(site: Built, rules: list[dict[str, str]]) -> None:
    rule = rules[0]
    there = words(page_of_rule(site, rule).text)
    for planted in ({"title": "Another"}, {"page": rule["page"] + " more"}, {"page": rule["page"][40:]}, {"name": "x"}):
        assert there != wanted({**rule, **planted}, LISTS[rule["id"][:2]])


# The spec: every key of every definition of the schema's file, in a section with the same keys.

SCHEMA: dict[str, Any] = json.loads((ROOT / "templates/schema/edge.schema.json").read_text(encoding="utf-8"))
DEFINITIONS = {"Spec": SCHEMA, **{name: item for name, item in SCHEMA["$defs"].items() if "properties" in item}}
CONTAINER, TCP = DEFINITIONS["Container"]["properties"], DEFINITIONS["Tcp"]["properties"]
SHARED_BY_TCP = [key for key in TCP if CONTAINER.get(key) == TCP[key]]
"""A TCP service has these as a container has them; its page only links to them."""
DEFINITIONS["Tcp"] = {
    **DEFINITIONS["Tcp"],
    "properties": {key: value for key, value in TCP.items() if key not in SHARED_BY_TCP},
}


def parts(page: Html) -> Iterator[list[Section]]:
    """The keys of a page, part by part: a part begins with a heading above them. Top-level keys have none."""
    top = 2 if "environments" in page.ids else 3
    part: list[Section] = []
    for section in page.sections:
        if section.level < top and section.anchor and part:
            yield part
            part = []
        part.append(section)
    yield part


def missing_in(definition: dict[str, Any], sections: dict[str, Section]) -> list[str]:
    """Keys that are not there, or without their description, default, closed values, version and example."""
    return [
        key
        for key, value in definition["properties"].items()
        if key not in sections or not says(sections[key], key, value, key in definition.get("required", ()))
    ]


def says(section: Section, key: str, value: dict[str, Any], required: bool) -> bool:
    """Whether all of this is on the page."""
    default = value.get("default")
    shown = default if isinstance(default, str) else json.dumps(default)
    facts = ["required" if required else "" if default is None else f"default {shown}", "since 0."]
    texts = [plain(value.get("description", "")), *facts, *map(str, value.get("enum", ()))]
    wanted = json.dumps({key: value["examples"][0]})  # as JSON: in Python 1 equals True
    is_example = [json.dumps(yaml.safe_load(block)) for block in section.blocks] == [wanted]
    return is_example and all(text in section.text for text in texts)


@pytest.fixture(scope="module")
def spec(site: Built) -> list[dict[str, Section]]:
    """Each part of the reference by its keys."""
    found = []
    for page in site.below("reference/spec").values():
        for part in parts(page):
            found.append({section.title: section for section in part})
    return found


def wrong_with_spec(spec: list[dict[str, Section]]) -> dict[str, list[str]]:
    """Definitions of which no part says everything: the keys that the best part lacks."""
    lacks = {
        name: min((missing_in(definition, part) for part in spec), key=len) for name, definition in DEFINITIONS.items()
    }
    return {name: keys for name, keys in lacks.items() if keys}


def test_every_key_has_its_place(spec: list[dict[str, Section]], site: Built) -> None:
    assert wrong_with_spec(spec) == {}
    links = site.pages["reference/spec/tcp.html"].links
    assert len(SHARED_BY_TCP) > 30
    wanted = {f"container.html#services-{key.replace('_', '-')}" for key in SHARED_BY_TCP}
    assert wanted - set(links) == set()


@pytest.mark.parametrize(
    "change",
    [
        {"text": ""},
        {"title": "another"},
        {"text": "default true"},
        {"blocks": []},
        {"blocks": ["caa: 1"]},
    ],
)
def test_a_key_that_is_missing_or_differs_is_noticed(spec: list[dict[str, Section]], change: dict[str, Any]) -> None:
    planted = []
    for part in spec:
        is_domain = {"caa", "zone_id"} <= part.keys()
        sections = [replace(one, **change) if is_domain and one.title == "caa" else one for one in part.values()]
        planted.append({section.title: section for section in sections})
    assert wrong_with_spec(planted) == {"Domain": ["caa"]}


def test_every_example_is_valid() -> None:
    """What the pages show is what the schema gives, and the schema accepts it."""
    whole = Draft202012Validator(SCHEMA)
    wrong = [
        f"{name}.{key}"
        for name, definition in DEFINITIONS.items()
        for key, value in definition["properties"].items()
        for example in value.get("examples", ())
        if not whole.evolve(schema=value).is_valid(example)
    ]
    assert wrong == []


def test_how_many(site: Built, commands: dict[tuple[str, ...], str], rules: list[dict[str, str]]) -> None:
    """N of N, for the figures."""
    generated = [path for path in site.below("reference") if path != "reference/index.html"]
    keys = sum(len(item["properties"]) for item in DEFINITIONS.values())
    print(f"{len(generated)} generated pages: {keys} keys, {len(commands)} commands, {len(rules)} rules and checks")
    spec_pages = site.below("reference/spec")
    assert len(generated) == len(spec_pages) + len({path[0] for path in commands}) + 1 + len(rules) + len(FAMILIES)
