"""What is suppressed, by what, how it is counted, and what is said of a suppression that suppresses nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from edgegen.lint.suppression.comments import ignores
from edgegen.lint.suppression.globs import matches
from tests.cli.lint.conftest import Lint, compose

FILE = "compose.yaml"
CONFIG = ".edgegen-lint.yml"


def ids(done) -> list[str]:
    return [item["id"] for item in json.loads(done.out)["findings"] if item["outcome"] == "fail"]


def messages(done) -> list[str]:
    return [f"{item['where']} {item['message']}" for item in json.loads(done.out)["findings"]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: 1 # edgegen: ignore[EL001] because\n", [(1, 1, ("EL001",), "because")]),
        ("b: 1\na: 1 #edgegen:ignore[EL001,EL002]\n", [(2, 2, ("EL001", "EL002"), "")]),
        ("b: 1\n# edgegen: ignore[EL001 EL002] x\n\n  # more\na: 1\n", [(2, 5, ("EL001", "EL002"), "x")]),
        ("# edgegen: ignore[EL001] whole\n---\na: 1\n", [(1, 0, ("EL001",), "whole")]),
        ("# first\n\n# edgegen: ignore[EL001] whole\na: 1\n", [(3, 0, ("EL001",), "whole")]),
        ("a: 1\r\n# edgegen: ignore[EL001] x\r\nb: 1\r\n", [(2, 3, ("EL001",), "x")]),
        ("a: b# edgegen: ignore[EL001] no comment\n", []),
        ("a: 1 # edgegen ignore EL001\n", []),
        ("a: 1\n# edgegen: ignore[EL001] at the end\n", [(2, 2, ("EL001",), "at the end")]),
    ],
)
def test_comments(text: str, found: list) -> None:
    assert [(item.line, item.applies, item.ids, item.reason) for item in ignores(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        compose("old=1 # edgegen: ignore[EL951] known"),
        compose("old=1").replace("      - old", "      # edgegen: ignore[EL951] known\n      - old"),
        "# edgegen: ignore[EL951] known\n" + compose("old=1", "fine=1"),
    ],
)
def test_a_comment_suppresses(lint: Lint, tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    done = lint("--json")
    assert (done.code, ids(done)) == (0, [])
    (item,) = json.loads(done.out)["suppressed"]
    assert (item["id"], item["by"], item["reason"]) == ("EL951", "comment", "known")
    assert "1 suppressed" in lint().out


def test_a_comment_is_for_its_rule_and_its_line(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(compose("old=1 # edgegen: ignore[EL952] other", "old.b=2"))
    assert ids(lint("--json")) == ["EL951", "EL199", "EL951"]


def test_an_unused_or_unknown_one_is_info(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(
        compose(
            "fine=1 # edgegen: ignore[EL951] gone", "fine=2 # edgegen: ignore[EL95] x", "fine=3 # edgegen: ignore[] x"
        )
    )
    done = lint("--json")
    assert done.code == 0
    assert messages(done) == [
        f"{FILE}:5:16 there is no finding of EL951 here to ignore",
        f"{FILE}:6:16 there is no rule `EL95`",
        f"{FILE}:7:16 `ignore[]` names no rule",
    ]
    assert {item["severity"] for item in json.loads(done.out)["findings"]} == {"info"}
    assert lint("--fail-on", "info").code == 1


def test_the_configuration(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(compose("old=1", "gone=1", "low=1", "fine=1"))
    (tmp_path / CONFIG).write_text(
        "rules: {EL951: off, EL955: high}\nignore:\n  - {paths: ['*.yaml'], rules: [EL952], reason: on purpose}\n"
    )
    done = lint("--json")
    (found,) = json.loads(done.out)["findings"]
    assert (found["id"], found["severity"], done.code) == ("EL955", "high", 1)
    (hidden,) = json.loads(done.out)["suppressed"]
    assert (hidden["id"], hidden["by"], hidden["reason"]) == ("EL952", "config", "on purpose")


def test_exclude_and_files(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "apps").mkdir()
    (tmp_path / "apps" / FILE).write_text(compose("old=1"))
    (tmp_path / "old.yml").write_text(compose("old=1"))
    (tmp_path / CONFIG).write_text(f"files: [apps/{FILE}, old.yml]\nexclude: [old.yml]\n")
    done = lint("--json")
    assert [item["where"] for item in json.loads(done.out)["findings"]] == [f"apps/{FILE}:5:9"]
    assert json.loads(done.out)["files"] == [f"apps/{FILE}"]


def test_a_configuration_of_another_name_and_of_another_folder(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / FILE).write_text(compose("old=1"))
    (tmp_path / "site" / CONFIG).write_text(f"ignore: [{{paths: [{FILE}], rules: [EL951], reason: known}}]\n")
    assert lint("-C", "site").code == 0
    assert lint(f"site/{FILE}").code == 1
    (tmp_path / "other.yml").write_text("rules: {EL951: low}\n")
    assert lint("--config", "other.yml", f"site/{FILE}").code == 0


MARKED = re.compile(r"\d* *\|")
"""An excerpt of a file."""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rulez: {}\n", ":1:1 rulez: unknown key `rulez` Did you mean `rules`?"),
        ("rules: {EL9511: off}\n", ":1:9 rules.EL9511: there is no rule `EL9511` Did you mean `EL951`?"),
        ("rules: {EL951: hgih}\n", ":1:16 rules.EL951: `hgih` is not a severity Did you mean `high`?"),
        ("rules: [EL951]\n", ":1:8 rules: expected a mapping of rules"),
        ("files: a.yml\n", ":1:8 files: expected a list"),
        ("exclude: [1]\n", ":1:11 exclude[0]: expected text"),
        ("ignore: [{paths: [a], rules: [EL95l], reason: x}]\n", "there is no rule `EL95l`"),
        ("ignore: [{paths: [a], rules: [EL951]}]\n", "the key `reason` is missing"),
        ("ignore: [{rules: [EL951], reason: x}]\n", "the key `paths` is missing"),
        ("ignore: [{paths: [a], reson: x, reason: y}]\n", "unknown key `reson` Did you mean `reason`?"),
        ("baseline: [{rule: EL951}]\n", "the key `fingerprint` is missing"),
        ("- a\n", ":1:1: expected `key: value` lines"),
        ("a: [\n", "error[2]"),
    ],
)
def test_mistakes_in_the_configuration(lint: Lint, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / FILE).write_text(compose("fine=1"))
    (tmp_path / CONFIG).write_text(text)
    done = lint()
    assert done.code == 2
    # The line and its mark are between what is wrong and what to do.
    sentences = [line.removeprefix("= ") for line in map(str.strip, done.err.splitlines()) if not MARKED.match(line)]
    assert said in " ".join(sentences)
    assert CONFIG in done.err


def test_an_empty_configuration_is_none(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(compose("fine=1"))
    (tmp_path / CONFIG).write_text("# nothing yet\n")
    assert lint().code == 0


def test_the_baseline(lint: Lint, tmp_path: Path) -> None:
    labels = ("old=1", "gone=1", "fine=1", "low=1", "maybe=1")
    (tmp_path / FILE).write_text(compose(*labels))
    assert lint("--init").code == 0
    done = lint("--json")
    assert (done.code, ids(done)) == (0, [])
    assert [item["by"] for item in json.loads(done.out)["suppressed"]] == ["baseline"] * 3
    (tmp_path / FILE).write_text("# moved\n\n" + compose("fine=2", *reversed(labels)))
    assert ids(lint("--json")) == []
    (tmp_path / FILE).write_text(compose(*labels, "old.b=2"))
    assert ids(lint("--json")) == ["EL951"]
    (tmp_path / FILE).write_text(compose(*labels[1:]))
    assert messages(lint("--json"))[-1].endswith(f"the finding of EL951 in `{FILE}` is gone")


def test_a_baseline_is_never_overwritten(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(compose("old=1"))
    (tmp_path / CONFIG).write_text("rules: {EL951: low}\n")
    done = lint("--init")
    assert done.code == 3
    assert "exists already" in done.err
    assert (tmp_path / CONFIG).read_text() == "rules: {EL951: low}\n"


def test_a_baseline_without_findings_is_a_configuration(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(compose("fine=1"))
    assert json.loads(lint("--init", "--json").out)["baseline"] == 0
    assert lint().code == 0


@pytest.mark.parametrize(
    ("glob", "path", "is_one"),
    [
        ("*.yml", "a.yml", True), ("*.yml", "x/a.yml", True), ("x/*.yml", "x/a.yml", True),
        ("x/*.yml", "x/y/a.yml", False), ("x/**/a.yml", "x/a.yml", True), ("x/**", "x/y/a.yml", True),
        ("x", "x/a.yml", True), ("x/", "y/x/a.yml", True), ("./a.yml", "a.yml", True), ("a?yml", "a.yml", True),
        ("**", "x/y", True), ("a.yml", "ba.yml", False), ("a+b.yml", "a+b.yml", True), ("x/*.yml", "xx/a.yml", False),
    ],
)  # fmt: skip
def test_patterns(glob: str, path: str, is_one: bool) -> None:
    assert matches(glob, path) is is_one
