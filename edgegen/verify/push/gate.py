"""Before a push: `/v2/` is asked how to log in. Where nobody can, another check reports it."""

from __future__ import annotations

import time
from collections.abc import Callable

from edgegen.core.secret import Credentials
from edgegen.endpoints import Endpoint
from edgegen.net.answer import Response, in_words
from edgegen.net.conversation import origin
from edgegen.verify.challenge import Challenge, usable
from edgegen.verify.look.registry_client import Client
from edgegen.verify.look.registry_token import Token, basic, fetch_token, is_safe
from edgegen.verify.registry_answers import is_registry

Authorisation = Callable[[], dict[str, str]]
"""The headers that identify the user, for each request; empty where nothing is asked for."""


class ByToken:
    """Bearer: a token for one repository, renewed shortly before it ends, as Docker does."""

    def __init__(self, client: Client, challenge: Challenge, credentials: Credentials, scope: str) -> None:
        self._client, self._challenge, self._credentials, self._scope = client, challenge, credentials, scope
        self._token: Token | None = None

    def headers(self) -> dict[str, str]:
        if self._token is None or time.monotonic() >= self._token.until:
            self.renew()
        return {"Authorization": self._token.header} if self._token else {}

    def renew(self) -> Response | None:
        """Fetches a new token; the answer that refused it, or None."""
        found = fetch_token(self._client, self._challenge, self._credentials, self._scope)
        self._token = found if isinstance(found, Token) else None
        return None if isinstance(found, Token) else found


def enter(client: Client, endpoint: Endpoint, credentials: Credentials | None, scope: str) -> Authorisation | str:
    """How to identify the user from here on, or why nothing can be pushed."""
    answer = client.ask("GET", _url(endpoint), {})
    if answer.failure:
        return f"/v2/ can't be asked: {_said(answer)}"
    if answer.status == 200 and is_registry(answer):
        return dict
    challenge = usable(answer.headers)
    if answer.status != 401 or challenge is None:
        return f"/v2/ does not answer as a registry does (status {answer.status})"
    if credentials is None:
        return "no credentials"
    if challenge.scheme == "basic":
        return _with_password(client, endpoint, credentials)
    return _with_token(client, endpoint, challenge, credentials, scope)


def _with_token(
    client: Client, endpoint: Endpoint, challenge: Challenge, credentials: Credentials, scope: str
) -> Authorisation | str:
    if not endpoint.may_name_a_token_server:
        return "it names a token server, and the registry of edge.yaml has none"
    if not is_safe(challenge):
        return "its token server does not use https"
    by_token = ByToken(client, challenge, credentials, scope)
    refused = by_token.renew()
    return f"the token server did not issue a token ({_said(refused)})" if refused else by_token.headers


def _with_password(client: Client, endpoint: Endpoint, credentials: Credentials) -> Authorisation | str:
    """Credentials that are refused here would be refused at every step."""
    if credentials.token:
        return "the login is an identity token, and the registry asks for a password"

    def headers() -> dict[str, str]:
        return {"Authorization": basic(credentials)}

    answer = client.ask("GET", _url(endpoint), headers())
    if answer.status in (401, 403):
        return "the credentials are refused"
    return headers if answer.status == 200 else f"/v2/ can't be asked: {_said(answer)}"


def _said(answer: Response) -> str:
    return in_words(answer.failure) if answer.failure else f"status {answer.status}"


def _url(endpoint: Endpoint) -> str:
    return origin("https", endpoint.host, endpoint.port) + "/v2/"
