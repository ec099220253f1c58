"""Whether a declared record may have its name. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

from edgegen.core.dns_names import full_name, is_within
from edgegen.core.show import shown
from edgegen.records import RecordType
from edgegen.spec.domain import DeclaredRecord, Domain

_LABEL = re.compile(r"(?!-)[a-z0-9_-]+(?<!-)")
_HOSTS = (RecordType.A, RecordType.AAAA, RecordType.MX)
"""Types whose name is a host name. Source: BIND's check-names, which refuses the whole zone for another."""
CHALLENGE = "_acme-challenge"


class RecordError(ValueError):
    """What is wrong with a declared record: a sentence, how to fix it, and the key that holds it."""

    def __init__(self, message: str, hint: str = "", key: str = "content") -> None:
        super().__init__(message)
        self.hint, self.key = hint, key


def check_name(item: DeclaredRecord, zone: str, domain: Domain, zones: Collection[str]) -> None:
    """Raise RecordError for a name that the record can't have in its zone."""
    try:
        _check(item, zone, domain, zones)
    except RecordError as flaw:
        flaw.key = "name"
        raise
    except ValueError as error:
        raise RecordError(str(error), key="name") from None


def _check(item: DeclaredRecord, zone: str, domain: Domain, zones: Collection[str]) -> None:
    name, text = item.name, shown(item.name)
    if not name:
        raise RecordError("a name can't be empty", f"write `@` for `{zone}` itself")
    if not name.isprintable() or " " in name:
        raise RecordError(f"`{text}` holds white space or a control character")
    full = full_name(name, zone)
    _check_zone(name, full, zone, zones)
    if len(full) > 253:
        raise RecordError(f"`{text}` is longer than 253 characters together with `{zone}`")
    labels = full.split(".")
    for place, label in enumerate(labels):
        _check_label(label, text, first=place == 0)
    _check_type(item, domain, full, labels)


def _check_zone(name: str, full: str, zone: str, zones: Collection[str]) -> None:
    plain = full.removesuffix(f".{zone}")
    if name.endswith(".") and not is_within(name.lower().removesuffix("."), zone) and not is_within(plain, zone):
        raise RecordError(
            f"`{shown(name)}` lies outside `{zone}`", "write the name below the zone, without a dot at its end"
        )
    for other in zones:
        if other != zone and not is_within(zone, other) and is_within(plain, other) and not is_within(other, zone):
            raise RecordError(f"`{shown(name)}` would be `{shown(full)}`", f"declare it in the domain `{other}`")


def _check_label(label: str, text: str, *, first: bool) -> None:
    if label == "*" and first:
        return
    if "*" in label:
        raise RecordError(f"`{text}` has a `*` that is not its whole first label", "write `*` or `*.name`")
    if not label:
        raise RecordError(f"`{text}` has an empty label (two dots in a row, or one at the start)")
    if len(label) > 63:
        raise RecordError(f"label `{shown(label, 20)}` of `{text}` is longer than 63 characters")
    if not _LABEL.fullmatch(label):
        raise RecordError(f"label `{shown(label)}` of `{text}` may hold only a-z, 0-9, `_` and inner hyphens")


def _check_type(item: DeclaredRecord, domain: Domain, full: str, labels: list[str]) -> None:
    if labels[0] == CHALLENGE:
        raise RecordError(
            f"`{shown(item.name)}` is a name of ACME challenges, which are Traefik's own", "remove the record"
        )
    if item.type is RecordType.NS and labels[0] == "*":
        raise RecordError("an NS record can't have a wildcard as its name")
    if item.type is RecordType.SRV and not (labels[0].startswith("_") and labels[1].startswith("_")):
        raise RecordError(
            f"`{shown(item.name)}` is not a name of an SRV record", "write `_service._proto`, like `_imaps._tcp`"
        )
    if item.type in _HOSTS and domain.capabilities.is_file and "_" in full:
        raise RecordError(
            f"`{shown(item.name)}` is not a host name: a name server would refuse an {item.type} record there"
        )
