"""`--push` and how much, how slowly: the options of `verify` for a round trip through a registry."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from edgegen.cli.look_options import LONGEST_TIMEOUT
from edgegen.core.errors import UsageError
from edgegen.core.show import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from edgegen.endpoints import Endpoint
    from edgegen.verify.settings import PushSettings

LARGEST_PUSH = 64 * 1024**3
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "ki": 2**10, "mi": 2**20, "gi": 2**30}

Push = Annotated[bool, typer.Option("--push", help="Push an image to each registry, pull it, delete it.")]
PushSize = Annotated[
    str | None, typer.Option("--push-size", metavar="SIZE", help="Push so much, like 110MB: finds body limits.")
]
PushSlow = Annotated[
    float | None,
    typer.Option("--push-slow", metavar="S", help="Let an upload trickle for S seconds, like 70: finds read timeouts."),
]
NoLogin = Annotated[
    bool, typer.Option("--no-login", help="Try no password at registries: that they refuse strangers is enough.")
]


def check_login(pushed: PushSettings | None, no_login: bool) -> None:
    """Raises UsageError for a push that is to do without a password."""
    if pushed is not None and no_login:
        raise UsageError("--push needs a login, and --no-login forbids one", hint="leave one of them out")


def push_settings(push: bool, size: str | None, slow: float | None) -> PushSettings | None:
    """What is pushed; a size or a time alone mean `--push` too. None: nothing. Raises UsageError."""
    from edgegen.verify.settings import PushSettings

    if not push and size is None and slow is None:
        return None
    if slow is not None and not 0 < slow <= LONGEST_TIMEOUT:
        raise UsageError(f"--push-slow {slow:g}: say seconds above 0, and at most {LONGEST_TIMEOUT:g}")
    return PushSettings(size=PushSettings().size if size is None else parse_size(size), slow=slow or 0.0)


def parse_size(text: str) -> int:
    """`110MB`, `5MiB` or bytes alone, as a number of bytes. Raises UsageError for anything else."""
    found = re.fullmatch(r"(\d{1,12}(?:\.\d{1,3})?) ?([kmg]i?)?b?", text.strip().lower(), re.ASCII)
    if found is None:
        raise UsageError(f"--push-size {shown(text, 40)!r}: write it like 110MB, 5MiB or 1048576")
    size = int(float(found[1]) * _UNITS[found[2] or ""])
    if not 0 < size <= LARGEST_PUSH:
        raise UsageError(f"--push-size {shown(text, 40)}: at least one byte, and at most 64GiB")
    return size


def check_that_it_can_be_pushed(endpoints: Iterable[Endpoint]) -> None:
    """Raises UsageError where no registry takes a push: a run that pushes nothing must not end as a good push."""
    from edgegen.endpoints import Kind

    if not any(item.kind is Kind.REGISTRY and item.writable for item in endpoints):
        raise UsageError(
            "--push: none of the hosts that are looked at is a registry that takes pushes",
            hint="name one: a service of kind `registry`, or `https://HOST/v2/` for a registry of anybody",
        )
