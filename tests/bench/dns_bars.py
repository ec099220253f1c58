"""The bars P5 and P6: a sync of 1,000 records, whole processes, against octoDNS on the same fake Cloudflare."""

from __future__ import annotations

import contextlib
import math
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import yaml

from tests.bench.installed import edgegen, python
from tests.bench.measure import ROUNDS, Comparison, Job, compare, process
from tests.fakes.cloudflare import TOKEN, Cloudflare, Threaded

ZONE = "example.com"
ANSWER_SECONDS = 0.02
"""What an answer of the real one takes."""


def p5(folder: Path, rounds: int = ROUNDS, records: int = 1000) -> Iterator[Comparison]:
    """A sync that has nothing to do."""
    with _world(folder, records) as world:
        world.run(_sync())()
        sync, octo = world.counted(_sync(), 1 + math.ceil(records / 5000)), world.run(_octo())
        what = f"no-op `dns sync` of {records:,} records"
        yield compare("P5", what, "octodns-sync, page 5,000", 0.85, (sync, octo), rounds=rounds)


def p6(folder: Path, rounds: int = ROUNDS, records: int = 1000) -> Iterator[Comparison]:
    """The first sync of an empty zone."""
    rounds = min(rounds, 3)  # one round of the other takes half a minute
    with _world(folder, records) as world:
        most = 1 + math.ceil(records / 5000) + math.ceil(records / 200) + 1
        sync, octo = world.counted(_sync(), most, empty=True), world.run(_octo(), empty=True)
        what = f"first `dns sync` of {records:,} records"
        yield compare("P6", what, "octodns-sync, page 5,000", 0.06, (sync, octo), rounds=rounds)


def _sync() -> list[str]:
    return edgegen("dns", "sync")


def _octo() -> list[str]:
    code = "from octodns.cmds.sync import main; main()"
    return [python("octodns"), "-c", code, "--config-file", "octo.yaml", "--doit"]


class World:
    """A project of each tool, and the zone that both keep."""

    def __init__(self, folder: Path, state: Cloudflare) -> None:
        self.folder = folder
        self.state = state
        self._zone = next(iter(state.zones.values()))

    def run(self, argv: list[str], *, empty: bool = False) -> Job:
        """A whole process; with `empty` the zone is emptied before, outside of the measured time."""
        job = process(argv, self.folder)

        def measured() -> float:
            self._reset(empty=empty)
            return job()

        return measured

    def counted(self, argv: list[str], most: int, *, empty: bool = False) -> Job:
        """The same, and it may send at most so many requests."""
        job = self.run(argv, empty=empty)

        def measured() -> float:
            took = job()
            assert self.state.count() <= most, f"{self.state.count()} requests, at most {most}"
            return took

        return measured

    def _reset(self, *, empty: bool) -> None:
        with self.state.lock:
            self.state.log.clear()
            self.state.bucket.clear()
            if empty:
                self._zone.records.clear()
        if empty:  # edgegen remembers that the zone held records, and would not believe it
            shutil.rmtree(self.folder / ".edgegen", ignore_errors=True)


@contextlib.contextmanager
def _world(folder: Path, records: int) -> Iterator[World]:
    state = Cloudflare(limit=1 << 30)
    state.add_zone(ZONE, plan="pro")
    state.before_request = lambda _number, _path: time.sleep(ANSWER_SECONDS)
    here = folder / f"dns-{records}"
    (here / "zones").mkdir(parents=True, exist_ok=True)
    with Threaded(state) as served, _environment(served.url):
        _write(here, served.url, records)
        yield World(here, state)


@contextlib.contextmanager
def _environment(url: str) -> Iterator[None]:
    mine = {"CLOUDFLARE_BASE_URL": url, "CLOUDFLARE_API_TOKEN": TOKEN}
    before = {key: os.environ.get(key) for key in mine}
    os.environ.update(mine)
    try:
        yield
    finally:
        for key, value in before.items():
            os.environ.pop(key, None)
            if value is not None:
                os.environ[key] = value


def _write(folder: Path, url: str, records: int) -> None:
    rows = [
        {"type": "A", "name": f"h{n}", "content": f"192.0.{n // 250}.{n % 250 + 1}", "ttl": 300} for n in range(records)
    ]
    spec = {"name": "house", "domains": {ZONE: {"records": rows}}, "services": {}}
    (folder / "edge.yaml").write_text(yaml.safe_dump(spec))
    wanted = {row["name"]: {"type": "A", "ttl": 300, "value": row["content"], **_marked(row["name"])} for row in rows}
    (folder / "zones" / f"{ZONE}.yaml").write_text(yaml.safe_dump(wanted))
    cloudflare = {
        "class": "octodns_cloudflare.CloudflareProvider", "token": TOKEN, "api_url": url, "pagerules": False,
        "min_ttl": 60, "records_per_page": 5000,
    }  # fmt: skip
    config = {
        "providers": {
            "config": {"class": "octodns.provider.yaml.YamlProvider", "directory": "./zones", "enforce_order": False},
            "cloudflare": cloudflare,
        },
        "zones": {f"{ZONE}.": {"sources": ["config"], "targets": ["cloudflare"]}},
    }
    (folder / "octo.yaml").write_text(yaml.safe_dump(config))


def _marked(name: str) -> dict[str, object]:
    """octoDNS compares comments too: it is told the marks that edgegen writes."""
    from edgegen.dns.marker import marker
    from edgegen.records import Record, RecordType

    return {"octodns": {"cloudflare": {"comment": marker("house", Record(ZONE, f"{name}.{ZONE}", RecordType.A, ""))}}}
