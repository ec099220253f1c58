"""Patterns for paths, as in `.gitignore`: `*` within a folder, `**` across folders, a bare name in any folder."""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(maxsize=256)
def _pattern(glob: str) -> re.Pattern[str]:
    said = ""
    for part in re.findall(r"\*\*/|\*\*|\*|\?|[^*?]+", glob.rstrip("/")):
        said += {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(part, re.escape(part))
    anywhere = "" if "/" in glob.rstrip("/") else "(?:.*/)?"
    return re.compile(f"{anywhere}{said}(?:/.*)?", re.DOTALL)


def matches(glob: str, path: str) -> bool:
    """Whether a path is one of those: a folder's pattern has everything in it."""
    return _pattern(glob.removeprefix("./")).fullmatch(path.replace("\\", "/").removeprefix("./")) is not None
