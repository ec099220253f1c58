"""`dns own`: a project gets an owner that no other has, at whatever request it is killed."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from edgegen import provider_names
from edgegen.core.errors import EdgegenError, LocalIOError, LockedError, RefusedError, SpecError, UsageError
from edgegen.deploy.runner import Runner
from edgegen.dns import sync as syncing
from edgegen.dns.api.wire import Wire
from edgegen.dns.jobs import Surroundings
from edgegen.project import dns, dns_own, dns_owner
from edgegen.project.dns_own import Owned
from edgegen.project.sights import Asked
from edgegen.spec.load import load
from tests.dns.test_crash import KILLED, in_child
from tests.dns.test_diff import mark
from tests.fakes.cloudflare import TOKEN, Cloudflare, Threaded, in_thread
from tests.fakes.cloudflare_zone import FakeZone

pytestmark = pytest.mark.slow

HOST = "commenthouse.com"
SPEC = f"""\
name: commenthouse   # ours
domains: {{{HOST}: {{addresses: [192.0.2.1]}}}}
services:
  # the site
  web: {{image: "w:1", port: 80, host: www.{HOST}, aliases: [{HOST}, a.{HOST}, b.{HOST}]}}
"""


class Killed(BaseException):
    """The process dies: nobody may handle it."""


class House:
    """A fake with one zone, and projects in folders."""

    def __init__(self, tmp_path: Path, url: str, state: Cloudflare, zone: FakeZone) -> None:
        self.tmp_path, self.url, self.state, self.zone = tmp_path, url, state, zone

    def project(self, name: str = "one", spec: str = SPEC) -> Path:
        folder = self.tmp_path / name
        folder.mkdir(exist_ok=True)
        (folder / "edge.yaml").write_text(spec)
        return folder

    def tasks(self, project: Path, environment: str | None = None) -> dns.Tasks:
        environ = {"CLOUDFLARE_API_TOKEN": TOKEN, "CLOUDFLARE_BASE_URL": self.url}
        return dns.tasks(project, load(project, environment), environ=environ, asked=Asked(Runner()))

    def surroundings(self, project: Path) -> Surroundings:
        return Surroundings(shelf=dns_owner.shelf(project))

    def sync(self, project: Path, **words: Any) -> int:
        found = self.tasks(project, words.pop("environment", None))
        return syncing.sync(found.zones, dns.choices(found, **words), self.surroundings(project)).made

    def own(self, project: Path, tail: str = "k3v9x2qa", environment: str | None = None, **words: Any) -> Owned:
        return dns_own.own(project, self.tasks(project, environment), tail, self.surroundings(project), **words)

    def owners(self) -> dict[str, str]:
        return {row["name"]: self.state.oracle.owner_by_mark(row) for row in self.zone.records.values()}

    def contents(self) -> dict[str, tuple[str, str, int]]:
        return {key: (row["name"], row["content"], row["ttl"]) for key, row in self.zone.records.items()}

    def writes(self) -> int:
        return self.state.count() - self.state.count("GET")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    state = Cloudflare()
    zone = state.add_zone(HOST)
    with Threaded(state) as served:
        yield House(tmp_path, served.url, state, zone)


def named_owner(project: Path) -> str | None:
    return load(project).spec.dns.owner


def test_an_old_project_gets_its_owner_and_nothing_else_changes(house: House) -> None:
    project = house.project()
    assert house.sync(project) == 4
    before = house.contents()
    done = house.own(project)
    assert (done.owner, done.is_written, done.result.made, done.left) == ("commenthouse-k3v9x2qa", True, 4, ())
    assert house.contents() == before
    assert set(house.owners().values()) == {"commenthouse-k3v9x2qa"}
    assert (project / "edge.yaml").read_text().startswith(SPEC)
    assert named_owner(project) == "commenthouse-k3v9x2qa"
    writes = house.writes()
    assert house.sync(project) == 0
    again = house.own(project, "aaaaaaaa")
    assert (again.owner, again.is_written, again.result.made) == ("commenthouse-k3v9x2qa", False, 0)
    assert house.writes() == writes
    assert house.state.oracle.wrong == []


def test_a_clone_goes_on_with_it(house: House) -> None:
    one = house.project()
    house.sync(one)
    house.own(one)
    clone = house.project("clone", (one / "edge.yaml").read_text().replace("192.0.2.1", "192.0.2.2"))
    assert house.sync(clone) == 4
    assert (
        house.sync(
            house.project("three", (clone / "edge.yaml").read_text().replace("host: www", "host: w3")), prune=True
        )
        == 2
    )


def test_a_project_without_records_gets_the_key_alone(house: House) -> None:
    project = house.project()
    assert house.own(project).result.made == 0
    assert house.writes() == 0
    assert named_owner(project) == "commenthouse-k3v9x2qa"


def test_where_the_spec_names_an_owner_nothing_is_asked(house: House) -> None:
    project = house.project(spec=f"{SPEC}dns: {{owner: mine-1}}\n")
    done = house.own(project)
    assert (done.owner, done.result, done.is_written) == ("mine-1", None, False)
    assert house.state.count() == 0


def test_a_clone_of_an_old_project_gets_it_too(house: House) -> None:
    """Everything is as its spec wants it."""
    house.sync(house.project())
    assert house.own(house.project("clone")).result.made == 4


def test_another_project_of_that_name_takes_nothing_along(house: House) -> None:
    house.sync(house.project())
    before = house.owners()
    two = house.project("two", SPEC.replace("192.0.2.1", "192.0.2.9"))
    with pytest.raises(RefusedError, match="has this project's name"):
        house.own(two)
    assert (house.writes(), house.owners(), named_owner(two)) == (1, before, None)
    assert dns_owner.kept_owner(two, "commenthouse") is None
    three = house.project("three", SPEC.replace(f", aliases: [{HOST}, a.{HOST}, b.{HOST}]", "").replace("www", "x"))
    done = house.own(three)
    assert (done.result.made, len(done.left), house.owners()) == (0, 4, before)
    assert house.sync(three, prune=True) == 1


def test_another_project_of_that_name_is_in_nobodys_way_afterwards(house: House) -> None:
    """It keeps its records, and the one that has an owner now prunes its own."""
    house.sync(house.project())
    two = house.project("two", SPEC.replace("www", "x").replace(f", aliases: [{HOST}, a.{HOST}, b.{HOST}]", ""))
    house.sync(two)
    house.own(two)
    house.project("two", (two / "edge.yaml").read_text().replace(f"x.{HOST}", f"y.{HOST}"))
    assert house.sync(two, prune=True) == 2
    assert set(house.owners()) == {HOST, f"www.{HOST}", f"a.{HOST}", f"b.{HOST}", f"y.{HOST}"}


def test_a_clone_that_was_killed_in_between_goes_on_with_all_of_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It knew nothing before: what is as the spec wants it is its own before the first record is marked."""
    hosts = ", ".join(f"h{number}.{HOST}" for number in range(230))
    spec = SPEC.replace(f"[{HOST}, a.{HOST}, b.{HOST}]", f"[{hosts}]")
    house.sync(house.project(spec=spec))
    clone = house.project("clone", spec)
    with monkeypatch.context() as patch:
        killed_at(patch, 3, "after")
        with pytest.raises(Killed):
            house.own(clone, "aaaaaaaa")
    assert len(set(house.owners().values())) == 2
    house.project("clone", spec.replace("192.0.2.1", "192.0.2.2"))
    assert house.sync(clone, prune=True) == 231
    assert house.own(clone).result.made == 0
    assert set(house.owners().values()) == {"commenthouse-aaaaaaaa"}


