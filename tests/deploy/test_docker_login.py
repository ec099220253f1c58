"""Passwords of registries: from the environment, from Docker's config.json, from helpers; and from nowhere else."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import pytest

from edgegen.core.errors import UsageError
from edgegen.deploy import docker_login
from edgegen.deploy import runner as running
from edgegen.deploy.docker_login import Logins, find
from edgegen.deploy.runner import Runner

HOST = "registry.example.com"
CANARY = "c4nary:w1th-a-colon"


class Home:
    """A home with Docker's folder, and a PATH on which helpers stand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.bin.mkdir()
        (folder / ".docker").mkdir()

    def config(self, value: object) -> None:
        text = value if isinstance(value, str) else json.dumps(value)
        (self.folder / ".docker" / "config.json").write_text(text)

    def helper(self, name: str, script: str) -> None:
        path = self.bin / f"docker-credential-{name}"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def find(self, *registries: str, **environment: str) -> Logins:
        return find(registries or (HOST,), environment, self.folder, Runner())


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    here = Home(tmp_path)
    monkeypatch.setenv("PATH", f"{here.bin}{os.pathsep}{os.environ['PATH']}")
    return here


def auth(user: str = "ci", password: str = CANARY) -> dict[str, str]:
    return {"auth": base64.b64encode(f"{user}:{password}".encode()).decode()}


def test_nothing_is_no_error(home: Home, tmp_path: Path) -> None:
    assert home.find() == Logins()
    assert find([HOST], {"DOCKER_CONFIG": str(tmp_path / "nowhere")}, tmp_path, Runner()) == Logins()


def test_the_environment_comes_first_and_holds_for_every_registry(home: Home) -> None:
    home.config({"auths": {HOST: auth("other")}})
    found = home.find(HOST, "b.example.com:5000", EDGEGEN_REGISTRY_USER="ci", EDGEGEN_REGISTRY_PASSWORD=CANARY)
    assert {name: (one.user, one.password.reveal(), one.token) for name, one in found.credentials.items()} == {
        HOST: ("ci", CANARY, False),
        "b.example.com:5000": ("ci", CANARY, False),
    }
    assert found.credentials[HOST].source == "EDGEGEN_REGISTRY_USER"


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"EDGEGEN_REGISTRY_USER": "ci"}, "EDGEGEN_REGISTRY_USER is set and EDGEGEN_REGISTRY_PASSWORD is not"),
        (
            {"EDGEGEN_REGISTRY_PASSWORD": CANARY, "EDGEGEN_REGISTRY_USER": ""},
            "EDGEGEN_REGISTRY_PASSWORD is set and EDGEGEN_REGISTRY_USER is not",
        ),
        ({"EDGEGEN_REGISTRY_USER": "a:b", "EDGEGEN_REGISTRY_PASSWORD": CANARY}, "holds no colon"),
    ],
)
def test_half_of_a_login_is_wrong_usage(home: Home, environment: dict[str, str], says: str) -> None:
    with pytest.raises(UsageError, match=says) as caught:
        home.find(**environment)
    assert CANARY not in str(caught.value)


def test_empty_variables_are_none_at_all(home: Home) -> None:
    home.config({"auths": {HOST: auth()}})
    found = home.find(EDGEGEN_REGISTRY_USER="", EDGEGEN_REGISTRY_PASSWORD="")
    assert found.credentials[HOST].user == "ci"


@pytest.mark.parametrize(
    ("key", "registry"),
    [
        (HOST, HOST),
        (f"{HOST}:443", HOST),
        (f"https://{HOST}", HOST),
        (f"https://{HOST}/v1/", HOST),
        (f"http://{HOST}/v2/", HOST),
        ("Registry.Example.com", HOST),
        (f"{HOST}:5000", f"{HOST}:5000"),
        (f"https://{HOST}:5000/", f"{HOST}:5000"),
    ],
)
def test_every_way_in_which_docker_has_named_a_registry(home: Home, key: str, registry: str) -> None:
    home.config({"auths": {"other.example.com": auth("other"), key: auth()}})
    login = home.find(registry).credentials[registry]
    assert (login.user, login.password.reveal()) == ("ci", CANARY)
    assert login.source == str(home.folder / ".docker" / "config.json")


@pytest.mark.parametrize("key", [f"{HOST}:5000", f"x{HOST}", "example.com", f"{HOST}.evil.example", f"evil/{HOST}"])
def test_the_password_of_another_registry_is_not_taken(home: Home, key: str) -> None:
    home.config({"auths": {key: auth()}})
    assert home.find() == Logins()


