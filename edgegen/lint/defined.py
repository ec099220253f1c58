"""A router, service or middleware as one place defines it, in labels or in a file: its options, read alike. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from edgegen.lint.model import Service, Spot, Value
from edgegen.traefik.label_routing import Item

Labels = Mapping[str, Value]


class Defined(Struct, frozen=True, eq=False):
    """A router, service, middleware, … by one place that defines it."""

    section: str
    """`http`, `tcp`, `udp`, or `tls`."""
    kind: str
    """`routers`, `services`, `middlewares`, `serverstransports`, `options`."""
    name: str
    provider: str
    """`docker`, `swarm`, or `file`."""
    spot: Spot
    service: Service | None = None
    """Whose labels define it."""
    item: Item | None = None
    """For labels: options with their values and labels. A value that has unset variables is only a part of the truth:
    ask `text` and `words`."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """For a file: its options, keys as written."""
    labels: Labels = field(default_factory=dict)
    """All labels of the service, misspelt ones as they were meant."""
    refused: bool = False
    """Traefik refuses a word of it in a file: that word may have been meant for any option that is missing."""

    @property
    def full(self) -> str:
        """`auth@docker`."""
        return f"{self.name}@{self.provider}"

    @property
    def owner(self) -> str:
        """The service whose labels define it, or the file."""
        return self.service.name if self.service else self.spot.file.name

    def never_meets(self, other: Defined) -> bool:
        """Whether the services of the two never run together: each has profiles, and none is in both."""
        if self.service is None or other.service is None:
            return False
        own, others = self.service.profiles, other.service.profiles
        return bool(own and others) and set(own).isdisjoint(others)

    def words(self, option: str) -> tuple[str, ...]:
        """A list-valued option, from labels or a file; empty where it is unknown or not there."""
        if self.item is not None:
            return self.item.words(option) if self.knows(option) else ()
        value = self.value_in_file(option)
        if isinstance(value, list):
            return tuple(text_of(word) for word in value)
        if value is None or isinstance(value, Mapping):
            return ()
        return tuple(word.strip() for word in text_of(value).split(","))  # Traefik takes a list in one text, too

    def has_gap(self, option: str) -> bool:
        """Whether a list in a label has a comma too many: Traefik takes what is missing there for an empty item."""
        text = self.text(option) if self.item is not None else ""
        return "," in text and bool(text.strip()) and not all(part.strip() for part in text.split(","))

    def text(self, option: str) -> str:
        """A single-valued option by its path in lower case (`tls.certresolver`); empty where it is not there."""
        if self.item is not None:
            found = self.item.options.get(option)
            if found is None:
                return ""
            text, label = found
            return "" if label and self.labels[label].unset else text
        value = self.value_in_file(option)
        return "" if value is None or isinstance(value, (Mapping, list)) else text_of(value)

    def below(self, option: str, key: str) -> tuple[str, ...]:
        """One key of each mapping in a file's list: the `name` of each of `weighted.services`."""
        value = self.value_in_file(option) if self.item is None else None
        entries = value if isinstance(value, list) else ()
        return tuple(str(entry[key]) for entry in entries if isinstance(entry, Mapping) and key in entry)

    def has(self, option: str) -> bool:
        """Whether the option, or one below it, is written: its value may be unknown."""
        if self.item is not None:
            return self.item.has(option)
        return self.value_in_file(option) is not None

    def knows(self, option: str) -> bool:
        """Whether the option's value is known, or it is not written at all."""
        if self.item is None or option not in self.item.options:
            return True
        return self.labels[self.item.options[option][1]].known

    @property
    def known(self) -> bool:
        """Whether the values of all its options are known."""
        return self.item is None or all(self.labels[label].known for _, label in self.item.options.values())

    @property
    def whole(self) -> bool:
        """Whether all of its options are here: no word is misspelt, and no part of its service in a missing file."""
        return not self.refused and (self.service is None or not self.service.partial)

    @property
    def has_tls(self) -> bool:
        """Whether a router speaks TLS. An unknown value counts as yes."""
        if self.item is None:
            return self.has("tls")
        return self.item.has_tls or not self.knows("tls")

    def place(self, option: str, word: str = "") -> Spot:
        """Where an option, or one word of its list, is written; the item's own place where it is not."""
        if self.item is not None:
            label = self._label_of(option)
            return self.labels[label].spot if label else self.spot
        path: list[str | int] = []
        value: Any = self.data
        for part in option.split("."):
            keys = [key for key in value if str(key).lower() == part] if isinstance(value, Mapping) else []
            if not keys:
                break
            path.append(keys[0])
            value = value[keys[0]]
        if word and isinstance(value, list) and word in (words := list(map(text_of, value))):
            path.append(words.index(word))
        return self.spot.at(*path)

    def _label_of(self, option: str) -> str:
        """The label that says an option, else the first in the file that says one below it, else the item's first."""
        options = self.item.options if self.item is not None else {}
        if option in options:
            return options[option][1]
        below = (f"{option}.", f"{option}[")
        own = {label for name, (_, label) in options.items() if name.startswith(below)}
        own = own or {label for _, label in options.values()}
        return next((label for label in self.labels if label in own), "")

    def value(self, option: str) -> Value | None:
        """The label's value as it was read; None where no label says it."""
        found = self.item.options.get(option) if self.item is not None else None
        return self.labels[found[1]] if found else None

    def value_in_file(self, option: str) -> Any:
        """An option of a file as it is written; None for labels, or where it is not there."""
        value: Any = self.data
        for word in option.split("."):
            if not isinstance(value, Mapping):
                return None
            value = folded(value, word)
        return value


def full_name(name: str, provider: str) -> str:
    """What Traefik calls what has this name in a reference of `provider`: `auth@docker`."""
    return name if "@" in name else f"{name}@{provider}"


def folded(data: Mapping[Any, Any], word: str) -> Any:
    """What a mapping of a file has for a word in lower case: Traefik reads its keys in any case."""
    return next((item for key, item in data.items() if str(key).lower() == word), None)


def text_of(value: Any) -> str:
    """A single value of a file as Traefik makes a text of it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
