"""Which files git tracks: the names in a repository's index. Pure.

Read here and not asked of git: lint runs no programs, and git may not be there. Source: git's own documentation,
"gitformat-index". An index that leaves anything open (a split one, an unknown extension that must be understood) has
no answer.
"""

from __future__ import annotations

from collections.abc import Iterator

_STAT = 40
"""Bytes of times, device, owner and size before an entry's hash."""
_HASHES = (20, 32)
"""Bytes of a SHA-1, and of a SHA-256."""
_EXTENDED = 0x4000
_LONG = 0xFFF
_MODES = (0o04, 0o10, 0o12, 0o16)
"""A folder of a sparse index, a file, a link, another repository."""


class BadIndexError(ValueError):
    """The index can't be read whole."""


def tracked_names(content: bytes) -> frozenset[bytes]:
    """The paths of all entries, from the top of the working tree. Raises BadIndexError."""
    if content[:4] != b"DIRC" or len(content) < 12:
        raise BadIndexError("not an index")
    version, count = int.from_bytes(content[4:8], "big"), int.from_bytes(content[8:12], "big")
    if version not in (2, 3, 4):
        raise BadIndexError(f"version {version}")
    for size in _HASHES:
        try:
            return _names(content, version, count, size)
        except (BadIndexError, IndexError) as error:
            last = error
    raise BadIndexError(str(last))


def _names(content: bytes, version: int, count: int, size: int) -> frozenset[bytes]:
    names: list[bytes] = []
    position, before = 12, b""
    for _ in range(count):
        before, position = _entry(content, version, position, size, before)
        names.append(before)
    if any(kind == b"link" for kind in _extensions(content, position, size)):
        raise BadIndexError("a split index")
    return frozenset(names)


def _entry(content: bytes, version: int, start: int, size: int, before: bytes) -> tuple[bytes, int]:
    """The name of an entry, and where the next one starts."""
    if int.from_bytes(content[start + 24 : start + 28], "big") >> 12 not in _MODES:
        raise BadIndexError("an entry of no known kind")
    at = start + _STAT + size
    flags = int.from_bytes(content[at : at + 2], "big")
    at += 4 if flags & _EXTENDED else 2
    kept = b""
    if version == 4:
        cut, at = _number(content, at)
        kept = before[: len(before) - cut]
    end = content.index(b"\0", at) if b"\0" in content[at : at + 8192] else len(content)
    name = kept + content[at:end]
    length = flags & _LONG
    if end == len(content) or not name or (length != _LONG and length != len(name)):
        raise BadIndexError("an entry without an end")
    return name, end + 1 if version == 4 else start + (end - start + 8) // 8 * 8


def _number(content: bytes, at: int) -> tuple[int, int]:
    """A number of variable length, as packs have it for offsets."""
    byte = content[at]
    value = byte & 0x7F
    while byte & 0x80:
        at += 1
        byte = content[at]
        value = ((value + 1) << 7) | (byte & 0x7F)
        if value > 1 << 32:
            raise BadIndexError("a number without an end")
    return value, at + 1


def _extensions(content: bytes, position: int, size: int) -> Iterator[bytes]:
    end = len(content) - size
    while position + 8 <= end:
        yield content[position : position + 4]
        position += 8 + int.from_bytes(content[position + 4 : position + 8], "big")
    if position != end:
        raise BadIndexError("an extension without an end")
