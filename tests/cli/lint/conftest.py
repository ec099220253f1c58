"""`edgegen lint` in this process, with planted rules: what it makes of findings does not depend on the real ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import edgegen.lint.engine
import edgegen.lint.pages
from edgegen.cli import app
from edgegen.core.finding import Outcome, Severity
from edgegen.lint.edits import delete, fix, insert_label, rename_label, set_label
from edgegen.lint.model import Project
from edgegen.lint.rule import Confidence, Edit, Fix, Found, Rule

HASH = "$$2y$$05$$ZKDTlvhwUnPVUYl5yNDIAeWlG6rMTB5pCjqV3NXqYvdZP1RBAiKbi"


def every(word: str) -> Callable[[Project], Iterator]:
    def labels(project: Project) -> Iterator:
        for service in project.services.values():
            for name, value in service.labels.items():
                if name.startswith(word):
                    yield service, name, value

    return labels


def misspelt(project: Project) -> Iterator[Found]:
    for service, name, value in every("old")(project):
        new = name.replace("old", "new", 1)
        yield Found(
            service.name, f"`{name}` is misspelt", value.spot.of_key, f"did you mean `{new}`?",
            fix=fix(f"write `{new}`", rename_label(value, name, new)),
        )  # fmt: skip


def superfluous(project: Project) -> Iterator[Found]:
    for service, name, value in every("gone")(project):
        yield Found(service.name, f"`{name}` does nothing", value.spot, fix=fix("remove it", delete(value.spot)))


def useless(project: Project) -> Iterator[Found]:
    for service, name, value in every("useless")(project):
        yield Found(service.name, f"`{name}` stays", value.spot, fix=fix("set it", set_label(value, name, "other")))


def breaking(project: Project) -> Iterator[Found]:
    for service, name, value in every("break")(project):
        edit = Edit(value.spot.file, value.spot.index, value.spot.index + 1, "[")
        yield Found(service.name, f"`{name}` breaks", value.spot, fix=Fix("break it", (edit,)))


def minor(project: Project) -> Iterator[Found]:
    for service, name, value in every("low")(project):
        yield Found(service.name, f"`{name}` is a matter of taste", value.spot)


def leaking(project: Project) -> Iterator[Found]:
    for service, name, value in every("leak")(project):
        said = f"`{name}` holds {value.raw or value.text}"
        yield Found(service.name, said, value.spot, said, fix=fix(said, insert_label(value, "new.copy", value.raw)))


def unsure(project: Project) -> Iterator[Found]:
    for service, name, value in every("maybe")(project):
        yield Found(service.name, f"`{name}` can't be judged", value.spot, outcome=Outcome.UNKNOWN)


PLANTED = (
    (Rule("EL951", "planted-word", Severity.HIGH), misspelt),
    (Rule("EL952", "planted-nothing", Severity.MEDIUM), superfluous),
    (Rule("EL953", "planted-useless", Severity.MEDIUM, Confidence.LOW), useless),
    (Rule("EL954", "planted-breaking", Severity.CRITICAL), breaking),
    (Rule("EL955", "planted-taste", Severity.LOW), minor),
    (Rule("EL956", "planted-leak", Severity.HIGH), leaking),
    (Rule("EL957", "planted-unsure", Severity.HIGH), unsure),
)


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


Lint = Callable[..., Ran]


@pytest.fixture
def lint(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Lint:
    """Run `edgegen lint` in the folder of the test."""
    monkeypatch.setattr(edgegen.lint.engine, "asked", lambda _: PLANTED)
    monkeypatch.setattr(edgegen.lint.pages, "rules", lambda: PLANTED)
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Ran:
        capsys.readouterr()
        code = app.run(["lint", *words])
        done = capsys.readouterr()
        assert code != 70, done.err
        return Ran(code, done.out, done.err)

    return run


def compose(*labels: str, newline: str = "\n") -> str:
    lines = ["services:", "  web:", "    image: web:1", "    labels:", *(f"      - {label}" for label in labels)]
    return newline.join(lines) + newline
