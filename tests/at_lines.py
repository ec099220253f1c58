"""A signal at chosen lines of a command: `python -m tests.at_lines FOLDER POINTS SEED SIGNAL WORD…`.

A fork of this process, which has the imports, runs the command once in a copy of the folder and notes the lines of
edgegen, and of what of Python holds locks, that it comes to. For a sample of these lines another fork runs it again, in
a new copy, and raises the signal there. What each said and left is printed as JSON.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

LOCKING = ("/threading.py", "/subprocess.py", "/contextlib.py")
Place = tuple[str, int]


def is_watched(file: str, room: str) -> bool:
    return file.startswith(room) or file.endswith(LOCKING)


def tracer(at: Callable[[Place], None], room: str) -> Callable[[FrameType, str, Any], Any]:
    def local(frame: FrameType, event: str, _: Any) -> Any:
        if event == "line":
            at((frame.f_code.co_filename, frame.f_lineno))
        return local

    return lambda frame, _event, _: local if is_watched(frame.f_code.co_filename, room) else None


def run(words: list[str], place: Path, at: Callable[[Place], None]) -> dict[str, Any]:
    """In a fork, with its streams in files."""
    import edgegen
    from edgegen.__main__ import main

    project = place / "project"
    pid = os.fork()
    if pid == 0:
        for number, name in enumerate(("in", "out", "err")):
            os.dup2(os.open(place / name, os.O_RDWR | os.O_CREAT), number)
        os.chdir(project)
        sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", buffering=1, closefd=False)  # noqa: SIM115
        sys.argv, code = ["edgegen", *words], 99
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.alarm(20)  # one that hangs
        sys.settrace(tracer(at, str(Path(edgegen.__file__).parent)))
        try:
            main()
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else 98
        except BaseException as error:
            sys.settrace(None)
            print(f"Traceback: {error!r}", file=sys.stderr)
        sys.settrace(None)
        threading._shutdown()  # type: ignore[attr-defined]  # as the interpreter does
        sys.stdout.flush()
        os._exit(code)
    _, status = os.waitpid(pid, 0)
    return {"code": os.waitstatus_to_exitcode(status)} | {name: (place / name).read_text() for name in ("out", "err")}


def tried(words: list[str], template: Path, at: Callable[[Place], None]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        shutil.copytree(template, place / "project")
        before = tree(place / "project")
        ran = run(words, place, at)
        after = tree(place / "project")
        lines = place / "lines"
        return ran | {
            "changed": sorted(name for name in {*before, *after} if before.get(name) != after.get(name)),
            "left": [name for name in after if ".edgegen-tmp-" in name],
            "lines": json.loads(lines.read_text()) if lines.exists() else [],
        }


def tree(folder: Path) -> dict[str, bytes]:
    """Without locks, which say nothing about the project."""
    files = ((str(path.relative_to(folder)), path) for path in folder.rglob("*") if path.is_file())
    return {name: path.read_bytes() for name, path in files if not name.endswith(".edgegen/lock")}


def lines_of(words: list[str], template: Path) -> tuple[dict[str, Any], Counter[Place]]:
    """How it ends by itself, and how often it comes to which line."""
    seen: Counter[Place] = Counter()

    def note(place: Place) -> None:
        seen[place] += 1
        if place[0].endswith("__main__.py"):  # the last line is one of these
            Path("../lines").write_text(json.dumps([[*where, count] for where, count in seen.items()]))

    ran = tried(words, template, note)
    return ran, Counter({(file, line): count for file, line, count in ran.pop("lines")})


def points(seen: Counter[Place], most: int, seed: int) -> Iterator[tuple[Place, int]]:
    chosen = random.Random(seed)
    places = sorted(seen)
    for place in chosen.sample(places, min(most, len(places))):
        yield place, chosen.choice((1, seen[place]))


def stopped_at(wanted: Place, time: int, number: int) -> Callable[[Place], None]:
    count = 0

    def at(place: Place) -> None:
        nonlocal count
        if place == wanted:
            count += 1
            if count == time:
                sys.settrace(None)
                signal.raise_signal(number)

    return at


if __name__ == "__main__":
    from tests.zygote import _warm

    template, most, seed, number, words = (
        Path(sys.argv[1]),
        int(sys.argv[2]),
        int(sys.argv[3]),
        sys.argv[4],
        sys.argv[5:],
    )
    _warm()
    undisturbed, seen = lines_of(words, template)
    found = [
        tried(words, template, stopped_at(place, time, int(number))) | {"at": f"{place[0]}:{place[1]} #{time}"}
        for place, time in points(seen, most, seed)
    ]
    print(json.dumps({"undisturbed": undisturbed, "lines": len(seen), "found": found}))
