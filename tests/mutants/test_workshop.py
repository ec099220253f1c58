"""What is tried of each module, with which tests; and how a change is read from what mutmut writes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.mutants import workshop
from tests.mutants.groups import GROUPS, Group
from tests.mutants.outcome import Mutant
from tests.mutants.survivors import read_reasons

NAMES = [f"edgegen.a.x_f__mutmut_{number}" for number in range(200)]


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.name)
def test_a_group_names_what_is_there(group: Group) -> None:
    left_out = [name.partition("::")[0] for name in group.left_out]
    for path in (*group.files, *group.tests, *left_out):
        assert (workshop.ROOT / path).exists(), path


def test_every_module_has_one_group() -> None:
    modules = [module for group in GROUPS for module in group.modules]
    assert len(modules) == len(set(modules))


def test_a_sample_is_the_same_each_time_and_grows_by_adding() -> None:
    small, large = workshop.sample(NAMES, 40), workshop.sample(NAMES[::-1], 50)
    assert len(set(small)) == 40
    assert small == large[:40]
    assert small != NAMES[:40]
    assert sorted(workshop.sample(NAMES, 0)) == sorted(NAMES)


def test_another_seed_draws_another_sample() -> None:
    assert set(workshop.sample(NAMES, 40)) != set(workshop.sample(NAMES, 40, "another"))
    assert workshop.sample(NAMES, 40, "another") == workshop.sample(NAMES[::-1], 40, "another")


def test_more_mutants_move_no_other_out_of_a_sample() -> None:
    assert set(workshop.sample(NAMES, 40)) <= set(workshop.sample(NAMES[:100], 40)) | set(NAMES[100:])


def test_a_configuration_is_toml_that_names_the_groups_own(tmp_path: Path) -> None:
    for group in GROUPS:
        told = tomllib.loads(workshop._configuration(group))["tool"]["mutmut"]
        assert told["only_mutate"] == group.files
        assert told["pytest_add_cli_args_test_selection"] == list(group.tests)
        assert [f"--deselect={name}" for name in group.left_out] == told["pytest_add_cli_args"][
            -len(group.left_out) or 99 :
        ]


def test_a_module_that_a_group_gets_later_is_broken_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """mutmut takes a file that is newer than its source for one that it has broken, although it was only copied."""
    monkeypatch.setattr(workshop, "FOLDER", tmp_path)
    monkeypatch.setattr(workshop, "_COPIED", ())
    group = Group("g", ("edgegen.core.secret", "edgegen.core.show"), ())
    core = tmp_path / "g" / "mutants" / "edgegen" / "core"
    core.mkdir(parents=True)
    for name in ("secret.py", "secret.py.meta", "show.py", "errors.py"):
        (core / name).write_text("")
    (stats := tmp_path / "g" / "mutants" / "mutmut-stats.json").write_text("{}")
    workshop.prepare(group)
    assert not stats.exists(), "it says that no test reaches the new one"
    stats.write_text("{}")
    workshop.prepare(group)
    assert stats.exists()
    assert sorted(file.name for file in core.iterdir()) == ["errors.py", "secret.py", "secret.py.meta"]


def test_a_change_is_read_from_what_mutmut_writes(tmp_path: Path) -> None:
    folder = tmp_path / "mutants" / "edgegen"
    folder.mkdir(parents=True)
    (folder / "a.py").write_text(
        "def x_f__mutmut_orig(n):\n    m = 1\n    return n < m\n\n\n"
        "def x_f__mutmut_1(n):\n    m = 1\n    return n <= m\n\n\n"
        "class C:\n"
        "    def xǁCǁg__mutmut_orig(self):\n        return 1\n"
        "    def xǁCǁg__mutmut_12(self):\n        return 2\n",
        encoding="utf-8",
    )
    function = Mutant("edgegen.a.x_f__mutmut_1", "edgegen.a", 0, tmp_path)
    assert function.change() == "-    return n < m\n+    return n <= m"
    method = Mutant("edgegen.a.xǁCǁg__mutmut_12", "edgegen.a", 0, tmp_path)
    assert (method.function, method.change()) == ("a.C.g", "-        return 1\n+        return 2")


def test_every_reason_says_why() -> None:
    reasons = read_reasons(Path(workshop.__file__).with_name("survivors.toml"))
    for entries in reasons.entries.values():
        assert all(len(entry["why"]) > 20 and entry["change"] for entry in entries)
