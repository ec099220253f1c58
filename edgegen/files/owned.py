"""Which files of a project are edgegen's or its user's: no report may take such a place. Pure.

What a report would replace is judged by its content besides (see `report`); this is for what is not there yet too.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from edgegen.files.output import STATE_DIRECTORY
from edgegen.spec import SPEC_FILE
from edgegen.system.atomic import TEMP_PREFIX

_FOLDERS = re.compile(r"acme|secrets|traefik|templates|registry(-.*)?")
"""Folders at the top of a project that edgegen reads from or writes to."""
_FOLDERS_ANYWHERE = frozenset({STATE_DIRECTORY, ".git", ".docker"})
_NAMES = re.compile(
    rf"{re.escape(SPEC_FILE)}|(docker-)?compose\b.*\.ya?ml|stack\.ya?ml|(.*\.)?dockerfile(\..*)?|\.gitignore"
    rf"|(.*)\.dockerignore|(.*)\.env|\.env\..*|htpasswd|acme\.json|.*\.bak(\..*)?|{re.escape(TEMP_PREFIX)}.*"
)


def owned(parts: tuple[str, ...], written: Collection[str] = ()) -> str:
    """Why a path below a project's folder is no place for a report, in words; "" where it is one.

    `written` are the paths that edgegen has written there. Case makes no difference: not every file system knows it.
    """
    folded = tuple(part.casefold() for part in parts)
    if "/".join(folded) in {path.casefold() for path in written}:
        return "is a file that edgegen has written"
    if folder := next((part for part in folded[:-1] if part in _FOLDERS_ANYWHERE), ""):
        return f"lies in `{folder}`, which is no place for reports"
    if len(folded) > 1 and _FOLDERS.fullmatch(folded[0]):
        return f"lies in `{parts[0]}`, where edgegen keeps files of the project"
    if _NAMES.fullmatch(folded[-1]):
        return "has the name of a file that belongs to the project"
    return ""
