"""Which endpoints the words of the command line mean, and whose passwords are looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.core.errors import SpecError, UsageError
from edgegen.endpoints import Endpoint, Kind
from edgegen.project.verify import chosen
from edgegen.secrets.logins import with_logins
from edgegen.verify.settings import Settings

SPEC = """
name: house
domains: {example.com: {addresses: [192.0.2.1]}}
services:
  web: {image: "w:1", port: 80, host: www.example.com, aliases: [example.com]}
  api: {image: "w:1", port: 80, host: www.example.com, path: /api}
  hub: {kind: registry, host: r.example.com, users: [ci]}
  wild: {image: "w:1", port: 80, host: "*.apps.example.com"}
  db: {image: "postgres:16"}
edge: {dashboard: {host: traefik.example.com, users: [admin]}}
environments:
  dev: {services: {web: {host: www.dev.example.com}}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "edge.yaml").write_text(SPEC)
    return tmp_path


def shown(project: Path, *words: str, environment: str | None = None) -> list[str]:
    return [item.shown for item in chosen(project, environment, words)]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["web"], ["www.example.com", "example.com"]),
        (["api"], ["www.example.com/api"]),
        (["www.example.com"], ["www.example.com", "www.example.com/api"]),
        (["WWW.example.com."], ["www.example.com", "www.example.com/api"]),
        (["www.example.com/api"], ["www.example.com/api"]),
        (["dashboard"], ["traefik.example.com"]),
        (["wild"], ["*.apps.example.com"]),
        (["*.apps.example.com"], ["*.apps.example.com"]),
        (["hub", "web", "r.example.com", "hub"], ["r.example.com", "www.example.com", "example.com"]),
        (["hub", "https://www.example.org"], ["r.example.com", "www.example.org"]),
        (["https://www.example.org", "https://www.example.org/"], ["www.example.org"]),
    ],
)
def test_what_a_word_means(project: Path, words: list[str], wanted: list[str]) -> None:
    assert shown(project, *words) == wanted


def test_without_words_it_is_all_of_the_spec(project: Path) -> None:
    assert shown(project) == [
        "www.example.com", "example.com", "www.example.com/api", "r.example.com", "*.apps.example.com",
        "traefik.example.com",
    ]  # fmt: skip
    assert shown(project, environment="dev")[0] == "www.dev.example.com"
    assert all(item.place() is not None for item in chosen(project, None, ()))


def test_urls_alone_need_no_spec(tmp_path: Path) -> None:
    assert shown(tmp_path, "https://www.example.org", "https://r.example.org/v2/") == [
        "www.example.org",
        "r.example.org",
    ]
    (tmp_path / "edge.yaml").write_text("this: is no spec\n")
    assert shown(tmp_path, "https://www.example.org") == ["www.example.org"]


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (["wbe"], "no service and no host `wbe`", "did you mean `web`?"),
        (["zzz"], "no service and no host", "services are: web, api, hub, wild, dashboard"),
        (["db"], "no service and no host `db`", ""),
        (["ww.example.com"], "no host `ww.example.com`", "did you mean `www.example.com`? for a host"),
        (["www.example.org"], "no host `www.example.org`", "https://www.example.org"),
    ],
)
def test_what_a_word_does_not_mean(project: Path, words: list[str], message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        chosen(project, None, words)
    assert message in caught.value.problems[0].message
    assert hint in caught.value.problems[0].hint


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["https://r.test", "https://r.test/v2/"], ["r.test", "https://r.test/v2/"]),
        (["https://r.test/v2/", "https://r.test"], ["r.test", "https://r.test/"]),
        (["https://r.test:5000/v2/", "https://r.test:5000/"], ["r.test:5000", "https://r.test:5000/"]),
        (["https://www.example.com/", "web"], ["https://www.example.com/", "www.example.com", "example.com"]),
        (["https://www.example.com/api", "api"], ["https://www.example.com/api", "www.example.com/api"]),
    ],
)
def test_no_two_bear_one_name(project: Path, words: list[str], wanted: list[str]) -> None:
    """Findings go to an endpoint by its name: of two with one name the second would have none."""
    assert shown(project, *words) == wanted


