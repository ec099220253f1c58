"""What a person or a program sees: results on stdout, notes and errors on stderr, one JSON object with `--json`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any, ClassVar, TextIO

from edgegen.core.errors import EdgegenError, LocalIOError, Problem
from edgegen.core.finding import Finding

SCHEMA_VERSION = 1


ERASE = "\x1b[K"


class Console:
    """How much is said; set once by the command that runs."""

    quiet = False
    verbose = False
    as_json = False
    is_busy = False
    """Somebody writes the line at the bottom of the terminal."""
    has_status_line = False
    """It stands there just now: whatever is said takes its place."""
    turned_away: ClassVar[list[TextIO]] = []
    """Streams on which writing has failed: what is written to them goes nowhere."""
    must_arrive = False
    """A reader who has left is an error just now."""


def out(text: str) -> None:
    """A line of the result. Raises LocalIOError where it can't be written; a reader who has left is no error."""
    _write_result(text if text.endswith("\n") else text + "\n")


def flush() -> None:
    """The result is out, as far as anybody reads it. Raises LocalIOError where it can't be written."""
    _result_written(sys.stdout.flush)


@contextmanager
def shown_once(lost: Sequence[Problem]) -> Iterator[None]:
    """What is written inside can't be shown again: raises LocalIOError with `lost` where it did not reach its reader.

    Everywhere else a reader who has left is no error.
    """
    if not lost:
        yield
        return
    Console.must_arrive = True
    try:
        # A name of /dev/null: it was closed. Who says `> /dev/null` has asked for it, and the name is another.
        if getattr(sys.stdout, "name", "") == os.devnull or sys.stdout in Console.turned_away:
            raise LocalIOError("nothing can be written there")
        yield
        flush()
    except LocalIOError as error:
        raise LocalIOError(
            [replace(item, message=f"{item.message} ({error.problems[0].message})") for item in lost]
        ) from None
    finally:
        Console.must_arrive = False


def _write_result(text: str) -> None:
    _result_written(lambda: sys.stdout.write(text))


def _result_written(write: Callable[[], object]) -> None:
    """What a command has done is done, and its exit code stays, whether its result was read to the end or not."""
    try:
        write()
    except BrokenPipeError:
        _turn_away(sys.stdout)
        if Console.must_arrive:
            raise LocalIOError("the result can't be written: its reader has left") from None
    except OSError as error:
        _turn_away(sys.stdout)
        raise LocalIOError(f"the result can't be written: {error.strerror or error}") from None


def _say(text: str) -> None:
    """Onto stderr; where that can't be written to there is nowhere left to say so."""
    try:
        if Console.has_status_line:
            Console.has_status_line = False
            text = f"\r{ERASE}{text}"
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        _turn_away(sys.stderr)


def _turn_away(stream: TextIO) -> None:
    """Nothing more comes out here: what is still in the buffer would be tried again when the process leaves."""
    Console.turned_away.append(stream)
    with suppress(OSError, ValueError):  # a captured stream has no descriptor
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def _is_utf_8(stream: TextIO) -> bool:
    return (stream.encoding or "").lower().replace("-", "").replace("_", "") == "utf8"


def show(text: str) -> None:
    """A line of the result that holds words of others (names of records, answers of servers): they command nothing."""
    out(printable(text))


def note(text: str) -> None:
    """A remark beside the result; silent with `-q`."""
    if not Console.quiet:
        _say(printable(text) + "\n")


def detail(text: str) -> None:
    """A remark for whoever asked for more (`-v`)."""
    if Console.verbose:
        note(text)


def warn(problems: Iterable[Problem]) -> None:
    """Things that are worth a remark, but stop nothing."""
    for problem in problems:
        if not Console.quiet:
            _say(f"{coloured('warning', '33', sys.stderr)}: {printable(_with_hint(problem))}\n")


def show_error(error: EdgegenError) -> None:
    """Every problem of an error: what, where, how to mend it, and the exit code."""
    label = coloured(f"error[{error.exit_code}]", "31;1", sys.stderr)
    for problem in error.problems:
        _say(f"{label}: {printable(_with_hint(problem))}\n")


def json_result(command: str, ok: bool, findings: Sequence[Finding] = (), **more: Any) -> None:
    """The one JSON object of a command."""
    body = {
        "schema_version": SCHEMA_VERSION,
        "command": command,
        "ok": ok,
        "findings": [finding.as_json() for finding in findings],
        **more,
    }
    # Piece by piece: a report of a thousand hosts is some megabytes, and would be there three times else.
    for part in json.JSONEncoder(ensure_ascii=not _is_utf_8(sys.stdout), indent=2).iterencode(body):
        _write_result(_harmless(part))
    _write_result("\n")


def _harmless(text: str) -> str:
    """JSON in which what could command a terminal is an escape; to whoever parses it, it is the same."""
    if text.isascii():
        return text  # json has escaped the control characters of ASCII already
    return "".join(
        character if character == "\n" or _safe(character) == character else json.dumps(character)[1:-1]
        for character in text
    )


def json_error(command: str, error: EdgegenError) -> None:
    """An error as the JSON object of a command."""
    problems = [
        {
            "message": problem.message,
            "where": str(problem.where) if problem.where else None,
            "path": problem.path,
            "hint": problem.hint,
        }
        for problem in error.problems
    ]
    json_result(command, False, error={"exit_code": error.exit_code, "problems": problems})


def _with_hint(problem: Problem) -> str:
    if not problem.hint:
        return str(problem)
    if "\n" in problem.message:  # it ends with a diff
        return f"{problem}\n{problem.hint[:1].upper()}{problem.hint[1:]}"
    stop = "" if str(problem).endswith((".", "?", "!")) else "."
    return f"{problem}{stop} {problem.hint[:1].upper()}{problem.hint[1:]}"


def coloured(text: str, code: str, stream: TextIO) -> str:
    """Text in a colour (`31;1`), where `stream` is a terminal and nobody has said NO_COLOR."""
    wanted = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return f"\x1b[{code}m{text}\x1b[0m" if wanted else text


def printable(text: str) -> str:
    """Text without what could command a terminal (control characters, bidirectional marks) or break its encoding."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_safe(character) for character in text)


_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _safe(character: str) -> str:
    if character in "\n\t" or (character.isprintable() and character not in _BIDI):
        return character
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")
