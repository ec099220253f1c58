"""Docker's token flow: a registry names a token server, which is shown the password.

Source: distribution, docs/content/spec/auth/token.md and oauth.md. Tokens live for 60 seconds by default.
"""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from edgegen.core.secret import Credentials
from edgegen.net.answer import Failure, Phase, Response, Trouble
from edgegen.verify.challenge import Challenge
from edgegen.verify.look.echo import without_echo
from edgegen.verify.look.registry_client import Client

_LIFETIME = 60.0
_EARLY = 10.0
_AS_IT_CAME = "surrogateescape"
"""An environment variable that is not valid UTF-8 is sent in its original bytes."""


@dataclass(frozen=True, slots=True)
class Token:
    """A bearer token. `until` is by the monotonic clock; some seconds before its end."""

    header: str = field(repr=False)
    """The value of `Authorization`."""
    until: float


def basic(credentials: Credentials) -> str:
    """The value of `Authorization` with a user and a password."""
    pair = f"{credentials.user}:{credentials.password.reveal()}"
    return "Basic " + base64.b64encode(pair.encode(errors=_AS_IT_CAME)).decode()


def is_safe(challenge: Challenge) -> bool:
    """Whether the token server may be shown a password: only over https."""
    try:
        parts = urlsplit(challenge.realm)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc


def fetch_token(client: Client, challenge: Challenge, credentials: Credentials, scope: str = "") -> Token | Response:
    """A token for `scope`, or the answer that refused it. The realm must be `is_safe`."""
    wanted = {"service": challenge.parameters.get("service", ""), "scope": scope}
    query = {name: value for name, value in wanted.items() if value}
    answer = _exchange(client, challenge, credentials, query) if credentials.token else _get(
        client, challenge, credentials, query
    )  # fmt: skip
    return answer if answer.failure or answer.status != 200 else _token(answer)


def _get(client: Client, challenge: Challenge, credentials: Credentials, query: dict[str, str]) -> Response:
    parts = urlsplit(challenge.realm)
    wanted = [*parse_qsl(parts.query), *query.items(), ("account", credentials.user)]
    words = urlencode(wanted, errors=_AS_IT_CAME)
    url = urlunsplit(parts._replace(query=words, fragment=""))
    return client.ask("GET", url, {"Authorization": basic(credentials)})


def _exchange(client: Client, challenge: Challenge, credentials: Credentials, query: dict[str, str]) -> Response:
    """An identity token is exchanged by a form (OAuth 2)."""
    form = {
        "grant_type": "refresh_token",
        "refresh_token": credentials.password.reveal(),
        "client_id": "edgegen",
        **query,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = client.ask("POST", challenge.realm, headers, urlencode(form, errors=_AS_IT_CAME).encode())
    return without_echo(answer, {}, credentials.password.reveal())


def _token(answer: Response) -> Token | Response:
    try:
        told = json.loads(answer.body)
        text = told.get("token") or told.get("access_token")
        seconds = float(told.get("expires_in") or _LIFETIME)
        if isinstance(text, str) and text.isascii() and text.isprintable():
            return Token(f"Bearer {text}", time.monotonic() + max(seconds, _LIFETIME) - _EARLY)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        pass
    why = Failure(Trouble.MALFORMED, Phase.BODY, "it contains no token")
    return Response(answer.url, answer.status, answer.headers, b"", answer.seconds, why, answer.at)