@pytest.mark.parametrize(
    "entry",
    [{}, {"auth": ""}, {"email": "a@b"}, [], None, {"identitytoken": ""}, {"auth": auth("ci", "")["auth"]}],
)
def test_an_entry_without_a_password(home: Home, entry: object) -> None:
    home.config({"auths": {HOST: entry}})
    assert home.find() == Logins()


def test_an_identity_token(home: Home) -> None:
    home.config({"auths": {HOST: {**auth("00000000", "x"), "identitytoken": CANARY}}})
    login = home.find().credentials[HOST]
    assert (login.user, login.password.reveal(), login.token) == ("<token>", CANARY, True)


def test_a_password_that_was_written_in_clear(home: Home) -> None:
    home.config({"auths": {HOST: {"username": "ci", "password": CANARY}}})
    assert home.find().credentials[HOST].password.reveal() == CANARY


HALF = "\ud800"
"""Half of a character: JSON can say it, and no encoding has it."""


@pytest.mark.parametrize(
    "entry",
    [{"username": HALF, "password": "p"}, {"username": "ci", "password": HALF}, {"identitytoken": HALF}],
)
def test_what_is_no_text_is_a_warning(home: Home, entry: object) -> None:
    home.config({"auths": {HOST: entry}})
    found = home.find()
    assert found.credentials == {}
    assert found.warnings == (f"{home.folder}/.docker/config.json: the entry of {HOST} can't be read",)


def test_docker_config_names_another_folder(home: Home, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "config.json").write_text(json.dumps({"auths": {HOST: auth("there")}}))
    home.config({"auths": {HOST: auth("here")}})
    assert home.find(DOCKER_CONFIG=str(tmp_path / "there")).credentials[HOST].user == "there"


def test_a_registry_in_a_list_twice_and_one_without_a_login(home: Home) -> None:
    home.config({"auths": {HOST: auth()}})
    assert list(home.find(HOST, "b.example.com", HOST).credentials) == [HOST]


ANSWER = json.dumps({"ServerURL": HOST, "Username": "ci", "Secret": CANARY})
ASKED = f"""[ "$1" = get ] || exit 9; [ "$(cat)" = {HOST} ] || exit 8; echo '{ANSWER}'"""


@pytest.mark.parametrize("config", [{"credsStore": "fake"}, {"credHelpers": {HOST: "fake"}, "credsStore": "missing"}])
def test_a_helper_is_asked_over_its_input(home: Home, config: object) -> None:
    home.helper("fake", ASKED)
    home.config(config)
    found = home.find()
    assert found.warnings == ()
    login = found.credentials[HOST]
    assert (login.user, login.password.reveal(), login.source) == ("ci", CANARY, "docker-credential-fake")


def test_a_helpers_identity_token(home: Home) -> None:
    home.helper("fake", "echo '" + json.dumps({"Username": "<token>", "Secret": CANARY}) + "'")
    home.config({"credsStore": "fake"})
    assert home.find().credentials[HOST].token


def test_a_helper_of_another_registry_is_not_asked(home: Home) -> None:
    home.helper("fake", "exit 1")
    home.config({"credHelpers": {"other.example.com": "fake"}, "auths": {HOST: auth()}})
    assert home.find().warnings == ()


@pytest.mark.parametrize("stream", ["", " >&2"])
def test_a_helper_that_knows_nothing_is_no_error(home: Home, stream: str) -> None:
    """The words are those of docker-credential-helpers; they come on standard output, with exit code 1."""
    home.helper("fake", f"echo 'credentials not found in native keychain'{stream}; exit 1")
    home.config({"credsStore": "fake", "auths": {HOST: auth()}})
    assert home.find().warnings == ()
    assert home.find().credentials[HOST].user == "ci"


@pytest.mark.parametrize(
    ("script", "says"),
    [
        (f"echo '{CANARY}'; exit 3", "`docker-credential-fake get` failed (3)"),
        (f"echo '{CANARY}'", "gave no answer that can be read"),
        ("echo '[]'", "gave no answer that can be read"),
        ("echo '{\"Username\": 1}'", "gave no answer that can be read"),
        ("true", "gave no answer that can be read"),
        (f"echo '{json.dumps({'Username': 'ci', 'Secret': HALF})}'", "gave no answer that can be read"),
    ],
)
def test_a_helper_that_fails_is_a_warning_without_its_words(home: Home, script: str, says: str) -> None:
    home.helper("fake", script)
    home.config({"credsStore": "fake"})
    found = home.find()
    assert found.credentials == {}
    assert len(found.warnings) == 1
    assert says in found.warnings[0]
    assert HOST in found.warnings[0]
    assert CANARY not in repr(found)


