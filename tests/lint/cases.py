"""The table of a rule with files beside its Compose file, and a planted fault that the table must notice."""

from __future__ import annotations

import importlib
import inspect
import sys
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from edgegen.core.finding import Outcome
from edgegen.lint.fixing import patch
from edgegen.lint.model import Project
from tests.lint.support import project


@dataclass(frozen=True)
class Case:
    """A Compose file, and how each finding begins: `line severity message`, or `line unknown message`."""

    compose: str
    found: Sequence[str] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    modes: Mapping[str, int] = field(default_factory=dict)
    tracked: Iterable[str] | None = None
    environ: Mapping[str, str] = field(default_factory=dict)

    @property
    def project(self) -> Project:
        """The project of it."""
        return project(self.compose, files=self.files, modes=self.modes, tracked=self.tracked, environ=self.environ)


def differences(rule: types.ModuleType, cases: Sequence[Case]) -> list[str]:
    """Where the rule says something else than its table."""
    return [line for case in cases for line in _difference(rule, case)]


def _difference(rule: types.ModuleType, case: Case) -> Iterator[str]:
    said = sorted(_answers(rule, case.project))
    fits = len(said) == len(case.found) and all(
        one.startswith(begins) for one, begins in zip(said, sorted(case.found), strict=False)
    )
    if not fits:
        yield f"{case.compose.strip()}\n  {said}"


def _answers(rule: types.ModuleType, item: Project) -> list[str]:
    found = []
    for one in rule.check(item):
        severity = "unknown" if one.outcome is Outcome.UNKNOWN else (one.severity or rule.RULE.severity).value
        found.append(f"{one.spot.location.line} {severity} {one.message}")
    return found


def module(test: str) -> types.ModuleType:
    """The rule that a test module is about, by its name."""
    return importlib.import_module(f"edgegen.lint.rules.{test.rpartition('.')[2].removeprefix('test_')}")


def with_fault(rule: types.ModuleType, right: str, wrong: str) -> types.ModuleType:
    """The same rule with one piece of its source replaced."""
    source = inspect.getsource(rule)
    assert source.count(right) == 1, f"{source.count(right)} times in {rule.__name__}: {right}"
    planted = types.ModuleType(f"{rule.__name__}_planted")
    sys.modules[planted.__name__] = planted  # dataclasses look their module up
    exec(compile(source.replace(right, wrong), planted.__name__, "exec"), planted.__dict__)
    return planted


def after_fixes(rule: types.ModuleType, case: Case) -> str:
    """The Compose file with all fixes of the rule. Each must leave a file in which the rule finds less."""
    item = case.project
    fixes = [one.fix for one in rule.check(item) if one.fix]
    text = patch(fixes, lambda file: file.name).text(item.files[0].name, item.files[0].text)
    left = list(rule.check(replace(case, compose=text).project))
    assert len(left) < len(list(rule.check(item))) or not fixes, text
    return text
