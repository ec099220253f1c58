"""Text inside a PNG: what the page said when it was photographed. Source: the PNG specification, 11.3.3.4 iTXt."""

from __future__ import annotations

import struct
import zlib

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_KEY = b"Source"
_HEAD = _KEY + b"\0\1\0\0\0"
"""Compressed; no language, no translated key."""


def with_text(picture: bytes, text: str) -> bytes:
    """The same picture with its text, before the chunk that ends it."""
    end = picture.rindex(b"IEND") - 4
    return picture[:end] + _chunk(b"iTXt", _HEAD + zlib.compress(text.encode(), 9)) + picture[end:]


def text_of(picture: bytes) -> str:
    """The text that was put in."""
    assert picture.startswith(_SIGNATURE)
    at = len(_SIGNATURE)
    while at < len(picture):
        (size,) = struct.unpack(">I", picture[at : at + 4])
        kind, body = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + size]
        if kind == b"iTXt" and body.startswith(_HEAD):
            return zlib.decompress(body[len(_HEAD) :]).decode()
        at += size + 12
    raise AssertionError("the picture has no text inside: `make pictures` makes it anew")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
