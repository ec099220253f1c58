"""What a server repeats of a password is taken out of its answer; nothing else is."""

from __future__ import annotations

import base64
import os
from typing import Any

import pytest

from edgegen.net.answer import Failure, Phase, Response, Trouble
from edgegen.verify.look.echo import HIDDEN, without_echo

PASSWORD = "c4nary:Pässw0rd+/ü"


def asked(password: str) -> dict[str, str]:
    pair = base64.b64encode(b"ci:" + password.encode(errors="surrogateescape")).decode()
    return {"AUTHORIZATION": f"Basic {pair}"}


def answer(**changes: Any) -> Response:
    return Response(
        **{"url": "https://r.test/v2/", "status": 200, "headers": (("server", "x"),), "body": b"{}", **changes}
    )


SHAPES = {
    "as it is": PASSWORD,
    "in Latin-1's eyes": PASSWORD.encode().decode("latin-1"),
    "quoted as Python does": r"c4nary:P\xc3\xa4ssw0rd+/\xc3\xbc",
    "in a URL": "c4nary%3AP%C3%A4ssw0rd%2B%2F%C3%BC",
    "in base64": base64.b64encode(PASSWORD.encode()).decode(),
    "as it was sent": asked(PASSWORD)["AUTHORIZATION"].partition(" ")[2],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_hidden_wherever_it_stands(shape: str) -> None:
    text = f"<{SHAPES[shape]}>"
    told = answer(
        headers=(("server", text), ("location", "/x")),
        body=text.encode(),
        failure=Failure(Trouble.MALFORMED, Phase.HEADER, text),
    )
    seen = without_echo(told, asked(PASSWORD))
    assert seen.headers == (("server", f"<{HIDDEN}>"), ("location", "/x"))
    assert seen.failure is not None
    assert (seen.body, seen.failure.detail) == (f"<{HIDDEN}>".encode(), f"<{HIDDEN}>")
    assert (seen.status, seen.url) == (200, told.url)


@pytest.mark.parametrize("kept", [4, 8, len(PASSWORD.encode()) - 1])
def test_a_body_that_was_cut_within_the_password_shows_no_part_of_it(kept: int) -> None:
    told = answer(body=b"x" * 50 + PASSWORD.encode()[:kept])
    assert without_echo(told, asked(PASSWORD)).body == b"x" * 50 + HIDDEN.encode()


def test_an_innocent_answer_is_the_very_same() -> None:
    told = answer()
    assert without_echo(told, asked(PASSWORD)) is told
    assert without_echo(told, {}) is told
    assert without_echo(answer(body=b"server"), asked("server")).body == b"server"  # 6 letters: many a word


@pytest.mark.parametrize("header", ["Basic %%%", "Basic", "", "Bearer", "Basic YQ==", "x"])
def test_a_header_of_any_shape_breaks_nothing(header: str) -> None:
    assert without_echo(answer(), {"Authorization": header}) == answer()


def test_a_token_and_a_password_that_is_no_utf_8() -> None:
    assert without_echo(answer(body=b"t0ken-t0ken"), {"Authorization": "Bearer t0ken-t0ken"}).body == b"***"
    assert without_echo(answer(body=b"p\xe4sswords"), asked(os.fsdecode(b"p\xe4sswords"))).body == b"***"
    assert without_echo(answer(body=b"refreshing"), {}, "refreshing").body == b"***"


@pytest.mark.parametrize(("letters", "hidden"), [(7, False), (8, True), (9, True)])
def test_a_password_of_eight_letters_is_hidden(letters: int, hidden: bool) -> None:
    password = "x9Kq3mZw7"[:letters]
    seen = without_echo(answer(body=password.encode()), asked(password))
    assert seen.body == (HIDDEN.encode() if hidden else password.encode())


@pytest.mark.parametrize("place", ["header", "body", "failure"])
def test_one_place_is_enough(place: str) -> None:
    there = {
        "header": {"headers": (("x", PASSWORD),)},
        "body": {"body": PASSWORD.encode()},
        "failure": {"failure": Failure(Trouble.MALFORMED, Phase.BODY, PASSWORD)},
    }
    assert PASSWORD not in repr(without_echo(answer(**there[place]), asked(PASSWORD)))
    assert PASSWORD not in repr(without_echo(answer(**there[place]), {}, PASSWORD))
    assert PASSWORD.encode() not in without_echo(answer(**there[place]), {}, PASSWORD).body


def test_a_password_with_a_colon_or_a_space_is_hidden_whole() -> None:
    for password in ("first:second:third", "first second third"):
        assert without_echo(answer(body=password.encode()), asked(password)).body == HIDDEN.encode()


def test_what_is_no_base64_is_hidden_as_it_was_sent() -> None:
    sent = {"Authorization": "Basic c4nary%Password", "Accept": "application/json"}
    assert without_echo(answer(body=b"got c4nary%Password for application/json"), sent).body == (
        b"got *** for application/json"
    )
