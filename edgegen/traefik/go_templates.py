"""Go templates, as far as their form goes: are the actions closed, and do they close what they open? Pure.

Functions and values are not checked. Source: Go's text/template, lexer and parser.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.pattern import late_pattern

_ACTION = late_pattern(r"\{\{")
_QUOTED = late_pattern(r'"(?:[^"\\\n]|\\.)*"|`[^`]*`|\'(?:[^\'\\\n]|\\.)*\'')
_OPENS = frozenset({"if", "range", "with", "define", "block"})


def template_fault(text: str) -> str:
    """Why Go can't parse it; empty where its form is sound."""
    opened = 0
    try:
        for action in _actions(text):
            word = action.strip().strip("-").strip().partition(" ")[0]
            if not word:
                return "`{{}}` is empty"
            opened += (word in _OPENS) - (word == "end")
            if opened < 0:
                return "`end` has nothing to end"
    except ValueError as error:
        return str(error)
    return "an `end` is missing" if opened else ""


def _actions(text: str) -> Iterator[str]:
    at = 0
    while found := _ACTION.search(text, at):
        end = _end(text, found.end())
        body = text[found.end() : end]
        if not body.lstrip("- ").startswith("/*"):
            yield body
        at = end + 2


def _end(text: str, at: int) -> int:
    start = at
    if text[at:].lstrip("- \n\t").startswith("/*"):
        end = text.find("*/", at)
        at = len(text) if end < 0 else end
    while at < len(text):
        if text.startswith("}}", at):
            return at
        if text[at] in "\"'`":
            quoted = _QUOTED.match(text, at)
            if quoted is None:
                raise ValueError(f"a quote of `{{{{{text[start : start + 30]}` is not closed")
            at = quoted.end()
        else:
            at += 1
    raise ValueError("a `{{` is not closed")
