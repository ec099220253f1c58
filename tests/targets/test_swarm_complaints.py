"""What target swarm refuses, and what it only remarks: every sentence, its place and its hint, in `swarm/*.txt`.

A case says nothing where all is well. `pytest --update-golden` writes them down; read what it wrote.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

from edgegen.core.location import path_text
from edgegen.spec.load import load_text
from edgegen.spec.problems import Complaint
from edgegen.targets.swarm_parts.complaints import complaints
from edgegen.targets.swarm_parts.remarks import remarks

FOLDER = Path(__file__).parent / "swarm"
SIDES = {"refused": complaints, "noted": remarks}
HEAD = "name: a\ntarget: swarm\n"


class Case(NamedTuple):
    file: str
    title: str
    spec: str
    said: str


def cases() -> list[Case]:
    found = []
    for name in SIDES:
        for block in (FOLDER / f"{name}.txt").read_text().split("=== ")[1:]:
            title, _, rest = block.partition("\n")
            spec, arrow, said = rest.partition("--->\n")
            assert arrow, title
            found.append(Case(name, title, spec, said))
    assert len({(case.file, case.title) for case in found}) == len(found)
    return found


def said_about(case: Case) -> str:
    length = 44 if "with the edge's" in case.title else 56 if "with its default" in case.title else 1
    head = HEAD.replace("name: a", f"name: {'a' * length}")
    loaded = load_text(f"{head}{case.spec}".encode())
    found: Iterable[Complaint] = SIDES[case.file](loaded.spec)
    return "".join(
        f"{loaded.locate(item.path)} {path_text(item.path)}: {item.message}\n" + f"  {item.hint}\n" * bool(item.hint)
        for item in found
    )


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.file}: {case.title}")
def test_it_says_exactly_this(case: Case, request: pytest.FixtureRequest) -> None:
    said = said_about(case)
    if request.config.getoption("--update-golden") and said != case.said:
        path = FOLDER / f"{case.file}.txt"
        head = f"=== {case.title}\n{case.spec}--->\n"
        text = path.read_text()
        assert text.count(head + case.said) == 1
        path.write_text(text.replace(head + case.said, head + said))
        return
    assert said == case.said


def test_every_complaint_has_a_place_of_its_own_and_a_remedy() -> None:
    refused = [case for case in cases() if case.said]
    assert len(refused) > 35
    for line in (line for case in refused for line in case.said.splitlines() if not line.startswith("  ")):
        assert re.match(r"edge\.yaml:\d+:\d+ [a-z]\S+: \S", line), line
    assert all(case.said.count("\n  ") >= len(re.findall(r"(?m)^edge", case.said)) for case in refused)


def test_the_name_of_a_network_is_judged_at_once() -> None:
    """An expression that tries every way to part the letters takes twice as long for each of them."""
    name = f"{'a' * 28}.internal"
    loaded = load_text(
        f"{HEAD}services: {{w: {{image: 'w:1', networks: [n]}}}}\nnetworks: {{n: {{name: {name}}}}}\n".encode()
    )
    begun = time.process_time()
    assert [item.path for item in complaints(loaded.spec)] == [("networks", "n", "name")]
    assert time.process_time() - begun < 2
