"""The difference between two contents as text that is safe to print."""

from __future__ import annotations

# Escape sequences in a file must not reach the terminal; tabs and line ends may.
_CONTROLS = {code: f"\\x{code:02x}" for code in (*range(0x20), *range(0x7F, 0xA0)) if code not in (0x09, 0x0A)}


def unified(
    path: str, before: bytes | None, after: bytes | None, *, sides: tuple[str, str] = ("on disk", "rendered")
) -> list[str]:
    """The lines of a unified diff, without line ends. None means a file that doesn't exist."""
    from difflib import unified_diff  # needed only when something differs

    return list(
        unified_diff(
            _lines(before),
            _lines(after),
            "/dev/null" if before is None else f"{path} ({sides[0]})",
            "/dev/null" if after is None else f"{path} ({sides[1]})",
            lineterm="",
        )
    )


def _lines(content: bytes | None) -> list[str]:
    text = (content or b"").decode("utf-8", "backslashreplace").translate(_CONTROLS)
    return text.removesuffix("\n").split("\n") if text else []
