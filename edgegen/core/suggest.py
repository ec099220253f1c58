"""Did you mean …? A similar word for a mistyped one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

_LONGEST = 64
_MOST = 100
"""How many candidates are compared letter by letter. Of more, those with a similar start: thousands would take
seconds."""


def suggest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `word` most likely means, or None if nothing is similar enough.

    Case and the choice between `-` and `_` are ignored first; then the most similar word by difflib's ratio, ties by
    name.
    """
    if not word or len(word) > _LONGEST:
        return None
    folded = _fold(word)
    by_fold: dict[str, str] = {}
    for candidate in sorted(set(candidates)):
        by_fold.setdefault(_fold(candidate), candidate)
    if folded in by_fold:
        return by_fold[folded]
    import difflib  # only when somebody made a mistake

    near = difflib.get_close_matches(folded, _alike(folded, list(by_fold)), n=1, cutoff=0.6)
    return by_fold[near[0]] if near else None


def did_you_mean(word: str, candidates: Iterable[str], otherwise: str = "") -> str:
    """The hint for a mistyped word; `otherwise` where nothing is similar enough."""
    near = suggest(word, candidates)
    return f"did you mean `{near}`?" if near else otherwise


def _alike(folded: str, pool: list[str]) -> list[str]:
    """If there are many, only the word's neighbours in alphabetical order."""
    if len(pool) <= _MOST:
        return pool
    pool.sort()
    at = bisect_left(pool, folded)
    return pool[max(0, at - _MOST // 2) : at + _MOST // 2]


def _fold(word: str) -> str:
    return word.lower().replace("_", "-")
