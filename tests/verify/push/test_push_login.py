"""What is asked before a push, word for word, and what follows from each answer: read without any server."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any, cast

import pytest

from edgegen.core.location import Location
from edgegen.net.answer import Failure, Phase, Response, Trouble
from edgegen.verify.look import registry_token
from edgegen.verify.look.registry_client import Client
from edgegen.verify.push import gate
from edgegen.verify.push.gate import Authorisation, enter
from tests.verify.push.ground import CANARY, credentials_of, registry

URL = "https://registry.test:5000/v2/"
REALM = "https://auth.test/token"
IS_REGISTRY = ("docker-distribution-api-version", "registry/2.0")
ASKS_BASIC = ("www-authenticate", 'Basic realm="r"')
ASKS_BEARER = ("www-authenticate", f'Bearer realm="{REALM}",service="s"')
SENT = "Basic " + base64.b64encode(f"ci:{CANARY}".encode()).decode()
LOST = Failure(Trouble.RESET, Phase.HEADER)


class Told:
    """Stands for a client: gives one answer after another, and keeps what was asked."""

    def __init__(self, *answers: Response) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[str, str, dict[str, str]]] = []

    def ask(self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"") -> Response:
        self.asked.append((method, url, dict(headers)))
        return self._answers.pop(0)


def says(status: int, *headers: tuple[str, str], body: Any = b"", failure: Failure | None = None) -> Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(URL, status, headers, content, failure=failure)


def entered(*answers: Response, scope: str = "repository:x:pull", **changes: Any) -> tuple[Authorisation | str, Told]:
    told = Told(*answers)
    login = changes.pop("login", credentials_of(CANARY))
    return enter(cast(Client, told), registry(5000, **changes), login, scope), told


ASKED = ("GET", URL, {})
ASKED_AGAIN = ("GET", URL, {"Authorization": SENT})


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ([says(0, failure=LOST)], "/v2/ can't be asked: connection reset"),
        ([says(200, IS_REGISTRY, failure=LOST)], "/v2/ can't be asked: connection reset"),
        ([says(200, body=b"<html>")], "/v2/ does not answer as a registry does (status 200)"),
        ([says(201, IS_REGISTRY)], "/v2/ does not answer as a registry does (status 201)"),
        ([says(401)], "/v2/ does not answer as a registry does (status 401)"),
        ([says(403, ASKS_BASIC)], "/v2/ does not answer as a registry does (status 403)"),
        ([says(401, ("www-authenticate", "Negotiate"))], "/v2/ does not answer as a registry does (status 401)"),
    ],
)
def test_where_nobody_can_log_in(answers: list[Response], why: str) -> None:
    found, told = entered(*answers)
    assert (found, told.asked) == (why, [ASKED])


@pytest.mark.parametrize("answer", [says(200, IS_REGISTRY), says(200, body={})])
def test_where_no_password_is_asked_for_none_is_sent(answer: Response) -> None:
    found, told = entered(answer)
    assert not isinstance(found, str)
    assert (found(), told.asked) == ({}, [ASKED])


def test_a_registry_that_asks_everybody_and_a_user_without_credentials() -> None:
    for challenge in (ASKS_BASIC, ASKS_BEARER):
        found, told = entered(says(401, challenge), login=None)
        assert (found, told.asked) == ("no credentials", [ASKED])


def test_a_password() -> None:
    found, told = entered(says(401, ASKS_BASIC), says(200))
    assert not isinstance(found, str)
    assert found() == {"Authorization": SENT}
    assert told.asked == [ASKED, ASKED_AGAIN]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (says(401), "the credentials are refused"),
        (says(403), "the credentials are refused"),
        (says(402), "/v2/ can't be asked: status 402"),
        (says(502), "/v2/ can't be asked: status 502"),
        (says(0, failure=LOST), "/v2/ can't be asked: connection reset"),
    ],
)
def test_a_password_that_does_not_open(answer: Response, why: str) -> None:
    found, told = entered(says(401, ASKS_BASIC), answer)
    assert (found, told.asked) == (why, [ASKED, ASKED_AGAIN])


def test_an_identity_token_is_not_sent_as_a_password() -> None:
    found, told = entered(says(401, ASKS_BASIC), login=credentials_of(CANARY, "<token>", token=True))
    assert found == "the login is an identity token, and the registry asks for a password"
    assert told.asked == [ASKED]


@pytest.mark.parametrize(
    ("realm", "places", "why"),
    [
        (
            REALM,
            {"host": Location("edge.yaml", 1, 1)},
            "it names a token server, and the registry of edge.yaml has none",
        ),
        ("http://auth.test/token", {}, "its token server does not use https"),
    ],
)
def test_a_token_server_that_may_not_see_the_password(realm: str, places: Any, why: str) -> None:
    found, told = entered(says(401, ("www-authenticate", f'Bearer realm="{realm}"')), places=places)
    assert (found, told.asked) == (why, [ASKED])


def test_a_token_server_that_gives_nothing() -> None:
    found, told = entered(says(401, ASKS_BEARER), says(403))
    assert found == "the token server did not issue a token (status 403)"
    assert len(told.asked) == 2


def test_a_token_is_renewed_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    for module in (gate, registry_token):
        monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    answers = [
        says(401, ASKS_BEARER),
        says(200, body={"token": "one", "expires_in": 100}),
        says(200, body={"token": "two", "expires_in": 1}),
        says(200, body={"token": "three"}),
        says(503),
        says(200, body={"access_token": "four"}),
    ]
    found, told = entered(*answers)
    assert not isinstance(found, str)

    def at(seconds: float) -> dict[str, str]:
        now[0] = 1000 + seconds
        return found()

    assert [at(0), at(89.9)] == [{"Authorization": "Bearer one"}] * 2
    assert len(told.asked) == 2
    # 10 seconds before its end, and never sooner than 50 seconds after it came.
    assert [at(90), at(139.9)] == [{"Authorization": "Bearer two"}] * 2
    assert [at(140), at(189.9)] == [{"Authorization": "Bearer three"}] * 2
    assert len(told.asked) == 4
    assert at(190) == {}, "an old token is not sent again"
    assert at(190) == {"Authorization": "Bearer four"}
    asked = ("GET", f"{REALM}?service=s&scope=repository%3Ax%3Apull&account=ci", {"Authorization": SENT})
    assert told.asked[1:] == [asked] * 5
