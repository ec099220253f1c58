"""How Traefik reads one word: as a struct of further words, a mapping of names, a list, or a single value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct, field

Kind = Literal[
    "text", "flag", "number", "decimal", "duration", "list", "decimals",
    "struct", "mapping", "structs", "server", "raw",
]  # fmt: skip


class Type(Struct, frozen=True):
    """How Traefik reads one word and what is below it."""

    kind: Kind
    fields: Mapping[str, Type] = field(default_factory=dict)
    """The words of a struct, in lower case; those of each item of `structs` and `server`."""
    item: Type | None = None
    """What every name of a mapping holds."""
    may_be_empty: bool = False
    """A struct that needs no option: `true` or an empty value turns it on, any other value silently turns it off."""
    ignored: bool = False
    """Known there, and never read: what only a file can say, or what only Traefik itself sets."""
    spelled: str = ""
    """The word as Traefik's reference spells it."""
    dotted: bool = False
    """What a mapping holds: a label's name for it may have dots in it."""
    bits: int = 64
    """How large a number may be."""

    def word(self, name: str) -> Type | None:
        """The type of a word below a struct; None where Traefik does not know it."""
        return self.fields.get(name.lower())

    def at(self, path: str) -> Type | None:
        """The type of a path like `entrypoints.web.http.tls.domains[0].main`; None where Traefik does not know it."""
        found: Type | None = self
        for name in path.split(".") if path else ():
            if found is None or found.kind == "raw":
                return found
            found = found.item if found.kind == "mapping" else found.word(name.partition("[")[0])
        return found
