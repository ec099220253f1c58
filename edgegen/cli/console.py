"""What users and programs see: results on stdout, notes and errors on stderr, one JSON object with `--json`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, ClassVar, TextIO

from msgspec.structs import replace

from edgegen.core.errors import MEANINGS, EdgegenError, LocalIOError, Problem
from edgegen.core.finding import Finding
from edgegen.system.stop import unseen

SCHEMA_VERSION = 1


ERASE = "\x1b[K"
_USUAL_COLUMNS = 80
"""Of a terminal that does not say."""


class Console:
    """How much is printed; set once by the running command."""

    quiet = False
    verbose = False
    as_json = False
    has_status_line = False
    """The status line is visible: the next output replaces it."""
    turned_away: ClassVar[list[TextIO]] = []
    """Streams on which writing has failed: further output to them is discarded."""
    has_object = False
    """The JSON object has been begun: there must not be a second one."""
    must_arrive = False
    """A closed pipe is an error for now."""


def out(text: str) -> None:
    """Print a line of the result. Raises LocalIOError if it can't be written; a closed pipe is not an error."""
    _write_result(text if text.endswith("\n") else text + "\n")


def flush() -> None:
    """Flush the result. Raises LocalIOError if it can't be written."""
    _result_written(sys.stdout.flush)


@contextmanager
def shown_once(lost: Sequence[Problem]) -> Iterator[None]:
    """What is written inside can't be shown again: raises LocalIOError with `lost` if it did not reach its reader.

    Everywhere else a closed pipe is not an error.
    """
    if not lost:
        yield
        return
    unseen(lost)
    Console.must_arrive = True
    try:
        # The name /dev/null means that stdout was closed. With `> /dev/null`, which is deliberate, the name differs.
        if getattr(sys.stdout, "name", "") == os.devnull or sys.stdout in Console.turned_away:
            raise LocalIOError("nothing can be written there")
        yield
        flush()
        unseen(())
    except LocalIOError as error:
        raise LocalIOError(
            [replace(item, message=f"{item.message} ({error.problems[0].message})") for item in lost]
        ) from None
    finally:
        Console.must_arrive = False


def _write_result(text: str) -> None:
    _result_written(lambda: sys.stdout.write(text))


def _result_written(write: Callable[[], object]) -> None:
    """What a command did is done, and its exit code is the same, whether or not its result was read to the end."""
    try:
        write()
    except BrokenPipeError:
        _turn_away(sys.stdout)
        if Console.must_arrive:
            raise LocalIOError("the result can't be written: its reader has left") from None
    except OSError as error:
        raise not_written(error) from None


def not_written(error: OSError) -> LocalIOError:
    """What to say of a result that can't be written; whatever is still to be written is discarded."""
    _turn_away(sys.stdout)
    return LocalIOError(f"the result can't be written: {error.strerror or error}")


def to_stderr(text: str) -> None:
    """Print to stderr, where the line of what is waited for was; if that fails, there is nowhere left to report it."""
    try:
        if Console.has_status_line:
            Console.has_status_line = False
            text = f"\r{ERASE}{text}"
        sys.stderr.write(text)
        sys.stderr.flush()
    except RuntimeError:  # a signal's handler speaks while this thread is writing: the stream's buffer is taken
        _past_the_buffer(text)
    except OSError:
        _turn_away(sys.stderr)


def _past_the_buffer(text: str) -> None:
    with suppress(OSError, ValueError):
        os.write(sys.stderr.fileno(), text.encode(sys.stderr.encoding, "backslashreplace"))


def _turn_away(stream: TextIO) -> None:
    """Discard further output: what is still in the buffer would be tried again when the process exits."""
    Console.turned_away.append(stream)
    with suppress(OSError, ValueError):  # a captured stream has no descriptor
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)


def is_utf_8(stream: TextIO) -> bool:
    """Whether `stream` takes every character."""
    return (stream.encoding or "").lower().replace("-", "").replace("_", "") == "utf8"


def show(text: str) -> None:
    """A line of the result with text from others (record names, server answers), made harmless to the terminal."""
    out(printable(text))


def note(text: str) -> None:
    """A remark in addition to the result; silent with `-q`."""
    if not Console.quiet:
        to_stderr(printable(text) + "\n")


def next_step(command: str) -> None:
    """The command to run next, whole and on one line, for people: not a part of the result."""
    if Console.quiet or Console.as_json:
        return
    flush()
    if sys.stdout not in Console.turned_away:
        to_stderr(f"\nNext: {coloured(printable(command), '1', sys.stderr)}\n")


def tick(text: str) -> None:
    """Something that was checked and is in order; silent with `-q`."""
    mark = "✓" if is_utf_8(sys.stderr) else "ok"
    if not Console.quiet:
        to_stderr(f"{coloured(mark, '32', sys.stderr)} {printable(text)}\n")


def detail(text: str) -> None:
    """A remark for `-v`."""
    if Console.verbose:
        note(text)


def stopped(code: int, words: str) -> None:
    """What a command says last that ends in its own way after a signal; with `-q` too."""
    to_stderr(f"{MEANINGS[code]}: {printable(words)}\n")


def warn(problems: Iterable[Problem]) -> None:
    """Warnings that don't stop the command."""
    for problem in problems:
        if not Console.quiet:
            to_stderr(_labelled("warning", "33", [_with_hint(problem)]))


