"""Every label of the grammar, right and broken by rule: edgegen's word against the real Traefik's, of each minor.

No container is dropped without edgegen's saying so, and none is said to be that is not. Of what it calls ignored
nothing comes, or it is the same whatever the label says. What Traefik passes over and can't have been meant, it names.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from edgegen.traefik.label_words import Effect, Fault, faults
from edgegen.traefik.version import Version
from tests.grammar.by_hand import written
from tests.grammar.versions import numbers
from tests.lab.traefiks import traefik
from tests.sizes import sized
from tests.traefik.label_mutations import Mutant, mutants
from tests.traefik.label_oracle import (
    DROPPED,
    READ,
    SILENT,
    Case,
    containers_labels,
    loses_its_value,
    outcomes,
)  # fmt: skip

pytestmark = pytest.mark.lab

NEWEST = "3.7.15"
MINORS = sized(("3.0.4",), ("3.0.4", "3.2.3", "3.3.6", "3.4.3", "3.5.3", "3.6.15", "3.7.0"))
"""The newest of each minor that can be had, and the first of the last one."""
AT_ONCE = 700
STOPS = "stops"
Judge = Callable[[Mapping[str, str], Version], Sequence[Fault]]


def words(labels: Mapping[str, str], version: Version) -> Sequence[Fault]:
    return faults(labels, "docker", version)


def said(case: Case, index: int, version: Version, judge: Judge) -> str:
    name = f"c{index}x"
    found = judge(containers_labels(name, case.labels(name)), version)
    if any(fault.effect is Effect.STOPS for fault in found):
        return STOPS
    if any(fault.effect is Effect.DROPS for fault in found):
        return DROPPED
    return SILENT if any(fault.label == case.label.replace("#", name) for fault in found) else READ


def differing(chosen: Sequence[Mutant], version: str, judge: Judge = words) -> list[tuple[str, str, str, str]]:
    """Where edgegen and this Traefik differ: how, the way of breaking, label and value."""
    ours = Version(*map(int, version.split(".")))
    chosen = [item for item in chosen if said(item.case, 0, ours, judge) != STOPS]
    found = []
    for start in range(0, len(chosen), AT_ONCE):
        found += _differing(chosen[start : start + AT_ONCE], traefik(version), ours, judge)
    return found


def _differing(
    chosen: Sequence[Mutant], binary: Path, version: Version, judge: Judge
) -> list[tuple[str, str, str, str]]:
    found, remarks = [], []
    for index, (item, done) in enumerate(zip(chosen, outcomes([item.case for item in chosen], binary), strict=True)):
        word = said(item.case, index, version, judge)
        if (done == DROPPED) != (word == DROPPED):
            found.append((f"{done}, not {word}", item))
        elif done == READ and word == SILENT:
            remarks.append(item)
        elif done == SILENT and word == READ and item.is_wrong and not _shows_nothing(item.case):
            found.append(("passed over, unseen", item))
    if remarks:
        lost = loses_its_value([item.case for item in remarks], binary)
        found += [("read, not ignored", item) for item, is_lost in zip(remarks, lost, strict=True) if not is_lost]
    return [(how, item.way, item.case.label, item.case.value) for how, item in found]


def _shows_nothing(case: Case) -> bool:
    """Words that need no value: saying `true` or nothing of them is no fault. Traefik does not show its models."""
    return case.value in ("true", "") or ".models." in case.label


NEW = written("dynamic", numbers(NEWEST))


@functools.cache
def every_mutant() -> list[Mutant]:
    """Not made where the file is only collected."""
    return mutants(NEW)


def test_a_mutant_is_made_of_every_word() -> None:
    made = every_mutant()
    assert len(made) > 5000
    ways = {item.way for item in made}
    assert len(ways) == 10
    assert sum(item.way == "right" for item in made) > 400
    assert sum(item.is_wrong for item in made) > 3500


def test_agreement_with_the_newest() -> None:
    assert differing(every_mutant()[:: sized(9, 1)], NEWEST) == []


@pytest.mark.parametrize("version", MINORS)
def test_agreement_with_other_minors(version: str) -> None:
    """With all words of the newest: what this one does not know yet drops its container."""
    chosen = mutants(NEW, written("dynamic", numbers(version)))
    assert differing(chosen[:: sized(30, 3)], version) == []


def test_a_judge_of_another_version_is_seen() -> None:
    def of_3_0(labels: Mapping[str, str], version: Version) -> Sequence[Fault]:
        return faults(labels, "docker", Version(3, 0))

    newer = [item for item in every_mutant() if ".observability." in item.case.label and item.way == "right"]
    assert len(differing(newer, NEWEST, of_3_0)) > 5


def test_a_judge_that_is_blind_or_says_too_much_is_seen() -> None:
    def everything_drops(labels: Mapping[str, str], version: Version) -> Sequence[Fault]:
        return [Fault(label, Effect.DROPS, "") for label in labels]

    def everything_is_idle(labels: Mapping[str, str], version: Version) -> Sequence[Fault]:
        return [Fault(label, Effect.IGNORES, "") for label in labels]

    some = every_mutant()[::60]
    assert len(differing(some, NEWEST, lambda labels, version: [])) > 40
    assert len(differing(some, NEWEST, everything_drops)) > 10
    assert len(differing(some, NEWEST, everything_is_idle)) > 40
