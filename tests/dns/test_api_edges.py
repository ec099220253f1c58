# ruff: noqa: E501  # tables: one case a line
"""Cloudflare's answers, rows and tokens at the edges of what is believed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from edgegen.core.errors import EdgegenError, LocalIOError, RefusedError, UsageError
from edgegen.dns.api.envelope import Answer, Envelope, budget, opened, printable, retry_after
from edgegen.dns.api.form import from_api, to_api
from edgegen.dns.api.token import base_url, token
from edgegen.dns.plan import Existing
from edgegen.dns.provider import ErrorKind, Other, ProviderError
from edgegen.records import Record, RecordType

ZONE, W = "example.com", "www.example.com"
DENIED = "Cloudflare does not accept the token for this"
NEEDS = (
    "it needs Zone / Zone / Read and Zone / DNS / Edit for the zone, no address filter that excludes this host, and no end"
    " date in the past; a wrong zone_id looks the same. Change it at https://dash.cloudflare.com/profile/api-tokens"
)
PORTAL = "there may be a proxy or a captive portal in between"


def _answer(status: int, body: Any, **headers: str) -> Answer:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()}, raw)


def _bad(code: Any, message: str = "m") -> dict[str, Any]:
    return {"success": False, "errors": [{"code": code, "message": message}]}


def _chain(code: int, message: str, *links: Any) -> dict[str, Any]:
    return {"success": False, "errors": [{"code": code, "message": message, "error_chain": list(links)}]}


# status, body, headers, failure, message, hint, codes, passing
REFUSALS = [
    (429, b"", {"retry_after": "7"}, ErrorKind.THROTTLED, "Cloudflare says: too many requests (429)", "", (), False),
    (200, b"<html>", {"content_type": "text/html; charset=utf-8"}, ErrorKind.UNSURE, "the answer with status 200 is not Cloudflare's JSON but text/html", PORTAL, (), True),
    (299, b"[]", {}, ErrorKind.UNSURE, "the answer with status 299 is not Cloudflare's JSON but nothing", PORTAL, (), True),
    (300, b"x", {}, ErrorKind.UNSURE, "the answer with status 300 is not Cloudflare's JSON but nothing", PORTAL, (), False),
    (404, b"x", {}, ErrorKind.UNSURE, "the answer with status 404 is not Cloudflare's JSON but nothing", PORTAL, (), False),
    (499, b"x", {}, ErrorKind.UNSURE, "the answer with status 499 is not Cloudflare's JSON but nothing", PORTAL, (), False),
    (500, b"x", {}, ErrorKind.UNSURE, "the answer with status 500 is not Cloudflare's JSON but nothing", "", (), True),
    (502, b"[" * 100_000, {}, ErrorKind.UNSURE, "the answer with status 502 is not Cloudflare's JSON but nothing", "", (), True),
    (401, b"x", {}, ErrorKind.DENIED, f"{DENIED} (401: no reason given)", NEEDS, (), False),
    (403, b"x", {}, ErrorKind.DENIED, f"{DENIED} (403: no reason given)", NEEDS, (), False),
    (403, _bad(1), {}, ErrorKind.DENIED, f"{DENIED} (403: 1 m)", NEEDS, (1,), False),
    (400, _bad(9109), {}, ErrorKind.DENIED, f"{DENIED} (400: 9109 m)", NEEDS, (9109,), False),
    (499, _bad(10000), {}, ErrorKind.DENIED, f"{DENIED} (499: 10000 m)", NEEDS, (10000,), False),
    (500, _bad(10000), {}, ErrorKind.UNSURE, "Cloudflare answered 500 without success: 10000 m", "", (10000,), True),
    (400, _bad(81057), {}, ErrorKind.REFUSED, "Cloudflare answered 400 without success: 81057 m", "", (81057,), False),
    (499, _bad(1), {}, ErrorKind.REFUSED, "Cloudflare answered 499 without success: 1 m", "", (1,), False),
    (399, _bad(1), {}, ErrorKind.UNSURE, "Cloudflare answered 399 without success: 1 m", "", (1,), False),
    (408, _bad(1), {}, ErrorKind.UNSURE, "Cloudflare answered 408 without success: 1 m", "", (1,), False),
    (409, _bad(1), {}, ErrorKind.UNSURE, "Cloudflare answered 409 without success: 1 m", "", (1,), False),
    (407, _bad(1), {}, ErrorKind.REFUSED, "Cloudflare answered 407 without success: 1 m", "", (1,), False),
    (200, _bad(1), {}, ErrorKind.UNSURE, "Cloudflare answered 200 without success: 1 m", "", (1,), False),
    (200, {"success": 1}, {}, ErrorKind.UNSURE, "Cloudflare answered 200 without success: no reason given", "", (), False),
    (300, {"success": True}, {}, ErrorKind.UNSURE, "Cloudflare answered 300 without success: no reason given", "", (), False),
    (199, {"success": True}, {}, ErrorKind.UNSURE, "Cloudflare answered 199 without success: no reason given", "", (), False),
    (200, {"success": True, "errors": [{"code": 5}]}, {}, ErrorKind.UNSURE, "Cloudflare answered with success and errors: 5 ", "", (), False),
    (200, {"success": True, "errors": "odd"}, {}, ErrorKind.UNSURE, "Cloudflare answered with success and errors: no reason given", "", (), False),
    (400, {"errors": [{"message": "a"}, "x", {"code": "7", "message": "b"}, {"code": 3}, {"code": 4, "message": "d"}]}, {}, ErrorKind.REFUSED, "Cloudflare answered 400 without success: ? a; 7 b; 3 ", "", (3, 4), False),
    (400, _chain(1004, "DNS Validation Error", {"code": 9041, "message": "This DNS record cannot be proxied"}), {}, ErrorKind.REFUSED, "Cloudflare answered 400 without success: 1004 DNS Validation Error: 9041 This DNS record cannot be proxied", "", (1004, 9041), False),
    (400, _chain(6003, "Invalid request headers", {"code": 6111, "message": "Invalid format"}, "odd", {}), {}, ErrorKind.DENIED, f"{DENIED} (400: 6003 Invalid request headers: 6111 Invalid format: ? )", NEEDS, (6003, 6111), False),
    (400, {"success": False, "errors": [{"code": 1004, "message": "m", "error_chain": {"code": 1}}]}, {}, ErrorKind.REFUSED, "Cloudflare answered 400 without success: 1004 m", "", (1004,), False),
]  # fmt: skip


@pytest.mark.parametrize(("status", "body", "headers", "failure", "message", "hint", "codes", "passing"), REFUSALS)
def test_what_is_no_success(
    status: int,
    body: Any,
    headers: dict[str, str],
    failure: ErrorKind,
    message: str,
    hint: str,
    codes: tuple[int, ...],
    passing: bool,
) -> None:
    with pytest.raises(ProviderError) as told:
        opened(_answer(status, body, **headers))
    error = told.value
    assert (error.failure, str(error), error.problems[0].hint) == (failure, message, hint)
    assert (error.codes, error.passing, error.wait) == (codes, passing, 7.0 if status == 429 else None)


@pytest.mark.parametrize("status", [200, 201, 299])
def test_a_success(status: int) -> None:
    body = {"success": True, "errors": [], "result": [1], "result_info": {"page": 1}}
    assert opened(_answer(status, body)) == Envelope([1], {"page": 1})
    assert opened(_answer(status, {"success": True, "result_info": []})) == Envelope(None, {})


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0.0), ("30", 30.0), ("9" * 9, 999_999_999.0), ("1" + "0" * 9, 1e9), ("9" * 5000, 1e9), ("", None), ("-1", None), ("1.5", None), ("\u0663", None), ("\u00b2", None), ("x", None)],
)  # fmt: skip
def test_a_number_of_a_header(text: str, number: float | None) -> None:
    assert retry_after(_answer(429, b"", retry_after=text)) == number
    expected = None if number is None else (int(number), 30.0)
    assert budget(_answer(200, b"", ratelimit=f'"default"; r={text} ;t=30')) == expected


@pytest.mark.parametrize("header", ["", "r=5", "t=5", '"default"', "r=5;t=x", "R=5;T=5"])
def test_half_a_budget_is_none(header: str) -> None:
    assert budget(_answer(200, b"", ratelimit=header)) is None
    assert budget(_answer(200, b"")) is None
    assert retry_after(_answer(200, b"")) is None


def test_others_text_is_cut_and_plain() -> None:
    assert printable("a" * 199) == "a" * 199
    assert printable("a" * 200) == "a" * 200
    assert printable("a" * 201) == "a" * 200
    assert printable("a\x1bb\u202ec") == "a\ufffdb\ufffdc"


def _record(kind: str, content: str, priority: int | None = None, *, proxied: bool = False) -> Record:
    return Record(ZONE, W, RecordType(kind), content, 300, proxied, priority)


FORMS = [
    (_record("A", "192.0.2.1", proxied=True), {"content": "192.0.2.1", "proxied": True}),
    (_record("AAAA", "2001:db8::1"), {"content": "2001:db8::1", "proxied": False}),
    (_record("CNAME", "x.example.net"), {"content": "x.example.net", "proxied": False}),
    (_record("TXT", "hi"), {"content": '"hi"'}),
    (_record("MX", "mail.example.net", 10), {"content": "mail.example.net", "priority": 10}),
    (_record("MX", "mail.example.net"), {"content": "mail.example.net", "priority": 0}),
    (_record("SRV", "1 993 mail.example.net", 5), {"data": {"priority": 5, "weight": 1, "port": 993, "target": "mail.example.net"}}),
    (_record("SRV", "1 993 mail.example.net"), {"data": {"priority": 0, "weight": 1, "port": 993, "target": "mail.example.net"}}),
    (_record("CAA", '128 issue "a.org; x=y"'), {"data": {"flags": 128, "tag": "issue", "value": "a.org; x=y"}}),
    (_record("NS", "ns.example.net"), {"content": "ns.example.net"}),
]  # fmt: skip


@pytest.mark.parametrize(("record", "rest"), FORMS)
def test_a_record_as_it_is_sent(record: Record, rest: dict[str, Any]) -> None:
    assert to_api(record, "mark") == {"type": record.type.value, "name": W, "ttl": 300, "comment": "mark", **rest}


def _row(kind: str = "A", content: Any = "192.0.2.1", **changes: Any) -> dict[str, Any]:
    return {"id": "id1", "type": kind, "name": W, "content": content, "ttl": 300, **changes}


def _found(kind: str = "A", content: str = "192.0.2.1", priority: int | None = None, **options: Any) -> Existing:
    ttl = options.pop("ttl", 300)
    return Existing(
        "id1", Record(ZONE, W, RecordType(kind), content, ttl, options.pop("proxied", False), priority), **options
    )


ROWS = [
    (_row(), _found()),
    (_row(comment="mark"), _found(comment="mark")),
    (_row(comment=7), _found()),
    (_row(created_on="2024-01-01"), _found(created="2024-01-01")),
    (_row(created_on=None), _found(created="")),
    (_row(ttl=0), _found(ttl=1)),
    (_row(ttl=None), _found(ttl=1)),
    (_row(ttl=2**31 - 1), _found(ttl=2**31 - 1)),
    (_row(ttl=2**31), Other("id1", "A", W)),
    (_row(ttl=-1), Other("id1", "A", W)),
    (_row(ttl=1.5), Other("id1", "A", W)),
    (_row(ttl=True), Other("id1", "A", W)),
    (_row(ttl=1e400), Other("id1", "A", W)),
    (_row(ttl="300"), Other("id1", "A", W)),
    (_row(proxied=True), _found(proxied=True, ttl=1)),
    (_row(proxied=1), _found()),
    (_row(locked=True), _found(locked=True)),
    (_row(locked=1), _found()),
    (_row(meta={"read_only": True}), _found(locked=True)),
    (_row(meta={"read_only": 1}), _found()),
    (_row(meta={"managed_by_apps": True}), _found(locked=True)),
    (_row(meta={"managed_by_apps": False, "managed_by_x": True}), _found(locked=True)),
    (_row(meta={"managed_by_apps": False, "auto_added": True}), _found()),
    (_row(meta="odd"), _found()),
    (_row("MX", "mail.example.net", priority=10), _found("MX", "mail.example.net", 10)),
    (_row("MX", "mail.example.net", priority=0), _found("MX", "mail.example.net", 0)),
    (_row("MX", "mail.example.net", priority="10"), Other("id1", "MX", W)),
    (_row("SRV", "x", data={"priority": 5, "weight": 1, "port": 993, "target": "m.example.net"}), _found("SRV", "1 993 m.example.net", 5)),
    (_row("SRV", "5 1 993 m.example.net", priority=5), _found("SRV", "1 993 m.example.net", 5)),
    (_row("SRV", "1 993 m.example.net", priority=5, data="odd"), _found("SRV", "1 993 m.example.net", 5)),
    (_row("SRV", "x", priority=7, data={"priority": 5, "weight": 1, "port": 993, "target": "m.example.net"}), _found("SRV", "1 993 m.example.net", 7)),
    (_row("CAA", "x", data={"flags": 0, "tag": "issue", "value": "a.org"}), _found("CAA", '0 issue "a.org"')),
    (_row("CAA", '0 issue "a.org"'), _found("CAA", '0 issue "a.org"')),
    (_row("CAA", "x", data={"flags": 0}), Other("id1", "CAA", W)),
    (_row("HTTPS", "1 . alpn=h2"), Other("id1", "HTTPS", W)),
    (_row("A", "x"), Other("id1", "A", W)),
    (_row("LOC", "x", name="WWW.Example.COM."), Other("id1", "LOC", W)),
    (_row("LOC", "x", name="a..b"), Other("id1", "LOC", "a..b")),
]  # fmt: skip


@pytest.mark.parametrize(("row", "expected"), ROWS)
def test_a_row_as_it_is_read(row: dict[str, Any], expected: Existing | Other) -> None:
    assert from_api(row, ZONE) == expected


@pytest.mark.parametrize("key", ["id", "type", "name"])
@pytest.mark.parametrize("value", [None, "", 5])
def test_a_row_that_lacks_what_every_row_has(key: str, value: object) -> None:
    with pytest.raises(ValueError, match=r"^a record without id, type or name$"):
        from_api({**_row(), key: value}, ZONE)


NO_TOKEN = "no token for Cloudflare: set CLOUDFLARE_API_TOKEN, or CLOUDFLARE_API_TOKEN_FILE to a file of mode 0600"


def test_a_token_of_a_variable_goes_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(" from-file \n")
    file.chmod(0o600)
    names = {"CLOUDFLARE_API_TOKEN": " from-variable\n", "CLOUDFLARE_API_TOKEN_FILE": str(file)}
    assert token(names).reveal() == "from-variable"
    assert token({**names, "CLOUDFLARE_API_TOKEN": " "}).reveal() == "from-file"
    file.write_text("x" * 4095 + "yz")
    with pytest.raises(RefusedError, match="the token can't be read: is larger than 4096 bytes"):
        token({"CLOUDFLARE_API_TOKEN_FILE": str(file)})  # half a token is not one
    for empty in ({}, {"CLOUDFLARE_API_TOKEN": " \n"}, {"CLOUDFLARE_API_TOKEN_FILE": ""}):
        with pytest.raises(UsageError) as told:
            token(empty)
        assert str(told.value) == NO_TOKEN


@pytest.mark.parametrize("text", ["a b", "a\tb", "t\u00f6ken", "a\x00b"])
def test_a_token_with_other_letters_is_refused_and_not_shown(text: str) -> None:
    with pytest.raises(UsageError) as told:
        token({"CLOUDFLARE_API_TOKEN": text})
    assert str(told.value) == "the token for Cloudflare contains characters that are not allowed in a token"
    assert told.value.problems[0].hint.startswith(
        "was it pasted completely? Make another one at https://dash.cloudflare.com/"
    )


def test_a_file_with_other_letters_is_refused_as_a_variable_is(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_bytes(b"t\xffken")
    file.chmod(0o600)
    with pytest.raises(
        UsageError, match=r"^the token for Cloudflare contains characters that are not allowed in a token$"
    ):
        token({"CLOUDFLARE_API_TOKEN_FILE": str(file)})


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o610, 0o601, 0o644])
def test_a_file_that_others_can_reach_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "token"
    file.write_text("abc")
    file.chmod(mode)
    with pytest.raises(RefusedError) as told:
        token({"CLOUDFLARE_API_TOKEN_FILE": str(file)})
    assert str(told.value) == f"{file}: others can read the token's file"
    assert told.value.problems[0].hint == f"`chmod 600 {file}`"


def test_a_strangers_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "token"
    file.write_text("abc")
    file.chmod(0o600)
    monkeypatch.setattr("os.geteuid", lambda: file.stat().st_uid + 1)
    with pytest.raises(RefusedError, match="belongs to another user"):
        token({"CLOUDFLARE_API_TOKEN_FILE": str(file)})


@pytest.mark.parametrize(
    ("kind", "error", "message"),
    [("folder", RefusedError, "the token can't be read: is a directory, not a regular file"), ("nothing", LocalIOError, "the token can't be read: reading failed: No such file or directory")],
)  # fmt: skip
def test_what_is_no_file(tmp_path: Path, kind: str, error: type[EdgegenError], message: str) -> None:
    path = tmp_path if kind == "folder" else tmp_path / "gone"
    with pytest.raises(error) as told:
        token({"CLOUDFLARE_API_TOKEN_FILE": str(path)})
    assert str(told.value) == f"{path}: {message}"


CLEAR = "CLOUDFLARE_BASE_URL must begin with https://: the token would be sent unencrypted"
NO_URL = "CLOUDFLARE_BASE_URL is not a URL like https://api.cloudflare.com/client/v4"
PAIR = "CLOUDFLARE_BASE_URL must not contain a user or a password"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://api.test/v4", ""), ("http://127.0.0.1:80/", ""), ("http://[::1]/", ""), ("http://localhost/", ""),
        ("http://api.test/", CLEAR), ("http://127.0.0.1.evil.test/", CLEAR), ("ftp://127.0.0.1/", CLEAR), ("api.test", NO_URL),
        ("https://", NO_URL), ("https://[::1/", NO_URL), ("https://a.test:99999/", NO_URL), ("https://a.test:0/", NO_URL),
        ("https://a b/", NO_URL), ("https://a.test/\n", NO_URL),
        ("https://u:p@api.test/", PAIR), ("http://u@localhost/", PAIR),
    ],
)  # fmt: skip
def test_where_a_token_may_go(url: str, said: str) -> None:
    if said:
        with pytest.raises(UsageError) as told:
            base_url({"CLOUDFLARE_BASE_URL": url})
        assert str(told.value) == said
    else:
        assert base_url({"CLOUDFLARE_BASE_URL": url}) == url


def test_without_a_word_it_goes_to_cloudflare() -> None:
    assert base_url({}) == base_url({"CLOUDFLARE_BASE_URL": ""}) == "https://api.cloudflare.com/client/v4"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_a_file_of_another_user_is_refused_in_other_words(tmp_path: Path) -> None:
    """As with `sudo`: its mode is right, and `chmod` would change nothing."""
    file = tmp_path / "token"
    file.write_text("abc")
    file.chmod(0o600)
    os.chown(file, 12345, -1)
    with pytest.raises(RefusedError) as told:
        token({"CLOUDFLARE_API_TOKEN_FILE": str(file)})
    assert str(told.value) == f"{file}: the token's file belongs to another user"
    assert "chmod" not in told.value.problems[0].hint
