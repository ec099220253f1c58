"""`edgegen registry user`: what is printed logs in, and nothing else changes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import bcrypt
import pytest

from tests.conftest import Edgegen

pytestmark = pytest.mark.slow


@pytest.fixture
def project(edgegen: Edgegen, tmp_path: Path) -> Path:
    assert edgegen("init", "registry", "commenthouse.com", "-q", cwd=tmp_path).code == 0
    return tmp_path


def hashes(project: Path) -> dict[str, str]:
    file = project / "registry/htpasswd"
    assert file.stat().st_mode & 0o777 == 0o600
    return dict(line.split(":") for line in file.read_text().split())


def logs_in(project: Path, user: str, password: str) -> bool:
    return bcrypt.checkpw(password.encode(), hashes(project)[user].encode())


def test_add_passwd_rm(edgegen: Edgegen, project: Path) -> None:
    first = hashes(project)["ci"]
    done = edgegen("registry", "user", "add", "bob", cwd=project)
    shown = re.fullmatch(r"registry: user bob, password (\w{24})   \(shown only now\)\n", done.out)
    assert (done.code, bool(shown)) == (0, True), done
    assert shown
    assert logs_in(project, "bob", shown[1])
    done = edgegen("registry", "user", "passwd", "bob", "--json", cwd=project)
    (made,) = json.loads(done.out)["credentials"]
    assert logs_in(project, "bob", made["password"])
    assert not logs_in(project, "bob", shown[1])
    assert edgegen("registry", "user", "rm", "bob", cwd=project).code == 0
    assert hashes(project) == {"ci": first}
    assert edgegen("render", "--check", cwd=project).code == 0


def test_a_password_from_standard_input_is_never_repeated(edgegen: Edgegen, project: Path) -> None:
    done = edgegen(
        "registry", "user", "add", "bob", "--password-stdin", "-v", cwd=project, stdin="canary pw $x\r\nmore\n"
    )
    assert done.code == 0
    assert "canary" not in done.out + done.err
    assert logs_in(project, "bob", "canary pw $x")
    done = edgegen("registry", "user", "passwd", "bob", "--password-stdin", "--json", cwd=project, stdin="\ufeffother")
    body = json.loads(done.out)
    assert (body["command"], body["credentials"]) == ("registry user passwd", [])
    assert logs_in(project, "bob", "other")


@pytest.mark.parametrize(
    ("words", "stdin", "code", "said"),
    [
        (["add", "ci"], "", 3, "ci exists already. Use `edgegen registry user passwd ci`"),
        (["passwd", "cii"], "", 3, "there is no user cii. Did you mean `ci`?"),
        (["rm", "c1"], "", 3, "there is no user c1"),
        (["passwd", "somebody"], "", 3, "`edgegen registry user list` shows who is there"),
        (["add", "a:b"], "", 2, "expected the name of a user, without a password"),
        (["add", "a\nb"], "", 2, "is not a usable user name"),
        (["add", "bob", "--password-stdin"], "", 2, "standard input has no password"),
        (["add", "bob", "--password-stdin"], "canary" * 20, 2, "1 to 72 bytes"),
        (["add", "bob", "--service", "registri"], "", 2, "Did you mean `registry`?"),
        (["add"], "", 2, "missing argument 'NAME'"),
        (["ad", "bob"], "", 2, "Did you mean `add`?"),
        (["add", "bob", "-e", "dev"], "", 2, "there is no environment `dev`"),
    ],
)
def test_refused(edgegen: Edgegen, project: Path, words: list[str], stdin: str, code: int, said: str) -> None:
    before = hashes(project)
    done = edgegen("registry", "user", *words, cwd=project, stdin=stdin)
    assert (done.code, said in done.err) == (code, True), done
    assert "canary" not in done.err
    assert hashes(project) == before


def test_list(edgegen: Edgegen, project: Path) -> None:
    edgegen("registry", "user", "add", "bob", cwd=project)
    spec = project / "edge.yaml"
    spec.write_text(spec.read_text().replace("- ci\n      - bob\n", "- ci\n      - new\n"))
    done = edgegen("registry", "user", "list", cwd=project)
    assert done.out == "ci\tready\nbob\tready, not in edge.yaml\nnew\tno password yet\n"
    assert json.loads(edgegen("registry", "user", "list", "--json", cwd=project).out)["users"][2] == {
        "user": "new",
        "state": "no password yet",
    }


def test_render_makes_the_users_that_the_spec_names_and_leaves_the_others(edgegen: Edgegen, project: Path) -> None:
    edgegen("registry", "user", "add", "bob", cwd=project)
    before = hashes(project)
    spec = project / "edge.yaml"
    spec.write_text(spec.read_text().replace("- ci\n", "- new\n"))
    assert edgegen("render", "--check", cwd=project).code == 1
    done = edgegen("render", cwd=project)
    assert done.code == 0
    assert "no longer used" not in done.err
    shown = re.search(r"registry: user new, password (\w{24})", done.out)
    assert shown
    assert logs_in(project, "new", shown[1])
    assert {user: hashes(project)[user] for user in before} == before
    assert edgegen("render", cwd=project).out == ""
    assert edgegen("render", "--check", cwd=project).code == 0


def test_a_foreign_line_stops_everything_and_is_kept(edgegen: Edgegen, project: Path) -> None:
    file = project / "registry/htpasswd"
    file.write_text(file.read_text() + "old:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n")
    for words in (["registry", "user", "add", "x"], ["render"]):
        done = edgegen(*words, cwd=project)
        assert (done.code, "registry/htpasswd:2:1" in done.err) == (2, True), done
        assert "5en6" not in done.err
    assert "{SHA}" in file.read_text()


def test_without_a_registry(edgegen: Edgegen, tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text("name: a\n")
    done = edgegen("registry", "user", "list", cwd=tmp_path)
    assert (done.code, "the spec has no registry" in done.err) == (2, True)


def test_with_several_registries(edgegen: Edgegen, tmp_path: Path) -> None:
    text = "name: a\nservices:\n"
    for name in ("one", "two"):
        text += f"  {name}: {{kind: registry, host: {name}.example.com, users: [ci]}}\n"
    (tmp_path / "edge.yaml").write_text(text)
    assert edgegen("render", cwd=tmp_path).code == 0
    done = edgegen("registry", "user", "add", "bob", cwd=tmp_path)
    assert (done.code, "several registries: one, two" in done.err) == (2, True)
    assert edgegen("registry", "user", "add", "bob", "--service", "two", cwd=tmp_path).code == 0
    assert "bob:" in (tmp_path / "registry-two/htpasswd").read_text()
    assert "bob:" not in (tmp_path / "registry-one/htpasswd").read_text()


def test_edge_yaml_follows_with_every_comment(edgegen: Edgegen, project: Path) -> None:
    spec = project / "edge.yaml"
    before = spec.read_text().replace("- ci\n", "- ci   # the robot\n")
    spec.write_text(before)
    spec.chmod(0o640)
    done = edgegen("registry", "user", "add", "bob", cwd=project)
    assert (done.code, done.err) == (0, "added bob in registry/htpasswd and edge.yaml\n")
    assert spec.read_text() == before.replace("- ci   # the robot\n", "- ci   # the robot\n      - bob\n")
    assert spec.stat().st_mode & 0o777 == 0o640
    assert edgegen("registry", "user", "list", cwd=project).out == "ci\tready\nbob\tready\n"
    done = edgegen("registry", "user", "rm", "bob", "--json", cwd=project)
    body = json.loads(done.out)
    assert (body["command"], body["spec_written"]) == ("registry user rm", True)
    assert spec.read_text() == before


def test_a_user_without_a_password_is_taken_out_of_edge_yaml(edgegen: Edgegen, project: Path) -> None:
    spec = project / "edge.yaml"
    before = spec.read_text()
    spec.write_text(before.replace("- ci\n", "- ci\n      - new\n"))
    assert edgegen("registry", "user", "rm", "new", cwd=project).code == 0
    assert spec.read_text() == before


def test_what_to_write_is_said_where_edge_yaml_can_t_be_changed(edgegen: Edgegen, project: Path) -> None:
    spec = project / "edge.yaml"
    done = edgegen("registry", "user", "rm", "ci", cwd=project)
    assert done.code == 0
    assert "edge.yaml still names ci, the only user of services.registry: name another, or the next render" in done.err
    assert "ci" not in (project / "registry/htpasswd").read_text()
    shared = re.sub(r"users:\n +- ci\n", "users: &ops [ci, eve]\n", spec.read_text())
    second = "  second: {kind: registry, host: r2.commenthouse.com, users: *ops}\n"
    moved = shared.replace("\nvolumes:", f"{second}\nvolumes:")
    spec.write_text(moved)
    done = edgegen("registry", "user", "add", "bob", "--service", "registry", cwd=project)
    assert done.code == 0, done.err
    assert "edge.yaml does not name bob: write `users: [ci, eve, bob]` under services.registry" in done.err
    assert spec.read_text() == moved
    assert "bob:" in (project / "registry/htpasswd").read_text()


def test_an_environment_s_own_user_is_changed_there(edgegen: Edgegen, project: Path) -> None:
    spec = project / "edge.yaml"
    before = spec.read_text() + "environments:\n  dev:\n    services: {registry: {users: [eve]}}   # dev only\n"
    spec.write_text(before)
    done = edgegen("registry", "user", "rm", "eve", "-e", "dev", cwd=project)
    assert (done.code, "still names" in done.err) == (0, True)
    spec.write_text(before.replace("[eve]", "[eve, joe]"))
    assert edgegen("registry", "user", "rm", "eve", "-e", "dev", cwd=project).code == 0
    assert spec.read_text() == before.replace("[eve]", "[joe]")
    assert edgegen("registry", "user", "add", "bob", cwd=project).code == 0
    assert "- ci\n      - bob\n" in spec.read_text()


@pytest.mark.parametrize("words", [["rm", "ci"], ["add", "bob"], ["passwd", "ci"]], ids=lambda words: words[0])
def test_a_folder_of_another_environment_is_refused(edgegen: Edgegen, project: Path, words: list[str]) -> None:
    spec = project / "edge.yaml"
    spec.write_text(spec.read_text() + "environments:\n  dev:\n    services: {registry: {users: [eve]}}\n")
    assert edgegen("render", "-e", "dev", cwd=project).code == 0
    before = (spec.read_bytes(), (project / "registry/htpasswd").read_bytes())
    refused = edgegen("registry", "user", *words, cwd=project)
    assert (refused.code, "was last rendered with `-e dev`" in refused.err) == (3, True)
    assert (spec.read_bytes(), (project / "registry/htpasswd").read_bytes()) == before
    assert edgegen("registry", "user", *words, "-e", "dev", cwd=project).code == 0


def test_render_reports_users_that_the_spec_no_longer_names(edgegen: Edgegen, project: Path) -> None:
    edgegen("registry", "user", "add", "bob", cwd=project)
    assert "can still log in" not in edgegen("render", cwd=project).err
    spec = project / "edge.yaml"
    spec.write_text(spec.read_text().replace("- bob\n", ""))
    said = edgegen("render", cwd=project).err
    assert "bob can still log in to `registry`: registry/htpasswd" in said
    assert "Run `edgegen registry user rm bob --service registry`" in said
    assert edgegen("registry", "user", "rm", "bob", "--service", "registry", cwd=project).code == 0
    assert "can still log in" not in edgegen("render", cwd=project).err


@pytest.mark.parametrize("anonymous", ["none", "pull"])
def test_on_a_swarm_a_change_waits_for_up_and_says_so(edgegen: Edgegen, tmp_path: Path, anonymous: str) -> None:
    spec = f"{{kind: registry, host: r.shop.example, users: [ci], anonymous: {anonymous}}}".replace(
        ", anonymous: none", ""
    )
    (tmp_path / "edge.yaml").write_text(f"name: a\ntarget: swarm\nservices:\n  registry: {spec}\n")
    assert edgegen("render", cwd=tmp_path).code == 0
    reminder = "run `edgegen up`: until then {}, because the swarm has a copy of the users"
    user = ("registry", "user")
    assert reminder.format("bob can't log in yet") in edgegen(*user, "add", "bob", cwd=tmp_path).err
    assert reminder.format("the old password still works") in edgegen(*user, "passwd", "bob", cwd=tmp_path).err
    done = json.loads(edgegen(*user, "passwd", "bob", "--json", cwd=tmp_path).out)
    assert done["needs_up"] is True
    assert edgegen("render", "--check", cwd=tmp_path).out == "stack.yml: is out of date\n"
    assert edgegen("render", cwd=tmp_path).code == 0
    assert reminder.format("bob can still log in") in edgegen(*user, "rm", "bob", cwd=tmp_path).err
    assert not list(tmp_path.glob("traefik/dynamic/users-*"))
    (tmp_path / "edge.yaml").write_text((tmp_path / "edge.yaml").read_text().replace("swarm", "compose"))
    assert "edgegen up" not in edgegen(*user, "add", "bob", cwd=tmp_path).err


def test_login_shows_how_and_no_password(edgegen: Edgegen, project: Path) -> None:
    done = edgegen("registry", "login", cwd=project)
    titles = [line for line in done.out.splitlines() if line.startswith("## ")]
    assert (done.code, titles[0], len(titles)) == (0, "## Docker, Compose and Swarm", 6)
    assert "docker login commenthouse.com -u ci\n" in done.out
    assert hashes(project)["ci"] not in done.out
    only = edgegen("registry", "login", "--for", "kamal", cwd=project)
    assert only.out.startswith("# config/deploy.yml\nregistry:\n")
    rows = json.loads(edgegen("registry", "login", "--for", "kamal", "--json", cwd=project).out)["snippets"]
    assert [(row["tool"], row["language"]) for row in rows] == [("kamal", "yaml"), ("kamal", "sh"), ("kamal", "sh")]
    assert (edgegen("registry", "login", "--for", "dockr", cwd=project).code) == 2
