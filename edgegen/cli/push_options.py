"""`--push` and its size and speed: the options of `verify` for a round trip through a registry."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

from msgspec import Struct

from edgegen.cli.commands import option
from edgegen.cli.look_options import LONGEST_TIMEOUT
from edgegen.cli.seconds import time_option
from edgegen.core.errors import UsageError
from edgegen.core.show import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from edgegen.endpoints import Endpoint
    from edgegen.verify.settings import PushSettings

LARGEST_PUSH = 64 * 1024**3
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "ki": 2**10, "mi": 2**20, "gi": 2**30}


class Pushing(Struct, frozen=True):
    """What `verify` does at a registry beyond looking."""

    push: Annotated[bool, option("--push", "Push an image to each registry, pull it and delete it.")] = False
    push_size: Annotated[str | None, option("--push-size", "Blob size, e.g. 110MB: finds body limits.", "SIZE")] = None
    push_slow: Annotated[
        float | None, time_option("--push-slow", "Make an upload take TIME, e.g. 70s: finds read timeouts.")
    ] = None
    no_login: Annotated[
        bool, option("--no-login", "Don't log in to registries: only check that they ask for a password.")
    ] = False

    def settings(self) -> PushSettings | None:
        """What is pushed; a size or a time implies `--push`. None: nothing. Raises UsageError."""
        from edgegen.verify.settings import PushSettings

        size, slow = self.push_size, self.push_slow
        if not self.push and size is None and slow is None:
            return None
        if slow is not None and not 0 < slow <= LONGEST_TIMEOUT:
            raise UsageError(f"--push-slow {slow:g}: use seconds above 0 and at most {LONGEST_TIMEOUT:g}")
        found = PushSettings(size=PushSettings().size if size is None else parse_size(size), slow=slow or 0.0)
        if self.no_login:
            raise UsageError("--push needs a login, but --no-login forbids one", hint="leave one of them out")
        return found


def parse_size(text: str) -> int:
    """`110MB`, `5MiB` or a plain number, in bytes. Raises UsageError for anything else."""
    found = re.fullmatch(r"(\d{1,12}(?:\.\d{1,3})?) ?([kmg]i?)?b?", text.strip().lower(), re.ASCII)
    if found is None:
        raise UsageError(f"--push-size {shown(text, 40)!r}: use e.g. 110MB, 5MiB or 1048576")
    size = int(float(found[1]) * _UNITS[found[2] or ""])
    if not 0 < size <= LARGEST_PUSH:
        raise UsageError(f"--push-size {shown(text, 40)}: use at least one byte and at most 64GiB")
    return size


def check_that_it_can_be_pushed(endpoints: Iterable[Endpoint]) -> None:
    """Raises UsageError if no registry accepts a push: a run that pushes nothing must not look like a good push."""
    from edgegen.endpoints import Kind

    if not any(item.kind is Kind.REGISTRY and item.writable for item in endpoints):
        raise UsageError(
            "--push: none of the checked hosts is a registry that accepts pushes",
            hint="name one: a service of kind `registry`, or `https://HOST/v2/` for a registry outside the spec",
        )
