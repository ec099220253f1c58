"""Which parts of a line are values, and of which key: an excerpt hides those that could be secret. Pure.

The line may be a piece of a longer flow collection or broken YAML: where that leaves a doubt, it is a value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from edgegen.cli.report.private import end_of_quotes
from edgegen.core.secret import MASK

HARMLESS = frozenset((
    "name", "target", "email", "challenge", "ca", "provider", "kind", "image", "port",
    "listen", "host", "hosts", "aliases", "path", "paths", "depends_on", "networks", "middlewares",
    "restart", "replicas", "proxied", "ttl", "caa", "addresses", "type", "priority", "permanent",
    "keep_path", "average", "burst", "period", "source_range", "generate", "internal", "external", "driver",
    "anonymous", "delete", "version", "passthrough", "domains", "services", "volumes", "public", "ports",
    "expose", "network_mode", "entrypoints", "rule", "tls",
))  # fmt: skip
"""Keys whose values are names and numbers that the rendered files show anyway."""
OPTIONS = frozenset((
    "amount", "attempts", "cafile", "cap_add", "cap_drop", "certfile", "certresolver", "ciphersuites", "condition",
    "constraints", "container_name", "delay", "depth", "directory", "excludedips", "file", "filename",
    "format", "host_ip", "hostname", "initialinterval", "interval", "keyfile", "level", "main", "maxversion", "method",
    "minversion", "mode", "network", "order", "parallelism", "prefix", "prefixes", "protocol", "published",
    "pull_policy", "read_only", "regex", "replacement", "sans", "scheme", "server", "serverstransport", "service",
    "sourcerange", "source", "status", "storage", "timeout", "to", "trustedips", "watch", "working_dir",
))  # fmt: skip
"""Keys of Compose and of Traefik, in lower case, whose values are names, numbers, paths and patterns.

Not `entrypoint`, which is a name for Traefik, and for Compose a command line."""
_ADDRESS = re.compile(r"(?:https?|tcp|h2c)://[\w.-]+(?::\d{1,5})?/?", re.ASCII)
"""A URL that has only a host and a port."""
_SHORT = re.compile(r"-?\d{1,5}|true|false|null|~|yes|no|on|off", re.IGNORECASE)
_COLON = re.compile(r":(?=[\s,\[\]{}\"']|$)")
_TOP = re.compile(r"[^\s#\]}]")
"""A key of the file itself: no bracket is open before it."""
_PLAIN = re.compile(r"(?:[^\s,\[\]{}:#]|:(?!\s|$)|(?<=\S)#|[ \t]+(?![#\s]|$))+")
"""In a flow collection. Outside of one also `,[]{}`."""
_BLOCK = re.compile(r"(?:[^\s:#]|:(?!\s|$)|(?<=\S)#|[ \t]+(?![#\s]|$))+")


Span = tuple[int, int]


class Scalar(Struct, frozen=True):
    """A word or text of a line."""

    start: int
    end: int
    key: str
    """The key that it is the value of, as far as the line says; "" for none."""
    is_key: bool
    in_flow: bool


def comment_of(text: str) -> int:
    """Where the comment begins; the line's end if it has none."""
    at = 0
    while at < len(text):
        if text[at] in "\"'" and (not at or text[at - 1] in " \t,[{:-"):
            at = end_of_quotes(text, at)
            continue
        if text[at] == "#" and (not at or text[at - 1].isspace()):
            return at
        at += 1
    return len(text)


def scalars(text: str, depth: int = 0) -> Iterator[Scalar]:
    """The scalars of a line, without its comment. `depth`: how many brackets are open before it."""
    stop, at = comment_of(text), 0
    outer = [""] * depth
    key = ""
    while at < stop:
        character = text[at]
        if character in "[{":
            outer.append(key)
        elif character in "]}":
            key = outer.pop() if outer else ""
        elif character == "," and outer:
            key = outer[-1]
        elif not character.isspace() and not _is_sign(text, at, in_flow=bool(outer)):
            is_rest = not outer and key != "" and text[at] not in "\"'"
            end = stop if is_rest else min(_end(text, at, in_flow=bool(outer)), stop)
            end = at + len(text[at:end].rstrip())
            colon = None if is_rest else _COLON.match(text, end)
            yield Scalar(at, end, key, colon is not None, bool(outer))
            if colon is not None:
                key = text[at:end].strip("\"'")
            at = max(end + (colon is not None), at + 1)
            continue
        at += 1


def _is_sign(text: str, at: int, *, in_flow: bool) -> bool:
    """A dash of a list, a question mark, a colon on its own; in a flow collection a closed one's comma."""
    return text[at] in "-?:," and (at + 1 == len(text) or text[at + 1].isspace() or (in_flow and text[at] in ":,"))


def _end(text: str, at: int, *, in_flow: bool) -> int:
    if text[at] in "\"'":
        return end_of_quotes(text, at)
    found = (_PLAIN if in_flow else _BLOCK).match(text, at)
    return found.end() if found else at + 1


def depth_before(lines: Sequence[str], line: int) -> int:
    """How many brackets are open where a line begins."""
    above = lines[: line - 1]
    first = next((at for at in range(len(above) - 1, -1, -1) if _TOP.match(above[at])), 0)
    depth = 0
    for text in above[first:]:
        stop, at = comment_of(text), 0
        while at < stop:
            if text[at] in "\"'" and (not at or text[at - 1] in " \t,[{:"):
                at = end_of_quotes(text, at)
                continue
            depth = max(depth + (text[at] in "[{") - (text[at] in "]}"), 0)
            at += 1
    return depth


def is_harmless(text: str, item: Scalar) -> bool:
    """Whether a value can be shown that nothing is said about."""
    value = text[item.start : item.end]
    return item.key.lower() in HARMLESS or is_short(value) or _is_an_option(item.key, value.strip("\"'"))


def _is_an_option(key: str, value: str) -> bool:
    return key.lower() in OPTIONS or (key.lower() in ("address", "endpoint", "url") and bool(_ADDRESS.fullmatch(value)))


def is_short(text: str) -> bool:
    """Whether it is a small number, a flag or null: no secret."""
    return bool(_SHORT.fullmatch(text.strip("\"'")))


def masked(text: str, start: int, end: int, hidden: Sequence[Span]) -> str:
    """A part of the line, with `***` for what is hidden in it."""
    shown, at = "", start
    for first, last in hidden:
        if start <= first < end:
            shown, at = f"{shown}{text[at:first]}{MASK}", last
    return shown + text[at:end]
