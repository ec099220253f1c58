"""edgegen on a real pseudo-terminal of a given width, and what it wrote there with its colours in a readable form."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.zygote import ZYGOTE

_COLOUR = re.compile(r"\x1b\[([\d;]*)m")


@dataclass(frozen=True)
class Screen:
    """What a run left on a terminal: `raw` has its colours as they were sent."""

    code: int
    raw: str

    @property
    def readable(self) -> str:
        """`‹31;1›bad‹›`: where a colour begins and where it ends."""
        return _COLOUR.sub(lambda found: f"‹{'' if found[1] in ('', '0') else found[1]}›", self.raw)

    @property
    def plain(self) -> str:
        return _COLOUR.sub("", self.raw)


def on_terminal(
    words: Sequence[str | Path], columns: int, *, cwd: Path, env: Mapping[str, str] | None = None
) -> Screen:
    """Stdout and stderr of `edgegen WORDS` are the same terminal, as a person has it."""
    given = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "TERM": "xterm-256color", **(env or {})}
    return _on(columns, lambda end: ZYGOTE.run_on([end, end, end], words, env=given, cwd=cwd))


def program_on_terminal(words: Sequence[str], columns: int, *, cwd: Path, stdout: IO[bytes] | None = None) -> Screen:
    """The same for any program. `stdout`: where its result goes instead."""
    env = {**os.environ, "TERM": "xterm-256color"}
    env.pop("COLUMNS", None)  # counts more than the terminal's own width
    return _on(
        columns,
        lambda end: (
            subprocess.run(words, cwd=cwd, env=env, stdin=end, stdout=stdout or end, stderr=end, check=False).returncode
        ),
    )


def _on(columns: int, run: Callable[[int], int]) -> Screen:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    pieces: list[bytes] = []
    reading = threading.Thread(target=_all_of, args=(ours, pieces), daemon=True)
    reading.start()
    try:
        code = run(theirs)
    finally:
        os.close(theirs)
    reading.join(60)
    os.close(ours)
    return Screen(code, _settled(b"".join(pieces).decode()))


def _all_of(end: int, pieces: list[bytes]) -> None:
    while True:
        try:
            piece = os.read(end, 65536)
        except OSError:  # the last one who could write has left
            return
        if not piece:
            return
        pieces.append(piece)


def _settled(text: str) -> str:
    """Without the status lines that came and went."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join(line.rpartition("\r")[2].replace("\x1b[K", "") for line in lines)
