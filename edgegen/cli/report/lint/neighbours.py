"""What else is in the line of a finding: other values of a flow collection and a comment may be secret. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.cli.report.excerpt import Parts
from edgegen.cli.report.values import Scalar, Span, comment_of, is_harmless, masked, scalars

_LABEL = "traefik."


def without_neighbours(parts: Parts, *, depth: int) -> Parts:
    """The line, and of what the finding is not about only keys, labels of Traefik and harmless values. `depth`: how
    many brackets are open before it."""
    before, word, _ = parts
    text, start, end = "".join(parts), len(before), len(before + word)
    hidden = list(_hidden(text, start, end, depth))
    return masked(text, 0, start, hidden), word, masked(text, end, len(text), hidden)


def _hidden(text: str, start: int, end: int, depth: int) -> Iterator[Span]:
    for item in scalars(text, depth):
        if item.in_flow and not (item.is_key or (item.start < end and start < item.end)) and not _is_known(text, item):
            yield item.start, item.end
    comment = comment_of(text)
    if start < comment < len(text) - 1:
        yield comment + 1 + text[comment + 1 :].startswith(" "), len(text)


def _is_known(text: str, item: Scalar) -> bool:
    return is_harmless(text, item) or any(
        part.strip("\"'").startswith(_LABEL) for part in (item.key, text[item.start :])
    )
