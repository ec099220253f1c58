"""What edgegen says of a label, and what the real Traefik does for it: hundreds of labels, and both must agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from edgegen.traefik.label_words import Effect, Fault, faults
from tests.traefik.label_cases import BEGINNINGS, FACTS, KIN, LOST, MEANT, mangled, reference, values
from tests.traefik.label_oracle import DROPPED, READ, SILENT, Case, containers_labels, outcomes, stops_everything

pytestmark = pytest.mark.lab

Judge = Callable[[Mapping[str, str]], Sequence[Fault]]


def said(case: Case, index: int, judge: Judge = faults) -> str:
    """edgegen's word: dropped, passed over (or read as false), or nothing to say."""
    name = f"c{index}x"
    found = judge(containers_labels(name, case.labels(name)))
    if any(fault.effect is Effect.DROPS for fault in found):
        return DROPPED
    return SILENT if any(fault.label == case.label.replace("#", name) for fault in found) else READ


STOPPING = ("traefik.http.routers.#r].rule", "traefik.enable]", "traefik.http.routers.#r.tls.domains0].main")

EXPECTED = {
    DROPPED: (DROPPED, DROPPED),
    SILENT: (SILENT, SILENT),
    READ: (READ, READ),
    MEANT: (SILENT, READ),
    LOST: (READ, SILENT),
}
"""A row's class -> what Traefik does, and what edgegen says."""


def test_the_table_of_facts_and_its_kin() -> None:
    assert len(KIN) >= 30
    table = [*FACTS, *BEGINNINGS, *KIN]
    done = outcomes([case for _, case in table])
    seen = {
        (case.label, case.value, case.beside.get("", "")): (done[index], said(case, index))
        for index, (_, case) in enumerate(table)
    }
    wanted = {(case.label, case.value, case.beside.get("", "")): EXPECTED[row] for row, case in table}
    assert {key: pair for key, pair in seen.items() if pair != wanted[key]} == {}


def test_every_label_of_traefiks_own_reference() -> None:
    cases = reference()
    assert len(cases) > 280
    done = outcomes(cases)
    assert [(case, done[index]) for index, case in enumerate(cases) if said(case, index) != done[index]] == []


def test_values_in_every_spelling() -> None:
    cases = values()
    done = outcomes(cases)
    words = [said(case, index) for index, case in enumerate(cases)]
    assert [item for item in zip(cases, done, words, strict=True) if (item[1] == DROPPED) != (item[2] == DROPPED)] == []
    assert done.count(DROPPED) > 80
    assert len(done) - done.count(DROPPED) > 80


def differing(cases: Sequence[Case], judge: Judge = faults) -> list[tuple[str, str, str, str]]:
    """Where a container is dropped against edgegen's word, or kept; and what is passed over without its saying so.

    The reverse, a remark about a label of which something comes, is for the table: a value may be lost all the same.
    """
    done = outcomes(cases)
    found = []
    for index, case in enumerate(cases):
        word = said(case, index, judge)
        if (word == DROPPED) != (done[index] == DROPPED) or (done[index] == SILENT and word == READ and _tells(case)):
            found.append((done[index], word, case.label, case.value))
    return found


def _tells(case: Case) -> bool:
    """Whether a difference would show: not for a value that Traefik takes by itself, nor for a stranger's label."""
    return case.label.startswith("traefik.") and case.value not in DEFAULTS


DEFAULTS = ("", "true", "TRUE", "foobar", "x y", "42", "42s", "-1", "1,2")


def lets_others_live(case: Case) -> bool:
    return all(fault.effect is not Effect.STOPS for fault in faults(case.labels("x")))


@pytest.mark.parametrize("seed", range(4))
def test_slips_of_the_pen(seed: int) -> None:
    cases = [case for case in mangled(seed, 700) if lets_others_live(case)]
    assert len(cases) > 680
    assert differing(cases) == []


@pytest.mark.parametrize("label", STOPPING)
def test_a_label_that_takes_the_routes_of_every_container_away(label: str) -> None:
    case = Case(label, "x")
    assert stops_everything(case)
    assert not lets_others_live(case)


@pytest.mark.parametrize("label", ["traefik.http.routers.#r[0].rule", "traefik.http.routers.[0].rule", "a].b"])
def test_a_label_with_a_bracket_that_leaves_the_others_alone(label: str) -> None:
    case = Case(label, "x")
    assert not stops_everything(case)
    assert lets_others_live(case)


def test_a_judge_that_sees_nothing_is_seen() -> None:
    assert len(differing(list(mangled(0, 100)), lambda labels: [])) > 20


def test_a_judge_that_sees_too_much_is_seen() -> None:
    def all_of_it(labels: Mapping[str, str]) -> list[Fault]:
        return [Fault(label, Effect.DROPS, "") for label in labels]

    assert len(differing(list(mangled(0, 100)), all_of_it)) > 20
