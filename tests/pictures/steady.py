"""What differs from one run to the next, and therefore does not count when a picture is compared with a run."""

from __future__ import annotations

import re
from itertools import groupby

_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_VARYING = (
    (rf"\b\d{{1,2}} {_MONTH} \d{{4}}(?:, \d\d:\d\d)?(?: UTC)?", "DATE"),
    (rf"\b{_MONTH}(?: \d{{4}})?(?:\s+{_MONTH}(?: \d{{4}})?)+\b", "MONTHS"),
    (r"\b\d+ of \d+ days\b", "N of N days"),
    (r"\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?)?(?: UTC)?", "DATE"),
    (r"\b\d+(?:\.\d+)?(?= ?(?:s|ms|MB|minutes?|seconds?|days?|%)\b)", "N"),
    (r"Pebble Intermediate CA [0-9a-f]{6}", "Pebble Intermediate CA"),
    (r"\b[0-9a-f]{12,64}\b", "HEX"),
    (r"password \S+", "password"),
    (r"Docker Engine \S+", "Docker Engine"),
)


def steady(text: str) -> str:
    """Its words, one space between them: a number that is one digit longer moves the end of a line.

    Containers that start together are reported in any order.
    """
    for pattern, word in _VARYING:
        text = re.sub(pattern, word, text)
    runs = groupby(text.splitlines(), lambda line: line.lstrip().startswith("✔"))
    lines = [line for ticked, run in runs for line in (sorted(run) if ticked else run)]
    return " ".join(" ".join(lines).split())
