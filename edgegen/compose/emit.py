"""The only writer of YAML.

Every string that is not a plainly safe word is double-quoted, so that YAML 1.1 and 1.2 parsers read the same. Long
strings stay on one line. Where Compose interpolates, `$` in values is doubled (keys are never interpolated). All other
files may be read as Go templates (Traefik's file provider does): there `{{` is escaped so that no template begins.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from msgspec import Struct, field

from edgegen.compose.model import Merged, Shared
from edgegen.core.pattern import late_pattern


class Interpolation(str):
    """Text for Compose to interpolate, like `${NAME:?message}`: its `$` is written unchanged."""

    __slots__ = ()


class Anchored(Struct, frozen=True):
    """A value that is written at this place, with the anchor `&name`."""

    name: str
    value: Any


class Alias(Struct, frozen=True):
    """The value that was written under the anchor `name`: `*name`."""

    name: str


class Merge(Struct, frozen=True):
    """A mapping that takes over anchored mappings (`<<: *name`) and adds its own keys, which win."""

    names: tuple[str, ...]
    own: dict[str, Any] = field(default_factory=dict)


def emit(value: Any, *, indent: int = 0, interpolated: bool) -> str:
    """`value` as block YAML, every line indented by `indent` spaces, without a final line end.

    (One exception: text that ends with a line end, in last place, keeps it; without it parsers read another text.)

    Takes dict, list, tuple, str, int, float, bool, None, `Anchored`, `Alias`, `Merge`, `Interpolation` and the
    model's `Shared` (its alias) and `Merged`. With `interpolated`, `$` is doubled in every value.
    Raises TypeError for anything else (a Secret above all) and for an `Interpolation` in a file that is not
    interpolated; ValueError for what YAML can't carry: lone surrogates, infinity, integers beyond 64 bits, keys of
    more than 1,000 characters, data nested deeper than 100 levels.
    """
    writer = _Writer(_INTERPOLATED if interpolated else _LITERAL, interpolated)
    pad = " " * indent
    if isinstance(value, dict) and value:
        writer.mapping(value, pad)
    elif isinstance(value, list | tuple) and value:
        writer.sequence(value, pad)
    else:
        writer.other("", value, pad, pad)
    text = "".join(writer.out)
    return text if writer.clipped == len(writer.out) else text[:-1]


class _Writer:
    """Collects lines. `prefix` is what precedes a value on its line (`  key:`, `  -`), `pad` its children's."""

    __slots__ = ("clipped", "interpolated", "out", "quoted")

    def __init__(self, quoted: _Quoted, interpolated: bool) -> None:
        self.out: list[str] = []
        self.clipped = -1
        self.quoted = quoted
        self.interpolated = interpolated

    def mapping(self, value: dict[str, Any], pad: str) -> None:
        write, keys, quoted = self.out.append, _KEYS, self.quoted
        for key, item in value.items():
            kind = type(item)
            if kind is str and "\n" not in item:
                write(f"{pad}{keys[key]}: {quoted[item]}\n")
            elif kind is dict and item:
                write(f"{pad}{keys[key]}:\n")
                self.mapping(item, _deeper(pad))
            elif kind is list and item:
                write(f"{pad}{keys[key]}:\n")
                self.sequence(item, _deeper(pad))
            else:
                self.other(f"{pad}{keys[key]}:", item, " ", _deeper(pad))

    def sequence(self, value: Sequence[Any], pad: str) -> None:
        write, quoted = self.out.append, self.quoted
        for item in value:
            kind = type(item)
            if kind is str and "\n" not in item:
                write(f"{pad}- {quoted[item]}\n")
            elif (kind is dict or kind is list) and item:
                self.item(item, pad)
            else:
                self.other(f"{pad}-", item, " ", _deeper(pad))

    def item(self, value: Any, pad: str) -> None:
        """A container in a sequence starts on the line of its dash."""
        at = len(self.out)
        if type(value) is dict:
            self.mapping(value, _deeper(pad))
        else:
            self.sequence(value, _deeper(pad))
        self.out[at] = f"{pad}- {self.out[at][len(pad) + 2 :]}"

    def other(self, prefix: str, value: Any, gap: str, pad: str) -> None:
        """Everything that the two loops above do not handle."""
        if isinstance(value, Shared):
            value = Alias(value.name)
        elif isinstance(value, Merged):
            value = Merge(tuple(part.name for part in value.shared), value.own)
        if isinstance(value, Anchored):
            self.anchored(prefix, value, gap, pad)
        elif isinstance(value, Merge):
            self.merge(prefix, value, pad)
        elif isinstance(value, dict | list | tuple) and value:
            self.container(prefix, value, pad)
        elif isinstance(value, str) and prefix and _is_block(value) and (self.interpolated or "{{" not in value):
            self.block(prefix, value, pad)
        else:
            self.out.append(f"{prefix}{gap}{self.scalar(value)}\n")

    def container(self, prefix: str, value: Any, pad: str) -> None:
        if _is_dash(prefix):
            self.item(dict(value) if isinstance(value, dict) else list(value), pad[:-2])
            return
        self.out.append(f"{prefix}\n")
        if isinstance(value, dict):
            self.mapping(value, pad)
        else:
            self.sequence(value, pad)

    def anchored(self, prefix: str, value: Anchored, gap: str, pad: str) -> None:
        head = f"{prefix}{gap}&{_anchor(value.name)}"
        if isinstance(value.value, dict | list | tuple | Merge | Merged) and value.value:
            # Not on the dash's line: `- &name key: value` would anchor the key.
            self.other(head, value.value, " ", pad)
        else:
            self.out.append(f"{head} {self.scalar(value.value)}\n")

    def merge(self, prefix: str, value: Merge, pad: str) -> None:
        if not value.names:
            self.other(prefix, value.own, " ", pad)
            return
        names = [f"*{_anchor(name)}" for name in value.names]
        parts = names[0] if len(names) == 1 else f"[{', '.join(names)}]"
        if _is_dash(prefix):
            self.out.append(f"{prefix} <<: {parts}\n")
        else:
            self.out.append(f"{prefix}\n{pad}<<: {parts}\n" if prefix else f"{pad}<<: {parts}\n")
        self.mapping(value.own, pad)

    def block(self, prefix: str, value: str, pad: str) -> None:
        """Text of several lines as a literal block: `|-` without, `|` with one line end at its end."""
        text = self.dollars(value)
        lines = "".join(f"{pad}{line}\n" if line else "\n" for line in text.removesuffix("\n").split("\n"))
        ends = text.endswith("\n")
        self.out.append(f"{prefix} {'|' if ends else '|-'}\n{lines}")
        if ends:
            self.clipped = len(self.out)

    def dollars(self, value: str) -> str:
        text = str.__str__(value)
        if not isinstance(value, Interpolation):
            return text.replace("$", "$$") if self.interpolated else text
        if not self.interpolated:
            raise TypeError("an Interpolation in a file that is not interpolated")
        return text

    def scalar(self, value: Any) -> str:
        if isinstance(value, Interpolation):
            return _quote(self.dollars(value))
        if isinstance(value, str):
            return self.quoted[str.__str__(value)]
        if value is None or isinstance(value, bool):
            return _WORDS[value]
        if isinstance(value, int | float):
            return _number(value)
        return _empty_or_alias(value)


