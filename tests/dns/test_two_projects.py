"""Random lives of two projects of one name in one zone: neither touches what the other made.

The judge knows who made each record because it looks at the zone before and after each run; it reads no mark and no
state folder. `--proof` tries more histories.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from edgegen.core.errors import EdgegenError, RefusedError
from edgegen.dns.jobs import Choices
from edgegen.dns.ledger import Ledger
from edgegen.dns.marker import with_tail
from edgegen.dns.owning import own_plan
from edgegen.dns.sync import sync
from edgegen.records import Record
from tests.dns.support import ZONE, Scene, rec, scene
from tests.dns.test_histories import Crash, some_crash, some_faults
from tests.fakes.cloudflare import Cloudflare, Threaded
from tests.sizes import sized

HISTORIES = sized(20, 500)
NAME = "house"
Row = tuple[str, str, str]


@dataclass
class Project:
    """One of the two: its folders, and what it is entitled to."""

    number: int
    folders: list[Path]
    owner: str
    named: str | None
    want: list[Record] = field(default_factory=list)
    made: set[str] = field(default_factory=set)
    adopted: set[str] = field(default_factory=set)
    met: set[Row] = field(default_factory=set)
    """What it wanted, word for word, in a sync by its name that nothing refused: that is its own by design."""
    named_once: bool = False


@pytest.fixture(scope="module")
def served() -> Iterator[Threaded]:
    with Threaded(Cloudflare()) as one:
        yield one


def some_want(chance: random.Random, others: list[Record] | None = None) -> list[Record]:
    """Few names and addresses, so that the two often want the same, and often not; or just what the other wants."""
    if others and chance.random() < 0.5:
        return chance.sample(others, chance.randint(1, len(others)))
    found: dict[tuple[str, str], Record] = {}
    for _ in range(chance.randint(1, 4)):
        name, kind = f"n{chance.randrange(4)}.{ZONE}", chance.choice(["A", "A", "AAAA", "TXT", "MX"])
        content = {
            "A": f"192.0.2.{chance.randrange(1, 4)}",
            "AAAA": f"2001:db8::{chance.randrange(1, 3)}",
            "TXT": f"t{chance.randrange(2)}",
            "MX": f"m{chance.randrange(2)}.example.net",
        }[kind]
        found[kind, name] = rec(kind, name, content, priority=10 if kind == "MX" else None)
    return list(found.values())


def content(row: dict[str, object]) -> Row:
    return (str(row["type"]), str(row["name"]), str(row["content"]).strip('"'))


def act(s: Scene, project: Project, other: Project, chance: random.Random) -> None:
    """One command of a project, from one of its folders: plan, sync or own; some of them break or crash."""
    folder = chance.choice(project.folders)
    here = replace(s, folder=folder, owner=project.owner, named=project.named)
    if chance.random() < 0.4:
        project.want = some_want(chance, other.want)
    adopt: frozenset[str] = frozenset()
    if chance.random() < 0.1:
        adopt = frozenset({chance.choice(project.want).name})
    what = chance.choice(["plan", "sync", "sync", "sync", "own"])
    if what == "own" and project.named is None:
        what = "sync"
    s.state.faults = some_faults(chance) if chance.random() < 0.3 else []
    if chance.random() < 0.2:
        some_crash(chance, s)
    before = {key: dict(row) for key, row in s.zone.records.items()}
    refused = what == "plan"
    try:
        if what == "plan":
            here.plan(project.want, prune=True)
        elif what == "sync":
            here.sync(project.want, prune=chance.random() < 0.5, adopt=adopt)
        else:
            own(here, project, adopt)
    except RefusedError:
        refused = True
    except (EdgegenError, Crash):
        pass
    s.provider._wire.__dict__.pop("_exchange", None)
    s.state.faults = []
    if project.named_once and not refused:
        project.met |= {(r.type.value, r.name, r.content) for r in project.want}
    judge(s, project, before, set(adopt))


def own(s: Scene, project: Project, adopt: frozenset[str]) -> None:
    """`dns own`, and the key in the spec when it ends well."""
    owner = with_tail(NAME, f"aaaaaaa{project.number}")

    def keep(_planned: object) -> None:
        project.owner = owner  # in the state, before the first write

    choices = Choices(owner, NAME, adopt=adopt)
    sync([s.task(project.want)], choices, s.surroundings(), clock=s.clock, judge=keep, planner=own_plan)
    project.owner, project.named = owner, None


def judge(s: Scene, project: Project, before: dict[str, dict[str, object]], adopted: set[str]) -> None:
    project.adopted |= adopted
    for key, old in before.items():
        if s.zone.records.get(key) == old or key in project.made or old["name"] in adopted:
            continue
        row = content(old)
        assert row in project.met, f"project {project.number} touched {row}, which it neither made, met nor took over"
    new = s.zone.records.keys() - before.keys()
    project.made |= new
    project.made |= {key for key, row in s.zone.records.items() if key in before and row != before[key]}


def live(seed: int, served: Threaded, folder: Path) -> int:
    chance = random.Random(seed)
    with scene(folder, served) as s:
        projects = []
        for number in (0, 1):
            named = chance.random() < 0.6
            owner = NAME if named else with_tail(NAME, f"bbbbbbb{number}")
            folders = [folder / f"{number}-{clone}" for clone in range(chance.choice([1, 1, 2]))]
            project = Project(number, folders, owner, NAME if named else None, some_want(chance))
            project.named_once = named
            projects.append(project)
        for _ in range(chance.randint(4, 12)):
            act(s, *chance.sample(projects, 2), chance)
        return s.writes()


@pytest.mark.slow
def test_neither_touches_what_the_other_made(served: Threaded, tmp_path: Path) -> None:
    writes = [live(seed, served, tmp_path / str(seed)) for seed in range(HISTORIES)]
    assert sum(writes) > HISTORIES


PLANTED = {
    "every record is known": ("knows", lambda self, item: True, 0),
    "one that was met is known whatever it became": (
        "with_met",
        lambda self, items: Ledger(self.wrote | {item.id for item in items}, self.met),
        101,
    ),
}
"""What is broken, and the first history that shows it: all before it take as long as everything else here."""


@pytest.mark.quick(1)
@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_caught(
    name: str, served: Threaded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    *broken, first = PLANTED[name]
    monkeypatch.setattr(Ledger, *broken)
    with pytest.raises(AssertionError, match="neither made, met nor took over"):
        for seed in range(first, 400):
            live(seed, served, tmp_path / str(seed))
