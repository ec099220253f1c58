"""Every bar can be measured: tiny documents, one round, and no judgement about time."""

from __future__ import annotations

import sys

import pytest

from edgegen.core.errors import SHOWN
from tests.bench import bars, installed, lint_bars, verify_bars
from tests.bench.documents import planted, spec
from tests.bench.measure import Comparison
from tests.bench.memory import Peak, peak
from tests.bench.table import row, title

pytestmark = pytest.mark.slow  # each bar starts other tools

TINY = {
    bars.p1: {},
    bars.p2: {"large": 3, "small": 2},
    bars.p3: {"services": 3},
    bars.p4: {"services": 21},
    verify_bars.p7: {"many": 2},
    verify_bars.p9: {"many": 3},
    lint_bars.p8: {"large": 3, "small": 2, "many": 2},
    lint_bars.p9: {"many": 3},
}


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """Modules are compiled once for all bars, and not for each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path_factory.mktemp("compiled")))
        yield


@pytest.mark.usefixtures("compiled")
@pytest.mark.parametrize("bar", TINY, ids=lambda bar: bar.__name__)
def test_a_bar_measures(bar, tmp_path):
    found = list(bar(tmp_path, rounds=1, **TINY[bar]))
    assert found
    for comparison in found:
        assert comparison.bar == bar.__name__.upper()
        assert min(comparison.megabytes) > 1 if isinstance(comparison, Peak) else comparison.ratio > 0
        assert row(comparison).count("|") == title().splitlines()[0].count("|")


def test_every_bar_has_a_smoke_test():
    assert set(TINY) == {*bars.BARS, *verify_bars.BARS, *lint_bars.BARS}


def test_memory_is_the_childs_own(tmp_path):
    small = peak("P0", "little", 150, [sys.executable, "-c", "pass"], tmp_path, rounds=1)
    large = peak("P0", "much", 150, [sys.executable, "-c", "len(b'x' * (200 << 20))"], tmp_path, rounds=2)
    assert small.holds
    assert not large.holds
    assert 200 < min(large.megabytes) < 300
    assert "**no**" in row(large)


def test_a_command_that_fails_is_no_measurement(tmp_path):
    with pytest.raises(RuntimeError, match="gave 3"):
        peak("P0", "nothing", 1, [sys.executable, "-c", "raise SystemExit(3)"], tmp_path)


def test_the_cap_is_lifted_for_ten_thousand_services():
    assert len(spec(10_000)) > 1 << 20
    assert bars.LIFTED.max_bytes > len(spec(10_000))


def test_planted_mistakes_are_counted():
    assert planted(81) == 4
    assert len(bars.mistakes(spec(81, mistakes=True), 4)) == 4
    assert planted(1000) < SHOWN, "edgegen shows no more, and the bar looks at the place of each"


def test_a_document_without_its_mistakes_is_noticed():
    with pytest.raises(AssertionError, match="0 problems of 4"):
        bars.mistakes(spec(81), 4)


def _comparison(times, reference_times, most=1.5):
    return Comparison("P0", "this", "that", most, times, reference_times)


def test_a_bar_falls_short_only_when_both_ratios_do():
    assert _comparison((1.0, 2.0, 2.0), (1.0, 1.0, 1.0)).holds  # the median alone is over
    assert _comparison((2.0, 2.0, 2.0), (0.5, 2.0, 2.0)).holds  # the minima alone are over
    assert not _comparison((2.0, 2.0, 2.0), (1.0, 1.0, 1.0)).holds


def test_programs_are_measured_where_they_were_installed(tmp_path, monkeypatch):
    """Three environments: edgegen's own has its wheel, and neither of the others."""
    ran = []
    monkeypatch.setattr(installed.venv, "create", lambda folder, with_pip: folder.mkdir())
    monkeypatch.setattr(installed.subprocess, "run", lambda argv, check: ran.append(argv))
    monkeypatch.setattr(installed, "_PYTHONS", {})
    (tmp_path / "edgegen-1-py3-none-any.whl").touch()
    assert installed.python() == sys.executable
    installed.install(tmp_path)
    pythons = {name: installed.python(name) for name in ("edgegen", "octodns", "sslyze")}
    assert pythons == {name: str(tmp_path / name / "bin" / "python") for name in pythons}
    assert installed.edgegen("--version")[0] == pythons["edgegen"]
    got = {argv[0]: argv[6:] for argv in ran[1:]}
    assert got[pythons["edgegen"]] == [str(tmp_path / "edgegen-1-py3-none-any.whl")]
    assert got[pythons["octodns"]] == ["octodns", "octodns-cloudflare"]
    assert got[pythons["sslyze"]] == ["sslyze"]