def _empty_or_alias(value: Any) -> str:
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, list | tuple):
        return "[]"
    if isinstance(value, Alias):
        return f"*{_anchor(value.name)}"
    raise TypeError(f"a value of type {type(value).__name__} can't be written to YAML")


def _is_dash(prefix: str) -> bool:
    return prefix.lstrip(" ") == "-"


_WORDS = {None: "null", True: "true", False: "false"}
_DEEPEST = 200


def _deeper(pad: str) -> str:
    if len(pad) > _DEEPEST:
        raise ValueError("the data is nested deeper than 100 levels, or contains itself")
    return pad + "  "


def _number(value: int | float) -> str:
    if isinstance(value, int):
        if not -(2**63) <= value < 2**64:
            raise ValueError("parsers disagree about an integer of more than 64 bits")
        return int.__repr__(value)
    if not math.isfinite(value):
        raise ValueError("infinity and not-a-number can't be written")
    text = float.__repr__(value)
    # YAML 1.1 reads `1e+16` as text: a mantissa needs its point.
    return text.replace("e", ".0e") if "e" in text and "." not in text else text


_ANCHOR = late_pattern(r"[A-Za-z0-9_-]{1,128}\Z")


def _anchor(name: str) -> str:
    if not _ANCHOR.match(name):
        raise ValueError(f"`{name[:40]}` is not an anchor's name: a-z, A-Z, 0-9, `_` and `-`")
    return name


