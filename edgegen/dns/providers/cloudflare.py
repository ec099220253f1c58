"""Cloudflare as a DNS provider: one listing of up to 5,000 records, one batch for up to 200 changes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from edgegen.core.cloudflare import RIGHTS_PAGE
from edgegen.core.errors import Problem, SpecError
from edgegen.core.secret import Secret
from edgegen.dns.api.envelope import Envelope
from edgegen.dns.api.form import from_api, to_api
from edgegen.dns.api.token import base_url, token
from edgegen.dns.api.wire import DEFAULT_URL, Wire
from edgegen.dns.plan import Existing
from edgegen.dns.provider import Applied, Batch, ErrorKind, Given, Listing, Other, ProviderError, Zone
from edgegen.system.clock import Clock, WallClock
from edgegen.system.waiting import waiting_for

PER_PAGE = 5000
"""Source: the maximum that external-dns found. A zone of the largest plan (3,500) is one page."""
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
MOST_PAGES = 50
"""Of one listing: 250,000 records, if they are full."""
LISTS = 4
"""How often a zone of several pages is listed until two listings agree."""


class TokenStatus(Struct, frozen=True):
    """What Cloudflare says about the token: `active`, `disabled` or `expired`, and its end as a date, or ""."""

    status: str
    expires: str = ""


def opened(given: Given) -> Cloudflare:
    """The provider with the token of the environment. Raises UsageError, RefusedError, LocalIOError."""
    return Cloudflare.from_environment(given.environment, given.clock)


class Cloudflare:
    """A `Provider`. Nothing is imported or sent before the first call."""

    def __init__(
        self, api_token: Secret, clock: Clock | None = None, url: str = DEFAULT_URL, cafile: str | None = None
    ) -> None:
        self._wire = Wire(api_token, clock or WallClock(), url, cafile)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], clock: Clock | None = None) -> Cloudflare:
        """With the token and the address of the environment. Raises UsageError, RefusedError, LocalIOError."""
        return cls(token(environment), clock, base_url(environment), environment.get("SSL_CERT_FILE"))

    def find_zone(self, name: str, zone_id: str | None = None) -> Zone:
        """The zone by its id, or the one that contains this name. Raises ProviderError(ABSENT), SpecError for
        several."""
        if zone_id is not None:
            with self._asking(f"the zone {name}"):
                zone = _zone(_dict(self._wire.get(f"/zones/{quote(zone_id, safe='')}").result))
            if zone.name in _ends(name):
                return zone
            raise SpecError(Problem(f"zone_id belongs to {zone.name}, not to {name}", path=f"domains.{name}.zone_id"))
        for end in _ends(name):
            found = [zone for zone in self.zones(end) if zone.name == end]
            if len(found) > 1:
                ids = ", ".join(zone.id for zone in found)
                said = f"there are {len(found)} zones {end}: name one by `zone_id` ({ids})"
                raise SpecError(Problem(said, path=f"domains.{name}"))
            if found:
                return found[0]
        _, *above = _ends(name)
        beside = f", and none above it ({', '.join(above)})" if above else ""
        raise ProviderError(
            f"there is no zone {name} for this token{beside}",
            ErrorKind.ABSENT,
            hint=f"add the site at Cloudflare, or let the token see it: {RIGHTS_PAGE}",
        )

    def zones(self, name: str | None = None) -> list[Zone]:
        """Zones that the token can see, at most 50: of one name, or all."""
        params = {"per_page": 50, **({"name": name} if name else {})}
        with self._asking(f"the zone {name}" if name else "its zones"):
            return [_zone(row) for row in _rows(self._wire.get("/zones", params))]

    def list_zone(self, zone: Zone) -> Listing:
        """All records of the zone. Raises ProviderError unless the listing is as long as it claims."""
        with self._asking(f"the records of {zone.name}"):
            items = [_item(row, zone) for row in self._rows(zone)]
        return Listing(
            tuple(item for item in items if isinstance(item, Existing)),
            tuple(item for item in items if isinstance(item, Other)),
        )

    def _rows(self, zone: Zone) -> list[dict[str, Any]]:
        rows, pages = self._pages(zone)
        for _ in range(LISTS - 1):
            if pages == 1:
                break
            # Pages shift when records change: only two equal listings prove that nothing was missed.
            again, pages = self._pages(zone)
            if again == rows:
                break
            rows = again
        else:
            if pages > 1:
                raise ProviderError(f"{zone.name} changes faster than it can be listed", ErrorKind.UNSURE)
        return rows

    def _asking(self, what: str) -> AbstractContextManager[None]:
        return waiting_for(f"asking {self._wire.host} for {what}")

    def _pages(self, zone: Zone) -> tuple[list[dict[str, Any]], int]:
        rows: list[dict[str, Any]] = []
        page = 0
        while True:
            page += 1
            envelope = self._wire.get(
                f"/zones/{quote(zone.id, safe='')}/dns_records",
                {"per_page": PER_PAGE, "page": page, "order": "name", "direction": "asc"},
            )
            part = _rows(envelope)
            rows += part
            total = envelope.info.get("total_count")
            if not isinstance(total, int) or isinstance(total, bool):
                raise _incomplete(zone, "the listing does not say how long it is")
            if len(rows) >= total or not part:
                break
            if page >= MOST_PAGES:
                raise _incomplete(zone, f"it does not end after {page} pages")
        if len(rows) != total or len({str(row.get("id")) for row in rows}) != total:
            raise _incomplete(zone, f"{len(rows)} of {total} records")
        return rows, page

    def apply_batch(self, zone: Zone, batch: Batch) -> Applied:
        """One POST, sent once: it is applied completely or not at all."""
        body: dict[str, Any] = {
            "deletes": [{"id": item} for item in batch.deletes],
            "patches": [{"id": patch.id, **to_api(patch.record, patch.comment)} for patch in batch.patches],
            "posts": [to_api(post.record, post.comment) for post in batch.posts],
        }
        path, filled = f"/zones/{quote(zone.id, safe='')}/dns_records/batch", {key: v for key, v in body.items() if v}
        with waiting_for(f"waiting for {self._wire.host} to write {len(batch)} records of {zone.name}"):
            envelope = self._wire.post(path, filled)
        result = envelope.result if isinstance(envelope.result, dict) else {}
        deleted, patched, posted = (_part(result, key, len(body[key])) for key in ("deletes", "patches", "posts"))
        for key, rows in (("deletes", deleted), ("patches", patched)):
            if [row["id"] for row in rows] != [item["id"] for item in body[key]]:
                raise ProviderError(f"Cloudflare confirms other records than were sent ({key})", ErrorKind.UNSURE)
        return Applied(
            tuple(str(row["id"]) for row in deleted),
            tuple(_proof(row, zone) for row in patched),
            tuple(_proof(row, zone) for row in posted),
        )

    def ssl_mode(self, zone: Zone) -> str | None:
        """`off`, `flexible`, `full` or `strict`; None if the token may not ask."""
        try:
            with self._asking(f"the encryption mode of {zone.name}"):
                result = self._wire.get(f"/zones/{quote(zone.id, safe='')}/settings/ssl").result
        except ProviderError as error:
            if error.failure is ErrorKind.DENIED:
                return None
            raise
        value = result.get("value") if isinstance(result, dict) else None
        return value if isinstance(value, str) else None

    def token_status(self) -> TokenStatus:
        """Whether the token itself is valid. Raises ProviderError(DENIED) for one that Cloudflare doesn't know."""
        try:
            return self._status("/user/tokens/verify")
        except ProviderError as error:
            if error.failure is not ErrorKind.DENIED:
                raise
            return self._status_in_account(error)

    def _status_in_account(self, denied: ProviderError) -> TokenStatus:
        """A token that belongs to an account is unknown among those of users: its account is asked instead.

        Its zones name the account. Raises the error of the first question where the token sees none.
        """
        try:
            accounts = [zone.account for zone in self.zones()]
        except ProviderError:
            accounts = []
        if not accounts:
            raise denied
        try:
            return self._status(f"/accounts/{quote(accounts[0], safe='')}/tokens/verify")
        except ProviderError as error:
            if error.failure is ErrorKind.UNSURE:
                raise
            return TokenStatus("active")  # it has just listed a zone

    def _status(self, path: str) -> TokenStatus:
        with self._asking("the state of the token"):
            result = _dict(self._wire.get(path).result)
        return TokenStatus(str(result.get("status", "unknown")), str(result.get("expires_on") or ""))

    def close(self) -> None:
        """Closes the connections."""
        self._wire.close()


