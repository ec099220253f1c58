"""The judge of the mutants, judged: survivors are seen, and a reason that nobody needs is seen too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.mutants.outcome import Mutant, read_mutants
from tests.mutants.report import report
from tests.mutants.survivors import Reasons

MODULE = "edgegen.dns.safety"


def _mutants(*codes: int | None) -> list[Mutant]:
    return [Mutant(f"{MODULE}.x__apex__mutmut_{number}", MODULE, code) for number, code in enumerate(codes)]


@pytest.fixture(autouse=True)
def changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Mutant, "change", lambda self: "-    return 1\n+    return 2")


def test_all_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    assert report(_mutants(1, 1, 37, 36, -11), Reasons({})) == 0
    assert "100.0%" in capsys.readouterr().out


@pytest.mark.parametrize("code", [0, 5, 33])
def test_a_survivor_without_a_reason_is_named(code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert report(_mutants(*[1] * 20, code), Reasons({})) == 1
    out = capsys.readouterr().out
    assert "survived without a reason: edgegen.dns.safety.x__apex__mutmut_20" in out
    assert "+    return 2" in out


def test_a_reason_excuses_a_survivor_but_not_a_weak_module() -> None:
    reasons = {"dns.safety._apex": [{"change": "return 2", "why": "both are one"}]}
    assert report(_mutants(*[1] * 9, 0), Reasons(dict(reasons))) == 0  # exactly 90 %
    assert report(_mutants(*[1] * 8, 0), Reasons(dict(reasons))) == 1  # 89 %


def test_a_reason_that_nobody_needs_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    report(_mutants(1), Reasons({"dns.safety._apex": [{"change": "return 2", "why": "both are one"}]}))
    assert "no survivor of this run needed this reason: dns.safety._apex: return 2" in capsys.readouterr().out


def test_what_was_not_tried_counts_for_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert report(_mutants(1, None, 2, 34), Reasons({})) == 0
    assert "100.0%" in capsys.readouterr().out


def test_mutants_are_read_from_what_mutmut_writes(tmp_path: Path) -> None:
    folder = tmp_path / "edgegen" / "files"
    folder.mkdir(parents=True)
    codes = {"edgegen.files.lock.xǁLockǁtake__mutmut_3": 0, "edgegen.files.lock.x_read__mutmut_1": None}
    (folder / "lock.py.meta").write_text(json.dumps({"exit_code_by_key": codes}), encoding="utf-8")
    method, function = read_mutants(tmp_path)
    assert (method.module, method.function, method.survived) == ("edgegen.files.lock", "files.lock.Lock.take", True)
    assert (function.function, function.tried) == ("files.lock.read", False)
