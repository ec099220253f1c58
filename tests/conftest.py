"""What all tests share: the tools of this environment, the command line as a process, golden files."""

from __future__ import annotations

import gc
import os
import re
import signal
import sys
import sysconfig
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from edgegen.secrets import htpasswd
from tests import cheaper, ring, sizes
from tests.here import run_here
from tests.lab_places import LAB, is_found
from tests.late import load_late
from tests.surroundings import surround
from tests.zygote import LEAST_COST, ZYGOTE, Ran

SCRIPTS = sysconfig.get_path("scripts")
SHARED_BY_FILES = ("pool", "site", "typed_pages")
"""Fixtures of a session that are slow to make and serve several files."""
LONGEST = (
    "cli/lint/test_ci", "verify/matrix/test_table", "attacks/test_odd_objects", "typed_pages", "test_ring",
    "cli/test_dns", "site", "project/test_dns_own", "properties/test_odd_strings", "cli/test_lost_passwords",
    "cli/report/test_browser", "verify/test_many", "verify/matrix/test_limits", "deploy/test_lying_docker",
    "release/test_release", "lint/test_reference_agreement", "attacks/test_lying_docker", "cli/test_up_down",
    "cli/test_verify", "cli/test_app", "properties/test_mutated", "cli/test_explain", "faults/test_kill",
    "test_newcomers", "test_wheel", "bench/test_bench_smoke",
)  # fmt: skip
"""The groups that take half a minute or more. Outside the lab they come first, so that the workers end together."""
BEGAN = pytest.StashKey[float]()
CURRENT = pytest.StashKey[pytest.Item]()
surround()
# `docker-compose` and `traefik` are installed beside the interpreter; a test may be run by its full path.
os.environ["PATH"] = SCRIPTS + os.pathsep + os.environ.get("PATH", "")
# Compose, which runs some hundred times, takes half of its time to collect what is gone with it a moment later.
os.environ.setdefault("GOGC", "400")
# pytest rewrites the asserts of 680 files, nine seconds of each worker: what it made is kept (and ignored by git).
sys.dont_write_bytecode = False
load_late()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="Rewrite the golden files; review the diff.")
    parser.addoption(
        "--traefik-versions",
        default=os.environ.get("TRAEFIK_VERSIONS", ""),
        help="Versions of Traefik that the examples start on: `all` that edgegen accepts, or a list like 3.6.2,3.7.0.",
    )
    parser.addoption("--proof", action="store_true", help="All of what is a sample otherwise: hours, before a release.")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Everything in the lab's folder is `lab`: who asks for none of that need not read it."""
    if config.option.markexpr.startswith("not lab") and collection_path == LAB:
        return True
    return True if ring.is_quick(config) and collection_path.is_file() and ring.is_all_slow(collection_path) else None


def pytest_configure(config: pytest.Config) -> None:
    """Before any test module is read: the sizes of many are constants."""
    if config.getoption("--proof"):
        os.environ[sizes.VARIABLE] = "1"
    sizes.load_profile(quick=ring.is_quick(config))
    if ring.says_little(config):
        cheaper.install()
    # A shell starts what runs in its background without SIGINT, and nohup without SIGHUP; children inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """All that is made here stays: the collector of garbage would walk it again and again."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


@pytest.hookimpl(tryfirst=True)  # before xdist reads the marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With xdist one worker takes a whole file, or all tests of a fixture that is slow to make."""
    ring.mark_what_is_over(items)
    lab = f"{LAB}{os.sep}"
    for item in items:
        shared = next((name for name in SHARED_BY_FILES if name in getattr(item, "fixturenames", ())), None)
        if item.get_closest_marker("lab") or str(item.path).startswith(lab):
            if not is_found(item.path):
                raise pytest.UsageError(
                    f"{item.path}: `make test` finds tests of the lab by the words `pytest.mark.lab`"
                )
            # In networks of its own; all others stay on the loopback.
            item.add_marker(pytest.mark.enable_socket)
            item.add_marker(pytest.mark.filterwarnings("default"))  # what a real engine leaves behind is shown
        item.add_marker(_group_mark(shared or item.nodeid.partition("::")[0]))
    if config.option.markexpr == "not lab":
        turns = {name: turn for turn, name in enumerate(LONGEST)}
        items.sort(key=lambda item: turns.get(_group(item), len(turns)))