def _ends(name: str) -> list[str]:
    """The name and the names above it, longest first: the zones that may contain it. Nobody has a zone of one label."""
    labels = name.split(".")
    return [".".join(labels[first:]) for first in range(max(1, len(labels) - 1))]


def _zone(row: Mapping[str, Any]) -> Zone:
    texts = isinstance(row.get("name"), str) and isinstance(row.get("id"), str)
    if not texts or not _ID.fullmatch(row["id"]):
        raise ProviderError("the answer contains a zone without a usable id and name", ErrorKind.UNSURE)
    # Source: Cloudflare's documentation of a partial (CNAME) setup.
    below = "cdn.cloudflare.net" if row.get("type") == "partial" else ""
    return Zone(
        row["id"], row["name"].lower(), str(row.get("status", "active")), _quota(row), _account(row),
        paused=row.get("paused") is True, seen_below=below,
    )  # fmt: skip


def _account(row: Mapping[str, Any]) -> str:
    account = row.get("account")
    found = account.get("id") if isinstance(account, dict) else None
    return found if isinstance(found, str) and _ID.fullmatch(found) else ""


def _quota(row: Mapping[str, Any]) -> int | None:
    """Records that the zone's plan allows. Source: Cloudflare's limits; Enterprise has its own by contract."""
    plan = row.get("plan")
    kind = plan.get("legacy_id") if isinstance(plan, dict) else None
    if kind == "free":
        return 1000 if str(row.get("created_on", "")) < "2024-09-01" else 200
    return 3500 if kind in ("pro", "business") else None


