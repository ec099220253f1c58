"""What identifies a finding from run to run: its rule, its file and its line's text, not the line's number. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from edgegen.lint.results import Result

_DIGITS = 16


def fingerprints(results: Sequence[Result], texts: Mapping[str, str], short: Callable[[str], str] = str) -> list[str]:
    """One for each result: 16 hexadecimal digits, and the number of the finding among equal ones, `9f…:1`.

    Lines that move keep theirs; a line that is edited gets another one. `short`: a file's name as it goes into one.
    """
    seen: Counter[str] = Counter()
    lines: dict[str, list[str]] = {}
    found = []
    for result in results:
        where = result.finding.where
        file = where.file if where else ""
        if file not in lines:
            lines[file] = texts.get(file, "").splitlines()
        line = lines[file][where.line - 1].strip() if where and 0 < where.line <= len(lines[file]) else ""
        said = "\0".join((result.finding.id, short(file).replace("\\", "/"), result.finding.subject, line))
        digest = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGITS]
        seen[digest] += 1
        found.append(f"{digest}:{seen[digest]}")
    return found
