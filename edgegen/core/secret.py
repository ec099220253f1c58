"""Values that must not leak, and references to them."""

from __future__ import annotations

from typing import NoReturn

from msgspec import Struct

MASK = "***"


class Secret:
    """A secret value. However it is shown, it is `***`; only `reveal()` returns the value."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself: call it only where it is sent or written to a 0600 file."""
        return self._value

    def __str__(self) -> str:
        return MASK

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret can't be pickled: it would leave this process")


class SecretRef(Struct, frozen=True):
    """The name of a secret of the spec's `secrets:` section; the value is elsewhere."""

    name: str

    def __str__(self) -> str:
        return f"secret:{self.name}"


class Credentials(Struct, frozen=True):
    """A registry's user and password, and where they came from (for messages; never the password)."""

    user: str
    password: Secret
    source: str
    token: bool = False
    """The password is an identity token (Docker's `<token>` user)."""
