"""A key or a value gets another text, written as the old one was where that is possible, and quoted where it is not."""

from __future__ import annotations

import re

from edgegen.core.pattern import late_pattern
from edgegen.lint.edits.layout import Entry, Node, entry_at
from edgegen.lint.model import Spot
from edgegen.lint.rule import Edit
from edgegen.spec.positions import parser

_TEXT = late_pattern(r"-{0,2}[A-Za-z_/]")
"""How a plain word or flag begins that no version of YAML reads as a number."""
_BLOCK_PIECE = late_pattern(r"[\x21-\x7e]*")
_TOML_WORD = late_pattern(r"[A-Za-z0-9_-]+")
_TOML_STRING = late_pattern(r"\"([^\"\\\n]*)\"|'([^'\n]*)'")


def rename_key(spot: Spot, word: str) -> Edit | None:
    """Another word for the key of a mapping, wherever the mapping is used."""
    if spot.file.language == "toml":
        return _toml(spot, word, key=True)
    entry = entry_at(spot)
    if entry is None or entry.key is None or entry.key.kind != "scalar":
        return None
    return _rewritten(spot, entry.key, word, _in_flow(entry), is_key=True)


def set_scalar(spot: Spot, text: str) -> Edit | None:
    """Another text for a value. None where other places have the same value by an anchor."""
    if spot.file.language == "toml":
        return _toml(spot, text, key=False)
    entry = entry_at(spot)
    if entry is None or entry.value.kind != "scalar" or entry.value.style in ("|", ">") or _is_shared(entry):
        return None
    return _rewritten(spot, entry.value, text, _in_flow(entry))


def replace_within(spot: Spot, old: str, new: str, *, shared: bool = False) -> Edit | None:
    """Another word in a key or value, where it occurs once. `shared`: also where an anchor gives it to other places."""
    entry = entry_at(spot)
    node = (entry.key if spot.key and entry.key else entry.value) if entry else None
    if entry is None or node is None or node.kind != "scalar" or (_is_shared(entry) and not shared):
        return None
    found = list(re.finditer(_bounded(old), spot.file.text[node.start : node.end]))
    if len(found) != 1 or len(re.findall(_bounded(old), node.value)) != 1:
        return None
    piece = Edit(spot.file, node.start + found[0].start(), node.start + found[0].end(), new)
    text = re.sub(_bounded(old), lambda _: new, node.value)
    if node.style in ("|", ">"):
        return piece if _BLOCK_PIECE.fullmatch(new) else None
    token = spot.file.text[node.start : piece.start] + new + spot.file.text[piece.end : node.end]
    if _reads(token, text, _in_flow(entry), is_key=node is entry.key):
        return piece
    return _rewritten(spot, node, text, _in_flow(entry), is_key=node is entry.key)


def written(text: str, style: str, *, in_flow: bool, is_key: bool = False) -> str | None:
    """A text as one token, in a style if it can be; None for what does not fit on a line."""
    from edgegen.compose.emit import NOT_TEXT, Interpolation, emit  # only a fix that writes a value needs it

    if not text.isprintable():
        return None
    candidates = (
        [text] if style == "" and _TEXT.match(text) and text.lower() not in NOT_TEXT else [],
        ["'" + text.replace("'", "''") + "'"] if style == "'" else [],
        [emit(Interpolation(text), interpolated=True)],
    )
    return next((token for part in candidates for token in part if _reads(token, text, in_flow, is_key=is_key)), None)


def _is_shared(entry: Entry) -> bool:
    return entry.borrowed or entry.value.shared or entry.parent.shared


def _in_flow(entry: Entry) -> bool:
    return entry.parent.style == "flow"


def _rewritten(spot: Spot, node: Node, text: str, in_flow: bool, *, is_key: bool = False) -> Edit | None:
    token = written(text, node.style, in_flow=in_flow, is_key=is_key)
    if token is None or node.tagged:
        return None
    empty = node.start == node.end  # `key:` with no value has none of the space before one, either
    gap = " " if empty and spot.file.text[node.start - 1 : node.start] == ":" else ""
    return Edit(spot.file, node.start, node.end, gap + token)


def _reads(token: str, text: str, in_flow: bool, *, is_key: bool = False) -> bool:
    """Whether a parser takes the token for this text, in its place."""
    from yaml.error import YAMLError
    from yaml.events import ScalarEvent

    said = f"{token}: x" if is_key else token
    line = f"[{{{said}}}]\n" if in_flow and is_key else f"[{said}, x]\n" if in_flow else f"- {said}\n"
    get = parser(line.encode("utf-8", "surrogatepass")).get_event
    found = []
    try:
        while (event := get()) is not None and type(event).__name__ != "StreamEndEvent":
            if type(event) is ScalarEvent:
                found.append(event.value)
    except YAMLError:
        return False
    return found == ([text, "x"] if is_key or in_flow else [text])


def _bounded(word: str) -> str:
    """A pattern that does not match inside a longer word."""
    before = r"(?<![A-Za-z0-9_])" if word[:1].isalnum() else ""
    after = r"(?![A-Za-z0-9_])" if word[-1:].isalnum() else ""
    return before + re.escape(word) + after


def _toml(spot: Spot, text: str, *, key: bool) -> Edit | None:
    """One bare or quoted word of a TOML file."""
    start = spot.file.places.index(spot.path, key=key)
    if key and (found := _TOML_WORD.match(spot.file.text, start)):
        old, new = found[0], text if _TOML_WORD.fullmatch(text) else None
    elif string := _TOML_STRING.match(spot.file.text, start):
        old = string[0]
        new = _toml_string(text)
    else:
        return None
    if new is None or (key and old.strip("\"'") != str(spot.path[-1])):
        return None
    return Edit(spot.file, start, start + len(old), new)


def _toml_string(text: str) -> str | None:
    """With escapes in neither: the kind of quotes that needs none."""
    if not text.isprintable():
        return None
    if not set(text) & {'"', "\\"}:
        return f'"{text}"'
    return f"'{text}'" if "'" not in text else None
