"""A registry's `/v2/`: asked without a password, with one that can't be right, and with the user's own."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import closing
from functools import partial

from msgspec.structs import replace

from edgegen.core.secret import Credentials, Secret
from edgegen.endpoints import Endpoint
from edgegen.net.answer import Response
from edgegen.net.deadline import Deadline
from edgegen.net.http import Ask
from edgegen.verify.challenge import Challenge, usable
from edgegen.verify.look.echo import without_echo
from edgegen.verify.look.registry_client import Client, open_client
from edgegen.verify.look.registry_token import Token, basic, fetch_token, is_safe
from edgegen.verify.observation import NOT_WANTED, RegistrySeen
from edgegen.verify.settings import Settings

PATH = "/v2/"
PULL = "/v2/edgegen-verify/anonymous/manifests/latest"
"""What nobody has pushed: a registry that lets everyone pull says that it does not exist."""


def probe_registry(
    ask: Ask,
    endpoint: Endpoint,
    credentials: Credentials | None,
    *,
    trusted: bool,
    address: str,
    settings: Settings,
    deadline: Deadline,
) -> RegistrySeen:
    """What `/v2/` of one address answers without a login, to an unknown user and to the user.

    `ask` is a question to this host at this address over TLS; `trusted` says that its certificate was verified for
    this host: without that no password is sent. `address`, `settings` and `deadline` are for a token server.
    """
    anonymous = ask("GET", PATH, {})
    seen = RegistrySeen(
        anonymous, user=credentials.user if credentials else "", source=credentials.source if credentials else ""
    )
    if endpoint.proxy_auth and anonymous.status == 401:
        seen = replace(seen, pull=ask("GET", PULL, {}))
    challenge = usable(anonymous.headers) if anonymous.status == 401 else None
    if challenge is None:
        return replace(seen, right_skipped="it does not ask for a password")
    opener = partial(open_client, endpoint, address, settings, deadline)
    if challenge.scheme == "bearer" and not endpoint.may_name_a_token_server:
        return replace(seen, right_skipped="it names a token server, and the registry of edge.yaml has none")
    if trusted and (challenge.scheme == "basic" or is_safe(challenge)):
        seen = replace(seen, wrong=_ask_as(_made_up(), challenge, ask, opener))
    why = _why_not(challenge, credentials, trusted)
    if settings.no_login:
        why = _why_not(challenge, _made_up(), trusted) or NOT_WANTED
    if credentials is None or why:
        return replace(seen, right_skipped=why)
    return replace(seen, right=_ask_as(credentials, challenge, ask, opener))


def _made_up() -> Credentials:
    """A user who can't exist, so that no real one is locked out by a wrong password."""
    return Credentials(f"edgegen-{secrets.token_hex(8)}", Secret(secrets.token_urlsafe(24)), "made up")


def _why_not(challenge: Challenge, credentials: Credentials | None, trusted: bool) -> str:
    """Why the user's own password is not sent, or ""."""
    if credentials is None:
        return "no credentials"
    if not trusted:
        return "the certificate is not trusted"
    if challenge.scheme == "bearer" and not is_safe(challenge):
        return "its token server does not use https"
    if challenge.scheme == "basic" and credentials.token:
        return "the login is an identity token, and the registry asks for a password"
    return ""


def _ask_as(who: Credentials, challenge: Challenge, ask: Ask, opener: Callable[[], Client]) -> Response:
    if challenge.scheme == "basic":
        return _asked(ask, basic(who))
    with closing(opener()) as client:
        token = fetch_token(client, challenge, who)
    return _asked(ask, token.header) if isinstance(token, Token) else token


def _asked(ask: Ask, authorisation: str) -> Response:
    headers = {"Authorization": authorisation}
    return without_echo(ask("GET", PATH, headers), headers)
