"""Secrets that containers mount: who can read their files, and how the copies of a user's files follow these."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest
import yaml

from tests.conftest import Edgegen

SPEC = """\
name: a
acme: {{email: ops@example.com, challenge: dns, dns_token: {{secret: token}}}}
services:
  web: {{image: "w:1", secrets: {mounts}, environment: {{P: {{secret: both}}, Q: {{secret: variable}}}}}}
  site:
    image: "w:1"
    host: w.example.com
    port: 80
    middlewares:
      - {{kind: basic-auth, users_secret: people}}
      - {{kind: digest-auth, users: ["a:b:0123456789abcdef0123456789abcdef"]}}
secrets:
  mounted: {{generate: 32}}
  both: {{generate: 32}}
  variable: {{generate: 32}}
  unused: {{generate: 32}}
  token: {{generate: 32}}
  people: {{generate: 32}}
{more}
"""
PLAIN = "[mounted, both]"


def write(folder: Path, mounts: str = PLAIN, more: str = "") -> None:
    (folder / "edge.yaml").write_text(SPEC.format(mounts=mounts, more=more))


def render(edgegen: Edgegen, folder: Path, *words: str) -> str:
    done = edgegen("render", *words, cwd=folder)
    assert done.code == 0, done.err
    return done.err


def modes(folder: Path) -> dict[str, str]:
    return {path.name: f"{path.stat().st_mode & 0o7777:04o}" for path in (folder / "secrets").iterdir()}


def mode(path: Path) -> str:
    return f"{path.stat().st_mode & 0o7777:04o}"


@pytest.mark.quick(1)
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o277])
def test_only_what_a_container_mounts_can_be_read_by_all_and_nobody_gets_there(
    edgegen: Edgegen, tmp_path: Path, umask: int
) -> None:
    write(tmp_path)
    assert edgegen("render", cwd=tmp_path, umask=umask).code == 0
    private = dict.fromkeys(("variable", "unused", "token", "people", "web.env", "site-digest-auth.users"), "0600")
    assert modes(tmp_path) == {"mounted": "0444", "both": "0444", **private}
    assert mode(tmp_path / "secrets") == "0700"
    assert edgegen("render", "--check", cwd=tmp_path).code == 0


@pytest.mark.quick(1)
@pytest.mark.parametrize(
    ("asked", "given"), [('"0400"', "0400"), ('"440"', "0440"), ("0o444", "0444"), ('"0600"', "0600")]
)
def test_a_service_may_ask_for_less(edgegen: Edgegen, tmp_path: Path, asked: str, given: str) -> None:
    write(tmp_path, f"[{{source: mounted, target: key, mode: {asked}}}, both]")
    render(edgegen, tmp_path)
    assert (modes(tmp_path)["mounted"], modes(tmp_path)["both"]) == (given, "0444")
    # Compose ignores `mode` with a warning: it is not rendered.
    rendered = yaml.safe_load((tmp_path / "docker-compose.yml").read_text())
    assert rendered["services"]["web"]["secrets"] == [{"source": "mounted", "target": "key"}, "both"]


def test_what_extra_mounts_can_be_read_too(edgegen: Edgegen, tmp_path: Path) -> None:
    sidecar = "{image: 's:1', secrets: [{source: variable}]}"
    write(
        tmp_path,
        more=f"extra: {{services: {{sidecar: {sidecar}}}, secrets: {{variable: {{file: ./secrets/variable}}}}}}",
    )
    render(edgegen, tmp_path)
    assert modes(tmp_path)["variable"] == "0444"


@pytest.mark.slow
def test_the_files_of_an_old_project_are_corrected_once_and_their_bytes_stay(edgegen: Edgegen, tmp_path: Path) -> None:
    write(tmp_path)
    render(edgegen, tmp_path)
    for path in (tmp_path / "secrets").iterdir():
        path.chmod(0o600)
    (tmp_path / "secrets").chmod(0o755)
    before = {path.name: (path.read_bytes(), path.stat().st_ino) for path in (tmp_path / "secrets").iterdir()}
    done = edgegen("render", "--check", "--json", cwd=tmp_path)
    assert done.code == 1
    assert {(item["path"], item["detail"]) for item in json.loads(done.out)["differences"]} == {
        ("secrets", "has mode 0755 instead of 0700"),
        ("secrets/mounted", "has mode 0600 instead of 0444"),
        ("secrets/both", "has mode 0600 instead of 0444"),
    }
    said = render(edgegen, tmp_path)
    assert said.count("the mode of secrets/mounted") == 1
    assert (modes(tmp_path)["mounted"], mode(tmp_path / "secrets")) == ("0444", "0700")
    assert {path.name: (path.read_bytes(), path.stat().st_ino) for path in (tmp_path / "secrets").iterdir()} == before
    assert "mode" not in render(edgegen, tmp_path)


def test_a_secret_that_nobody_mounts_any_more_is_closed_again(edgegen: Edgegen, tmp_path: Path) -> None:
    write(tmp_path)
    render(edgegen, tmp_path)
    write(tmp_path, "[both]")
    render(edgegen, tmp_path)
    assert (modes(tmp_path)["mounted"], modes(tmp_path)["both"]) == ("0600", "0444")


def copied(folder: Path, source: str = "mine.txt") -> Path:
    write(folder, "[mounted, given]", more=f"  given: {{file: {source}}}")
    return folder / "secrets/given"


def test_a_users_file_is_copied_and_left_alone(edgegen: Edgegen, tmp_path: Path) -> None:
    mine, copy = tmp_path / "mine.txt", copied(tmp_path)
    mine.write_bytes(b"one\n")
    mine.chmod(0o640)
    before = mine.stat()
    render(edgegen, tmp_path)
    assert (copy.read_bytes(), mode(copy)) == (b"one\n", "0444")
    assert (mine.stat().st_mode, mine.stat().st_ino, mine.read_bytes()) == (before.st_mode, before.st_ino, b"one\n")
    rendered = yaml.safe_load((tmp_path / "docker-compose.yml").read_text())
    assert rendered["secrets"]["given"] == {"file": "./secrets/given"}
    assert "mine.txt" not in (tmp_path / "docker-compose.yml").read_text()


@pytest.mark.slow
def test_the_copy_follows_the_users_file(edgegen: Edgegen, tmp_path: Path) -> None:
    mine, copy = tmp_path / "mine.txt", copied(tmp_path)
    for content in (b"one\n", b"two", b"\xff\0"):
        mine.write_bytes(content)
        if copy.exists():
            assert edgegen("render", "--check", cwd=tmp_path).code == 1
        render(edgegen, tmp_path)
        assert copy.read_bytes() == content
    write(tmp_path)
    render(edgegen, tmp_path)
    assert (copy.exists(), mine.exists()) == (False, True)


@pytest.mark.slow
def test_a_copy_that_somebody_edited_is_not_replaced_silently(edgegen: Edgegen, tmp_path: Path) -> None:
    mine, copy = tmp_path / "mine.txt", copied(tmp_path)
    mine.write_bytes(b"canary-mine")
    render(edgegen, tmp_path)
    copy.chmod(0o600)
    copy.write_bytes(b"canary-theirs")
    for words in (["render"], ["render", "--diff"], ["render", "--check"]):
        done = edgegen(*words, cwd=tmp_path)
        assert "canary" not in done.out + done.err
    assert edgegen("render", cwd=tmp_path).code == 3
    render(edgegen, tmp_path, "--force")
    assert (copy.read_bytes(), (tmp_path / "secrets/given.bak").read_bytes()) == (b"canary-mine", b"canary-theirs")


@pytest.mark.slow
def test_a_generated_secret_is_not_lost_when_a_file_takes_its_place(edgegen: Edgegen, tmp_path: Path) -> None:
    write(tmp_path)
    render(edgegen, tmp_path)
    made = (tmp_path / "secrets/mounted").read_bytes()
    text = (tmp_path / "edge.yaml").read_text()
    (tmp_path / "edge.yaml").write_text(text.replace("mounted: {generate: 32}", "mounted: {file: mine.txt}"))
    (tmp_path / "mine.txt").write_bytes(b"mine")
    done = edgegen("render", cwd=tmp_path)
    assert (done.code, "created once and kept" in done.err) == (3, True)
    assert (tmp_path / "secrets/mounted").read_bytes() == made
    render(edgegen, tmp_path, "--force")
    assert (tmp_path / "secrets/mounted").read_bytes() == b"mine"
    assert (tmp_path / "secrets/mounted.bak").read_bytes() == made


@pytest.mark.slow
def test_a_file_that_lies_where_its_copy_would_stays_the_users(edgegen: Edgegen, tmp_path: Path) -> None:
    copied(tmp_path, "./secrets/given")
    (tmp_path / "secrets").mkdir()
    mine = tmp_path / "secrets/given"
    mine.write_bytes(b"mine")
    mine.chmod(0o600)
    render(edgegen, tmp_path)
    assert (mine.read_bytes(), mode(mine), mode(mine.parent)) == (b"mine", "0444", "0700")
    mine.chmod(0o600)
    mine.write_bytes(b"changed")
    render(edgegen, tmp_path)
    write(tmp_path)
    render(edgegen, tmp_path)
    assert mine.read_bytes() == b"changed"


@pytest.mark.parametrize("kind", ["fifo", "folder", "device", "large", "missing"])
def test_what_is_no_file_is_refused_at_once(edgegen: Edgegen, tmp_path: Path, kind: str) -> None:
    source = tmp_path / "mine.txt"
    copied(tmp_path, "/dev/zero" if kind == "device" else "mine.txt")
    if kind == "fifo":
        os.mkfifo(source)
    elif kind == "folder":
        source.mkdir()
    elif kind == "large":
        source.write_bytes(b"x" * 500_001)
    begun = time.monotonic()
    done = edgegen("render", cwd=tmp_path)
    assert done.code == (7 if kind == "missing" else 2), done.err
    assert ("zero" if kind == "device" else "mine.txt") in done.err
    assert time.monotonic() - begun < 50
    assert not (tmp_path / "secrets").exists()


@pytest.mark.quick(1)
@pytest.mark.parametrize("kind", ["link", "hard link", "fifo", "folder"])
def test_what_stands_in_a_copys_place_is_refused(edgegen: Edgegen, tmp_path: Path, kind: str) -> None:
    mine, copy = tmp_path / "mine.txt", copied(tmp_path)
    mine.write_bytes(b"mine")
    victim = tmp_path / "victim"
    victim.write_bytes(b"victim")
    victim.chmod(0o600)
    copy.parent.mkdir()
    {
        "link": lambda: copy.symlink_to(victim),
        "hard link": lambda: copy.hardlink_to(victim),
        "fifo": lambda: os.mkfifo(copy),
        "folder": copy.mkdir,
    }[kind]()
    for words in ([], ["--force"]):
        assert edgegen("render", *words, cwd=tmp_path).code == 3
    assert (victim.read_bytes(), mode(victim)) == (b"victim", "0600")


def test_a_folder_of_secrets_that_is_a_link_is_refused(edgegen: Edgegen, tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "elsewhere").mkdir(mode=0o755)
    (tmp_path / "secrets").symlink_to("elsewhere")
    assert edgegen("render", cwd=tmp_path).code == 3
    assert (list((tmp_path / "elsewhere").iterdir()), mode(tmp_path / "elsewhere")) == ([], "0755")


def test_names_may_hold_dots_and_underscores(edgegen: Edgegen, tmp_path: Path) -> None:
    write(tmp_path, "[mounted, db_password.v2, tls.key]", "  db_password.v2: {generate: 32}\n  tls.key: {generate: 32}")
    render(edgegen, tmp_path)
    rendered = yaml.safe_load((tmp_path / "docker-compose.yml").read_text())
    assert rendered["services"]["web"]["secrets"] == ["mounted", "db_password.v2", "tls.key"]
    assert rendered["secrets"]["tls.key"] == {"file": "./secrets/tls.key"}
    assert modes(tmp_path)["db_password.v2"] == "0444"
