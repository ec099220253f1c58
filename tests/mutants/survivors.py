"""Why a survivor may survive: it changes nothing that anybody could see, or only what a message says."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from tests.mutants.outcome import Mutant

ANYWHERE = "*"


@dataclass(slots=True)
class Reasons:
    """Entries of `survivors.toml`: function -> list of {change = "a part of the changed lines", why = "…"}."""

    entries: dict[str, list[dict[str, str]]]
    _used: set[tuple[str, str]] = field(default_factory=set)

    def explain(self, mutant: Mutant) -> str:
        """The reason for a survivor, or ""."""
        candidates = [*self.entries.get(mutant.function, ()), *self.entries.get(ANYWHERE, ())]
        change = mutant.change() if candidates else ""
        for entry in candidates:
            if entry["change"] in change:
                self._used.add((mutant.function, entry["change"]))
                return entry["why"]
        return ""

    def unused(self, modules: set[str]) -> list[str]:
        """Reasons of these modules that no survivor needed: in a run of every mutant they may go."""
        every = {
            (function, entry["change"])
            for function, entries in self.entries.items()
            for entry in entries
            if any(f"edgegen.{function}".startswith(f"{module}.") for module in modules)
        }
        return [f"{function}: {change}" for function, change in sorted(every - self._used)]


def read_reasons(path: Path) -> Reasons:
    """The reasons that are written down."""
    return Reasons(tomllib.loads(path.read_text(encoding="utf-8")))
