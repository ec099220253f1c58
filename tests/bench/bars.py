"""The bars P1 to P4 of the design, each as the design words it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml
from msgspec.structs import replace

from edgegen.compose.emit import emit
from edgegen.core.errors import SpecError
from edgegen.spec.load import load_text
from edgegen.spec.source import DEFAULT
from tests.bench.documents import planted, spec
from tests.bench.installed import edgegen
from tests.bench.measure import ROUNDS, Comparison, call, compare, process, script

# The cap of 1 MiB, and the counts that go with it, lifted for the benchmark.
LIFTED = replace(DEFAULT, max_bytes=1 << 30, keys=1 << 30)
NEEDED = "import typer, yaml, jinja2; from pydantic import BaseModel"
"""What a render can't do without. pydantic defers its work: its bare name costs next to nothing."""
LOAD_AND_DUMP = """\
import yaml
with open("docker-compose.yml", encoding="utf-8") as file:
    data = yaml.load(file, yaml.CSafeLoader)
with open("copy.yml", "w", encoding="utf-8") as file:
    yaml.dump(data, file, yaml.CSafeDumper)
"""


def p1(folder: Path, rounds: int = ROUNDS) -> Iterator[Comparison]:
    """Starting."""
    version, bare = process(edgegen("--version"), folder), script("pass", folder)
    yield compare("P1", "`edgegen --version`", "`python -c pass`", 1.8, (version, bare), rounds=rounds)
    helped, typer = process(edgegen("--help"), folder), script("import typer", folder)
    yield compare("P1", "`edgegen --help`", '`python -c "import typer"`', 1.25, (helped, typer), rounds=rounds)


def p2(folder: Path, rounds: int = ROUNDS, large: int = 1000, small: int = 10) -> Iterator[Comparison]:
    """Rendering, from an empty project to all its files."""
    many, few = made_project(folder, large), made_project(folder, small)
    whole = script(LOAD_AND_DUMP, many)
    render_many, render_few = _render(many), _render(few)
    render_many()
    what = "a process with CSafeLoader + CSafeDumper on the same document"
    yield compare("P2", f"`render` of {large:,} services", what, 1.2, (render_many, whole), rounds=rounds)
    job = script(NEEDED, few)
    yield compare("P2", f"`render` of {small:,} services", f'`python -c "{NEEDED}"`', 1.6, (render_few, job),
                  rounds=rounds)  # fmt: skip


def p3(folder: Path, rounds: int = ROUNDS, services: int = 1000) -> Iterator[Comparison]:
    """Emitting alone, and the same data after parsing."""
    project = made_project(folder, services)
    _render(project)()
    data = yaml.load((project / "docker-compose.yml").read_text(), yaml.CSafeLoader)
    assert yaml.load(emit(data, interpolated=False), yaml.CSafeLoader) == data
    mine = call(lambda: emit(data, interpolated=False))
    theirs = call(lambda: yaml.dump(data, Dumper=yaml.CSafeDumper))
    yield compare("P3", f"emitting {services:,} services", "CSafeDumper", 0.35, (mine, theirs), rounds=rounds)


def p4(folder: Path, rounds: int = ROUNDS, services: int = 1000) -> Iterator[Comparison]:
    """Loading and checking, without and with mistakes, whose places are all looked up."""
    text, wrong, ten_times = spec(services), spec(services, mistakes=True), spec(10 * services)
    bare, bare_wrong = (call(lambda data=data: yaml.load(data, yaml.CSafeLoader)) for data in (text, wrong))
    load = call(lambda: load_text(text, limits=LIFTED))
    what = "bare CSafeLoader"
    yield compare("P4", f"load and validate {services:,} services", what, 1.2, (load, bare), rounds=rounds)
    count = planted(services)
    yield compare("P4", f"the same with {count:,} mistakes and their places", what, 1.2,
                  (call(lambda: mistakes(wrong, count)), bare_wrong), rounds=rounds)  # fmt: skip
    yield compare("P4", f"load and validate {10 * services:,} services", f"the same of {services:,}", 12,
                  (call(lambda: load_text(ten_times, limits=LIFTED)), load), rounds=rounds)  # fmt: skip


def mistakes(text: bytes, expected: int) -> list[Any]:
    """Every problem of a wrong spec, each with its line and column; there must be as many as were planted."""
    try:
        load_text(text, limits=LIFTED)
    except SpecError as error:
        found = error.problems
    else:
        found = []
    assert len(found) == expected, f"{len(found)} problems of {expected}"
    assert all(problem.where is not None and problem.where.line for problem in found)
    return found


def made_project(folder: Path, services: int) -> Path:
    """A project directory that holds nothing but a spec of so many services."""
    project = folder / f"services-{services}"
    project.mkdir(exist_ok=True)
    (project / "edge.yaml").write_bytes(spec(services))
    return project


def _render(project: Path) -> Callable[[], float]:
    """`edgegen render` in a project that has nothing but its spec."""
    run = process(edgegen("render"), project)

    def job() -> float:
        for entry in project.iterdir():
            if entry.is_dir() and entry.name != ".pycache":
                shutil.rmtree(entry)
            elif entry.name in ("docker-compose.yml", ".gitignore", ".dockerignore"):
                entry.unlink()
        return run()

    return job


BARS = (p1, p2, p3, p4)