def test_adopted_names_are_taken_along(house: House) -> None:
    house.sync(house.project())
    two = house.project("two", SPEC.replace("192.0.2.1", "192.0.2.9"))
    names = [HOST, f"www.{HOST}", f"A.{HOST}.", f"b.{HOST}"]
    assert house.own(two, adopt=names).result.made == 4
    assert house.sync(two) == 4
    with pytest.raises(UsageError):
        house.own(house.project("three"), adopt=["example.org"])


def test_strangers_and_spoilt_marks_stay(house: House) -> None:
    project = house.project()
    house.sync(project)
    for comment in (
        None,
        mark("TXT", "x", "commenthouse"),
        mark("TXT", f"t.{HOST}", "other"),
        "EDGEGEN;v1;o=commenthouse",
    ):
        house.state.seed(house.zone, type="TXT", name=f"t.{HOST}", content=f"{comment}", comment=comment)
    before = {key: dict(row) for key, row in house.zone.records.items() if row["type"] == "TXT"}
    assert house.own(project).result.made == 4
    assert {key: row for key, row in house.zone.records.items() if row["type"] == "TXT"} == before


def test_more_records_than_fit_into_one_request(house: House) -> None:
    hosts = ", ".join(f"h{number}.{HOST}" for number in range(230))
    project = house.project(spec=SPEC.replace(f"[{HOST}, a.{HOST}, b.{HOST}]", f"[{hosts}]"))
    house.sync(project)
    writes = house.writes()
    assert house.own(project).result.made == 231
    assert house.writes() == writes + 2


