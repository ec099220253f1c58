"""Changes of a user's file for the fixes of rules: every byte that is not meant stays as it is. Pure.

Each helper gives an edit, or None where the text does not allow one that is certain: a text that several places share
by an anchor, a layout that is not understood. `fix` takes them as they come: one None, and there is no fix.

    fix("write `certresolver`", rename_label(value, label, meant))
    fix("remove it", delete(spot))

Texts are as YAML gives them to Compose: write `$$` for a dollar sign in a file that Compose interpolates.
"""

from __future__ import annotations

from edgegen.lint.edits.entries import append, delete, insert_after
from edgegen.lint.edits.scalars import rename_key, replace_within, set_scalar
from edgegen.lint.edits.words import delete_flag, insert_flag, insert_label, rename_flag, rename_label, set_label
from edgegen.lint.rule import Edit, Fix

__all__ = [
    "append", "delete", "delete_flag", "fix", "insert_after", "insert_flag", "insert_label", "rename_flag",
    "rename_key", "rename_label", "replace_within", "set_label", "set_scalar",
]  # fmt: skip


def fix(summary: str, *edits: Edit | None) -> Fix | None:
    """A fix of all these edits; None where one of them is not possible."""
    certain = tuple(edit for edit in edits if edit is not None)
    return Fix(summary, certain) if edits and len(certain) == len(edits) else None
