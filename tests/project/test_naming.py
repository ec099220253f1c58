"""Names of secrets and configs on a swarm: they follow contents, and give none of them away."""

from __future__ import annotations

import hashlib
import json
import re
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Edgegen

HELLO = hashlib.sha256(b"hello\n").hexdigest()
SPEC = """\
name: shop
target: swarm
edge: {dashboard: {host: t.shop.example, users: [me]}}
services:
  web:
    image: "w:1"
    port: 80
    host: w.shop.example
    secrets: [pin]
    configs: [motd, words]
secrets: {pin: {file: pin.txt}}
configs: {motd: {file: motd.txt}, words: {content: "a $$word of ${WHO:-me}\\n"}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "edge.yaml").write_text(SPEC)
    (tmp_path / "pin.txt").write_text("1234")
    (tmp_path / "motd.txt").write_text("hello\n")
    return tmp_path


def names(project: Path, section: str) -> dict[str, str]:
    data: dict[str, Any] = yaml.safe_load((project / "stack.yml").read_text())
    return {key: item["name"] for key, item in data[section].items()}


@pytest.mark.slow
def test_a_config_is_named_by_what_it_holds_and_nothing_else(edgegen: Edgegen, project: Path) -> None:
    assert edgegen("render", cwd=project).code == 0
    before = names(project, "configs")
    assert before["motd"] == f"shop-motd-{HELLO[:12]}"
    text = project / ".edgegen/configs/words"
    assert (text.read_text(), stat.S_IMODE(text.stat().st_mode)) == ("a $word of me\n", 0o600)
    (project / "edge.yaml").write_text(f"# another spec\n{SPEC.replace('w:1', 'w:2')}")
    assert edgegen("render", cwd=project).code == 0
    assert names(project, "configs") == before
    (project / "motd.txt").write_text("changed\n")
    assert edgegen("render", "--check", cwd=project).code == 1
    assert edgegen("render", cwd=project).code == 0
    changed = {key for key, name in names(project, "configs").items() if name != before[key]}
    assert changed == {"motd"}
    assert edgegen("render", cwd=project, env={"WHO": "you"}).code == 0
    assert text.read_text() == "a $word of you\n"
    assert names(project, "configs")["words"] != before["words"]


@pytest.mark.slow
def test_a_variable_in_a_config_reaches_no_file_that_git_takes(edgegen: Edgegen, project: Path) -> None:
    assert edgegen("render", cwd=project, env={"WHO": "4711"}).code == 0
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    listed = ["git", "ls-files", "--others", "--exclude-standard"]
    taken = subprocess.run(listed, cwd=project, check=True, capture_output=True, text=True).stdout.split()
    assert "stack.yml" in taken
    assert not [path for path in taken if "4711" in (project / path).read_text()]
    plain = hashlib.sha256(b"a $word of 4711\n").hexdigest()
    assert plain[:12] not in (project / "stack.yml").read_text()


@pytest.mark.slow
def test_a_secrets_name_does_not_let_it_be_guessed(edgegen: Edgegen, project: Path) -> None:
    """Whoever has the repository has the name: no plain hash of a short secret is in it."""
    assert edgegen("render", cwd=project).code == 0
    name = names(project, "secrets")["pin"]
    assert re.fullmatch(r"shop-pin-[0-9a-f]{12}", name)
    text = (project / "stack.yml").read_text()
    for guess in range(10_000):
        for algorithm in ("sha256", "sha1", "md5"):
            assert hashlib.new(algorithm, f"{guess:04}".encode()).hexdigest()[:12] not in text
    key = project / ".edgegen/naming.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert key.read_text().strip() not in text
    (project / "pin.txt").write_text("1235")
    assert edgegen("render", cwd=project).code == 0
    assert names(project, "secrets")["pin"] != name
    (project / "pin.txt").write_text("1234")
    assert edgegen("render", cwd=project).code == 0
    assert names(project, "secrets")["pin"] == name


@pytest.mark.slow
def test_two_projects_have_two_keys(edgegen: Edgegen, project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for file in ("edge.yaml", "pin.txt", "motd.txt"):
        (other / file).write_text((project / file).read_text())
    assert edgegen("render", cwd=project).code == edgegen("render", cwd=other).code == 0
    assert names(project, "secrets")["pin"] != names(other, "secrets")["pin"]
    ours, theirs = names(project, "configs"), names(other, "configs")
    assert ours.pop("words") != theirs.pop("words")  # it has a variable, and so perhaps a password
    assert ours == theirs


@pytest.mark.slow
def test_without_the_key_check_compares_everything_else(edgegen: Edgegen, project: Path) -> None:
    assert edgegen("render", cwd=project).code == 0
    (project / ".edgegen/naming.key").unlink()
    assert edgegen("render", "--check", cwd=project).code == 0
    assert edgegen("render", "--diff", cwd=project).out.strip() == ""
    assert not (project / ".edgegen/naming.key").exists()
    (project / "edge.yaml").write_text(SPEC.replace("w:1", "w:2"))
    shown = edgegen("render", "--check", "--diff", cwd=project)
    assert (shown.code, "-    name: shop-pin" in shown.out, "w:2" in shown.out) == (1, False, True)
    assert edgegen("render", cwd=project).code == 0
    assert (project / ".edgegen/naming.key").exists()


@pytest.mark.slow
def test_a_key_that_hides_nothing_is_refused(edgegen: Edgegen, project: Path) -> None:
    assert edgegen("render", cwd=project).code == 0
    (project / ".edgegen/naming.key").write_text("\n")
    done = edgegen("render", cwd=project)
    assert (done.code, "naming.key: the key is too short to hide anything" in done.err) == (3, True)


def test_a_missing_file_has_its_place(edgegen: Edgegen, project: Path) -> None:
    (project / "motd.txt").unlink()
    done = edgegen("render", cwd=project)
    assert done.code == 7
    assert "edge.yaml:12:24 configs.motd.file: `" in done.err
    assert "motd.txt`: reading failed: No such file or directory" in done.err
    assert not (project / "stack.yml").exists()


@pytest.mark.slow
def test_a_changed_password_is_another_secret(edgegen: Edgegen, project: Path) -> None:
    assert edgegen("render", cwd=project).code == 0
    before = names(project, "secrets")
    (project / "edge.yaml").write_text(SPEC.replace("[me]", "[me, you]"))
    made = json.loads(edgegen("render", "--json", cwd=project).out)
    assert [item["user"] for item in made["credentials"]] == ["you"]
    assert names(project, "secrets") != before
    assert edgegen("render", "--check", cwd=project).code == 0  # the file that it named is the file that it wrote


def test_the_key_reaches_neither_a_repository_nor_an_image(edgegen: Edgegen, project: Path) -> None:
    assert edgegen("render", cwd=project).code == 0
    assert "/.edgegen/" in (project / ".gitignore").read_text().splitlines()
    assert ".edgegen" in (project / ".dockerignore").read_text().splitlines()


def test_two_environments_are_compared_by_what_their_configs_hold(edgegen: Edgegen, project: Path) -> None:
    text = f"{SPEC}environments: {{dev: {{configs: {{words: {{content: other}}, motd: {{file: pin.txt}}}}}}}}\n"
    (project / "edge.yaml").write_text(text)
    shown = edgegen("render", "--diff-against", "dev", cwd=project)
    assert shown.code == 0, shown.err
    assert "-other" in shown.out
    assert "+a $$word of ${WHO:-me}" in shown.out
    assert f"+    name: shop-motd-{HELLO[:12]}" in shown.out
    assert "shop-pin" not in shown.out  # the same source, whatever the key
    assert not (project / ".edgegen").exists()
