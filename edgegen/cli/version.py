"""`edgegen --version --json`: what an issue or a program wants to know about this installation."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from edgegen import __version__


def say(words: Sequence[str]) -> int:
    """Print it; the exit code. The console is loaded only if that fails."""
    if sys.stdout is None:  # it was closed
        return 0
    try:
        sys.stdout.write(f"{answer(words)}\n")
        sys.stdout.flush()
    except OSError:
        return _said_why(words)
    return 0


def _said_why(words: Sequence[str]) -> int:
    from edgegen.cli import console
    from edgegen.core.errors import LocalIOError

    try:
        console.out(answer(words))
        console.flush()
    except LocalIOError as error:
        console.show_error(error)
        return error.exit_code
    return 0


def answer(words: Sequence[str]) -> str:
    """What a command line with `--version` prints."""
    return _as_json() if "--json" in words else f"edgegen {__version__}"


def _as_json() -> str:
    """One object in the form of every command's. Neither Typer nor the console is loaded for it."""
    import json

    body = {
        "schema_version": 1,
        "command": "version",
        "ok": True,
        "findings": [],
        "version": __version__,
        "python": ".".join(map(str, sys.version_info[:3])),
        "implementation": sys.implementation.name,
        "platform": f"{sys.platform}-{os.uname().machine}",
    }
    return json.dumps(body, indent=2)
