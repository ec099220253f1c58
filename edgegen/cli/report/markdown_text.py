"""Text of others in Markdown: it can't end a cell, open a tag, make a link or mention anybody. Pure."""

from __future__ import annotations

import re

from edgegen.core.show import shown

_CODE = re.compile(r"[!#-\[\]^_a-{}~]([ !#-\[\]^_a-{}~]*[!#-\[\]^_a-{}~])?")
"""Characters that are literal in a code span of a table; a backtick, a pipe and a backslash are not."""
_WORD = re.compile(r"[A-Za-z0-9 ]")
_PLAIN = re.compile(
    r"(?!www\.)(?!.*://)(?!.*(?i:gh)-\d)(?!.*\b(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{7,40}\b)([^\W_]|[.,:;()%'\"/?=+-])+"
)
"""A word that Markdown reads as itself inside of a sentence. Others become code: an address would be a link without
any syntax, and a name after `@` a mention, even if that character is written as a reference. GitHub makes links of
`GH-12` and of what looks like the hash of a commit."""
_LONGEST = 4096


def code(text: str) -> str:
    """Text in a fixed width."""
    line = shown(text, _LONGEST)
    if not line:
        return ""
    if _CODE.fullmatch(line):
        return f"`{line}`"
    # Character references are never syntax: not for Markdown, nor for a table.
    escaped = "".join(char if _WORD.fullmatch(char) else f"&#{ord(char)};" for char in line)
    return f"<code>{escaped}</code>"


def prose(text: str) -> str:
    """A sentence; what it has between backticks becomes code."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:  # one backtick has no partner
        return _sentence(text)
    return "".join(code(piece) if number % 2 else _sentence(piece) for number, piece in enumerate(pieces))


def _sentence(text: str) -> str:
    words = shown(text.replace("\n", " "), _LONGEST).split(" ")
    return " ".join(word if not word or _PLAIN.fullmatch(word) else code(word) for word in words)
