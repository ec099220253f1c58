"""What stops a release before anything is built, each with the sentence that says what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tools.release.refusals import State, headings, refusals

CHANGELOG = """# Changelog

## 1.3.0 (2026-11-28)

The edge.

- One thing.
- Another.

## 1.2.10 (2026-10-01)

- Older.
"""
READY = State("1.3.0", CHANGELOG, (), ("v1.2.10",), {"README.md": "rev: v1.3.0\n"}, date(2026, 11, 28))


def changed(text: str, by: str) -> str:
    assert text in CHANGELOG
    return CHANGELOG.replace(text, by)


def test_a_tree_that_is_ready_is_not_refused() -> None:
    assert refusals(READY) == []
    assert refusals(replace(READY, today=date(2026, 12, 3))) == []
    assert refusals(replace(READY, version="1.3.0rc1", changelog=changed("1.3.0", "1.3.0rc1"), texts={})) == []


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (
            replace(READY, changed=(" M edgegen/records.py", "?? notes.txt")),
            "the working tree is not clean: edgegen/records.py, notes.txt. Commit, ignore or remove these files",
        ),
        (
            replace(READY, changed=tuple(f"?? {number}" for number in range(8))),
            "the working tree is not clean: 0, 1, 2, 3, 4 and 3 more. Commit, ignore or remove these files",
        ),
        (
            replace(READY, tags=("v1.2.10", "v1.3.0")),
            "edgegen/__init__.py: version 1.3.0 has a tag already, v1.3.0. Raise the version",
        ),
        (
            replace(READY, changelog=changed("1.3.0 (2026-11-28)", "1.3.0 (unreleased)")),
            "CHANGELOG.md:3: 1.3.0 is `(unreleased)`. Write the day of the release: (2026-11-28)",
        ),
        (
            replace(READY, changelog=changed("1.3.0 (2026-11-28)", "1.3.0")),
            "CHANGELOG.md:3: 1.3.0 is `()`. Write the day of the release: (2026-11-28)",
        ),
        (
            replace(READY, today=date(2026, 11, 27)),
            "CHANGELOG.md:3: 2026-11-28 has not come yet. Write the day of the release: (2026-11-27)",
        ),
        (
            replace(READY, version="1.4.0", texts={}),
            "CHANGELOG.md:3: the first heading is 1.3.0, and edgegen/__init__.py says 1.4.0. Make them equal",
        ),
        (
            replace(READY, changelog=changed("- One thing.\n- Another.\n", "")),
            "CHANGELOG.md:3: nothing is listed under 1.3.0. List what users notice",
        ),
        (
            replace(READY, changelog=changed("1.2.10", "1.10.0")),
            "CHANGELOG.md:10: 1.10.0 is listed below 1.3.0 and is not older",
        ),
        (replace(READY, changelog="# Changelog\n"), "CHANGELOG.md: no heading like `## 1.3.0 (2026-11-28)`"),
        (replace(READY, texts={"README.md": "a\n  rev: v1.2.10\n"}), "README.md:2: names v1.2.10. Write v1.3.0"),
    ],
)
def test_one_reason(state: State, reason: str) -> None:
    assert refusals(state) == [reason]


@pytest.mark.parametrize("version", ["", "1.3", "1.3.0.1", "v1.3.0", "1.3.0+local", "1.3.0-rc1", "one"])
def test_what_is_not_a_version_of_ours(version: str) -> None:
    state = replace(READY, version=version, changelog=changed("1.3.0", version or "1.3.0"), texts={})
    assert any(reason.startswith("edgegen/__init__.py: ") for reason in refusals(state)), version


def test_all_reasons_at_once() -> None:
    state = replace(READY, version="1.2.10", changed=("?? a",), texts={"README.md": "rev: v9.0.0"})
    assert [reason.partition(":")[0] for reason in refusals(state)] == [
        "the working tree is not clean", "edgegen/__init__.py", "CHANGELOG.md", "README.md",
    ]  # fmt: skip


def test_the_numbers_of_1_2_10_are_compared_not_its_letters() -> None:
    """1.2.10 is newer than 1.2.9, and its text sorts before it."""
    state = replace(READY, version="1.2.9", changelog=changed("1.3.0", "1.2.9"), texts={}, tags=())
    assert refusals(state) == ["CHANGELOG.md:10: 1.2.10 is listed below 1.2.9 and is not older"]


def test_headings_count_their_entries() -> None:
    assert [(one.version, one.when, one.entries) for one in headings(CHANGELOG)] == [
        ("1.3.0", "2026-11-28", 2), ("1.2.10", "2026-10-01", 1),
    ]  # fmt: skip
