"""What labels define for Traefik: routers, services and middlewares, each word with the label that says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast

from msgspec import Struct, field

from edgegen.traefik.default_priority import default_priority
from edgegen.traefik.go_values import is_number
from edgegen.traefik.label_tree import ROOT, misshapen

Section = Literal["http", "tcp", "udp"]
SECTIONS: tuple[Section, ...] = ("http", "tcp", "udp")
Kind = Literal["routers", "services", "middlewares"]
KINDS: tuple[Kind, ...] = ("routers", "services", "middlewares")
_ORDER: dict[tuple[str, str], int] = {
    (section, kind): len(KINDS) * at + of for at, section in enumerate(SECTIONS) for of, kind in enumerate(KINDS)
}
_NOTHING = f"{ROOT}.."
"""No label that can be read begins so."""


class Item(Struct, frozen=True):
    """A router, a service or a middleware: option in lower case -> (value, label)."""

    section: Section
    kind: Kind
    name: str
    options: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def get(self, option: str, default: str = "") -> str:
        """The value of an option."""
        return self.options.get(option, (default, ""))[0]

    def has(self, option: str) -> bool:
        """Whether the option, or one below it, is written."""
        if option in self.options:
            return True
        below = (option + ".", option + "[")
        for written in self.options:  # noqa: SIM110  # asked many times for each router: `any` takes twice as long
            if written.startswith(below):
                return True
        return False

    def label(self, *options: str) -> str:
        """The label that says the first of these that is there, else the item's first label."""
        found = (self.options[option][1] for option in options if option in self.options)
        return next(found, next(iter(self.options.values()))[1])

    def words(self, option: str) -> tuple[str, ...]:
        """The value of an option as a list."""
        text = self.get(option).strip()
        if "," not in text:
            return (text,) if text else ()
        return tuple(word.strip() for word in text.split(",") if word.strip())

    @property
    def has_tls(self) -> bool:
        """Whether a router speaks TLS: any word below `tls` says so, unless `tls` itself is not true."""
        own = self.options.get("tls")
        if own is not None:
            return own[0].lower() in ("", "true")
        for option in self.options:  # noqa: SIM110  # as in `has`
            if option.startswith("tls."):
                return True
        return False

    @property
    def priority(self) -> int:
        """Of a router; without one, or with 0, it is the length of its rule."""
        said = self.get("priority", "0")
        return (int(said) if is_number(said) else 0) or default_priority(self.get("rule"))


def items(labels: Mapping[str, str]) -> list[Item]:
    """Everything that labels define. Labels that Traefik can't read say nothing here."""
    found: dict[tuple[str, str, str], tuple[str, dict[str, tuple[str, str]]]] = {}
    before, options = _NOTHING, dict[str, tuple[str, str]]()
    for label in sorted(labels):
        if label.startswith(before) and not _is_misshapen(label):  # most are of the item before
            options[label[len(before) :].lower()] = (labels[label], label)
            continue
        words = label.split(".", 4)
        if len(words) < 4 or words[0] != ROOT or _is_misshapen(label):
            continue
        name, rest = words[3], words[4] if len(words) > 4 else ""
        if name.endswith("]"):
            name, bracket, index = name.partition("[")
            rest = f"{bracket}{index}.{rest}" if rest else bracket + index
        key = (words[1].lower(), words[2].lower(), name.lower())
        options = found.setdefault(key, (name, {}))[1]
        options[rest.lower()] = (labels[label], label)
        before = ".".join((*words[:4], "")) if "]" not in words[3] else _NOTHING
    known = sorted((key for key in found if key[:2] in _ORDER), key=lambda key: _ORDER[key[:2]])
    return [Item(cast(Section, key[0]), cast(Kind, key[1]), *found[key]) for key in known]


def _is_misshapen(label: str) -> bool:
    return ("]" in label or ".[" in label or ".." in label or label.endswith(".")) and misshapen(label) is not None
