"""From the bytes of a `.dockerignore` to its patterns. Source: moby/patternmatcher, ignorefile."""

from __future__ import annotations

from edgegen.dockerignore.errors import BadPatternError
from edgegen.dockerignore.pattern import Pattern

SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
"""What Go trims. Python's own `strip` takes four control characters more."""

_BOM = b"\xef\xbb\xbf"
_LONGEST = 64 * 1024 - 1


def parse(content: bytes) -> list[Pattern]:
    """The patterns in their order. Raises BadPatternError where Docker refuses the file, and so builds nothing."""
    found = []
    for number, line in enumerate(content.removeprefix(_BOM).split(b"\n"), 1):
        if len(line) > _LONGEST:
            raise BadPatternError(f"line {number} is longer than {_LONGEST} bytes")
        # Names of files are bytes: what is not UTF-8 must come out of `os.fsdecode` the same.
        text = line.decode("utf-8", "surrogateescape")
        if text.startswith("#") or not (text := _normal(text.strip(SPACE))):
            continue
        try:
            exception = text.startswith("!")
            found.append(Pattern.of(text[1:] if exception else text, exception=exception))
        except BadPatternError as error:
            raise BadPatternError(f"line {number}: {error}") from None
    return found


def _normal(text: str) -> str:
    """Trimmed and cleaned twice, as Docker does it: once as a line, once as a pattern."""
    mark = "!" if text.startswith("!") else ""
    text = text.removeprefix("!").strip(SPACE)
    if text:
        text = clean(text)
        # The context is the root of all patterns.
        text = text[1:] if text.startswith("/") and text != "/" else text
    text = f"{mark}{text}".strip(SPACE)
    return clean(text) if text else ""


def clean(path: str) -> str:
    """The shortest form of a path, as Go's filepath.Clean gives it."""
    parts: list[str] = []
    rooted = path.startswith("/")
    for part in path.split("/"):
        if part in ("", "."):
            continue
        if part != "..":
            parts.append(part)
        elif parts and parts[-1] != "..":
            parts.pop()
        elif not rooted:
            parts.append(part)
    return ("/" if rooted else "") + "/".join(parts) or "."


def line_for(path: str) -> str:
    """A line that excludes this one path, whatever characters are in it."""
    text = "".join(_written(character) for character in path)
    for first in "!#":
        text = f"[{first}]{text[1:]}" if text.startswith(first) else text
    return text


def _written(character: str) -> str:
    if character in "*?[]\\{}|^":
        return f"\\{character}"
    if character == " ":
        return "[ ]"  # at its ends a line is trimmed
    return "?" if character in SPACE or character == "\ufeff" else character