# A word that every parser reads as this text: it starts like a name or a path, and is not one of the words that YAML
# 1.1 reads as true, false or null. Anything that starts with a digit, a sign or a dot is quoted.
_SAFE = late_pattern(r"[A-Za-z_/](?:[A-Za-z0-9_./@+=-]|:(?=[A-Za-z0-9_./@+=-]))*\Z")
NOT_TEXT = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_SPECIAL = late_pattern('["\\\\\x00-\x1f\x7f-\xa0\xad\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff0-\uffff]')
_ASCII_SPECIAL = late_pattern('["\\\\\x00-\x1f\x7f]')
"""The same for texts that need no more: the other one takes long to compile."""
_NAMED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\x00": "\\0"}
_BLOCK = late_pattern(
    r"(?!\s)[\x20-\x7e\xa1-\xac\xae-\u167f]*[\x21-\x7e\xa1-\xac\xae-\u167f]"
    r"(?:\n+(?! *\n)[\x20-\x7e\xa1-\xac\xae-\u167f]*[\x21-\x7e\xa1-\xac\xae-\u167f])+\n?\Z"
)


def _is_block(text: str) -> bool:
    return "\n" in text and _BLOCK.match(text) is not None


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if named := _NAMED.get(character):
        return named
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:
        raise ValueError("a lone surrogate can't be written to YAML")
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _quote(text: str) -> str:
    special = _ASCII_SPECIAL if text.isascii() else _SPECIAL
    return f'"{special.sub(_escape, text)}"'


class _Quoted(dict[str, str]):
    """text -> how it is written. A cache of short texts, emptied when full: files repeat the same words."""

    __slots__ = ("_doubles",)
    _full = 20_000
    _longest = 200

    def __init__(self, *, doubles: bool) -> None:
        super().__init__()
        self._doubles = doubles

    def __missing__(self, text: str) -> str:
        written = text.replace("$", "$$") if self._doubles else text
        if not _SAFE.match(written) or written.lower() in NOT_TEXT:
            written = _quote(written)
        if not self._doubles and "{{" in written:
            # A user's template would run with Traefik's environment, and a broken one would disable all files.
            written = written.replace("{{", "{\\x7b")
        if len(text) <= self._longest:
            if len(self) >= self._full:
                self.clear()
            self[text] = written
        return written


class _Keys(_Quoted):
    """The same for keys. A key must fit on one line: parsers give up after 1,024 characters."""

    __slots__ = ()

    def __missing__(self, text: str) -> str:
        if not isinstance(text, str):
            raise TypeError(f"a key of type {type(text).__name__} can't be written to YAML")
        written = super().__missing__(str.__str__(text))
        if len(written) > 1000:
            raise ValueError("a key of more than 1,000 characters can't be written to YAML")
        return written


_LITERAL = _Quoted(doubles=False)
_INTERPOLATED = _Quoted(doubles=True)
_KEYS = _Keys(doubles=False)
