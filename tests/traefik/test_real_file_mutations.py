"""Every key of a dynamic file, broken by rule: edgegen says of just those that Traefik refuses that it refuses them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from edgegen.traefik.file_words import FileEffect, FileFault, dynamic_faults
from edgegen.traefik.version import Version
from tests.grammar.by_hand import written
from tests.grammar.versions import numbers
from tests.lab.traefiks import traefik
from tests.sizes import sized
from tests.traefik.file_mutations import Data, mutants
from tests.traefik.file_oracle import file_oracle

pytestmark = pytest.mark.lab

NEWEST = "3.7.15"
MINORS = sized(("3.0.4",), ("3.0.4", "3.2.3", "3.3.6", "3.4.3", "3.5.3", "3.6.15"))
Judge = Callable[[dict[str, Any], Version], Sequence[FileFault]]


def differing(
    chosen: Sequence[tuple[str, Data]], binary: Path, version: str, judge: Judge = dynamic_faults
) -> list[tuple[str, str, Data]]:
    """Where edgegen and this Traefik differ: what it says, the way of breaking, the data."""
    found = []
    with file_oracle(binary) as oracle:
        for way, data in chosen:
            refusal = oracle.refuses(data)
            faults = judge(yaml.safe_load(yaml.safe_dump(data)), Version(*numbers(version)))
            if any(fault.effect is FileEffect.REFUSES for fault in faults) != bool(refusal):
                found.append((refusal or "taken", way, data))
    return found


@functools.cache
def every_mutant() -> list[tuple[str, Data]]:
    """Not made where the file is only collected."""
    return mutants(written("dynamic", numbers(NEWEST)))


def test_a_mutant_is_made_of_every_key() -> None:
    assert len(every_mutant()) > 15_000
    assert len({way for way, _ in every_mutant()}) == 5


def test_agreement_with_the_newest() -> None:
    assert differing(every_mutant()[: sized(30, 3000)], traefik(NEWEST), NEWEST) == []


@pytest.mark.parametrize("version", MINORS)
def test_agreement_with_other_minors(version: str) -> None:
    """With all keys of the newest: what this one does not know yet makes it refuse the file."""
    assert differing(every_mutant()[-sized(10, 500) :], traefik(version), version) == []


def test_a_judge_that_takes_everything_is_seen() -> None:
    assert len(differing(every_mutant()[:8], traefik(NEWEST), NEWEST, lambda data, version: [])) > 1
