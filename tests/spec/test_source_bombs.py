"""Files that are made to hurt: each is refused with one line, in a process of its own, within 1 s and 150 MB."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

NINES = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{','.join(['*' + chr(97 + i)] * 9)}]\n" for i in range(9)
)
BOMBS = {
    "alias bomb": (NINES, "aliases stand for more than 50,000 values"),
    "merge bomb": (
        "a: &a {" + ",".join(f"k{i}: 1" for i in range(2000)) + "}\nb: {<<: [" + "*a," * 50 + "]}",
        "50,000",
    ),
    "many aliases": ("a: &a x\nb: [" + "*a," * 51 + "]", "more than 50 aliases"),
    "self alias": ("a: &a [*a]", "is inside the anchor"),
    "deep flow lists": ("a: " + "[" * 500_000, "nested deeper than 32"),
    "deep flow mappings": ("a: " + "{a: " * 200_000, "nested deeper than 32"),
    "deep block lists": ("- " * 500_000, "nested deeper than 32"),
    "deep block mappings": ("".join(" " * i + "a:\n" for i in range(1000)), "nested deeper than 32"),
    "deep keys": ("? " * 500_000, "a key must be plain text"),
    "many keys": ("".join(f"k{i}:\n" for i in range(104_000)), "more than 100,000 keys and list items"),
    "one key many times": ("a:\n" * 300_000, "a second time"),
    "many refused values": ("a:\n" + "- 0755\n" * 140_000, "0o755"),
    "a long scalar": ("a: " + "x" * 70_000, "70,000 characters"),
    "a long quoted scalar": ("a: '" + "''" * 500_000 + "'", "500,000 characters"),
    "a long block scalar": ("a: |\n" + " x\n" * 300_000, "600,000 characters"),
    "a long key": ("x" * 1_000_000 + ": 1", "."),
    "an open quote": ('a: "' + "\\n" * 500_000, "a quote is not closed"),
    "an open list": ("a: [" + "1," * 500_000, "a bracket is not closed"),
    "anchors without end": ("&a " * 300_000, "."),
    "a tag without end": ("!" * 1_000_000, "."),
    "a directive without end": ("%" * 1_000_000, "."),
    "comments alone": ("#" * 1_000_000, "the file is empty"),
    "spaces alone": (" " * 1_000_000, "the file is empty"),
    "10 MB": ("a: b\n" * 2_000_000, "at most 1,048,576 are read"),
    "big integer": ("a: " + "9" * 60_000, "beyond 64 bits"),
}

CHILD = textwrap.dedent(
    """
    import pathlib, sys, time
    from edgegen.core.errors import SpecError
    from edgegen.spec.source import read_yaml

    def judge(file):
        data = file.read_bytes()
        start = time.process_time()
        try:
            read_yaml(data, "edge.yaml")
            said = "accepted"
        except SpecError as error:
            said = str(error).splitlines()[0]
        seconds = time.process_time() - start
        # Not getrusage: that maximum is inherited from the parent.
        peak = next(l for l in pathlib.Path("/proc/self/status").read_text().splitlines() if l.startswith("VmHWM"))
        print(said, seconds, int(peak.split()[1]) / 1024, sep="\\n", flush=True)

    import os
    for name in sys.argv[1:]:
        pid = os.fork()  # each bomb in a process of its own, which has loaded what it needs
        if pid == 0:
            judge(pathlib.Path(name))
            os._exit(0)
        assert os.waitpid(pid, 0)[1] == 0, name
    """
)
Outcome = tuple[str, float, float]


def outcomes(texts: Sequence[str], folder: Path, child: str = CHILD) -> list[Outcome]:
    """Of each text: what is said, the seconds and the megabytes."""
    files = [folder / str(number) for number in range(len(texts))]
    for file, text in zip(files, texts, strict=True):
        file.write_text(text, encoding="utf-8")
    command = [sys.executable, "-c", child, *map(str, files)]
    done = subprocess.run(command, capture_output=True, timeout=300, check=True, encoding="utf-8")
    lines = done.stdout.splitlines()
    assert len(lines) == 3 * len(texts)
    return [(lines[at], float(lines[at + 1]), float(lines[at + 2])) for at in range(0, len(lines), 3)]


@pytest.fixture(scope="module")
def exploded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    texts = [text for text, _ in BOMBS.values()]
    return dict(zip(BOMBS, outcomes(texts, tmp_path_factory.mktemp("bombs")), strict=True))


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_time_and_space(name: str, exploded: dict[str, Outcome]) -> None:
    line, seconds, megabytes = exploded[name]
    assert line.startswith("edge.yaml")
    assert BOMBS[name][1] in line
    assert seconds < 3  # what has no bounds takes minutes
    assert megabytes < 150


def test_the_gauge_sees_what_a_loader_without_bounds_does(tmp_path: Path) -> None:
    careless = CHILD.replace(
        'read_yaml(data, "edge.yaml")', "__import__('yaml').load(data, __import__('yaml').CSafeLoader)"
    )
    texts = [BOMBS["10 MB"][0][:1_000_000], BOMBS["alias bomb"][0]]
    (_, seconds, megabytes), (line, _, _) = outcomes(texts, tmp_path, careless)
    assert seconds > 3 or megabytes > 150
    assert line == "accepted"