def killed_at(patch: pytest.MonkeyPatch, number: int, when: str) -> Callable[[], int]:
    """The process ends at its request `number`; gives how many requests there were."""
    original, seen = Wire._send, 0

    def send(self: Wire, *words: object, **more: object) -> object:
        nonlocal seen
        seen += 1
        if seen == number and when == "before":
            raise Killed
        answer = original(self, *words, **more)
        if seen == number:
            raise Killed
        return answer

    patch.setattr(Wire, "_send", send)
    return lambda: seen


REQUESTS = 5
"""The zone, its list, two batches, and the list again."""


def in_batches_of(size: int, patch: pytest.MonkeyPatch) -> None:
    """So that four records take two requests, as more than two hundred would."""
    known = provider_names.PROVIDERS["cloudflare"]
    small = replace(known, capabilities=replace(known.capabilities, batch_limit=size))
    patch.setitem(provider_names.PROVIDERS, "cloudflare", small)


@pytest.mark.parametrize("between", ["nothing", "sync", "changed", "lost"])
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, REQUESTS + 1))
def test_killed_at_any_request_the_next_run_goes_on(
    house: House, monkeypatch: pytest.MonkeyPatch, number: int, when: str, between: str
) -> None:
    in_batches_of(2, monkeypatch)
    project = house.project()
    house.sync(project)
    ids = set(house.zone.records)
    with monkeypatch.context() as patch:
        killed_at(patch, number, when)
        with pytest.raises(Killed):
            house.own(project, "aaaaaaaa")
    assert named_owner(project) is None
    content = "192.0.2.1"
    if between == "sync":
        assert house.sync(project, prune=True) == 0
    if between == "changed":
        content = "192.0.2.2"
        house.project(spec=SPEC.replace("192.0.2.1", content))
        assert house.sync(project, prune=True) == 4
    if between == "lost":
        # A clone without any state: what is marked already is somebody else's, and nothing of it is touched.
        assert house.sync(house.project("clone")) == 0
    done = house.own(project, "bbbbbbbb")
    started = number >= 3  # the choice is kept before the first request that writes
    assert done.owner == named_owner(project) == f"commenthouse-{'aaaaaaaa' if started else 'bbbbbbbb'}"
    assert set(house.owners().values()) == {done.owner}
    assert {row["content"] for row in house.zone.records.values()} == {content}
    assert set(house.zone.records) == ids
    assert house.sync(project, prune=True) == 0
    assert house.state.oracle.wrong == []


