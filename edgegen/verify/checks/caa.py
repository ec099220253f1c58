"""What CAA records allow, by RFC 8659 and 8657."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from edgegen.core.pattern import late_pattern
from edgegen.core.show import first_few, shown
from edgegen.endpoints import Endpoint
from edgegen.records import CAA_IDENTITIES, CAA_TAGS

_METHODS = {"http": "http-01", "tls": "tls-alpn-01", "dns": "dns-01"}
_CRITICAL = 128
_RECORD = late_pattern(r'\s*(\d+)\s+([A-Za-z0-9]+)\s+"?(.*?)"?\s*', re.DOTALL)


class Property(Struct, frozen=True):
    """One record. `authority` "" means nobody; `methods` are the challenges that it allows, () means all."""

    tag: str
    authority: str = ""
    critical: bool = False
    methods: tuple[str, ...] = ()

    @classmethod
    def read(cls, record: str) -> Property:
        """From its presentation form, `0 issue "letsencrypt.org"`. What can't be read has the tag ""."""
        found = _RECORD.fullmatch(record)
        if found is None:
            return cls("")
        authority, *parameters = [part.strip() for part in found[3].split(";")]
        values = dict(part.replace(" ", "").partition("=")[::2] for part in parameters)
        methods = tuple(method for method in values.get("validationmethods", "").split(",") if method)
        return cls(found[2].lower(), authority.lower(), int(found[1]) >= _CRITICAL, methods)


def forbidden(records: Iterable[str], endpoint: Endpoint) -> str:
    """Why the endpoint's authority must not issue for it, as a sentence; "" if it may, or if that is not known."""
    own = CAA_IDENTITIES.get(endpoint.ca)
    properties = [Property.read(record) for record in records]
    if own is None:
        return ""
    if strange := [item.tag for item in properties if item.critical and item.tag not in CAA_TAGS]:
        return f"CAA has the critical property `{shown(strange[0])}`, which no authority may ignore"
    holding = _holding(properties, wildcard=endpoint.shown.startswith("*."))
    method = _METHODS.get(endpoint.challenge, "")
    allowing = [item for item in holding if item.authority in own]
    if not holding or any(not item.methods or not method or method in item.methods for item in allowing):
        return ""
    if allowing:
        return f"CAA allows {own[0]}, but not by {method}"
    others = dict.fromkeys(item.authority or "nobody" for item in holding)
    return f"CAA allows {shown(first_few(others))}, and not {own[0]}"


def _holding(properties: Iterable[Property], *, wildcard: bool) -> list[Property]:
    """The records that count: for a wildcard `issuewild`, where there is one."""
    by_tag = {tag: [item for item in properties if item.tag == tag] for tag in ("issue", "issuewild")}
    return (wildcard and by_tag["issuewild"]) or by_tag["issue"]
