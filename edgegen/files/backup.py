"""Backups of what `force` replaces: `NAME.bak`, then `NAME.bak.1`, and so on; an earlier one is never overwritten."""

from __future__ import annotations

import os
from itertools import count

from edgegen.files.safe_open import Seen
from edgegen.system import atomic
from edgegen.system.os_errors import naming


def stage_backup(directory: int, name: str, seen: Seen, shown: str, known: list[atomic.Staged]) -> atomic.Staged:
    """A staged copy of what is on disk, with its mode, for the first free name; `known` as `stage` has it."""
    names = (f"{name}.bak.{number}" if number else f"{name}.bak" for number in count())
    free = next(one for one in names if not _exists(directory, one, shown))
    return atomic.stage(directory, free, seen.content, seen.mode, shown.removesuffix(name) + free, known=known)


def _exists(directory: int, name: str, shown: str) -> bool:
    with naming(shown, "looking for a free backup name"):
        try:
            os.stat(name, dir_fd=directory, follow_symlinks=False)
        except FileNotFoundError:
            return False
    return True
