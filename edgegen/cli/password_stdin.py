"""The password that `--password-stdin` reads."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

from edgegen.cli.commands import option
from edgegen.core.errors import UsageError

if TYPE_CHECKING:
    from edgegen.core.secret import Secret

Stdin = Annotated[bool, option("--password-stdin", "Read the password from standard input.")]


def password_from_stdin() -> Secret:
    """The first line of standard input. Raises UsageError where there is none."""
    from edgegen.core.secret import Secret

    # A process that was started with a closed standard input has none at all.
    # A byte order mark says how the text is written and belongs to no password: some shells put one before a pipe's.
    text = sys.stdin.readline().removeprefix("\ufeff").rstrip("\r\n") if sys.stdin is not None else ""
    if not text:
        raise UsageError("standard input has no password")
    return Secret(text)
