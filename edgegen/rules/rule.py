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
    """One rule, in a file of a package. The file is loaded when the rule is first asked."""

    package: str
    file: str

    @property
    def _module(self) -> Any:
        return importlib.import_module(f"{self.package}.{self.file}")

    @property
    def id(self) -> str:
        """Its number, like `ER001`."""
        return str(self._module.ID)

    @property
    def name(self) -> str:
        """Its name, which is its file's."""
        return self.file.replace("_", "-")

    @property
    def check(self) -> Callable[..., Iterator[Violation]]:
        """The pure function. It takes a spec, and for a rule about the disk an inventory too."""
        found: Callable[..., Iterator[Violation]] = self._module.check
        return found

    @property
    def page(self) -> Page:
        """What it does, why, an example, and what to write instead."""
        return page(self.id, self.name, self._module.__doc__)

    def violations(self, *about: Any) -> Iterator[Violation]:
        """What it finds; each violation names the rule."""
        return (replace(violation, rule=self.id) for violation in self.check(*about))
