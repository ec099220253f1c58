"""The code blocks of a page, and the comments that say how to run them.

A comment `<!-- run: … -->` before a block is about that block; one before anything else is a step of its own. See
CONTRIBUTING, "Code blocks of the docs".
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.docs.wrong import Wrong

_FENCE = re.compile(r"(?P<indent>[ \t>]*)(?P<fence>`{3,}|~{3,})[ \t]*(?P<info>[^`]*)$")
_COMMENT = re.compile(r"[ \t>]*<!--\s*run:(?P<text>.*?)-->[ \t]*$", re.DOTALL)
_COMMENT_BEGINS = re.compile(r"[ \t>]*<!--\s*run:")
OF_A_BLOCK = frozenset(("file", "exit", "no", "part", "seen", "with"))
OF_A_STORY = frozenset(("project", "zone"))


@dataclass(frozen=True)
class Words:
    """What a comment says: `key=value` words, and hidden commands (lines that begin with `$ `)."""

    keys: dict[str, str] = field(default_factory=dict)
    commands: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """A block, or a comment that is not about a block (`language` is "" then)."""

    page: str
    line: int
    language: str
    lines: tuple[str, ...]
    words: Words

    @property
    def place(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def is_block(self) -> bool:
        return bool(self.language)

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"


def steps_of(page: str, text: str) -> list[Step]:
    """All of them, in order. Raises Wrong for a comment or a block that can't be understood."""
    return list(_steps(page, text.splitlines()))


def steps_of_file(root: Path, path: Path) -> list[Step]:
    """Those of a file."""
    return steps_of(str(path.relative_to(root)), path.read_text(encoding="utf-8"))


def _steps(page: str, lines: list[str]) -> Iterator[Step]:
    at, waiting = 0, None
    while at < len(lines):
        start, line = at, lines[at]
        if _COMMENT_BEGINS.match(line):
            text, at = _comment(page, lines, at)
            if waiting:
                yield waiting
            waiting = Step(page, start + 1, "", (), _words(f"{page}:{start + 1}", text))
        elif fence := _FENCE.match(line):
            inside, at = _inside(page, lines, at, fence)
            language = fence["info"].split()[0].strip("{.}") if fence["info"].strip() else ""
            if not language:
                raise Wrong(f"{page}:{start + 1}: a block without a language: write ```console, ```yaml, ```text …")
            yield Step(page, start + 1, language, inside, waiting.words if waiting else Words())
            waiting = None
        else:
            at += 1
            if waiting and line.strip():
                yield waiting
                waiting = None
    if waiting:
        yield waiting


def _comment(page: str, lines: list[str], at: int) -> tuple[str, int]:
    """The text of a comment, and the line after it."""
    for end in range(at, len(lines)):
        if "-->" in lines[end]:
            found = _COMMENT.match("\n".join(lines[at : end + 1]))
            if found:
                return found["text"], end + 1
            break
    raise Wrong(f"{page}:{at + 1}: `<!-- run:` has no `-->` at the end of a line")


def _inside(page: str, lines: list[str], at: int, fence: re.Match[str]) -> tuple[tuple[str, ...], int]:
    """The lines of a block without its indentation, and the line after it."""
    indent, mark = fence["indent"], fence["fence"]
    for end in range(at + 1, len(lines)):
        if re.fullmatch(rf"[ \t>]*{mark[0]}{{{len(mark)},}}[ \t]*", lines[end]):
            return tuple(line[len(indent) :] for line in lines[at + 1 : end]), end + 1
    raise Wrong(f"{page}:{at + 1}: this block has no end")


def _words(place: str, text: str) -> Words:
    said = [line.strip() for line in text.strip().splitlines()]
    commands = tuple(line.removeprefix("$ ") for line in said if line.startswith("$ "))
    keys: dict[str, str] = {}
    for word in shlex.split(" ".join(line for line in said if not line.startswith("$ "))):
        key, equals, value = word.partition("=")
        if not equals or key not in OF_A_BLOCK | OF_A_STORY:
            raise Wrong(f"{place}: `{word}` means nothing in a comment `run:`")
        keys[key] = value
    return Words(keys, commands)
