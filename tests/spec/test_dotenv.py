"""`.env` as Compose reads it: a table of hard lines, each judged by the real docker-compose."""

from __future__ import annotations

import json
import random
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from edgegen.core.errors import SpecError
from edgegen.spec.dotenv import parse
from tests.lab.parsers import COMPOSE
from tests.sizes import sized

pytestmark = pytest.mark.slow

HARD = (
    "A=1",
    "A=",
    "A",
    "export A=1",
    "export\tA=1",
    "export A",
    "exportA=1",
    "A=1 # c",
    "A=1# c",
    "A=1 #c",
    "A= # c",
    "A=#c",
    'A="1 # 2" # c',
    "A='1 # 2' # c",
    "A = 1",
    "A= 1",
    "  A=1",
    "A=1  ",
    'A="a\\nb"',
    "A='a\\nb'",
    "A=a\\nb",
    'A="a\nb"\nB=2',
    "A='a\nb'\nB=2",
    'A="a\\"b"',
    "A='a\\'b'",
    "A='a\\\\b'",
    'A="a\\\\b"',
    'A="a\\$B"\nB=2',
    "A=a\\$B",
    'A="\\t\\x41\\0101"',
    "B=2\nA=$B",
    "B=2\nA=${B}",
    'B=2\nA="${B}x"',
    "B=2\nA='${B}'",
    "A=${B:-d}",
    "A=${B-d}",
    "A=${B:?no}",
    "A=${OS}",
    "A=$OS",
    "A=$$B",
    "A=$5",
    "A=a$",
    "A=${",
    "A=${1}",
    "A: 1",
    "A:1",
    "A : 1",
    "A=1\r\nB=2\r\n",
    'A="1"\r\nB=2\r\n',
    "A=\r\n",
    "\ufeffA=1",
    'A="unterminated',
    'A=a"b"c',
    'A="1"x',
    'A="1" x=2',
    "A=1\nA=2",
    "OS=fromfile",
    "A-B=1\nA=2",
    "A.B=1\nA=2",
    "A B=1",
    "1A=2\nA=3",
    "#A=1\nA=2",
    "A=\xe9",
    "A=a=b",
    "=1",
    "?A=1",
    "A=a;b",
    "A=`x`",
    'A="a" "b"',
    "A=\\",
    'A="\\',
    "A=it's",
    "A=a\tb # c",
    "A=a\t# c",
    'A=" a "',
    "A=\xa0b",
    'A="a\\\nb"',
    'A="line1\\r"',
    "A=${B",
    'A="$B$$"',
    "B=\nA=${B:-x}${B-y}",
    'A={"k":"v # x"}',
    "A=[1, 2]",
    "A=true",
    "A=null",
    "A='$5'",
    'A="${X:-{}}"',
    "A=1\n\n\n  # c\nB=2",
    "A=\x00b",
    "[a]\nA=1",
    "A[0]=1\nA=2",
    "A\n",
    "OS\nA=$OS",
    "A=1\vB=2",
    "A=a\x85b",
    "export=1\nA=2",
    "export =1\nA=2",
    "A=${export}",
    "A=1\rB=2",
    "A='",
    "A=''",
    'A=""',
    'A="" # x',
    "A=x${OS:+y}",
    "A=x${OS:?z}",
    'A="\'"',
    "A='\"'",
    "A='a\"b'",
    'A="a\'b"',
    'A=\\"x\\"',
    "A=a\\'b",
)
# What real files are made of, thrown together.
PIECES = (
    "A",
    "B",
    "=",
    ":",
    " ",
    "\n",
    '"',
    "'",
    "#",
    "\\",
    "$",
    "{",
    "}",
    "-",
    "export ",
    "x",
    "1",
    "\t",
    "\r\n",
    "$A",
    "${B}",
    ".",
)


def written(text: str, folder: Path, service: str = "s") -> None:
    """A project whose one service shows what the file makes of A, B and OS."""
    folder.mkdir()
    (folder / ".env").write_bytes(text.encode())
    shown = {"image": "x", "environment": {name: f"${{{name}-UNSET}}" for name in ("A", "B", "OS")}}
    (folder / "compose.yml").write_text(json.dumps({"services": {service: shown}}))


