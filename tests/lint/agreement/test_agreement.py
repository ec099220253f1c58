"""Lint and the real Traefik agree about flags, variables, static files and dynamic files with one thing wrong in each.

The usual run takes a sample on the installed Traefik; the proof takes all cases there, and a part on the newest of each
other line. Nothing that Traefik reports may be missed, and lint may not be sure of a fault in what Traefik takes.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import edgegen.lint.engine as engine
from edgegen.core.finding import Severity
from edgegen.lint.rule import Check, Found, Rule
from edgegen.lint.rules import rules
from tests.lab.traefiks import traefik
from tests.lint.agreement.file_cases import GOOD, NUMBER, FileCase, changed, file_cases
from tests.lint.agreement.file_judge import file_judge
from tests.lint.agreement.file_run import FileRun
from tests.lint.agreement.static_cases import Case, cases
from tests.lint.agreement.static_run import StaticRun
from tests.lint.agreement.static_special import special
from tests.sizes import sized, some
from tests.traefik.process import free_port

pytestmark = pytest.mark.slow  # real Traefiks, a second each

NEWEST = "3.7.15"
# Not 3.6.15: a middleware without users brings the whole of it down, so it judges nothing after that.
OTHERS = ("3.0.4", "3.2.3", "3.3.6", "3.4.3", "3.5.3", "3.6.2")
VERSIONS = sized((NEWEST,), (NEWEST, *OTHERS))


def binary(version: str) -> Path:
    installed = shutil.which("traefik")
    return Path(installed) if version == NEWEST and installed else traefik(version)


@pytest.fixture
def static_run(tmp_path: Path) -> Callable[[str], StaticRun]:
    def make(version: str) -> StaticRun:
        folder = tmp_path / version
        folder.mkdir()
        return StaticRun(binary(version), version, folder)

    return make


@pytest.mark.timeout(sized(600, 3 * 3600))  # two thousand starts of Traefik, a second or two each
@pytest.mark.parametrize("version", VERSIONS)
def test_static_configurations(static_run: Callable[[str], StaticRun], version: str) -> None:
    run = static_run(version)
    part = 1 if version == NEWEST else 8
    chosen = [
        *some([*special(run.base)][:: 1 if version == NEWEST else 3], 30),
        *some([*cases(run.binary, run.base)][::part], 100),
    ]
    compared = [*run.compare(chosen)]
    assert [(item.case.name, item.complaints) for item in compared if item.missed] == []
    assert [(item.case.name, item.high) for item in compared if item.alarmed] == []
    assert len(compared) >= sized(25, 1500 if version == NEWEST else 200)


@pytest.mark.timeout(sized(600, 3600))
@pytest.mark.parametrize("version", VERSIONS)
def test_dynamic_files(tmp_path: Path, version: str) -> None:
    with dynamic_run(tmp_path, version) as run:
        part = 1 if version == NEWEST else 5
        compared = [*run.compare(some([*file_cases(run.good)][::part], 70))]
    assert [(item.case.name, item.complaints) for item in compared if item.missed] == []
    assert [(item.case.name, item.high) for item in compared if item.alarmed] == []
    assert len(compared) >= sized(15, 1000 if version == NEWEST else 150)


class dynamic_run:
    """A judge of dynamic files for the time of a block."""

    def __init__(self, folder: Path, version: str) -> None:
        port = free_port()
        self._version = version
        more = [f"--entrypoints.dns.address=127.0.0.1:{port}/udp"]
        self._judging = file_judge(binary(version), folder / version, more)

    def __enter__(self) -> FileRun:
        return FileRun(self._judging.__enter__(), self._version, GOOD)

    def __exit__(self, *error: object) -> None:
        self._judging.__exit__(*error)  # type: ignore[arg-type]


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Lint without one rule."""

    def drop(number: str) -> None:
        kept = tuple(item for item in rules() if item[0].id != number)
        monkeypatch.setattr(engine, "asked", lambda _: kept)

    return drop


def test_a_rule_that_finds_nothing_is_noticed(
    static_run: Callable[[str], StaticRun], without: Callable[[str], None]
) -> None:
    run = static_run(NEWEST)
    case = Case("misspelt", "flags", {**run.base, "log.levle": "INFO"}, "log.levle")
    assert not next(run.compare([case])).missed
    without("EL040")
    assert next(run.compare([case])).missed


def test_a_rule_that_finds_too_much_is_noticed(
    static_run: Callable[[str], StaticRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = static_run(NEWEST)
    case = Case("good", "toml", {**run.base, "log.maxsize": "5"}, "log.maxsize")
    assert not next(run.compare([case])).alarmed

    def check(project: object) -> Iterator[Found]:
        static = project.traefiks[0].static  # type: ignore[attr-defined]
        if value := static.get("log.maxsize"):
            yield Found("edge", "Traefik does not start", value.spot)

    planted: tuple[tuple[Rule, Check], ...] = (*rules(), (Rule("EL999", "planted", Severity.HIGH), check))
    monkeypatch.setattr(engine, "asked", lambda _: planted)
    assert next(run.compare([case])).alarmed


def test_the_judge_of_files_takes_a_good_one_and_refuses_a_bad_one(
    tmp_path: Path, without: Callable[[str], None]
) -> None:
    with dynamic_run(tmp_path, NEWEST) as run:
        answer, verdict = run.usual
        assert (answer.complaints, verdict.high) == ([], ())
        assert {"main@file", "plain@file"} <= answer.data["routers"].keys()
        http = {**run.good["http"], "router": {}}
        bad = FileCase("bad", {**run.good, "http": http}, "yml", ("http", "router"))
        assert not next(run.compare([bad])).missed
        without("EL056")
        assert next(run.compare([bad])).missed


def test_a_value_that_traefik_takes_is_not_excused_as_ignored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted rule says of a priority that Traefik ignores it, and Traefik shows it."""
    with dynamic_run(tmp_path, NEWEST) as run:
        path = ("http", "routers", "main", "priority")
        data = changed(run.good, path, lambda parent, key: parent.update({key: NUMBER}))
        case = FileCase("taken", data, "yml", path)
        assert not next(run.compare([case])).alarmed

        def check(project: object) -> Iterator[Found]:
            address = project.traefiks[0].static.get("entrypoints.web.address")  # type: ignore[attr-defined]
            yield Found("edge", "Traefik silently ignores it", address.spot)

        planted: tuple[tuple[Rule, Check], ...] = (*rules(), (Rule("EL999", "planted", Severity.HIGH), check))
        monkeypatch.setattr(engine, "asked", lambda _: planted)
        assert next(run.compare([case])).alarmed