def test_there_is_no_further_request_to_be_killed_at(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    in_batches_of(2, monkeypatch)
    project = house.project()
    house.sync(project)
    requests = killed_at(monkeypatch, REQUESTS + 1, "before")
    house.own(project)
    assert requests() == REQUESTS


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", [3, 4, 5])
def test_a_process_that_is_gone_at_once_leaves_no_lock_and_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, when: str
) -> None:
    """No handler runs and nothing is tidied up, as with SIGKILL; the provider is in another process."""
    with in_thread() as fake:
        fake.ask("zone", name=HOST)
        house = House(tmp_path, fake.url, Cloudflare(), FakeZone("unused", HOST))
        in_batches_of(2, monkeypatch)
        project = house.project()
        house.sync(project)

        def die() -> None:
            original, seen = Wire._send, 0

            def send(self: Wire, *words: object, **more: object) -> object:
                nonlocal seen
                seen += 1
                if seen == number and when == "before":
                    os._exit(KILLED)
                answer = original(self, *words, **more)
                if seen == number:
                    os._exit(KILLED)
                return answer

            Wire._send = send
            house.own(project, "aaaaaaaa")

        assert in_child(die) == KILLED
        assert house.own(project, "bbbbbbbb").owner == named_owner(project) == "commenthouse-aaaaaaaa"
        told = fake.ask("state")
        assert {row["comment"].split(";")[2] for row in told["zones"][HOST]} == {"o=commenthouse-aaaaaaaa"}
        assert (len(told["zones"][HOST]), told["wrong"]) == (4, [])
        assert [file.name for file in project.rglob("*") if ".tmp" in file.name or file.name.startswith(".edge.")] == []


