"""A rule about a spec: its number, its page, and a pure function."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from edgegen.core.page import Page, page
from edgegen.rules.violation import Violation


class Rule(Struct, frozen=True):
    """One rule. `check` takes a spec, and for a rule about the disk an inventory too."""

    id: str
    name: str
    check: Callable[..., Iterator[Violation]]
    docstring: str

    @property
    def page(self) -> Page:
        """What it does, why, an example, and what to write instead."""
        return page(self.id, self.name, self.docstring)

    def violations(self, *about: Any) -> Iterator[Violation]:
        """What it finds; each violation names the rule."""
        return (replace(violation, rule=self.id) for violation in self.check(*about))


def rule(package: str, file: str) -> Rule:
    """The rule in a file of the package."""
    module = importlib.import_module(f"{package}.{file}")
    return Rule(module.ID, file.replace("_", "-"), module.check, module.__doc__ or "")
