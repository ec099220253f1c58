"""`python -m tests ARGS`: the lab's tests in two workers, and beside them all the others on all cores.

Each worker of the lab has an engine and a network of its own, and the lab's hosts are three engines on another one: a
part of its own. The others share nothing, so each worker of xdist takes one file after the other. The lab takes
longest and mostly waits, so the others leave it the cores where both want them. All outputs are shown as they come,
the lab's behind a mark, and what has failed is named again at the end. The proof has figures to measure on the hosts,
so the whole lab is one worker there, and the hosts come after the rest.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.lab_places import lab_places
from tests.sizes import is_proof

TESTS = Path(__file__).parent
ALONE = ("-p", "no:xdist")
GROUPS = ("--dist", "loadgroup", "--no-loadscope-reorder")
"""In the order of the conftests: what takes long comes first."""
LAB = ("-n", "2", *GROUPS)
NICE = ("nice", "-n", "2")
"""Two thirds of the lab's weight, so that both end together; less would be too little for tests with real deadlines."""
OTHERS = ("-m", "not lab", "-n", str((os.cpu_count() or 1) + 1), *GROUPS)
"""One more than cores: half of their time these tests wait. No more: each worker reads all tests, and makes what
sessions share."""
NOTHING_CHOSEN = 5


@dataclass
class Part:
    """One pytest: what is put before its lines, and which tests have failed."""

    mark: str
    process: subprocess.Popen[str]
    failed: list[str] = field(default_factory=list)

    def show(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith(("FAILED ", "ERROR ")):
                self.failed.append(line)
            sys.stdout.write(self.mark + line)
            sys.stdout.flush()


def started(mark: str, words: tuple[str, ...], arguments: list[str], before: tuple[str, ...] = ()) -> Part:
    command = [*before, sys.executable, "-m", "pytest", *words, *arguments]
    # A test may print bytes that are not UTF-8. A reader that stops there leaves its part blocked.
    pipe, both = subprocess.PIPE, subprocess.STDOUT
    return Part(mark, subprocess.Popen(command, stdout=pipe, stderr=both, encoding="utf-8", errors="replace"))


def outcome(codes: list[int]) -> int:
    """The worst; that a part has no test of those asked for is no failure."""
    if all(code == NOTHING_CHOSEN for code in codes):
        return NOTHING_CHOSEN
    return max((abs(code) for code in codes if code != NOTHING_CHOSEN), default=0)


def parts_of(arguments: list[str]) -> Iterator[Part]:
    """One pytest for each part, all started. Those of the lab need not read what has none of its tests."""
    of_the_lab = arguments if any(map(_is_a_place, arguments)) else [*arguments, *map(str, lab_places())]
    if "--proof" in arguments or is_proof():
        yield started("lab | ", ("-m", "lab", *ALONE), of_the_lab)
    else:
        yield started("lab | ", ("-m", "lab and not hosts", *LAB), of_the_lab)
        yield started("hosts | ", ("-m", "hosts", *ALONE), arguments or [str(TESTS / "lab")])
    yield started("", OTHERS, arguments, NICE)


def _is_a_place(argument: str) -> bool:
    """Whether somebody says which tests they want."""
    return Path(argument.partition("::")[0]).exists()


def main(arguments: list[str]) -> int:
    parts: list[Part] = []
    try:
        parts.extend(parts_of(arguments))
        readers = [threading.Thread(target=part.show) for part in parts]
        for reader in readers:
            reader.start()
        codes = [part.process.wait() for part in parts]
        for reader in readers:
            reader.join()
    finally:
        for part in parts:
            part.process.terminate()
    failed = [line for part in parts for line in part.failed]
    sys.stdout.write("".join(["\n", *failed]) if failed else "\n")
    for part, code in zip(parts, codes, strict=True):
        sys.stdout.write(f"{part.mark.rstrip(' |') or 'all others'}: exit code {code}\n")
    return outcome(codes)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
