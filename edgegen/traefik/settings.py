"""What a running Traefik was started with: flags, or variables where it has no flag. Read back, not written.

Source: Traefik's reference, "Configuration sources": with one flag it reads no variable at all (seen on 3.7).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from edgegen.traefik.version import is_called_traefik

_PREFIX = "TRAEFIK_"


def flags_of(args: Iterable[str]) -> Mapping[str, str]:
    """Flag in lower case without its dashes -> value; a bare one is `true`."""
    pairs = (word.removeprefix("--").partition("=") for word in args if word.startswith("--"))
    return {name.lower(): value if equals else "true" for name, equals, value in pairs}


class Settings(Struct, frozen=True):
    """The static configuration as far as it can be seen: option in lower case -> its value."""

    values: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    """Options that are set to something that nobody read."""

    @property
    def seen(self) -> bool:
        """Whether there is anything: a Traefik with its own file shows nothing here."""
        return any(name.startswith("entrypoints.") for name in self._names)

    @property
    def _names(self) -> Iterable[str]:
        return (*self.values, *self.hidden)

    def has(self, beginning: str) -> bool:
        """Whether any option begins so."""
        return any(name == beginning or name.startswith(f"{beginning}.") for name in self._names)

    def get(self, option: str, default: str = "") -> str:
        """The value of an option, or the default where it has none that was read."""
        return self.values.get(option, default)


def settings(args: Iterable[str], variables: Iterable[str], values: Mapping[str, str]) -> Settings:
    """From a container's arguments, the names of its variables, and the values of those that were read."""
    flags = flags_of(args)
    if flags:
        return Settings(flags)
    own = {_option(name): name for name in variables if name.startswith(_PREFIX)}
    read = {option: values[name] for option, name in own.items() if name in values}
    return Settings(read, frozenset(own) - frozenset(read))


def is_traefik(image: str, args: Iterable[str]) -> bool:
    """By its image's name, or by its flags."""
    return is_called_traefik(image) or any(word.lower().startswith("--entrypoints.") for word in args)


def _option(variable: str) -> str:
    """`TRAEFIK_ENTRYPOINTS_WEB_ADDRESS` -> `entrypoints.web.address`."""
    return variable.removeprefix(_PREFIX).replace("_", ".").lower()