@pytest.mark.parametrize("word", ["ci:canary-1@r.example.com", "https:/ci:canary-1@r.example.com", "canary-1@hub"])
def test_what_may_be_a_password_is_not_repeated(project: Path, word: str) -> None:
    with pytest.raises(UsageError, match="have no `@`") as caught:
        chosen(project, None, [word])
    assert "canary" not in str(caught.value) + caught.value.problems[0].hint


def test_a_slash_too_few(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        chosen(tmp_path, None, ["https:/www.example.org/x"])
    assert caught.value.problems[0].hint.endswith("`https://www.example.org/x`")


def test_without_a_spec_a_host_is_a_strangers(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        chosen(tmp_path, None, ["www.example.org"])
    assert "https://www.example.org" in caught.value.problems[0].hint
    with pytest.raises(SpecError, match=r"there is no `.*edge\.yaml`"):
        chosen(tmp_path, None, ["web"])


def test_without_a_spec_and_without_words_there_is_another_way(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no `.*edge\.yaml` with hosts to check") as caught:
        chosen(tmp_path, None, [])
    assert "`edgegen verify https://www.example.com` checks any host" in str(caught.value.problems[0].hint)


def test_a_spec_without_a_public_name_is_nothing_to_look_at(tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text('name: a\nservices:\n  db: {image: "postgres:16"}\n')
    with pytest.raises(SpecError, match=r"edge\.yaml:3:3: the spec has no public host"):
        chosen(tmp_path, None, [])


def test_passwords_are_looked_for_where_there_is_a_registry(tmp_path: Path) -> None:
    environment = {"EDGEGEN_REGISTRY_USER": "ci", "EDGEGEN_REGISTRY_PASSWORD": "canary-1"}
    web = Endpoint("w", "www.example.com")
    hub = Endpoint("r", "r.example.com", Kind.REGISTRY, port=5000)
    assert with_logins(Settings(), [web], environment, tmp_path).settings.credentials == {}
    found = with_logins(Settings(), [web, hub], environment, tmp_path).settings.credentials
    assert set(found) == {"r.example.com:5000"}
    assert found["r.example.com:5000"].user == "ci"
    assert "canary" not in repr(found)


def test_the_environments_password_is_not_shown_to_strangers_beside_the_spec(project: Path, tmp_path: Path) -> None:
    environment = {"EDGEGEN_REGISTRY_USER": "ci", "EDGEGEN_REGISTRY_PASSWORD": "canary-1"}
    docker = tmp_path / ".docker"
    docker.mkdir()
    (docker / "config.json").write_text('{"auths": {"known.example.org": {"username": "me", "password": "p"}}}')
    evil, other, known = (f"https://{name}.example.org/v2/" for name in ("evil", "other", "known"))

    def users(*words: str) -> dict[str, str]:
        found = with_logins(Settings(), chosen(project, None, words), environment, tmp_path)
        told = [word for word in found.warnings if "are not shown to" in word]
        without = {item.authority for item in chosen(project, None, words)} - set(found.settings.credentials)
        assert len(told) == len(without)
        assert "canary" not in repr(found)
        return {name: login.user for name, login in found.settings.credentials.items()}

    assert users("hub", evil) == {"r.example.com": "ci"}
    assert users("hub", known) == {"r.example.com": "ci", "known.example.org": "me"}
    assert users(evil, other) == {}
    assert users(evil) == {"evil.example.org": "ci"}


def test_half_a_login_matters_only_where_there_is_a_registry(tmp_path: Path) -> None:
    half = {"EDGEGEN_REGISTRY_USER": "ci"}
    with_logins(Settings(), [Endpoint("w", "www.example.com")], half, tmp_path)
    with pytest.raises(UsageError):
        with_logins(Settings(), [Endpoint("r", "r.example.com", Kind.REGISTRY)], half, tmp_path)
