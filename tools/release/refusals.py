"""What must be right before a release is built. Pure: each reason is a sentence with its place and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from packaging.version import InvalidVersion, Version

CHANGELOG = "CHANGELOG.md"
VERSION_FILE = "edgegen/__init__.py"
_HEADING = re.compile(r"## (?P<version>\S+)(?: \((?P<when>[^)]*)\))?\s*")
_NAMED = re.compile(r"\brev: v(\d\S*)")
"""How an example names a version of edgegen."""


@dataclass(frozen=True, slots=True)
class State:
    """The working tree at the moment of a release."""

    version: str
    changelog: str
    changed: Sequence[str]
    """The lines of `git status --porcelain`."""
    tags: Sequence[str]
    texts: dict[str, str]
    """Path -> text of the files that name a version for users to copy."""
    today: date


@dataclass(frozen=True, slots=True)
class Heading:
    """A version in the changelog."""

    line: int
    version: str
    when: str
    entries: int


def refusals(state: State) -> list[str]:
    """Every reason against a release, at once."""
    return [*_tree(state), *_tag(state), *_version(state), *_changelog(state), *_examples(state)]


def headings(changelog: str) -> list[Heading]:
    """The versions of a changelog, from top to bottom, with the number of their entries."""
    found: list[Heading] = []
    for number, line in enumerate(changelog.splitlines(), start=1):
        if heading := _HEADING.fullmatch(line):
            found.append(Heading(number, heading["version"], heading["when"] or "", 0))
        elif found and line.startswith("- "):
            last = found[-1]
            found[-1] = Heading(last.line, last.version, last.when, last.entries + 1)
    return found


def _tree(state: State) -> Iterator[str]:
    if state.changed:
        shown = ", ".join(line[3:] for line in state.changed[:5])
        more = f" and {len(state.changed) - 5} more" if len(state.changed) > 5 else ""
        yield f"the working tree is not clean: {shown}{more}. Commit, ignore or remove these files"


def _tag(state: State) -> Iterator[str]:
    if f"v{state.version}" in state.tags:
        yield f"{VERSION_FILE}: version {state.version} has a tag already, v{state.version}. Raise the version"


def _version(state: State) -> Iterator[str]:
    try:
        version = Version(state.version)
    except InvalidVersion:
        yield f"{VERSION_FILE}: {state.version!r} is not a version. Write it like 1.2.3"
        return
    if str(version) != state.version or version.local or len(version.release) != 3:
        yield f"{VERSION_FILE}: write the version {state.version!r} like 1.2.3 or 1.2.3rc1"


def _changelog(state: State) -> Iterator[str]:
    found = headings(state.changelog)
    if not found:
        yield f"{CHANGELOG}: no heading like `## {state.version} ({state.today})`"
        return
    first, *others = found
    where = f"{CHANGELOG}:{first.line}"
    if first.version != state.version:
        yield f"{where}: the first heading is {first.version}, and {VERSION_FILE} says {state.version}. Make them equal"
    if not first.entries:
        yield f"{where}: nothing is listed under {first.version}. List what users notice"
    yield from _date(where, first, state.today)
    yield from _order(first, others)


def _date(where: str, heading: Heading, today: date) -> Iterator[str]:
    try:
        when = date.fromisoformat(heading.when)
    except ValueError:
        yield f"{where}: {heading.version} is `({heading.when})`. Write the day of the release: ({today})"
        return
    if when > today:
        yield f"{where}: {when} has not come yet. Write the day of the release: ({today})"


def _order(first: Heading, others: Sequence[Heading]) -> Iterator[str]:
    for other in others:
        try:
            is_older = Version(other.version) < Version(first.version)
        except InvalidVersion:
            continue
        if not is_older:
            yield f"{CHANGELOG}:{other.line}: {other.version} is listed below {first.version} and is not older"


def _examples(state: State) -> Iterator[str]:
    for path, text in state.texts.items():
        for number, line in enumerate(text.splitlines(), start=1):
            if (named := _NAMED.search(line)) and named[1] != state.version:
                yield f"{path}:{number}: names v{named[1]}. Write v{state.version}"
