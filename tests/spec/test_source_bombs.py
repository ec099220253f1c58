"""Files that are made to hurt: each is refused with one line, in a process of its own, within 1 s and 150 MB."""

from __future__ import annotations

import subprocess
import sys
import textwrap

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
    data = sys.stdin.buffer.read()
    start = time.process_time()
    try:
        read_yaml(data, "edge.yaml")
        print("accepted")
    except SpecError as error:
        print(str(error).splitlines()[0])
    seconds = time.process_time() - start
    # Not getrusage: that maximum is inherited from the parent.
    peak = next(l for l in pathlib.Path("/proc/self/status").read_text().splitlines() if l.startswith("VmHWM"))
    print(seconds, int(peak.split()[1]) / 1024)
    """
)


def outcome(text: str, child: str = CHILD) -> tuple[str, float, float]:
    done = subprocess.run(
        [sys.executable, "-c", child], input=text.encode(), capture_output=True, timeout=60, check=True
    )
    line, figures = done.stdout.decode().strip().rsplit("\n", 1)
    seconds, megabytes = map(float, figures.split())
    return line, seconds, megabytes


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_time_and_space(name: str) -> None:
    text, sentence = BOMBS[name]
    line, seconds, megabytes = outcome(text)
    assert line.startswith("edge.yaml")
    assert sentence in line
    assert seconds < 1
    assert megabytes < 150


def test_the_gauge_sees_what_a_loader_without_bounds_does() -> None:
    careless = CHILD.replace(
        'read_yaml(data, "edge.yaml")', "__import__('yaml').load(data, __import__('yaml').CSafeLoader)"
    )
    _line, seconds, megabytes = outcome(BOMBS["10 MB"][0][:1_500_000], careless)
    assert seconds > 1 or megabytes > 150
    line, _seconds, _megabytes = outcome(BOMBS["alias bomb"][0], careless)
    assert line == "accepted"
