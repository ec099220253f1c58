"""Credentials that a server repeats do not appear in any report. Pure.

A report goes where a password must not: into a build log, an issue, a page for others.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote, quote_plus

from msgspec.structs import replace

from edgegen.net.answer import Response

HIDDEN = "***"
_SHORTEST = 8
"""Characters. A shorter one is part of many innocent words."""
_PART = 4


def without_echo(answer: Response, headers: Mapping[str, str], *shown: str) -> Response:
    """The answer without the credentials that the request's headers held, and without what else was `shown`."""
    authorisation = next((value for name, value in headers.items() if name.lower() == "authorization"), "")
    secrets = tuple(_long_enough((*_of_header(authorisation), *shown)))
    if not secrets or not _repeats(answer, secrets):
        return answer
    failure = answer.failure
    return replace(
        answer,
        headers=tuple((name, _hidden(value, secrets)) for name, value in answer.headers),
        body=_hidden_bytes(answer.body, secrets),
        failure=failure and replace(failure, detail=_hidden(failure.detail, secrets)),
    )


def _of_header(value: str) -> Iterator[str]:
    """The credentials of an `Authorization`; of Basic the password too."""
    scheme, _, given = value.partition(" ")
    yield given
    if scheme.lower() == "basic":
        try:
            yield base64.b64decode(given).decode(errors="surrogateescape").partition(":")[2]
        except binascii.Error:
            return


def _long_enough(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        if len(text) >= _SHORTEST:
            plain = text.encode(errors="surrogateescape")
            # Headers are read as Latin-1, and what is not HTTP is quoted as Python writes bytes: other letters of a
            # password look different there.
            yield from dict.fromkeys(
                (
                    text,
                    plain.decode("latin-1"),
                    repr(plain)[2:-1],
                    quote(plain, safe=""),
                    quote_plus(plain),
                    base64.b64encode(plain).decode(),
                )
            )


def _repeats(answer: Response, secrets: tuple[str, ...]) -> bool:
    told = "\n".join([*(f"{name}: {value}" for name, value in answer.headers), answer.body.decode("latin-1")])
    told += answer.failure.detail if answer.failure else ""
    return _hidden(told, secrets) != told or _hidden_bytes(answer.body, secrets) != answer.body


def _hidden(text: str, secrets: tuple[str, ...]) -> str:
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return text


def _hidden_bytes(body: bytes, secrets: tuple[str, ...]) -> bytes:
    for secret in secrets:
        plain = secret.encode(errors="surrogateescape")
        body = body.replace(plain, HIDDEN.encode())
        if part := _begun_at_the_end(body, plain):
            body = body[:-part] + HIDDEN.encode()
    return body


def _begun_at_the_end(body: bytes, secret: bytes) -> int:
    """Bytes of a secret in which the body ends: only the beginning of a long body is kept."""
    return next((size for size in range(len(secret) - 1, _PART - 1, -1) if body.endswith(secret[:size])), 0)
