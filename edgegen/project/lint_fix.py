"""`edgegen lint --fix`: rounds of fixes in memory, each proved by looking again; then the files are replaced."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field

from edgegen.core.errors import EdgegenError, LocalIOError
from edgegen.core.finding import Finding
from edgegen.files.in_place import Rewrite, rewrite
from edgegen.lint.answer import Answer
from edgegen.lint.fixing import patch
from edgegen.lint.model import File
from edgegen.lint.reader.disk import LIMIT
from edgegen.lint.rule import Fix
from edgegen.lint.suppression.config import Config
from edgegen.project.lint_answer import Choice, Looked, look
from edgegen.system.read import read_bounded
from edgegen.system.stop import when_stopped

_ROUNDS = 50
_BOM = b"\xef\xbb\xbf"
Said = tuple[str, str, str]
"""What identifies a finding while lines move: its rule, its subject and its message."""


class Fixed(Struct, frozen=True, eq=False):
    """What fixes make of the files; nothing is written yet."""

    looked: Looked
    """After the fixes."""
    count: int = 0
    before: Mapping[str, bytes] = field(default_factory=dict)
    after: Mapping[str, bytes] = field(default_factory=dict)
    """By the real path of the file; those that change."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The user's names of these files."""

    def write(self) -> None:
        """Replace the files. Raises RefusedError where one has changed meanwhile."""
        if not self.after:
            return
        files = ", ".join(self.names[path] for path in self.after)
        with when_stopped(f"some of {files} may have been fixed: the same command fixes the others"):
            rewrite([
                Rewrite(Path(path), self.names[path], self.before[path], content)
                for path, content in self.after.items()
            ])  # fmt: skip


class _Trial(Struct):
    """The files as they are after the rounds so far."""

    contents: dict[str, bytes] = field(default_factory=dict)
    before: dict[str, bytes] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def can_write(self, fix: Fix) -> bool:
        """Whether each edit is of a file on the disk, as it is there now."""
        return all(self._text(edit.file) == edit.file.text for edit in fix.edits)

    def after(self, fixes: Sequence[Fix]) -> tuple[dict[str, bytes], tuple[Fix, ...]]:
        """All contents with these fixes, and which of them fit together."""
        attempt = patch(fixes, lambda file: os.path.realpath(file.name))
        found = dict(self.contents)
        for path in attempt.edits:
            mark = _BOM if self.before[path].startswith(_BOM) else b""
            text = attempt.text(path, self._now(path).decode("utf-8").removeprefix("\ufeff"))
            found[path] = mark + text.encode("utf-8")
        return found, attempt.taken

    def _text(self, file: File) -> str | None:
        path = os.path.realpath(file.name)
        if path not in self.before:
            try:
                self.before[path] = read_bounded(Path(path), LIMIT)
            except LocalIOError:
                return None
            self.names[path] = file.name
        try:
            return self._now(path).decode("utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError:
            return None

    def _now(self, path: str) -> bytes:
        return self.contents.get(path, self.before[path])


def fixed(choice: Choice, config: Config, looked: Looked) -> Fixed:
    """Every fix that is possible, in rounds: one may make room for the next. What does not help is not done."""
    trial, useless, count, one_by_one = _Trial(), set[Said](), 0, False
    for _ in range(_ROUNDS):
        wanted = [
            (said, fix)
            for said, fix in _fixes(looked.answer)
            if said not in useless and trial.can_write(fix)
        ]  # fmt: skip
        contents, taken = trial.after([fix for _, fix in wanted[: 1 if one_by_one else None]])
        if not taken:
            break
        tried = [said for said, fix in wanted if any(fix is item for item in taken)]
        after = _look(choice, config, contents)
        left = tried if after is None else _left(tried, looked.answer, after.answer)
        if after is None or left:
            useless |= set(left) if len(tried) == 1 or after is not None else set()
            one_by_one = True
            continue
        trial.contents, looked, count = contents, after, count + len(taken)
    changed = {path: content for path, content in trial.contents.items() if content != trial.before[path]}
    return Fixed(looked, count, trial.before, changed, trial.names)


def _look(choice: Choice, config: Config, contents: Mapping[str, bytes]) -> Looked | None:
    """What lint would say of the new contents; None if they could not be read any more."""
    try:
        return look(choice, config, contents=contents)
    except EdgegenError:
        return None


def _fixes(answer: Answer) -> Iterable[tuple[Said, Fix]]:
    for item in answer.findings:
        if item.result.fix:
            yield _said(item.result.finding), item.result.fix


def _left(tried: Sequence[Said], before: Answer, after: Answer) -> list[Said]:
    """What a fix was tried for, and is still found as often."""
    numbers = [Counter(_said(item.result.finding) for item in answer.findings) for answer in (before, after)]
    return [said for said in tried if numbers[1][said] >= numbers[0][said]]


def _said(finding: Finding) -> Said:
    return finding.id, finding.subject, finding.message