def test_a_helper_that_is_missing(home: Home) -> None:
    home.config({"credsStore": "gone", "auths": {HOST: auth()}})
    found = home.find()
    assert found.warnings == (f"no password for {HOST}: `docker-credential-gone` was not found",)
    assert found.credentials[HOST].user == "ci"


@pytest.mark.slow
def test_a_helper_that_hangs(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docker_login, "HELPER_TIMEOUT", 0.3)
    home.helper("fake", "exec sleep 60")
    home.config({"credsStore": "fake"})
    found = home.find()
    assert found.credentials == {}
    assert "did not answer within 0.3 seconds" in found.warnings[0]


@pytest.mark.parametrize("name", ["../../evil", "a b", "a\n", "a\0", "a" * 65])
def test_a_helper_that_is_no_programs_name_is_not_run(home: Home, name: str) -> None:
    home.config({"credsStore": name})
    assert "not a program's name" in home.find().warnings[0]


@pytest.mark.parametrize("text", ["{", "[" * 100_000, "\xff", '"text"', "[]", '{"auths": 3, "credHelpers": []}'])
def test_a_config_that_is_none(home: Home, text: str) -> None:
    home.config(text)
    assert home.find().credentials == {}


def test_a_config_that_is_broken_is_a_warning(home: Home) -> None:
    home.config("{")
    assert "is not JSON" in home.find().warnings[0]
    (home.folder / ".docker" / "config.json").unlink()
    (home.folder / ".docker" / "config.json").mkdir()
    assert "can't be read" in home.find().warnings[0]
    (home.folder / ".docker" / "config.json").rmdir()
    os.mkfifo(home.folder / ".docker" / "config.json")  # nobody ever writes into it
    assert "can't be read" in home.find().warnings[0]


def test_an_entry_that_is_broken_is_a_warning_without_its_words(home: Home) -> None:
    for broken in (CANARY, base64.b64encode(b"no-colon").decode(), base64.b64encode(b"\xff\xfe:x").decode()):
        home.config({"auths": {HOST: {"auth": broken}}})
        found = home.find()
        assert found.credentials == {}
        assert found.warnings == (f"{home.folder}/.docker/config.json: the entry of {HOST} can't be read",)


def test_no_password_in_any_repr_trace_or_argument_list(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home.helper("fake", ASKED)
    home.config({"credsStore": "fake"})
    started: list[object] = []
    real = running.subprocess.Popen

    class Watched(real):  # type: ignore[type-arg, misc, valid-type]
        def __init__(self, argv: object, **options: object) -> None:
            started.append((argv, sorted((options.get("env") or {}).values())))  # type: ignore[attr-defined]
            super().__init__(argv, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(running.subprocess, "Popen", Watched)
    heard: list[str] = []
    found = find([HOST], {}, home.folder, Runner(trace=heard.append))
    assert found.credentials[HOST].password.reveal() == CANARY
    assert started
    assert heard == ["+ docker-credential-fake get"]
    assert CANARY not in repr((found, heard, started))


def says(user: str) -> str:
    return "echo '" + json.dumps({"Username": user, "Secret": CANARY}) + "'"


@pytest.mark.parametrize(
    ("config", "user"),
    [
        ({"credHelpers": {HOST: "own"}, "credsStore": "store"}, "own"),
        ({"credHelpers": {HOST: "own"}}, "own"),
        ({"credHelpers": {"other.example.com": "own"}, "credsStore": "store"}, "store"),
        ({"credHelpers": {HOST: ""}, "credsStore": "store"}, "store"),
        ({"credsStore": "store"}, "store"),
    ],
)
def test_the_order_is_dockers(home: Home, config: dict[str, object], user: str) -> None:
    """All three of them know a login."""
    home.helper("own", says("own"))
    home.helper("store", says("store"))
    home.config({**config, "auths": {HOST: auth()}})
    assert home.find().credentials[HOST].user == user


@pytest.mark.parametrize(("more", "read"), [(-1, True), (0, True), (1, False)])
def test_the_bound_of_the_file(home: Home, more: int, read: bool) -> None:
    text = json.dumps({"auths": {HOST: auth()}})
    home.config(text[:-1] + " " * (docker_login._MOST + more - len(text)) + "}")
    assert (HOST in home.find().credentials) == read


@pytest.mark.parametrize(("length", "asked"), [(63, True), (64, True), (65, False)])
def test_the_bound_of_a_helpers_name(home: Home, length: int, asked: bool) -> None:
    home.helper("x" * length, says("store"))
    home.config({"credsStore": "x" * length})
    assert (HOST in home.find().credentials) == asked