_group_mark = cache(pytest.mark.xdist_group)


def _group(item: pytest.Item) -> str:
    mark = item.get_closest_marker("xdist_group")
    return str(mark.args[0]).removeprefix("tests/").removesuffix(".py") if mark else ""


@pytest.hookimpl(optionalhook=True)  # without xdist nobody asks
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """xdist's own for all other ways to share the tests out."""
    if config.getvalue("dist") != "loadgroup":
        return None
    from tests.groups import Groups

    return Groups(config, log)


def pytest_collection_finish() -> None:
    """Ten thousand tests are a million objects that stay: the collector need not walk them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Whether it was run here."""
    if not ring.says_little(item.config):
        return None
    ring.run_with_few_words(item, nextitem)
    return True


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> pytest.TestReport | None:
    return ring.short_report(item, call) if ring.says_little(item.config) else None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    item.stash[BEGAN] = ring.cpu_seconds()
    item.session.stash[CURRENT] = item
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    try:
        yield
    finally:
        _make_console_as_at_start()
    if ring.is_quick(item.config):
        ring.check_time(ring.cpu_seconds() - item.stash[BEGAN])


def _make_console_as_at_start() -> None:
    """A command that ran in this process has set how much is printed: the next test starts as a new process does."""
    if room := sys.modules.get("edgegen.cli.console"):
        room.Console.quiet = room.Console.verbose = room.Console.as_json = False


@pytest.fixture(scope="session")
def new_folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """A folder for the test that runs, with the name that pytest gives it."""
    base, counts = tmp_path_factory.getbasetemp(), Counter[str]()

    def made() -> Path:
        name = re.sub(r"\W", "_", request.session.stash[CURRENT].name)[:30]
        while True:
            folder = base / f"{name}{counts[name]}"
            counts[name] += 1
            with suppress(FileExistsError):
                folder.mkdir(0o700)
                return folder

    return made


@pytest.fixture
def tmp_path(new_folder: Callable[[], Path]) -> Path:
    """pytest's own walks through the folders of all tests before, to find the number of the next."""
    return new_folder()


@pytest.fixture(scope="session", autouse=True)
def cost_of_hashes() -> Iterator[int]:
    """What edgegen's bcrypt costs. Here it costs the least, for the real one is a tenth of a second for each user."""
    with pytest.MonkeyPatch.context() as patch:
        real = htpasswd.COST
        patch.setattr(htpasswd, "COST", LEAST_COST)
        yield real


@pytest.fixture(scope="session")
def proof() -> bool:
    """Whether tests that take long do the whole of their work, and not a sample."""
    return sizes.is_proof()


Edgegen = Callable[..., Ran]


@pytest.fixture(scope="session")
def edgegen(pytestconfig: pytest.Config) -> Edgegen:
    """Run edgegen with an environment that holds nothing but what is given; outside of `make quick` in a process."""
    start = run_here if ring.is_quick(pytestconfig) else ZYGOTE.run

    def run(*words: str | Path, env: Mapping[str, str] | None = None, **more: Any) -> Ran:
        return start(words, env={"PATH": os.environ["PATH"], "HOME": "/nonexistent", **(env or {})}, **more)

    return run


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compare with a golden file; `--update-golden` writes it instead."""

    def compare(file: Path, text: str) -> None:
        if request.config.getoption("--update-golden"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        assert file.is_file(), f"{file} is missing: `pytest --update-golden` writes it"
        assert text == file.read_text(encoding="utf-8")

    return compare
