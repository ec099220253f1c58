"""Forms that Compose refuses: what is caught with its line, and what is not."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from edgegen.lint.reader.project import read_project
from tests.lint.cases import Case, differences, module, with_fault
from tests.lint.equivalence import COMPOSE
from tests.lint.support import found, project
from tests.lint.text_disk import TextDisk

RULE = module(__name__)

HEAD = "services:\n  web:\n    image: x\n"
CAUGHT = {
    "a mapping in a list of labels": (
        "    labels:\n      - traefik.enable: true\n",
        "5 medium `- traefik.enable: …` is a mapping inside a list, and no label",
    ),
    "the same in deploy": (
        "    deploy:\n      labels:\n      - a: b\n",
        "6 medium `- a: …` is a mapping inside a list, and no label",
    ),
    "the same in an environment": (
        "    environment:\n      - A: b\n",
        "5 medium `- A: …` is a mapping inside a list, and no variable",
    ),
    "a list as a label's value": ("    labels:\n      a: [b]\n", "5 medium the value of `a` is not a text"),
    "labels in one text": (
        "    labels: a=b\n",
        "4 medium labels are a list of `name=value` or a mapping, not a text",
    ),
    "a number in a list": ("    labels: [12]\n", "4 medium a label of a list is a text: `- name=value`"),
    "a list in a list": (
        "    labels: [[traefik.enable=true]]\n",
        "4 medium a label of a list is a text: `- name=value`",
    ),
    "a key twice": (
        "    image: y\n",
        "4 medium the key `image` is here a second time: remove one of the two",
    ),
    "a service that is a text": ("  db: postgres\n", "4 medium the service `db` is not a mapping"),
    "a service that is not there": (
        "    extends: base\n",
        "4 medium there is no service `base` in docker-compose.yml to extend",
    ),
    "a service that extends itself": ("    extends: {service: web}\n", "4 medium `web` extends itself"),
    "a form that is no variable": (
        "    labels:\n      - a=${1}\n",
        "5 medium Compose can't read a variable here: `${` must be followed by the name of a variable: `${NAME}`",
    ),
    "a default that is not closed": (
        "    labels: {a: 'Host(`${A:-b`)', c: d}\n",
        "4 medium Compose can't read a variable here: `${` is not closed: `${NAME}`",
    ),
    "a default in a default that is not closed": (
        "    command: ${A:-${B:-c}\n",
        "4 medium Compose can't read a variable here: `${` is not closed: `${NAME}`",
    ),
    "an operator that Compose does not know": (
        "    command: ${A!b}\n",
        "4 medium Compose can't read a variable here: `${NAME` continues in a form that Compose does not know: use `:-`, "
        "`-`, `:?`, `?`, `:+` or `+`",
    ),
    "a list as a key": ("    ? [a]\n    : b\n", "4 medium a key must be text, not a list or a mapping"),
}  # fmt: skip


@pytest.mark.parametrize("name", CAUGHT)
def test_it_is_found(name: str) -> None:
    text, message = CAUGHT[name]
    assert found(project(HEAD + text), "EL100") == [message]


@pytest.mark.quick(3)
@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"a.yml": ""}, "1 medium there is nothing in this file, and Compose refuses an empty one"),
        ({"a.yml": "# all of it\n#\n"}, "1 medium there is nothing in this file, and Compose refuses an empty one"),
        ({"a.yml": "{}\n"}, "1 medium there is nothing in this file, and Compose refuses an empty one"),
        ({"a.yml": "", "b.yml": "{}"}, "1 medium there is nothing in this file, and Compose refuses an empty one"),
        (
            {"a.yml": "--- # later\n"},
            "2 medium the document is empty: a Compose file has `services:` and the like at its top",
        ),
        ({"a.yml": "services:\n"}, "1 medium `services` has no value here"),
        ({"a.yml": "services: {a: {image: b}}\nvolumes:\n"}, "2 medium `volumes` has no value here"),
    ],
)
def test_a_file_with_nothing_in_it(tmp_path: Path, files: dict[str, str], message: str) -> None:
    """As the real Compose sees it, too."""
    read = read_project(list(files), TextDisk(files))
    assert found(read, "EL100") == [message]
    assert [file.name for file in read.files][:1] == ["a.yml"] or "b.yml" in files
    assert _is_refused(tmp_path, files)


@pytest.mark.parametrize(
    ("text", "place", "name"),
    [
        ("services:\n\xa0 web:\n\xa0 \xa0 image: nginx\n", "2", "web"),
        ("services:\n  web:\n\xa0\xa0\xa0\xa0image: nginx\n", "3", "image"),
        ("services:\n  web:\n  \xa0 image: nginx\n", "3", "image"),
        ("services:\n  web:\n    image: nginx\n    \xa0restart: always\n", "4", "restart"),
    ],
)
def test_a_no_break_space_is_no_indentation(tmp_path: Path, text: str, place: str, name: str) -> None:
    message = f"{place} medium a no-break space (U+00A0) is before `{name}`: YAML takes it for a letter of it"
    assert found(read_project(["a.yml"], TextDisk({"a.yml": text})), "EL100") == [message]
    assert _is_refused(tmp_path, {"a.yml": text})


@pytest.mark.parametrize(
    "text", ["services: {a: {image: b, environment: {A: '\xa0x'}}} # \xa0\n", "x-\xa0: 1\nservices: {}\n"]
)
def test_a_no_break_space_elsewhere_is_a_letter(text: str) -> None:
    assert found(read_project(["a.yml"], TextDisk({"a.yml": text})), "EL100") == []


@pytest.mark.quick(3)
@pytest.mark.parametrize(
    "files",
    [
        {"a.yml": "services: {}\n"},
        {"a.yml": "name: x\n"},
        {"a.yml": "x-a: {}\n"},
        {"a.yml": "services: {a: {image: b}}\n", "b.yml": ""},
        {"a.yml": "", "b.yml": "services: {a: {image: b}}\n"},
        {"a.yml": "services: {a: {image: b}}\n---\n{}\n"},
        {"a.yml": "include: [sub.yml]\nservices: {a: {image: b}}\n", "sub.yml": "# later\n"},
    ],
)
def test_a_file_with_little_in_it(tmp_path: Path, files: dict[str, str]) -> None:
    names = [name for name in files if name != "sub.yml"]
    assert found(read_project(names, TextDisk(files)), "EL100") == []
    assert not _is_refused(tmp_path, files)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A=1\r\nB C=2\r\n", "2 medium the name of a variable can't hold a space"),
        ("A='x\n", "1 medium the quote that begins here is never closed"),
        ("A=${B:?x}\n", "1 medium B is required here, and it has no value"),
        ("A=$B\n", ""),
    ],
)
def test_a_dotenv(tmp_path: Path, text: str, message: str) -> None:
    """As the real Compose sees it, too."""
    files = {"a.yml": "services: {a: {image: b}}\n", ".env": text}
    assert found(read_project(["a.yml"], TextDisk(files)), "EL100") == ([message] if message else [])
    assert _is_refused(tmp_path, files) == bool(message)


def _is_refused(folder: Path, files: dict[str, str]) -> bool:
    for name, text in files.items():
        (folder / name).write_text(text)
    words = [word for name in files if name not in ("sub.yml", ".env") for word in ("-f", name)]
    return bool(
        subprocess.run([COMPOSE, *words, "config", "-q"], cwd=folder, capture_output=True, check=False).returncode
    )


@pytest.mark.parametrize(
    "text",
    [
        "    labels:\n      - traefik.enable=true\n      - alone\n",
        "    labels:\n      a: true\n      b: 1\n      c:\n",
        "    labels:\n",
        "    labels: !override [a=b]\n",
        "    environment: [A, B=c]\n",
        "  base: {image: y}\n  other: {extends: base}\n",
        "    command: !reset null\n",
        "    x-mine: {a: !other b}\n",
        "    labels: ['a=$${1}', b=$1, 'c=${A:-${B}}', 'd=${{ secrets.X }}']\n    command: x$\n",
    ],
)
def test_it_is_not_found(text: str) -> None:
    assert found(project(HEAD + text), "EL100") == []


def test_the_rest_is_read_as_it_was_meant() -> None:
    read = project(HEAD + "    labels:\n      - traefik.enable: true\n      - a=b\n").services["web"]
    assert {name: value.text for name, value in read.labels.items()} == {"traefik.enable": "true", "a": "b"}


def test_a_fault_in_the_rule_is_noticed() -> None:
    twice = Case(HEAD + "    image: y\n", ["4 medium the key `image`"])
    assert differences(RULE, [twice]) == []
    assert differences(with_fault(RULE, "if remark.refused", "if not remark.refused"), [twice])


def test_a_list_in_a_list_holds_no_labels() -> None:
    item = project(
        "x-l: &l [traefik.enable=true]\n" + HEAD + "    labels: [*l, traefik.http.routers.a.rule=Host(`a`)]\n"
    )
    assert list(item.services["web"].labels) == ["traefik.http.routers.a.rule"]
    assert found(item, "EL002") == []