def _dict(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    raise ProviderError("the answer does not contain what was requested", ErrorKind.UNSURE)


def _rows(envelope: Envelope) -> list[dict[str, Any]]:
    rows = envelope.result
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        return rows
    raise ProviderError("the answer does not contain a list", ErrorKind.UNSURE)


def _item(row: Mapping[str, Any], zone: Zone) -> Existing | Other:
    try:
        return from_api(row, zone.name)
    except ValueError as error:
        raise _incomplete(zone, str(error)) from None


def _part(result: Mapping[str, Any], key: str, expected: int) -> list[dict[str, Any]]:
    """The proof for each item of a batch: without it, the result is unknown."""
    rows = result.get(key) or []
    named = isinstance(rows, list) and all(isinstance(row, dict) and isinstance(row.get("id"), str) for row in rows)
    if named and len(rows) == expected and all(row["id"] for row in rows):
        return list(rows)
    raise ProviderError(f"Cloudflare confirms less than was sent ({key})", ErrorKind.UNSURE)


def _proof(row: Mapping[str, Any], zone: Zone) -> Existing:
    try:
        item = from_api(row, zone.name)
    except ValueError:
        item = None
    if isinstance(item, Existing):
        return item
    raise ProviderError("Cloudflare confirms something else than was sent", ErrorKind.UNSURE)


def _incomplete(zone: Zone, what: str) -> ProviderError:
    return ProviderError(f"{zone.name}: incomplete listing: {what}", ErrorKind.UNSURE)
