"""Did you mean …? One near word for a mistyped one."""

from __future__ import annotations

from collections.abc import Iterable

_LONGEST = 64


def suggest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `word` most likely stands for, or None where nothing is near enough.

    Case and the choice between `-` and `_` are forgiven first; then the nearest word by difflib's ratio, ties by name.
    """
    if not word or len(word) > _LONGEST:
        return None
    pool = sorted(set(candidates))
    folded = _fold(word)
    for candidate in pool:
        if _fold(candidate) == folded:
            return candidate
    import difflib  # only when somebody made a mistake

    near = difflib.get_close_matches(folded, [_fold(candidate) for candidate in pool], n=1, cutoff=0.6)
    return next((candidate for candidate in pool if _fold(candidate) == near[0]), None) if near else None


def _fold(word: str) -> str:
    return word.lower().replace("_", "-")
