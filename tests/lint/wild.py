"""Lint every Compose file under a folder, and ask Compose about each: `python -m tests.lint.wild FOLDER`.

Public files are looked at where they are, and never committed. Every difference is a fault of the reader, or of the
design that allowed it.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from edgegen.core.errors import SpecError
from edgegen.lint.engine import lint
from edgegen.lint.reader.disk import FolderDisk
from edgegen.lint.reader.project import read_project
from tests.lint.equivalence import ENVIRON, Form, Refused, compose, differences, of_compose, of_lint

_SERVICES = re.compile(rb"^(?:services|include)[ \t]*:", re.MULTILINE)
_ENV_FILE = re.compile(r"env file .* not found|label file .* not found")
_VARIABLE = re.compile(r"\$\{?([A-Za-z_]\w*)")


@dataclass
class Seen:
    """What became of one file."""

    file: Path
    word: str
    """`equal`, `differs`, `both refuse`, `only Compose refuses`, `only lint refuses`, `crash`, `too slow`."""
    details: list[str] = field(default_factory=list)
    findings: Counter[str] = field(default_factory=Counter)


def files_under(folder: Path) -> Iterator[Path]:
    """Every YAML file that looks like a Compose file."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in (".yml", ".yaml") and path.is_file() and _SERVICES.search(path.read_bytes()):
            yield path


def look(file: Path) -> Seen:
    """Read one file, and compare with Compose; where that refuses it, once more with a value for every variable."""
    seen = _look(file, ENVIRON)
    if "refuse" in seen.word and (names := set(_VARIABLE.findall(file.read_text(errors="replace")))):
        again = _look(file, {**{name: f"x{index}" for index, name in enumerate(sorted(names))}, **ENVIRON})
        again.findings = seen.findings
        return again
    return seen


def _look(file: Path, environ: Mapping[str, str]) -> Seen:
    folder = file.parent.resolve()
    findings: Counter[str] = Counter()
    try:
        project = read_project([file.name], FolderDisk(folder), folder=str(folder), environ=environ)
        mine = of_lint(project, folder)
        findings.update(f"{item.finding.id} {item.finding.severity.value}" for item in lint(project))
    except SpecError as error:
        return _refused(file, str(error), environ)
    except Exception:  # whatever it is, it is what is looked for
        return Seen(file, "crash", [traceback.format_exc()])
    try:
        theirs, whole = _theirs(folder, file.name, environ)
    except Refused as error:
        word = "both refuse" if project.remarks or project.gaps else "only Compose refuses"
        return Seen(file, word, str(error).strip().splitlines()[-1:], findings)
    except subprocess.TimeoutExpired:
        return Seen(file, "too slow", [], findings)
    found = differences(theirs, _comparable(mine, theirs, whole=whole))
    return Seen(file, "differs" if found else "equal", found, findings)


def _refused(file: Path, said: str, environ: Mapping[str, str]) -> Seen:
    try:
        compose(file.parent.resolve(), [file.name], environ)
    except Refused as error:
        return Seen(file, "both refuse", str(error).strip().splitlines()[-1:])
    return Seen(file, "only lint refuses", [said])


def _theirs(folder: Path, name: str, environ: Mapping[str, str]) -> tuple[Form, bool]:
    """Compose's form, and whether env files are in it."""
    try:
        return of_compose(compose(folder, [name], environ)), True
    except Refused as error:
        if not _ENV_FILE.search(str(error)):
            raise
        return of_compose(compose(folder, [name], environ, env_files=False)), False


def _comparable(mine: Form, theirs: Form, *, whole: bool) -> Form:
    """What lint does not know, a stack's names or those of a variable without a value, is not compared."""
    for kind in ("networks", "volumes"):
        for key, (name, external) in mine[kind].items():
            if name is None and key in theirs[kind]:
                mine[kind][key] = (theirs[kind][key][0], external)
    for kind in ("secrets", "configs"):
        for key, name in mine[kind].items():
            if name is None and key in theirs[kind]:
                mine[kind][key] = theirs[kind][key]
    if mine["name"] is None:
        mine["name"] = theirs["name"]
    if not whole:
        for form in (theirs, mine):
            for service in form["services"].values():
                service.pop("environment")
    return mine


def survey(folder: Path, *, jobs: int = 2, every: int = 1) -> Iterator[Seen]:
    """All files of a folder, or one in so many."""
    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(look, list(files_under(folder))[::every])


def main() -> int:
    """0 where nothing crashed and nothing differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=1, help="look at one file in so many")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    options = parser.parse_args()
    words: Counter[str] = Counter()
    findings: Counter[str] = Counter()
    for seen in survey(options.folder, jobs=options.jobs, every=options.every):
        words[seen.word] += 1
        findings.update(set(seen.findings))
        if seen.word not in ("equal", "both refuse"):
            print(f"{seen.word}: {seen.file}", *seen.details[:5], sep="\n    ", flush=True)
    print(*(f"{count:6} {word}" for word, count in words.most_common()), sep="\n")
    print("files with a finding of:", *(f"{count:6} {word}" for word, count in sorted(findings.items())), sep="\n")
    return 1 if words.keys() & {"crash", "differs", "only lint refuses"} else 0


if __name__ == "__main__":
    sys.exit(main())
