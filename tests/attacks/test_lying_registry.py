"""A registry that lies: no password leaves for another host, nothing hangs, nothing is called a bug of edgegen's."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

import pytest

from edgegen.endpoints import Endpoint
from edgegen.verify.settings import PushSettings
from tests.attacks.registry_lies import HOST, LIES, Lure, bearer, known, type_of_the_password
from tests.fakes.authority_of_tests import Authority
from tests.fakes.dns_server import FakeDns
from tests.fakes.registry import Call, FakeRegistry
from tests.properties.test_mutated import called
from tests.sizes import some

PASSWORD = "c4nary-Passw0rd-of-the-registry"
SPEC = (
    f"name: a\ndomains: {{example.com: {{provider: zonefile, addresses: [127.0.0.1]}}}}\n"
    f"services: {{registry: {{kind: registry, host: {HOST}, users: [ci]}}}}\n"
)
LONGEST = 50.0
OF_THE_LIAR = base64.b64encode(b"ci:x").decode()
"""What a lie itself puts into a URL that it sends its reader to."""


@dataclass
class World:
    """The registry, two tripwires that take everything, a DNS that leads every name here, and a project."""

    registry: FakeRegistry
    secure: FakeRegistry
    plain: FakeRegistry
    caught: list[str]
    options: list[str]
    folder: Path

    @property
    def lure(self) -> Lure:
        return Lure(self.secure.port, self.plain.port, self.registry.port)

    def verify(self, *words: str, patience: float = 1.5) -> tuple[int, str, float]:
        """Exit code, all that was said and written, and how long it took. A lie may end with the patience."""
        page = self.folder / "report.html"
        page.unlink(missing_ok=True)
        began = time.monotonic()
        more = ["--push", "--push-size", "64kB", "--timeout", str(patience), "-v", "--html", str(page)]
        with pytest.MonkeyPatch.context() as patch:
            # A push may take minutes, and has one deadline: here that is short.
            patch.setattr("edgegen.verify.settings.PushSettings", partial(_hurried, timeout=2 * patience))
            code, out, err = called(["verify", *words, *self.options, *more, "-C", str(self.folder)])
        seconds = time.monotonic() - began
        assert page.exists(), (code, out, err)
        return code, out + err + page.read_text(), seconds


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.root()


@pytest.fixture
def world(authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("EDGEGEN_REGISTRY_USER", "ci")
    monkeypatch.setenv("EDGEGEN_REGISTRY_PASSWORD", PASSWORD)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("DOCKER_CONFIG", raising=False)
    (tmp_path / "edge.yaml").write_text(SPEC)
    caught: list[str] = []
    everywhere = FakeDns(
        behave=lambda name, kind: ("NOERROR", [f"{name} 60 IN A 127.0.0.1"] if kind == "A" else []), address="127.0.0.1"
    )
    with ExitStack() as stack:
        registry = stack.enter_context(FakeRegistry(authority.issue(HOST), password=PASSWORD))
        wide = authority.issue("trip.test", HOST, "127.0.0.1")
        traps = [stack.enter_context(FakeRegistry(certificate)) for certificate in (wide, None)]
        for trap in traps:
            trap.hook = lambda call: _takes(call, caught)
        dns = stack.enter_context(everywhere)
        options = [
            "--connect-to", f"{HOST}:443:127.0.0.1:{registry.port}", "--connect-to", f"{HOST}:80:127.0.0.1:1",
            "--ca-file", authority.write(tmp_path), "--resolver", f"127.0.0.1:{dns.port}", "--allow-private",
            "--authority-port", str(dns.port),
        ]  # fmt: skip
        yield World(registry, *traps, caught, options, tmp_path)


def _hurried(size: int = 64_000, slow: float = 0.0, *, timeout: float) -> PushSettings:
    return PushSettings(size, slow, timeout=timeout)


def _takes(call: Call, caught: list[str]) -> object:
    """A tripwire: it asks for a password, believes every one, and gives tokens."""
    body = call.rfile.read(min(call.size, 1 << 20))
    told = f"{call.method} {call.path} {call.headers.as_string()} {body.decode('latin-1')}"
    caught.append(told)
    if "Authorization" not in call.headers and "token" not in call.path:
        return call.error(401, "UNAUTHORIZED", ("WWW-Authenticate", 'Basic realm="x"'))
    return call.answer(200, {"token": "a-token"})


def shapes() -> list[str]:
    pair = base64.b64encode(f"ci:{PASSWORD}".encode()).decode()
    return [PASSWORD, quote(PASSWORD), pair, base64.b64encode(PASSWORD.encode()).decode()]


def leaks(texts: list[str]) -> list[str]:
    """The texts that hold the password, or anything that says who one is."""
    told = [text.replace(f"Authorization: Basic {OF_THE_LIAR}", "") for text in texts]
    return [text for text in told if "authorization:" in text.lower() or any(shape in text for shape in shapes())]


def test_the_lies_are_as_many_as_promised() -> None:
    assert len(LIES) >= 45


@pytest.mark.slow
@pytest.mark.parametrize("name", some(list(LIES), 3))
def test_a_lie_costs_no_password_and_no_patience(world: World, name: str) -> None:
    world.registry.hook = LIES[name](world.lure)
    code, said, seconds = world.verify()
    assert world.registry.calls  # it was asked at all
    assert code in (1, 4), said
    assert seconds < LONGEST
    assert leaks(world.caught) == []
    assert [shape for shape in shapes() if shape in said] == []
    assert "\x1b" not in said


STRANGERS = [name for name in LIES if "token server" not in name and "challenge" not in name]


@pytest.mark.slow
@pytest.mark.parametrize("name", some(STRANGERS, 3))
def test_a_stranger_who_was_named_gets_no_more(world: World, name: str) -> None:
    """Only a token server may be shown the password of a registry that the user named, as with Docker."""
    world.registry.hook = LIES[name](world.lure)
    code, said, seconds = world.verify(f"https://{HOST}/v2/")
    assert code in (0, 1, 4), said
    assert seconds < LONGEST
    assert leaks(world.caught) == []
    assert [shape for shape in shapes() if shape in said] == []


def test_the_truth_is_good(world: World) -> None:
    code, said, _ = world.verify(patience=30)
    assert world.caught == []
    assert "registry-push" in said
    assert "went there and back" in said
    assert code in (0, 1)  # no HSTS, no port 80


@pytest.mark.slow
def test_a_password_that_does_leave_is_caught(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: the rule taken away."""
    monkeypatch.setattr(Endpoint, "may_name_a_token_server", property(lambda self: True))
    world.registry.hook = bearer(f"{world.lure.url}/token")
    world.verify(patience=30)
    assert leaks(world.caught)


@pytest.mark.slow
def test_an_echo_that_does_come_through_is_caught(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edgegen.verify.look.registry.without_echo", lambda answer, *_: answer)
    monkeypatch.setattr("edgegen.verify.look.registry_client.without_echo", lambda answer, *_: answer)
    world.registry.hook = known(type_of_the_password)
    said = world.verify(patience=30)[1]
    assert [shape for shape in shapes() if shape in said]


@pytest.mark.slow
def test_a_proxy_in_the_environment_sees_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sets HTTPS_PROXY for other programs has not named it as a place for the registry's password."""
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, world.lure.plain_url.replace("trip.test", "127.0.0.1"))
    (world.folder / ".netrc").write_text(f"machine {HOST} login other password other-password\n")
    said = world.verify(patience=30)[1]
    assert "went there and back" in said
    assert world.caught == []
    given = {headers.get("Authorization", "") for _, _, headers in world.registry.calls}
    assert not [text for text in given if base64.b64encode(b"other:other-password").decode() in text]
