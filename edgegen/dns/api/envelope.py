"""The envelope of Cloudflare's answers: `success` must be true and `errors` empty. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from edgegen.core.cloudflare import NEEDED_RIGHTS, RIGHTS_PAGE
from edgegen.dns.provider import ErrorKind, ProviderError

_AUTH_CODES = frozenset({9109, 9103, 10000, 10001, 6003, 6111})
"""Source: Cloudflare's API errors: unauthorised, unknown key or e-mail address, authentication, malformed headers."""
_SHOWN = 200
_TOLD = 3
_DIGITS = 9
"""A number with more digits is practically infinite: no wait and no request budget is that large."""


class Answer(Struct, frozen=True):
    """An answer as it came: status, headers with lower-case names, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Envelope(Struct, frozen=True):
    """An answer that says `success: true`."""

    result: Any
    info: Mapping[str, Any]


def opened(answer: Answer) -> Envelope:
    """The envelope of a success. Raises ProviderError for everything else; its kind tells how much is known."""
    if answer.status == 429:
        raise ProviderError("Cloudflare says: too many requests (429)", ErrorKind.THROTTLED, wait=retry_after(answer))
    body = _object(answer)
    if body is None:
        raise _unreadable(answer)
    codes, texts = _errors(body)
    if 200 <= answer.status < 300 and body.get("success") is True:
        if body.get("errors"):
            raise ProviderError(f"Cloudflare answered with success and errors: {_said(texts)}", ErrorKind.UNSURE)
        info = body.get("result_info")
        return Envelope(body.get("result"), info if isinstance(info, dict) else {})
    raise _failure(answer.status, codes, texts)


def _object(answer: Answer) -> dict[str, Any] | None:
    try:
        body = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _unreadable(answer: Answer) -> ProviderError:
    if answer.status in (401, 403):
        return _denied(answer.status, ())
    kind = answer.headers.get("content-type", "nothing").partition(";")[0]
    return ProviderError(
        f"the answer with status {answer.status} is not Cloudflare's JSON but {printable(kind)}",
        ErrorKind.UNSURE,
        hint="there may be a proxy or a captive portal in between" if answer.status < 500 else "",
        passing=not 300 <= answer.status < 500,
    )


def _errors(body: Mapping[str, Any]) -> tuple[tuple[int, ...], list[str]]:
    errors = _dicts(body.get("errors"))
    parts = [(item, *_dicts(item.get("error_chain"))) for item in errors]
    codes = tuple(part["code"] for chain in parts for part in chain if isinstance(part.get("code"), int))
    return codes, [": ".join(map(_text, chain[:_TOLD])) for chain in parts[:_TOLD]]


def _dicts(found: Any) -> list[dict[str, Any]]:
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _text(error: Mapping[str, Any]) -> str:
    """An error as one line. The reason for a "DNS Validation Error" is in its `error_chain`."""
    return printable(f"{error.get('code', '?')} {error.get('message', '')}")


def _failure(status: int, codes: tuple[int, ...], texts: list[str]) -> ProviderError:
    said = _said(texts)
    if status in (401, 403) or (status < 500 and _AUTH_CODES.intersection(codes)):
        return _denied(status, codes, said)
    # A 200 without success is unspecified: the request may have been applied in part.
    failure = ErrorKind.REFUSED if 400 <= status < 500 and status not in (408, 409) else ErrorKind.UNSURE
    message = f"Cloudflare answered {status} without success: {said}"
    return ProviderError(message, failure, codes=codes, passing=status >= 500)


def _said(texts: list[str]) -> str:
    return "; ".join(texts) or "no reason given"


def _denied(status: int, codes: tuple[int, ...], said: str = "no reason given") -> ProviderError:
    return ProviderError(
        f"Cloudflare does not accept the token for this ({status}: {said})",
        ErrorKind.DENIED,
        codes=codes,
        hint=f"it needs {NEEDED_RIGHTS} for the zone, no address filter that excludes this host, and no end date in "
        f"the past; a wrong zone_id looks the same. Change it at {RIGHTS_PAGE}",
    )


def retry_after(answer: Answer) -> float | None:
    """`Retry-After` in seconds, if it is a number."""
    found = _number(answer.headers.get("retry-after", ""))
    return None if found is None else float(found)


def budget(answer: Answer) -> tuple[int, float] | None:
    """Remaining requests and seconds until there are more, from `Ratelimit: "default";r=50;t=30`."""
    parts = [part.strip().partition("=") for part in answer.headers.get("ratelimit", "").split(";")]
    found = {key: number for key, _, value in parts if (number := _number(value)) is not None}
    return (found["r"], float(found["t"])) if {"r", "t"} <= found.keys() else None


def _number(text: str) -> int | None:
    """A whole number in a header, capped; None if it isn't one."""
    if not (text.isascii() and text.isdigit()):
        return None
    return int(text) if len(text) <= _DIGITS else 10**_DIGITS


def printable(text: str) -> str:
    """Foreign text, shortened, without control characters, which could write to the terminal or reverse its
    direction."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text[:_SHOWN])
