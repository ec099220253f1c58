"""Traefik's own log, read: its warnings and errors as data, in both formats that it writes. Seen on 3.7.15."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct, field

_LEVELS = {"WRN": "warning", "ERR": "error", "FTL": "error", "warn": "warning", "error": "error", "fatal": "error"}
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_LINE = re.compile(r"(?:(?P<at>\S+)\s+)??(?P<own>\d{4}-\S+)\s+(?P<level>WRN|ERR|FTL)\s+(?P<rest>.*)")
_FIELD = re.compile(r'(?:^|(?<=\s))(\w+)=("(?:[^"\\]|\\.)*"|\[[^\]]*\]|\S*)')
_OWN_FIELDS = ("level", "time", "message", "error")


class LogLine(Struct, frozen=True):
    """A warning or an error. `at` is the engine's time of it where it was asked for, else Traefik's own, RFC 3339."""

    level: str
    message: str
    error: str = ""
    at: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """All that it says, without its fields."""
        return " ".join(part for part in (self.message, self.error) if part)


def read_log(text: str) -> Iterator[LogLine]:
    """The warnings and errors of a log in either of Traefik's formats, with or without the engine's time before it."""
    for raw in text.splitlines():
        line = COLOUR.sub("", raw)
        if found := _json_line(line) or _common_line(line):
            yield found


def _common_line(line: str) -> LogLine | None:
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    rest = found["rest"]
    fields = {name: _unquoted(value) for name, value in _FIELD.findall(rest)}
    first = _FIELD.search(rest)
    message = rest[: first.start()] if first else rest
    error = fields.pop("error", "")
    return LogLine(_LEVELS[found["level"]], message.strip(), error, found["at"] or found["own"], fields)


def _unquoted(value: str) -> str:
    """A value as Go's %q writes it."""
    if not value.startswith('"'):
        return value
    try:
        text: str = json.loads(value)
    except ValueError:
        text = value[1:-1]
    return text


def _json_line(line: str) -> LogLine | None:
    before, brace, rest = line.partition("{")
    if not brace or len(before) > 40 or before.strip().count(" "):
        return None
    try:
        return _from_json(json.loads(brace + rest), before.strip())
    except (ValueError, RecursionError):  # not JSON, or nested too deeply
        return None


def _from_json(data: Mapping[str, Any], at: str) -> LogLine | None:
    level = _LEVELS.get(str(data.get("level", "")))
    if level is None:
        return None
    own = {name: value for name, value in data.items() if name not in _OWN_FIELDS}
    fields = {name: value if isinstance(value, str) else json.dumps(value) for name, value in own.items()}
    at = at or str(data.get("time", ""))
    return LogLine(level, str(data.get("message", "")), str(data.get("error", "")), at, fields)


def since(lines: Iterable[LogLine], moment: str) -> list[LogLine]:
    """The lines from a moment on. What has no time is kept."""
    return [line for line in lines if not line.at or not moment or in_order(line.at) >= in_order(moment)]


def in_order(moment: str) -> str:
    """A time of the engine's (RFC 3339, UTC, up to nine digits of a second) whose order as a text is that in time."""
    head, _, tail = moment.rstrip("Z").partition(".")
    return f"{head}.{tail.ljust(9, '0')}"