@pytest.mark.parametrize("at", ["keep_owner", "_write_key"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_at_any_file_the_next_run_goes_on(
    house: House, monkeypatch: pytest.MonkeyPatch, at: str, when: str
) -> None:
    project = house.project()
    house.sync(project)
    original = getattr(dns_own, at)

    def write(*words: object) -> object:
        if when == "after":
            original(*words)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(dns_own, at, write)
        with pytest.raises(Killed):
            house.own(project, "aaaaaaaa")
    done = house.own(project, "bbbbbbbb")
    kept = "bbbbbbbb" if (at, when) == ("keep_owner", "before") else "aaaaaaaa"
    assert done.owner == named_owner(project) == f"commenthouse-{kept}"
    assert set(house.owners().values()) == {done.owner}


def test_a_state_that_can_not_be_kept_stops_it_before_the_first_write(house: House) -> None:
    project = house.project()
    house.sync(project)
    before, writes = house.owners(), house.writes()
    (project / ".edgegen/dns/owner.json").mkdir()
    with pytest.raises((RefusedError, LocalIOError)):
        house.own(project)
    assert (house.writes(), house.owners(), named_owner(project)) == (writes, before, None)


def test_an_edge_yaml_that_can_not_be_written_stops_it_before_the_first_write(house: House) -> None:
    project = house.project()
    house.sync(project)
    before, writes = house.owners(), house.writes()
    (project / "edge.yaml").rename(project / "real.yaml")
    (project / "edge.yaml").symlink_to("real.yaml")
    with pytest.raises(RefusedError):
        house.own(project)
    assert (house.writes(), house.owners()) == (writes, before)


def test_a_key_that_git_took_back_is_written_again(house: House) -> None:
    project = house.project()
    house.sync(project)
    house.own(project, "aaaaaaaa")
    house.project(spec=SPEC.replace("192.0.2.1", "192.0.2.2"))
    assert house.sync(project) == 4
    assert house.own(project, "bbbbbbbb").owner == named_owner(project) == "commenthouse-aaaaaaaa"


def test_the_records_of_another_environment_follow(house: House) -> None:
    """It has hosts that the run for the whole file did not see."""
    spec = f"{SPEC}environments: {{dev: {{services: {{web: {{host: dev.{HOST}, aliases: []}}}}}}}}\n"
    project = house.project(spec=spec)
    assert (house.sync(project), house.sync(project, environment="dev")) == (4, 1)
    assert house.own(project).result.made == 5
    assert house.sync(project, environment="dev") == 0


def test_an_environment_with_a_name_of_its_own_has_an_owner_of_its_own(house: House) -> None:
    spec = f"{SPEC}environments: {{dev: {{name: commenthouse-dev}}}}\n"
    project = house.project(spec=spec)
    with pytest.raises(SpecError, match="has its own name"):
        house.own(project, environment="dev")
    house.own(project)
    with pytest.raises(SpecError, match="have the same owner"):
        house.tasks(project, "dev")
    text = (
        (project / "edge.yaml")
        .read_text()
        .replace("{name: commenthouse-dev}", "{name: commenthouse-dev, dns: {owner: d-1}}")
    )
    (project / "edge.yaml").write_text(text)
    assert house.tasks(project, "dev").owner == dns_owner.Owner("d-1")


def test_two_runs_at_once_choose_one_owner(house: House) -> None:
    project = house.project()
    house.sync(project)
    inner: list[EdgegenError] = []
    original = dns_own.keep_owner

    def keep(*words: Any) -> None:
        original(*words)
        with pytest.raises(EdgegenError) as caught:
            house.own(project, "bbbbbbbb")
        inner.append(caught.value)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dns_own, "keep_owner", keep)
        done = house.own(project, "aaaaaaaa")
    assert [error.exit_code for error in inner] == [6]
    assert done.owner == named_owner(project) == "commenthouse-aaaaaaaa"


def test_another_choice_meanwhile_stops_it_before_the_first_write(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two runs for environments with other zones hold other locks."""
    project = house.project()
    house.sync(project)
    writes, original = house.writes(), dns_own.keep_owner

    def keep(*words: Any) -> None:
        dns_owner.keep_owner(project, "commenthouse", "commenthouse-bbbbbbbb")
        original(*words)

    with monkeypatch.context() as patch:
        patch.setattr(dns_own, "keep_owner", keep)
        with pytest.raises(LockedError, match="commenthouse-bbbbbbbb"):
            house.own(project, "aaaaaaaa")
    assert house.writes() == writes
    dns_owner.keep_owner(project, "another", "another-cccccccc")
    assert house.own(project, "aaaaaaaa").owner == "commenthouse-bbbbbbbb"
    assert dns_owner.kept_owner(project, "another") == "another-cccccccc"


def test_a_zone_file_gets_the_marks_as_well(house: House) -> None:
    project = house.project(spec=SPEC.replace("{addresses", "{provider: zonefile, addresses"))
    assert house.sync(project) == 4
    file = project / f"dns/{HOST}.zone"
    assert len(re.findall(r"o=commenthouse;", file.read_text())) == 4
    before = re.sub(r"o=commenthouse;", "o=commenthouse-k3v9x2qa;", file.read_text())
    assert house.own(project).result.made == 4

    def records(text: str) -> list[str]:
        return [line for line in text.splitlines() if " IN A " in line]

    assert records(file.read_text()) == records(before)
    assert house.sync(project) == 0


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"owners": {"commenthouse": 1}}', '{"owners": {"commenthouse": "A B"}}']
)
def test_a_damaged_choice_is_none(house: House, text: str) -> None:
    project = house.project()
    house.sync(project)
    (project / ".edgegen/dns/owner.json").write_text(text)
    assert house.own(project).owner == "commenthouse-k3v9x2qa"
    assert json.loads((project / ".edgegen/dns/owner.json").read_text())["owners"] == {
        "commenthouse": "commenthouse-k3v9x2qa"
    }
