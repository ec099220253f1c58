"""The survey of "The state of the Traefik edge" counts what it should, and reports where lint and Traefik part."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from edgegen.core.finding import Finding, Outcome, Severity
from edgegen.lint.model import Project
from edgegen.lint.own.el900_traefik_says import RULE as SAYS
from edgegen.lint.results import Result
from edgegen.lint.rule import Confidence
from edgegen.oracle.binaries import Binary
from edgegen.project.asking import Asked
from edgegen.traefik.version import Version
from tests.lint import state

BINARY = Binary(Path("traefik"), Version(3, 7, 15))
BAD = "services: {a: {image: 'app:1', labels: [traefik.enable=true, traefik.http.routers.a.rul=x]}}\n"
GOOD = "services: {a: {image: 'traefik:v3.3', command: [--providers.docker]}}\n"
OTHER = "services: {a: {image: 'app:1'}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "one/a.yml": BAD,
        "one/sub/b.yml": GOOD,
        "two/c.yaml": GOOD,
        "two/d.yml": OTHER,
        "two/e.yml": f"{BAD}: [",
        "two/f.yml": f"# (@ if x: @)\n{BAD}",
    }
    for name, text in files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path


def asked(*messages: str) -> Asked:
    found = (Finding(SAYS.id, SAYS.name, Severity.HIGH, Outcome.FAIL, "a", message) for message in messages)
    return Asked(tuple(Result(one, SAYS, Confidence.HIGH, None, None) for one in found), (), BINARY)


def complains(project: Project, results: Sequence[Result]) -> Asked:
    return asked("field not found") if "a" in project.services and project.services["a"].labels else asked()


def content(project: Project, results: Sequence[Result]) -> Asked:
    return asked()


@pytest.mark.slow
def test_files_and_repositories_are_counted(folder: Path) -> None:
    judged = state.judge(folder, every=1, ask=complains)
    text = state.table(judged)
    assert "4 files of 2 repositories name a Traefik" in text
    assert "2 files of 2 repositories run a Traefik. 1 are not YAML." in text
    assert "was asked about 3 of them. It refuses something in 1; lint reports a fault of severity high in 1" in text
    assert "nothing at all about 2; lint denies a label with severity high in 0" in text
    rows = {line.split("|")[1].strip(): line for line in text.splitlines() if line.startswith("| EL")}
    assert rows["EL060"].endswith("| high | 2 | 2 |")
    assert rows["EL001"].endswith("| high | 1 | 1 |")


def test_traefik_is_asked_wherever_a_label_is_denied_and_else_about_a_sample(folder: Path) -> None:
    judged = state.judge(folder, every=1000, ask=content)
    assert {item.file.name for item in judged if item.was_asked} == {"a.yml"}


def test_a_denied_label_that_traefik_takes_is_a_false_alarm(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(state, "_asker", lambda: content)
    assert state.main([str(folder), "--every", "1"]) == 1
    assert "a.yml: Traefik finds it clean" in capsys.readouterr().out
    monkeypatch.setattr(state, "_asker", lambda: complains)
    assert state.main([str(folder), "--every", "1"]) == 0


def test_the_page_has_a_place_for_the_table(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(state.PAGE.read_text())
    state.write("| the table |", page)
    state.write("| a newer table |", page)
    before, _, after = state.PAGE.read_text().partition(state.BEGIN)
    assert page.read_text() == f"{before}{state.BEGIN}\n| a newer table |\n{state.END}{after.partition(state.END)[2]}"
