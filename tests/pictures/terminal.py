"""A command in a terminal, and what its screen shows when it has ended: colours, and status lines already replaced."""

from __future__ import annotations

import errno
import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyte
from pyte.screens import Char

ROWS = 400
"""More than any picture has: nothing scrolls away."""
_DIM, _BLINK, _NORMAL, _STEADY = 2, 5, 22, 25
_EXTENDED = {38, 48}
"""What follows these is a colour's number."""

Row = list[Char]


class Screen(pyte.Screen):
    """pyte knows no dim text. Nothing of edgegen blinks, so the flag for that says dim."""

    def select_graphic_rendition(self, *attrs: int, **more: Any) -> None:
        if not _EXTENDED & {*attrs}:
            attrs = tuple(_BLINK if item == _DIM else item for item in attrs)
            attrs += (_STEADY,) if _NORMAL in attrs else ()
        super().select_graphic_rendition(*attrs, **more)


def shown(
    argv: Sequence[str], columns: int, *, env: Mapping[str, str], cwd: Path | None = None, seconds: float = 240
) -> tuple[int, list[Row]]:
    """The exit code, and the rows of the screen down to the last one with text."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    environment = {**env, "TERM": "xterm-256color", "LANG": "C.UTF-8", "COLUMNS": str(columns)}
    process = subprocess.Popen(
        argv, stdin=theirs, stdout=theirs, stderr=theirs, cwd=cwd, env=environment, start_new_session=True
    )
    os.close(theirs)
    screen = Screen(columns, ROWS)
    stream = pyte.ByteStream(screen)
    try:
        for piece in _pieces(ours, time.monotonic() + seconds):
            stream.feed(piece)
        return process.wait(60), _rows(screen)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def _pieces(terminal: int, deadline: float) -> Any:
    while select.select([terminal], [], [], max(0.0, deadline - time.monotonic()))[0]:
        try:
            piece = os.read(terminal, 1 << 16)
        except OSError as error:
            if error.errno != errno.EIO:  # the last one that wrote there has left
                raise
            return
        if not piece:
            return
        yield piece
    raise AssertionError("the command has not ended in time")


def _rows(screen: pyte.Screen) -> list[Row]:
    assert screen.cursor.y < ROWS - 1, "the screen was too short"
    rows = [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(ROWS)]
    while rows and not line_of(rows[-1]):
        rows.pop()
    return rows


def line_of(row: Row) -> str:
    """Its text, without the space at its end."""
    return "".join(cell.data for cell in row).rstrip()
