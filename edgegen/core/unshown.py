"""Plain values of which some fields must not be seen: they have secrets in them, or a whole file."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct


class Guarded(Struct, frozen=True):
    """A Struct whose `repr` leaves out the fields that `unshown` names. (msgspec has no such mark of a field.)"""

    unshown: ClassVar[frozenset[str]]

    def __repr__(self) -> str:
        shown = (f"{name}={getattr(self, name)!r}" for name in self.__struct_fields__ if name not in self.unshown)
        return f"{type(self).__name__}({', '.join(shown)})"