def compose(text: str, folder: Path) -> dict[str, str] | str:
    """The values of A, B and OS after Compose has read the file, or what it says against it."""
    written(text, folder)
    found = services(folder)
    return found if isinstance(found, str) else found["s"]


def compose_of_many(texts: Sequence[str], folder: Path) -> list[dict[str, str]]:
    """The same of many files at once, none of which it refuses: each is of a project that another one includes."""
    folder.mkdir()
    for number, text in enumerate(texts):
        written(text, folder / str(number), f"s{number}")
    of = [{"path": f"{number}/compose.yml", "project_directory": str(number)} for number in range(len(texts))]
    (folder / "compose.yml").write_text(json.dumps({"include": of}))
    found = services(folder)
    assert not isinstance(found, str), found
    return [found[f"s{number}"] for number in range(len(texts))]


def services(folder: Path) -> dict[str, dict[str, str]] | str:
    """What Compose finds in the environment of each, or what it says against the project."""
    done = subprocess.run(
        [str(COMPOSE), "-p", "p", "-f", "compose.yml", "config", "--format", "json"],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "OS": "of the system"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode:
        return done.stderr
    return {
        service: {name: value.replace("$$", "$") for name, value in shown["environment"].items() if value != "UNSET"}
        for service, shown in json.loads(done.stdout)["services"].items()
    }


def ours(text: str) -> dict[str, str] | None:
    environ = {"OS": "of the system"}
    try:
        found = {**parse(text, environ), **environ}
    except SpecError as error:
        assert error.problems[0].where is not None
        return None
    return {name: found[name] for name in ("A", "B", "OS") if name in found}


def judge(texts: Sequence[str], folder: Path) -> None:
    """Those that we refuse, one by one. Compose takes all others, or it says which one it refuses."""
    refused = [text for text in texts if ours(text) is None]
    with ThreadPoolExecutor(2) as pool:
        judged = list(pool.map(lambda item: compose(item[1], folder / str(item[0])), enumerate(refused)))
    assert [text for text, theirs in zip(refused, judged, strict=True) if not isinstance(theirs, str)] == []
    taken = [text for text in texts if ours(text) is not None]
    for text, theirs in zip(taken, compose_of_many(taken, folder / "many"), strict=True):
        assert ours(text) == theirs, text


def test_one_that_is_refused_is_found_among_many(tmp_path: Path) -> None:
    """And none is read with the lines of another one."""
    with pytest.raises(AssertionError, match=r"2/\.env"):
        compose_of_many(["A=1", "B=2", "A=${"], tmp_path / "refused")
    assert compose_of_many(["A=1", "B=$A", "B=2\nA=$B"], tmp_path / "taken") == [
        {"A": "1", "OS": "of the system"}, {"B": "", "OS": "of the system"}, {"A": "2", "B": "2", "OS": "of the system"}
    ]  # fmt: skip


def test_hard_lines_are_read_as_compose_reads_them(tmp_path: Path) -> None:
    judge(HARD, tmp_path)


def test_lines_at_random_are_too(tmp_path: Path) -> None:
    source = random.Random(9)
    judge(
        ["".join(source.choice(PIECES) for _ in range(source.randint(1, 14))) for _ in range(sized(40, 100))], tmp_path
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("A=1\nB='x\n", ".env:2:3"),
        ("A=1\n\n# c\n  B C=1\n", ".env:4:3"),
        ("A=1\n?B=secret\n", ".env:2:1"),
        ("A=${B:?secret}\n", ".env:1:3"),
        ("A=secret${\n", ".env:1:3"),
    ],
)
def test_what_compose_refuses_is_refused_with_its_line(text: str, place: str) -> None:
    with pytest.raises(SpecError) as caught:
        parse(text, {})
    assert str(caught.value).startswith(f"{place}: ")
    assert "secret" not in str(caught.value)


def test_blanks_inside_a_value_take_no_time() -> None:
    """An expression for the blanks at the end begins anew at each of the others."""
    begun = time.process_time()
    assert parse("A=1" + " \t" * 20_000 + "x \t\u2009\u3000\r\n", {})["A"].endswith("\tx")
    assert time.process_time() - begun < 1
