"""Who can use a registry.

What it does
    Asks `/v2/` without a password, with a wrong one, and with the user's own: the first two must be refused the way a
    registry does it (401, `WWW-Authenticate`, its own header or JSON), the last one accepted. With `anonymous: pull` it
    also asks for an image that does not exist: without a password the answer has to be that of a registry.

Why
    A registry without authentication looks just like one with it, until someone pushes an image under your name. One
    misspelt variable is enough: without any `REGISTRY_AUTH…` it starts open and says nothing.

Example
    `curl https://commenthouse.com/v2/` answers 200 and `{}`.

Instead
    Set `users: [ci]` in the registry's part of the spec, and run `edgegen up`. Outside edgegen:
    `REGISTRY_AUTH=htpasswd` with `REGISTRY_AUTH_HTPASSWD_REALM` and `_PATH`, and a file of bcrypt lines.

Verdicts
    registry-open: it does not ask for a password.
    registry-accepts-any-password: a made-up user with a made-up password is accepted.
    registry-pull-refused: the spec says `anonymous: pull`, but a pull without a password is refused.
    registry-bad-challenge: it refuses without saying how to log in, so no client can.
    registry-proxy-auth: the proxy asks for the password, not the registry. `docker login` works, tokens may not. A
        remark if no spec says who should ask.
    registry-token-server: it sends its users to a token server. The registry of a spec has none, so something else
        answers, or something on the path has changed the answer. No password was sent.
    registry-forbidden: unknown, because this machine is blocked (403) before a password is asked for.
    not-a-registry: something answers, but it is not a registry.
    registry-credentials-refused: the user's own password is refused.
    registry-no-credentials: unknown, because there was no password to try. With `--no-login` none is needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from edgegen.core.finding import Outcome, Severity
from edgegen.core.show import shown
from edgegen.endpoints import Aspect, Endpoint, Kind
from edgegen.verify.challenge import Challenge, usable
from edgegen.verify.checks.check import Check, Context, Fault, Good, Hop, Judgement, Unseen, Verdict
from edgegen.verify.checks.destinations import is_redirect, quoted
from edgegen.verify.checks.proxy_answers import of_cloudflare
from edgegen.verify.checks.reached import by_part, handshake
from edgegen.verify.checks.traefik import is_own_404
from edgegen.verify.observation import NOT_WANTED, AddressSeen, Observation, RegistrySeen, Response, in_words
from edgegen.verify.registry_answers import is_registry

REGISTRY_OPEN = Verdict("registry-open", Severity.CRITICAL)
REGISTRY_ACCEPTS_ANY_PASSWORD = Verdict("registry-accepts-any-password", Severity.CRITICAL)
REGISTRY_PULL_REFUSED = Verdict("registry-pull-refused", Severity.HIGH)
REGISTRY_BAD_CHALLENGE = Verdict("registry-bad-challenge", Severity.HIGH)
REGISTRY_PROXY_AUTH = Verdict("registry-proxy-auth", Severity.MEDIUM)
REGISTRY_TOKEN_SERVER = Verdict("registry-token-server", Severity.HIGH)
REGISTRY_FORBIDDEN = Verdict("registry-forbidden", Severity.MEDIUM, Outcome.UNKNOWN)
NOT_A_REGISTRY = Verdict("not-a-registry", Severity.HIGH)
REGISTRY_CREDENTIALS_REFUSED = Verdict("registry-credentials-refused", Severity.HIGH)
REGISTRY_NO_CREDENTIALS = Verdict("registry-no-credentials", Severity.INFO, Outcome.UNKNOWN)

_fault = partial(Fault, aspect=Aspect.AUTH)
_KEPT_OUT = (403, 451)
_HTPASSWD = (
    "does the registry see its htpasswd file? Only bcrypt lines count, and without the file it creates its own"
    " user `docker`, with a password in its log"
)


def judge(seen: Observation, _: Context) -> Iterator[Judgement]:
    """`/v2/` of every address."""
    if seen.endpoint.kind is Kind.REGISTRY:
        yield from by_part(seen, handshake, lambda address, _: _of_address(address, seen.endpoint), aspect=Aspect.AUTH)


def _of_address(address: AddressSeen, endpoint: Endpoint) -> Iterator[Judgement]:
    if address.registry is None:
        yield Unseen("/v2/ was not asked")
    elif unseen := _unseen(address.registry.anonymous):
        yield unseen
    elif address.registry.anonymous.status == 401:
        yield from _refused(address.registry, endpoint)
        yield from _pull_refused(address.registry)
    elif address.registry.anonymous.status in _KEPT_OUT:
        told = f"/v2/ answers {address.registry.anonymous.status}: this machine is blocked"
        hint = "check from a machine that is allowed in: an address allow list or a firewall is in front of it"
        yield _fault(REGISTRY_FORBIDDEN, told, hint)
    else:
        yield _let_in(address.registry.anonymous, endpoint)


def _pull_refused(registry: RegistrySeen) -> Iterator[Fault]:
    """Who pulls without a password is refused, although the spec lets everyone pull."""
    answer = registry.pull
    if answer is None or answer.failure or not (answer.status in (401, 403) or is_own_404(answer)):
        return
    told = f"a pull without a password gets {answer.status}, and the spec says `anonymous: pull`"
    hint = (
        "does a middleware ask for a password on all paths? `edgegen explain` the registry's URL, or run `edgegen up`"
    )
    yield _fault(REGISTRY_PULL_REFUSED, told, hint)


def _unseen(answer: Response) -> Unseen | None:
    """Why an answer says nothing about a registry: nothing behind the edge has given it."""
    if answer.failure:
        return Unseen(f"/v2/ gave no answer ({in_words(answer.failure)})")
    # The check of the answer itself (EV013) reports what is wrong with these.
    if answer.status >= 500 or is_own_404(answer) or answer.status in (421, 429) or of_cloudflare(answer):
        return Unseen(f"/v2/ answers {answer.status}")
    return None


def _let_in(answer: Response, endpoint: Endpoint) -> Judgement:
    """An answer other than 401 without credentials."""
    if answer.status != 200 or not is_registry(answer):
        return _no_registry(f"/v2/ {_described(answer)}")
    if not endpoint.asks_password:
        return Good("no password is asked for, as the spec wants")
    hint = "set REGISTRY_AUTH=htpasswd, with its REALM and PATH"
    if endpoint.has_spec:
        hint = f"give it `users:` and run `edgegen up`; outside edgegen {hint}"
    return _fault(REGISTRY_OPEN, f"/v2/ answers 200 without a password: anyone can {_can(endpoint)}", hint)


def _can(endpoint: Endpoint) -> str:
    if not endpoint.has_spec:
        return "pull, and push unless something else forbids it"
    return "push and pull" if endpoint.writable else "pull"


def _no_registry(what: str) -> Fault:
    hint = "a registry answers 200 or 401 with JSON, but something else answers: does its router match?"
    return _fault(NOT_A_REGISTRY, what, hint)


def _described(answer: Response) -> str:
    if is_redirect(answer):
        return f"redirects to `{quoted(answer.header('location'))}`"
    kind = answer.header("content-type").partition(";")[0].strip()
    return f"answers {answer.status}" + (f" with {shown(kind, 60)}" if kind else "")


def _refused(registry: RegistrySeen, endpoint: Endpoint) -> Iterator[Judgement]:
    """401: how it asks, and who is accepted."""
    challenge = usable(registry.anonymous.headers)
    if challenge is None:
        hint = "it needs `WWW-Authenticate: Basic realm=…` (or Bearer): does something on the path remove the header?"
        yield _fault(REGISTRY_BAD_CHALLENGE, "/v2/ answers 401 and does not say how to log in", hint)
        return
    if challenge.scheme == "bearer" and not endpoint.may_name_a_token_server:
        yield _token_server(challenge, endpoint)
        return
    if challenge.scheme == "basic" and not endpoint.proxy_auth and not is_registry(registry.anonymous):
        told = f"a proxy in front of it asks for the password (realm `{shown(challenge.realm, 60)}`)"
        hint = "let the registry ask itself, and remove the basic-auth middleware from its router"
        if endpoint.has_spec:
            hint += ": its `users:` are checked by the registry"
        yield _fault(
            REGISTRY_PROXY_AUTH, f"{told}, not by the registry: docker login works, tokens may not", hint,
            None if endpoint.has_spec else Severity.LOW,
        )  # fmt: skip
    yield from _with_wrong(registry, endpoint)


def _token_server(challenge: Challenge, endpoint: Endpoint) -> Fault:
    told = (
        f"/v2/ sends its users to the token server `{quoted(challenge.realm)}`, but the registry of edge.yaml asks for"
        " the password itself. No password was sent"
    )
    hint = (
        "find out what answers under this name: another container, another server, or a proxy that rewrites the answer."
        f" If the token server is yours, use `edgegen verify https://{endpoint.authority}/v2/`"
    )
    return _fault(REGISTRY_TOKEN_SERVER, told, hint)


def _with_wrong(registry: RegistrySeen, endpoint: Endpoint) -> Iterator[Judgement]:
    wrong = registry.wrong
    if wrong is not None and wrong.failure is None and 200 <= wrong.status < 300:
        hint = "anyone who knows the host gets in: check what authenticates, and its password file"
        told = f"a made-up user with a made-up password gets in: anyone can {_can(endpoint)}"
        yield _fault(REGISTRY_ACCEPTS_ANY_PASSWORD, told, hint)
    elif wrong is None or wrong.failure or wrong.status not in (400, 401, 403):
        yield Unseen(f"whether a wrong password is refused ({_why_not_known(registry)})")
        # If the right one is refused as well, it is certain that nobody can log in.
        if registry.right is not None and isinstance(refused := _with_right(registry, endpoint), Fault):
            yield refused
    else:
        yield _with_right(registry, endpoint)


def _why_not_known(registry: RegistrySeen) -> str:
    if registry.wrong is None:
        return registry.right_skipped or "it was not tried"
    failure = registry.wrong.failure
    return in_words(failure) if failure else f"it {_described(registry.wrong)}"


def _with_right(registry: RegistrySeen, endpoint: Endpoint) -> Judgement:
    right = registry.right
    if right is None:
        return _not_tried(registry, endpoint)
    who = f"`{shown(registry.user, 60)}` (from {shown(registry.source, 200)})"
    if right.failure or right.status == 429:
        why = f" ({in_words(right.failure)})" if right.failure else ""
        return Unseen(f"the password of {who} gave no answer{why}")
    if right.status in (401, 403):
        another = "; `edgegen registry user passwd NAME` sets another" if endpoint.has_spec else ""
        told = f"the password of {who} is refused ({right.status})"
        return _fault(REGISTRY_CREDENTIALS_REFUSED, told, _HTPASSWD + another)
    if right.status != 200 or not is_registry(right):
        return _no_registry(f"with the password of {who} /v2/ {_described(right)}")
    return Good(f"missing and wrong passwords are refused, {who} is accepted")


def _not_tried(registry: RegistrySeen, endpoint: Endpoint) -> Judgement:
    if registry.right_skipped == NOT_WANTED:
        return Good("missing and wrong passwords are refused; no login was tried (--no-login)")
    told = "missing and wrong passwords are refused; whether the right one works is not known"
    if registry.right_skipped == "no credentials":
        hint = f"set EDGEGEN_REGISTRY_USER and EDGEGEN_REGISTRY_PASSWORD, or run `docker login {endpoint.authority}`"
        hint += ". Use `--no-login` to skip the login"
        return _fault(REGISTRY_NO_CREDENTIALS, f"{told}: none was given", hint)
    return Unseen(f"{told}: {registry.right_skipped or 'it was not tried'}")


CHECK = Check(
    "EV018",
    "registry-auth",
    Hop.SERVICE,
    (
        REGISTRY_OPEN,
        REGISTRY_ACCEPTS_ANY_PASSWORD,
        REGISTRY_PULL_REFUSED,
        REGISTRY_BAD_CHALLENGE,
        REGISTRY_PROXY_AUTH,
        REGISTRY_TOKEN_SERVER,
        REGISTRY_FORBIDDEN,
        NOT_A_REGISTRY,
        REGISTRY_CREDENTIALS_REFUSED,
        REGISTRY_NO_CREDENTIALS,
    ),
    judge,
)
