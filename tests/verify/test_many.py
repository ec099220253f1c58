"""A thousand hosts at once, and what is wrong with some: the same verdicts as one by one, in the order of the spec."""

from __future__ import annotations

import io
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from edgegen.cli.look_options import Look
from edgegen.desired.endpoints import endpoints
from edgegen.endpoints import Endpoint
from edgegen.project.verify import Ways, verify
from edgegen.spec.load import load_text
from tests.peak import measured, megabytes
from tests.sizes import sized
from tests.verify.world import FAULTS, TARPITS, World, hosts, kind_of, world

pytestmark = pytest.mark.slow

MOST_SECONDS = 120.0
MOST_MIB = 150


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("world")) as made:
        yield made


@dataclass(frozen=True)
class Child:
    """What a process of edgegen did, and the most memory that it had, where that was measured."""

    code: int
    report: dict[str, Any]
    err: str
    mebibytes: float
    seconds: float


def started(folder: Path, many: World, names: list[str], *words: str, measure: bool = False) -> subprocess.Popen[bytes]:
    """`measure`: signals then reach the process that measures, and not edgegen."""
    (folder / "edge.yaml").write_text(many.spec(names))
    command = [sys.executable, "-m", "edgegen", "verify", "--json", *many.options, *words]
    command = measured(command, folder / "peak") if measure else command
    environment = {**os.environ, "HOME": str(folder)}
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        return subprocess.Popen(command, cwd=folder, env=environment, stdout=out, stderr=err)


def finished(folder: Path, child: subprocess.Popen[bytes], begun: float) -> Child:
    child.wait()
    seconds = time.monotonic() - begun
    err = (folder / "err").read_text()
    assert "Traceback" not in err
    report = json.loads((folder / "out").read_text())
    peak = megabytes(folder / "peak") if (folder / "peak").exists() else 0.0
    return Child(child.returncode, report, err, peak, seconds)


def verdicts(report: dict[str, Any]) -> set[tuple[str, str, str]]:
    """(subject, id, verdict) of what is not good; what only depends on it is left out."""
    return {
        (item["subject"], item["id"], item["verdict"])
        for item in report["findings"]
        if item["outcome"] != "pass" and item["verdict"] != "not-seen"
    }


def test_many_healthy_hosts(many: World, tmp_path: Path) -> None:
    """A thousand in the proof. Otherwise the matrix has more of them, with faults among them."""
    number = sized(20, 500)
    names = [name for pair in zip(hosts("good", number), hosts("long", number), strict=True) for name in pair]
    begun = time.monotonic()
    child = finished(tmp_path, started(tmp_path, many, names, measure=True), begun)
    assert verdicts(child.report) == set()
    assert (child.code, child.report["ok"], child.err) == (0, True, "")
    assert child.report["counts"]["endpoints"] == {"bad": 0, "unknown": 0, "remark": 0, "good": 2 * number}
    assert [item["url"] for item in child.report["endpoints"]] == [f"https://{name}:{many.https}/" for name in names]
    assert child.seconds <= MOST_SECONDS
    assert 0 < child.mebibytes < MOST_MIB


def mixed() -> list[str]:
    """50 faults, 10 tarpits and 60 healthy hosts, in turns."""
    faulty = [name for kind in FAULTS for name in hosts(kind, 5)][:50] + [n for kind in TARPITS for n in hosts(kind, 5)]
    return [name for pair in zip(faulty, hosts("good", len(faulty)), strict=True) for name in pair]


def looked_at(many: World, some: tuple[Endpoint, ...], timeout: float) -> set[tuple[str, str, str]]:
    server = f"127.0.0.1:{many.dns}"
    settings = Look(ca_file=Path(many.ca_file), resolver=[server], authority_port=many.dns).settings(timeout)
    found = verify(some, settings, Ways(lambda: datetime.now(UTC)))
    assert [item.endpoint for item in found.observations] == list(some)
    return verdicts({"findings": [item.as_json() for item in found.findings]})


@pytest.mark.slow
def test_the_verdicts_of_many_at_once_are_those_of_one_by_one(many: World) -> None:
    names = mixed()
    loaded = load_text(many.spec(names).encode())
    wanted = endpoints(loaded.spec, loaded.locate)
    assert [item.host for item in wanted] == names
    together = looked_at(many, wanted, 10.0)
    tarpits = [item for item in wanted if kind_of(item.host) in TARPITS]
    alone = set[tuple[str, str, str]]()
    for item in wanted:
        # What a tarpit says does not depend on how long one listens.
        alone |= looked_at(many, (item,), 2.0 if item in tarpits else 10.0)
    assert together == alone
    for item in wanted:
        own = {verdict for subject, _, verdict in together if subject == item.shown}
        expected = {**FAULTS, **TARPITS}.get(kind_of(item.host))
        assert expected in own if expected else own == set(), item.host


def test_a_tarpit_ends_at_its_deadline_also_behind_a_queue(many: World, tmp_path: Path) -> None:
    """70 of them, more than are looked at together: none is blamed for the time that it has waited."""
    names = hosts("tarpit", 70)
    begun = time.monotonic()
    child = finished(tmp_path, started(tmp_path, many, names, "--timeout", "5"), begun)
    assert child.code == 1
    # The second batch of them would be at 10 or more, if it were blamed.
    assert all(4.5 < item["seconds"] < 9.5 for item in child.report["endpoints"])


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_in_the_middle_gives_what_was_seen(many: World, tmp_path: Path, number: int, code: int) -> None:
    """Tarpits hold the run up; when the bar says that the 20 others are seen, the signal comes.

    With `--json` there is no bar, so the report is read from a file.
    """
    names = [*hosts("good", 10), *hosts("tarpit", 5), *hosts("good", 20)[10:]]
    (tmp_path / "edge.yaml").write_text(many.spec(names))
    command = [sys.executable, "-m", "edgegen", "verify", *many.options, "--timeout", "60", "--junit", "report.xml"]
    child, terminal = on_a_terminal(command, tmp_path)
    with child, os.fdopen(terminal, "rb", buffering=0) as screen:
        try:
            wait_for(screen, b"20/25 endpoints seen")
            told = time.monotonic()
            child.send_signal(number)
            assert child.wait(50) == code
            assert time.monotonic() - told < 40  # a tarpit holds for 60
        finally:
            child.kill()
    suites = ElementTree.parse(tmp_path / "report.xml").findall("testsuite")
    assert [suite.get("errors") != "0" for suite in suites] == [False] * 10 + [True] * 5 + [False] * 10 + [True]
    assert [suite.get("failures") for suite in suites] == ["0"] * 26


def on_a_terminal(command: list[str], folder: Path) -> tuple[subprocess.Popen[bytes], int]:
    """The command with a terminal for its stderr, and what reads from that."""
    ours, theirs = os.openpty()
    environment = {**os.environ, "HOME": str(folder)}
    child = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    return child, ours


def wait_for(terminal: io.RawIOBase, words: bytes, seconds: float = 50) -> None:
    seen, end = b"", time.monotonic() + seconds
    while words not in seen:
        assert select.select([terminal], [], [], max(0.0, end - time.monotonic()))[0], seen
        seen += terminal.read(4096) or b""
