"""The client: what the SDK would do by itself and must not; and what is believed of an answer."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
import traceback
from pathlib import Path

import pytest

from edgegen.core.errors import EdgegenError, LocalIOError, RefusedError, SpecError, UsageError
from edgegen.core.secret import Secret
from edgegen.dns.api.envelope import Answer, budget, opened, retry_after
from edgegen.dns.api.form import from_api, to_api
from edgegen.dns.api.token import base_url, token
from edgegen.dns.plan import Existing
from edgegen.dns.provider import Batch, ErrorKind, Other, Post, Provider, ProviderError, Zone
from edgegen.dns.providers.cloudflare import Cloudflare, TokenStatus
from edgegen.dns.token_check import check
from tests.dns.support import ZONE, rec, scene
from tests.fakes.cloudflare import TOKEN, Threaded, Token, process
from tests.fakes.cloudflare import Cloudflare as Fake
from tests.fakes.cloudflare_faults import Fault

CANARY = "canary-Zq81x0-token-of-nobody"
POST = Batch(posts=(Post(rec("A", f"a.{ZONE}", "192.0.2.1"), "hi"),))


def test_it_is_a_provider() -> None:
    with scene() as s:
        assert isinstance(s.provider, Provider)


@pytest.mark.parametrize(
    "fault", [Fault("rst"), Fault("status", status=503), Fault("status", status=429), Fault("html")]
)
@pytest.mark.parametrize("phase", ["before", "after"])
def test_a_post_is_sent_once(fault: Fault, phase: str) -> None:
    with scene() as s:
        s.state.faults = [Fault(fault.kind, 0, phase, "POST", status=fault.status)]
        with pytest.raises(ProviderError) as told:
            s.provider.apply_batch(Zone(s.zone.id, ZONE), POST)
        assert s.state.count("POST") == 1
        assert told.value.failure is (ErrorKind.THROTTLED if fault.status == 429 else ErrorKind.UNSURE)


def test_stray_variables_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "CLOUDFLARE_EMAIL": "x@example.org",
        "CLOUDFLARE_API_KEY": "k",
        "CLOUDFLARE_API_USER_SERVICE_KEY": "s",
        "CLOUDFLARE_API_TOKEN": "another",
        "CLOUDFLARE_BASE_URL": "http://127.0.0.1:9/elsewhere",
        "CLOUDFLARE_CUSTOM_HEADERS": "Authorization: Bearer stolen",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "ALL_PROXY": "http://127.0.0.1:9",
    }.items():
        monkeypatch.setenv(name, value)
    with scene() as s:
        assert s.sync([rec("A", ZONE, "192.0.2.1")]).made == 1
        for line in s.state.log:
            assert line["headers"]["authorization"] == f"Bearer {TOKEN}"
            assert "x-auth-email" not in line["headers"]
            assert line["headers"]["api-version"] == "2026-01-01"
    assert os.environ["CLOUDFLARE_CUSTOM_HEADERS"] == "Authorization: Bearer stolen"


def test_redirects_are_not_followed() -> None:
    with scene() as s, Threaded(Fake()) as elsewhere:
        s.state.faults = [Fault("status", 0, status=302, headers={"Location": f"{elsewhere.url}/zones"})]
        with pytest.raises(ProviderError):
            s.provider.find_zone(ZONE)
        assert elsewhere.state.log == []


def test_a_list_of_several_pages_must_be_seen_twice() -> None:
    import edgegen.dns.providers.cloudflare as module

    with scene() as s:
        for number in range(12):
            s.state.seed(s.zone, type="A", name=f"h{number}.{ZONE}", content="192.0.2.1")
        whole = module.PER_PAGE
        module.PER_PAGE = 5
        try:
            assert len(s.provider.list_zone(Zone(s.zone.id, ZONE))) == 12
            assert s.state.count() == 6

            def meddle(number: int, method: str) -> None:
                s.state.seed(s.zone, type="A", name=f"a{number}.{ZONE}", content="192.0.2.1")

            s.state.before_request = meddle
            with pytest.raises(ProviderError, match=r"incomplete listing|faster than"):
                s.provider.list_zone(Zone(s.zone.id, ZONE))
        finally:
            module.PER_PAGE = whole


def test_tokens_and_zones() -> None:
    with scene() as s:
        assert s.provider.token_status().status == "active"
        assert [zone.name for zone in s.provider.zones()] == [ZONE]
        assert s.provider.find_zone(ZONE).name == ZONE
        s.zone.ssl = "flexible"
        assert s.provider.ssl_mode(Zone(s.zone.id, ZONE)) == "flexible"
        s.state.faults = [Fault("status", status=403, path="/settings/ssl")]
        assert s.provider.ssl_mode(Zone(s.zone.id, ZONE)) is None
        s.state.tokens[TOKEN] = Token(edit=False)
        with pytest.raises(EdgegenError, match="no change is visible in the listing") as told:
            s.sync([rec("A", ZONE, "192.0.2.1")])
        assert told.value.exit_code == 4
        assert "Zone / DNS / Edit" in told.value.problems[0].hint
        assert "zone_id" in told.value.problems[0].hint
        with pytest.raises(ProviderError) as absent:
            s.provider.find_zone("example.org")
        assert absent.value.failure is ErrorKind.ABSENT
        with pytest.raises(SpecError):
            s.provider.find_zone("example.org", s.zone.id)


def test_a_token_of_an_account_is_asked_for_in_its_account() -> None:
    with scene() as s:
        s.state.tokens[TOKEN] = Token(of_account=True, expires="2031-01-01T00:00:00Z")
        assert s.provider.token_status() == TokenStatus("active", "2031-01-01T00:00:00Z")
        assert [line["path"] for line in s.state.log] == [
            "/user/tokens/verify",
            "/zones",
            "/accounts/acc/tokens/verify",
        ]
        assert check(s.provider, {ZONE: None})[0].outcome == "pass"


@pytest.mark.parametrize("case", ["may not ask", "no account"])
def test_a_token_that_lists_a_zone_is_one_that_works(case: str) -> None:
    with scene() as s:
        s.state.tokens[TOKEN] = Token(of_account=True)
        if case == "may not ask":
            s.state.faults = [Fault("status", status=403, path="/accounts/", code=10000)]
        else:
            s.zone.account = None
        assert s.provider.token_status() == TokenStatus("active")


def test_an_account_that_does_not_answer_proves_nothing() -> None:
    with scene() as s:
        s.state.tokens[TOKEN] = Token(of_account=True)
        s.state.faults = [Fault("status", status=500, path="/accounts/", times=9)]
        assert check(s.provider, {ZONE: None})[0].outcome == "unknown"


@pytest.mark.parametrize("case", ["unknown", "no zone", "zones out of reach"])
def test_a_token_that_nobody_knows_stays_one(case: str) -> None:
    with scene() as s:
        s.state.tokens[TOKEN] = Token(of_account=True, zones=[] if case == "no zone" else None)
        if case == "unknown":
            s.state.tokens.clear()
        if case == "zones out of reach":
            s.state.faults = [Fault("status", status=403, path="/zones", code=9109, times=9)]
        with pytest.raises(ProviderError, match="1000 Invalid API Token") as told:
            s.provider.token_status()
        assert told.value.failure is ErrorKind.DENIED
        assert check(s.provider, {ZONE: None})[0].outcome == "fail"


def test_a_wall_of_requests_is_waited_out() -> None:
    with scene() as s:
        s.state.limit = 3
        assert s.sync([rec("A", ZONE, "192.0.2.1")]).made == 1
        assert sum(s.clock.slept) >= 300


ANSWERS = {
    "success": (200, b'{"success": true, "result": 1}', None),
    "success as a word": (200, b'{"success": "true", "result": 1}', ErrorKind.UNSURE),
    "success as a number": (200, b'{"success": 1, "result": 1}', ErrorKind.UNSURE),
    "no success": (200, b'{"success": false, "errors": null}', ErrorKind.UNSURE),
    "nothing": (200, b"", ErrorKind.UNSURE),
    "a list": (200, b"[1]", ErrorKind.UNSURE),
    "too deep": (200, b"[" * 100_000, ErrorKind.UNSURE),
    "success of a 400": (400, b'{"success": true}', ErrorKind.REFUSED),
    "refused": (400, b'{"success": false, "errors": [{"code": 9005, "message": "x"}]}', ErrorKind.REFUSED),
    "errors that are none": (400, b'{"success": false, "errors": [1, {"code": "a"}]}', ErrorKind.REFUSED),
    "bad credentials by 400": (400, b'{"success": false, "errors": [{"code": 6003}]}', ErrorKind.DENIED),
    "403 html": (403, b"<html>", ErrorKind.DENIED),
    "408": (408, b'{"success": false}', ErrorKind.UNSURE),
    "500": (500, b'{"success": false}', ErrorKind.UNSURE),
    "429": (429, b"x", ErrorKind.THROTTLED),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_what_is_believed(case: str) -> None:
    status, body, failure = ANSWERS[case]
    if failure is None:
        assert opened(Answer(status, {}, body)).result == 1
        return
    with pytest.raises(ProviderError) as told:
        opened(Answer(status, {}, body))
    assert told.value.failure is failure


def test_texts_of_others_can_not_steer_the_terminal() -> None:
    error = {"code": 1, "message": "\x1b]0;owned\x07 \u202e gnp"}
    with pytest.raises(ProviderError) as told:
        opened(Answer(400, {}, json.dumps({"success": False, "errors": [error]}).encode()))
    assert not {"\x1b", "\x07", "\u202e"} & set(str(told.value))


def test_headers_that_are_read() -> None:
    assert retry_after(Answer(429, {"retry-after": "120"}, b"")) == 120
    assert retry_after(Answer(429, {"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, b"")) is None
    assert budget(Answer(200, {"ratelimit": '"default";r=50;t=30'}, b"")) == (50, 30.0)
    assert budget(Answer(200, {"ratelimit": "nonsense"}, b"")) is None


ROWS = {
    "https record": ({"type": "HTTPS", "content": "1 ."}, Other),
    "bad caa": ({"type": "CAA", "content": "x"}, Other),
    "old srv": ({"type": "SRV", "content": "1 993 mail.example.net", "priority": 0}, Existing),
    "new srv": ({"type": "SRV", "content": "0 1 993 mail.example.net", "priority": 0}, Existing),
    "locked": ({"type": "A", "content": "192.0.2.1", "meta": {"managed_by_apps": True}}, Existing),
}


@pytest.mark.parametrize("case", ROWS)
def test_rows(case: str) -> None:
    row, kind = ROWS[case]
    item = from_api({"id": "i", "name": f"A.{ZONE}.", "ttl": 1, **row}, ZONE)
    assert type(item) is kind
    if isinstance(item, Existing):
        assert item.record.name == f"a.{ZONE}"
        assert item.locked is (case == "locked")
        assert to_api(item.record, "c")["comment"] == "c"


def test_a_row_without_an_id_is_no_row() -> None:
    with pytest.raises(ValueError, match="without id"):
        from_api({"type": "A", "name": "a"}, ZONE)


def test_nobody_listens() -> None:
    with scene() as s:
        silent = Cloudflare(Secret(TOKEN), s.clock, "http://127.0.0.1:9/client/v4")
        with pytest.raises(ProviderError, match="could not be reached"):
            silent.find_zone(ZONE)
        assert s.clock.slept == [1.0, 2.0, 4.0]


def test_where_the_token_comes_from(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(f"{CANARY}\n")
    file.chmod(0o600)
    assert token({"CLOUDFLARE_API_TOKEN": CANARY}).reveal() == CANARY
    assert token({"CLOUDFLARE_API_TOKEN_FILE": str(file)}).reveal() == CANARY
    file.chmod(0o640)
    with pytest.raises(RefusedError, match="others can read"):
        token({"CLOUDFLARE_API_TOKEN_FILE": str(file)})
    with pytest.raises(RefusedError):
        token({"CLOUDFLARE_API_TOKEN_FILE": str(tmp_path)})
    with pytest.raises(LocalIOError):
        token({"CLOUDFLARE_API_TOKEN_FILE": str(tmp_path / "none")})
    for wrong in ({}, {"CLOUDFLARE_API_TOKEN": "two words"}, {"CLOUDFLARE_API_TOKEN": "café"}):
        with pytest.raises(UsageError):
            token(wrong)


def test_the_address_does_not_give_the_token_away() -> None:
    assert base_url({}).startswith("https://")
    assert base_url({"CLOUDFLARE_BASE_URL": "http://127.0.0.1:1/x"}) == "http://127.0.0.1:1/x"
    with pytest.raises(UsageError):
        base_url({"CLOUDFLARE_BASE_URL": "http://api.example.org/"})
    with pytest.raises(UsageError, match="must not contain a user or a password") as told:
        base_url({"CLOUDFLARE_BASE_URL": "https://ci:canary@api.example.org/"})
    assert "canary" not in str(told.value)


def test_the_canary_is_nowhere(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """At debug, under faults, in errors and their causes with all local names that a report may show."""
    monkeypatch.setenv("CLOUDFLARE_LOG", "debug")
    texts = [io.StringIO()]
    handler = logging.StreamHandler(texts[0])
    logging.getLogger().addHandler(handler)
    caplog.set_level(logging.DEBUG)
    try:
        for kind in ("rst", "html", "null", "status", "json"):
            with scene() as s:
                s.state.tokens = {CANARY: Token()}
                provider = Cloudflare(
                    Secret(CANARY), s.clock, f"http://127.0.0.1:{s.provider._wire._base_url.split(':')[2]}"
                )
                s.state.faults = [Fault(kind, 0, status=403, code=10000)]
                with pytest.raises(ProviderError) as told:
                    provider.find_zone(ZONE)
                texts[0].write("".join(traceback.format_exception(told.value)))
                texts[0].write(repr(vars(told.value)) + repr(vars(provider)) + repr(vars(provider._wire)))
                assert any(line["headers"].get("authorization") == f"Bearer {CANARY}" for line in s.state.log)
    finally:
        logging.getLogger().removeHandler(handler)
    assert CANARY not in texts[0].getvalue() + caplog.text


@pytest.mark.slow
def test_the_canary_is_not_in_the_process_list(tmp_path: Path) -> None:
    """A run in a process of its own: its arguments, its output at debug, and what it leaves behind."""
    code = (
        "import os, logging; logging.basicConfig(level=logging.DEBUG)\n"
        "from edgegen.dns.providers.cloudflare import Cloudflare\n"
        "c = Cloudflare.from_environment(os.environ)\n"
        "print(open('/proc/self/cmdline').read())\n"
        "c.find_zone('example.com')\n"
    )
    with process() as fake:
        environment = {
            **os.environ,
            "CLOUDFLARE_API_TOKEN": CANARY,
            "CLOUDFLARE_BASE_URL": fake.url,
            "CLOUDFLARE_LOG": "debug",
        }
        run = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, cwd=tmp_path, check=False
        )
        assert run.returncode == 1
        assert "does not accept the token" in run.stderr
        assert CANARY not in run.stdout + run.stderr
        assert fake.ask("state")["log"][0]["headers"]["authorization"] == f"Bearer {CANARY}"


def test_importing_the_provider_costs_nothing_heavy() -> None:
    code = (
        "import sys, edgegen.dns.providers.cloudflare, edgegen.dns.sync\n"
        "print([m for m in ('cloudflare', 'httpx', 'httpcore', 'dns') if m in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.slow
def test_reading_loads_no_sdk_and_writing_does() -> None:
    """Loading it takes as long as all else of a run that finds nothing to write."""
    code = (
        "import os, sys\n"
        "from edgegen.dns.provider import Batch, Post\n"
        "from edgegen.dns.providers.cloudflare import Cloudflare\n"
        "from edgegen.records import Record, RecordType\n"
        "c = Cloudflare.from_environment(os.environ)\n"
        "zone = c.find_zone('example.com')\n"
        "c.list_zone(zone), c.token_status(), c.ssl_mode(zone)\n"
        "print([m for m in ('cloudflare', 'httpx', 'httpcore', 'requests') if m in sys.modules])\n"
        "record = Record('example.com', 'a.example.com', RecordType.A, '192.0.2.1')\n"
        "c.apply_batch(zone, Batch(posts=(Post(record, 'x'),)))\n"
        "print([m for m in ('cloudflare', 'httpx', 'httpcore', 'requests') if m in sys.modules])\n"
    )
    with process() as fake:
        fake.ask("zone", name="example.com")
        environment = {**os.environ, "CLOUDFLARE_API_TOKEN": TOKEN, "CLOUDFLARE_BASE_URL": fake.url}
        run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
        sent = fake.ask("state")["log"]
    assert run.stdout.splitlines() == ["[]", "['cloudflare', 'httpx']"], run.stderr
    assert [line["method"] for line in sent] == ["GET"] * 4 + ["POST"]
    assert {line["headers"]["api-version"] for line in sent} == {"2026-01-01"}


def test_a_sync_loads_no_resource_of_the_sdk() -> None:
    with scene() as s:
        s.sync([rec("A", ZONE, "192.0.2.1")])
    assert not [name for name in sys.modules if name.startswith("cloudflare.resources.dns")]
