"""Knows whose each record is, by itself, and writes down every act that no sync may commit.

I1: nothing of somebody else's is written. I2: no two equal records of ours. I4: no name loses its answer in between.
"""

from __future__ import annotations

import hashlib
from typing import Any

STRANGER = "stranger"
POINTERS = ("A", "AAAA", "CNAME")


class Oracle:
    """Told of every change to a zone after it happened; `wrong` is what it saw."""

    def __init__(self) -> None:
        self.whose: dict[str, str] = {}
        self.adopted: set[str] = set()
        self.must_answer: set[str] = set()
        self.wrong: list[str] = []

    def seeded(self, record: dict[str, Any]) -> None:
        """A record that was there before, or was made by a person."""
        self.whose[record["id"]] = self.owner_by_mark(record) or STRANGER

    def person_changed(self, record: dict[str, Any]) -> None:
        """A person's hand: what they marked as theirs is theirs."""
        self.whose[record["id"]] = self.owner_by_mark(record) or STRANGER

    @staticmethod
    def owner_by_mark(record: dict[str, Any]) -> str:
        """Whose the mark says it is, if the mark is right for this record; else nobody's."""
        parts = (record.get("comment") or "").split(";")
        if len(parts) != 4 or parts[:2] != ["edgegen", "v1"] or parts[2][:2] != "o=":
            return ""
        right = hashlib.sha256(record["type"].encode() + b"\x00" + record["name"].encode()).hexdigest()[:10]
        return parts[2][2:] if parts[3] == f"k={right}" else ""

    def written(self, before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]) -> None:
        """One request was applied."""
        for record_id in after.keys() - before.keys():
            self.whose[record_id] = self.owner_by_mark(after[record_id]) or "unmarked"
        for record_id, old in before.items():
            if after.get(record_id) is not old:
                self._touched(record_id, old, after.get(record_id))
        self._no_twins(after)
        self._answers(before, after)

    def _touched(self, record_id: str, old: dict[str, Any], new: dict[str, Any] | None) -> None:
        act = f"{'deleted' if new is None else 'changed'} {old['type']} {old['name']} {old['content']}"
        if self.whose.get(record_id) == STRANGER and old["name"] not in self.adopted:
            self.wrong.append(f"I1: {act}, which is a stranger's")
        if new is not None:
            self.whose[record_id] = self.owner_by_mark(new) or "unmarked"

    def _no_twins(self, after: dict[str, dict[str, Any]]) -> None:
        seen: set[tuple[Any, ...]] = set()
        for record_id, record in after.items():
            owner = self.whose.get(record_id, STRANGER)
            key = (owner, record["type"], record["name"], record["content"], record.get("priority"))
            if owner != STRANGER and key in seen:
                self.wrong.append(f"I2: twins of {key}")
            seen.add(key)

    def _answers(self, before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]) -> None:
        had = {record["name"] for record in before.values() if record["type"] in POINTERS}
        has = {record["name"] for record in after.values() if record["type"] in POINTERS}
        for name in sorted((had - has) & self.must_answer):
            self.wrong.append(f"I4: {name} has no answer for a while")
