"""TXT content with and without its quotes, as zone files and providers write it. Pure. Source: RFC 1035, 5.1."""

from __future__ import annotations

from edgegen.core.pattern import late_pattern

_CHUNK = late_pattern(r'"((?:[^"\\]|\\.)*)"')
_ESCAPE = late_pattern(r"\\(\d{3}|.)")


def strings(text: str) -> list[bytes] | None:
    """The strings of a text that consists of quoted strings, escapes resolved. None for any other text."""
    if not text.startswith('"') or _CHUNK.sub("", text).strip():
        return None
    return [_bytes(chunk) for chunk in _CHUNK.findall(text)]


def unquoted(text: str) -> str:
    """TXT content without its quotes: strings of up to 255 bytes joined, escapes resolved. Bare text is itself."""
    found = strings(text)
    return text if found is None else b"".join(found).decode("utf-8", "surrogateescape")


def _bytes(chunk: str) -> bytes:
    """The bytes of one quoted string: `\\DDD` is a byte by its decimal value, any other escape is the character."""
    data, end = b"", 0
    for match in _ESCAPE.finditer(chunk):
        code = match[1]
        data += chunk[end : match.start()].encode()
        data += bytes([int(code)]) if len(code) == 3 and int(code) < 256 else code.encode()
        end = match.end()
    return data + chunk[end:].encode()


def quoted(text: str) -> str:
    """TXT content as quoted strings of at most 255 bytes, as zone files and Cloudflare store it."""
    data = text.encode("utf-8", "surrogateescape")
    chunks = [data[start : start + 255] for start in range(0, len(data), 255)] or [b""]
    return " ".join(f'"{_escaped(chunk)}"' for chunk in chunks)


def _escaped(chunk: bytes) -> str:
    return "".join(
        f"\\{chr(byte)}" if byte in b'"\\' else chr(byte) if 32 <= byte < 127 else f"\\{byte:03d}" for byte in chunk
    )
