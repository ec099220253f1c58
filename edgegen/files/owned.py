"""Which files of a project belong to edgegen or its user: a report must not take their place. Pure.

A file that a report would replace is also judged by its content (see `report`); this covers missing files too.
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
    """Why a report can't be written to a path below a project's folder, in words; "" if it can.

    `written` are the paths that edgegen wrote there. Case is ignored, because some file systems ignore it.
    """
    folded = tuple(part.casefold() for part in parts)
    if "/".join(folded) in {path.casefold() for path in written}:
        return "is a file that edgegen wrote"
    if folder := next((part for part in folded[:-1] if part in _FOLDERS_ANYWHERE), ""):
        return f"is in `{folder}`, where reports can't be written"
    if len(folded) > 1 and _FOLDERS.fullmatch(folded[0]):
        return f"is in `{parts[0]}`, where edgegen keeps files of the project"
    if _NAMES.fullmatch(folded[-1]):
        return "has the name of a file that belongs to the project"
    return ""