def show_error(error: EdgegenError) -> None:
    """Every problem of an error: what, where, the line if it is known, how to fix it, and the exit code."""
    blocks = [_labelled(f"error[{error.exit_code}]", "31;1", _with_line(item)) for item in error.problems]
    for block in blocks:
        apart = "\n" if block is not blocks[-1] and block.count("\n  ") > 1 else ""
        to_stderr(block + apart)


def _labelled(label: str, code: str, said: Sequence[str]) -> str:
    """The label before the first line, which is broken where the terminal ends."""
    first, *others = said
    if sys.stderr.isatty() and "\n" not in first:
        from edgegen.core.columns import sentence

        first = "\n".join(sentence(printable(first), _width(), lead=f"{label}: ", hanging="  "))
    else:
        first = f"{label}: {printable(first)}"
    return "\n".join([coloured(label, code, sys.stderr) + first[len(label) :], *others]) + "\n"


def _width() -> int:
    """Columns of stderr."""
    from edgegen.core.columns import NARROWEST

    return max(NARROWEST, columns_of(sys.stderr))


def columns_of(stream: TextIO) -> int:
    """How wide text for this terminal may be: COLUMNS counts more than what the terminal says."""
    wanted = os.environ.get("COLUMNS", "")
    return int(wanted) if wanted.isdecimal() and int(wanted) else real_columns(stream)


def real_columns(stream: TextIO) -> int:
    """How wide this terminal is. Of this stream: the other one may be a file."""
    try:
        return os.get_terminal_size(stream.fileno()).columns or _USUAL_COLUMNS
    except (OSError, ValueError):
        return _USUAL_COLUMNS


def _with_line(problem: Problem) -> list[str]:
    """The problem; and the line of the file that it is about, if that is known."""
    if problem.where is None or not (problem.where.line and problem.where.text):
        return [_with_hint(problem)]
    from edgegen.cli.report.problem import under

    width = _width() if sys.stderr.isatty() else None
    colour = lambda words, code: coloured(words, code, sys.stderr)  # noqa: E731
    return [str(problem), *under(problem, problem.where, colour, width)]


def json_result(command: str, ok: bool, findings: Sequence[Finding | Mapping[str, Any]] = (), **more: Any) -> None:
    """The one JSON object of a command. A finding may come as its object, with more keys than all have."""
    body = {
        "schema_version": SCHEMA_VERSION,
        "command": command,
        "ok": ok,
        "findings": [finding.as_json() if isinstance(finding, Finding) else finding for finding in findings],
        **more,
    }
    Console.has_object = True
    # Piece by piece: a report of a thousand hosts is several megabytes, and would be in memory three times otherwise.
    for part in json.JSONEncoder(ensure_ascii=not is_utf_8(sys.stdout), indent=2).iterencode(body):
        _write_result(_harmless(part))
    _write_result("\n")


def _harmless(text: str) -> str:
    """JSON with everything that could control a terminal escaped; parsers read the same data."""
    if text.isascii():
        return text  # json has escaped the control characters of ASCII already
    return "".join(
        character if character == "\n" or _safe(character) == character else json.dumps(character)[1:-1]
        for character in text
    )


def json_error(command: str, error: EdgegenError, **more: Any) -> None:
    """An error as the JSON object of a command, with what was found before it."""
    problems = [
        {
            "message": problem.message,
            "where": str(problem.where) if problem.where else None,
            "path": problem.path,
            "hint": problem.hint,
            **({"rule": problem.rule} if problem.rule else {}),
        }
        for problem in error.problems
    ]
    json_failure(command, error.exit_code, problems, **more)


def json_failure(command: str, code: int, problems: Sequence[Mapping[str, Any]], **more: Any) -> None:
    """The JSON object of a command that did not come to its end."""
    json_result(command, False, error={"exit_code": code, "problems": list(problems)}, **more)


def _with_hint(problem: Problem) -> str:
    if not problem.hint:
        return str(problem)
    if "\n" in problem.message:  # it ends with a diff
        return f"{problem}\n{problem.hint[:1].upper()}{problem.hint[1:]}"
    stop = "" if str(problem).endswith((".", "?", "!")) else "."
    return f"{problem}{stop} {problem.hint[:1].upper()}{problem.hint[1:]}"


def coloured(text: str, code: str, stream: TextIO) -> str:
    """Text in a colour (`31;1`), where `stream` has colours."""
    return f"\x1b[{code}m{text}\x1b[0m" if has_colours(stream) else text


def has_colours(stream: TextIO) -> bool:
    """Whether `stream` is a terminal that knows colours, and NO_COLOR is not set."""
    return knows_escapes(stream) and not os.environ.get("NO_COLOR")


def knows_escapes(stream: TextIO) -> bool:
    """Whether `stream` is a terminal that can do more than print: change its colour, and write a line again."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def printable(text: str) -> str:
    """Text without what could control a terminal (control characters, bidirectional marks) or break its encoding."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_safe(character) for character in text)


_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _safe(character: str) -> str:
    if character in "\n\t" or (character.isprintable() and character not in _BIDI):
        return character
    return character.encode("unicode_escape", "backslashreplace").decode("ascii")
