"""`edgegen auth`: what is printed logs in, and edge.yaml changes only where it must."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import bcrypt
import pytest
import yaml

from tests.conftest import Edgegen

pytestmark = pytest.mark.slow

BOB = f"bob:$2y$05${'x' * 53}"
HEAD = "name: shop\nacme: {email: ops@example.com}\n"
SPEC = f"""\
{HEAD}middlewares:
  office:            # people at work
    kind: basic-auth
    users:
      - "{BOB}"      # the first one
services:
  web: {{image: "a:1", port: 80, host: w.example.com, middlewares: [office]}}
  api:
    image: a:1       # an API
    port: 80
    host: a.example.com
  hub: {{kind: registry, host: r.example.com, users: [ci]}}
  pg: {{kind: tcp, image: "p:1", host: p.example.com, port: 1, listen: 1, entrypoint: pg}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "edge.yaml").write_text(SPEC)
    return tmp_path


def spec(project: Path) -> str:
    return (project / "edge.yaml").read_text()


def logs_in(lines: list[str], user: str, password: str) -> bool:
    hashes = dict(line.split(":", 1) for line in lines)
    return bcrypt.checkpw(password.encode(), hashes[user].encode())


def users(project: Path, name: str = "office") -> list[str]:
    return yaml.safe_load(spec(project))["middlewares"][name]["users"]


def test_add_passwd_rm(edgegen: Edgegen, project: Path) -> None:
    done = edgegen("auth", "add", "alice", cwd=project)
    shown = re.fullmatch(r"office: user alice, password (\w{24})   \(shown only now\)\n", done.out)
    assert (done.code, bool(shown)) == (0, True), done
    assert shown
    assert users(project)[0] == BOB
    assert logs_in(users(project), "alice", shown[1])
    assert spec(project).replace(f"      - {users(project)[1]}\n", "") == SPEC
    assert "until then alice can't log in yet" in done.err
    before = spec(project)
    (made,) = json.loads(edgegen("auth", "passwd", "alice", "--json", cwd=project).out)["credentials"]
    assert made["middleware"] == "office"
    assert logs_in(users(project), "alice", made["password"])
    assert not logs_in(users(project), "alice", shown[1])
    assert len(spec(project)) == len(before)
    assert edgegen("auth", "rm", "alice", cwd=project).code == 0
    assert spec(project) == SPEC


def test_the_first_user_of_a_service(edgegen: Edgegen, project: Path) -> None:
    done = edgegen("auth", "add", "alice", "--service", "api", "--password-stdin", cwd=project, stdin="canary pw\n")
    assert (done.code, done.out) == (0, ""), done
    assert "canary" not in done.err
    assert "(new: middlewares.api-auth, services.api.middlewares)" in done.err
    assert logs_in(users(project, "api-auth"), "alice", "canary pw")
    (line,) = users(project, "api-auth")
    added = f'  api-auth:\n    kind: basic-auth\n    users:\n      - "{line}"\n'
    text = spec(project)
    assert any(block in text for block in (added, added.replace('"', "")))
    assert "    host: a.example.com\n    middlewares: [api-auth]\n  hub:" in text
    assert edgegen("render", "-q", cwd=project).code == 0
    assert logs_in((project / "secrets/api-auth.users").read_text().split(), "alice", "canary pw")
    labels = yaml.safe_load((project / "docker-compose.yml").read_text())["services"]["api"]["labels"]
    assert "api-auth" in labels["traefik.http.routers.api-https.middlewares"]
    # And the second one, for the same service: the same middleware.
    assert edgegen("auth", "add", "carol", "--service", "api", cwd=project).code == 0
    assert [item.partition(":")[0] for item in users(project, "api-auth")] == ["alice", "carol"]


def test_a_middleware_that_is_there_is_put_before_a_service(edgegen: Edgegen, project: Path) -> None:
    assert edgegen("auth", "add", "dan", "--service", "api", "--middleware", "office", cwd=project).code == 0
    data = yaml.safe_load(spec(project))
    assert data["services"]["api"]["middlewares"] == ["office"]
    assert [item.partition(":")[0] for item in users(project)] == ["bob", "dan"]


@pytest.mark.parametrize("first", ["", "{kind: compress}, "])
def test_one_that_is_written_in_place(edgegen: Edgegen, tmp_path: Path, first: str) -> None:
    uses = f"[{first}{{kind: basic-auth, users: ['{BOB}']}}]"
    text = f'{HEAD}services:\n  web: {{image: "a:1", port: 80, host: w.example.com, middlewares: {uses}}}\n'
    (tmp_path / "edge.yaml").write_text(text)
    assert edgegen("auth", "add", "eve", "--service", "web", cwd=tmp_path).code == 0
    found = yaml.safe_load(spec(tmp_path))["services"]["web"]["middlewares"][-1]["users"]
    assert [item.partition(":")[0] for item in found] == ["bob", "eve"]
    assert edgegen("auth", "rm", "eve", "--middleware", "web-basic-auth", cwd=tmp_path).code == 0
    assert spec(tmp_path) == text


def test_list(edgegen: Edgegen, project: Path) -> None:
    assert edgegen("auth", "list", cwd=project).out == "office\tbob\tweb\n"
    body = json.loads(edgegen("auth", "list", "--json", cwd=project).out)
    rows = body["users"]
    assert body["command"] == "auth list"
    assert rows == [{"middleware": "office", "user": "bob", "services": ["web"]}]


@pytest.mark.parametrize(
    ("words", "stdin", "code", "said"),
    [
        (["add", "bob"], "", 3, "Use `edgegen auth passwd bob --middleware office`"),
        (["passwd", "bobb"], "", 3, "there is no user bobb in `office`. Did you mean `bob`?"),
        (["rm", "bob"], "", 3, "bob is the only user of `office`"),
        (["rm", "bob", "--service", "api"], "", 2, "`api` uses no basic-auth middleware"),
        (["add", "a:b"], "", 2, "expected the name of a user, without a password"),
        (["add", "al", "--password-stdin"], "", 2, "standard input has no password"),
        (["add", "al", "--password-stdin"], "canary" * 20, 2, "1 to 72 bytes"),
        (["add", "al", "--service", "ap"], "", 2, "Did you mean `api`?"),
        (["add", "al", "--service", "hub"], "", 2, "Use `edgegen registry user add USER --service hub`"),
        (["add", "al", "--service", "pg"], "", 2, "it is not a website with a `host`"),
        (["add", "al", "--middleware", "offic"], "", 2, "Did you mean `office`?"),
        (["add", "al", "-e", "dev"], "", 2, "there is no environment `dev`"),
        (["add", "al", "--service", "web", "--middleware", "new"], "", 3, "`web` already asks for the passwords of"),
        (["add", "al", "--password-stdin"], "canary\0", 2, "NUL"),
    ],
)
def test_refused(edgegen: Edgegen, project: Path, words: list[str], stdin: str, code: int, said: str) -> None:
    done = edgegen("auth", *words, cwd=project, stdin=stdin)
    assert (done.code, said in done.err) == (code, True), done
    assert "canary" not in done.out + done.err
    assert spec(project) == SPEC


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "middlewares: {m: {kind: basic-auth, users_file: /f}}\n",
            "the users of `m` are not in edge.yaml",
        ),
        ("middlewares: {m: {kind: compress}}\n", "the spec has no basic-auth middleware"),
        (
            f"middlewares: {{m: {{kind: basic-auth, users: ['{BOB}']}}, n: {{kind: basic-auth, users: ['{BOB}']}}}}\n",
            "several basic-auth middlewares: m, n. Say --middleware NAME",
        ),
        (f"x-u: &u ['{BOB}']\nmiddlewares: {{m: {{kind: basic-auth, users: *u}}}}\n", "can't be changed in this file"),
    ],
)
def test_specs_that_take_no_user(edgegen: Edgegen, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "edge.yaml").write_text(HEAD + text)
    done = edgegen("auth", "add", "al", cwd=tmp_path)
    assert (done.code in (2, 3), said in done.err, done.out) == (True, True, ""), done
    assert spec(tmp_path) == HEAD + text


def test_a_password_that_nobody_could_read(project: Path) -> None:
    script = 'exec "$0" -m edgegen auth add alice >&-'
    done = subprocess.run(
        ["bash", "-c", script, sys.executable], cwd=project, env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 7
    assert "the new password of alice (office) is set, but could not be shown" in done.stderr
    assert "edgegen auth passwd alice --middleware office" in done.stderr


def test_standard_input_that_is_closed_or_not_text(project: Path) -> None:
    for given in ("<&-", "<<< $'canary\\xff'"):
        script = f'exec "$0" -m edgegen auth add alice --password-stdin {given}'
        done = subprocess.run(
            ["bash", "-c", script, sys.executable], cwd=project, capture_output=True, text=True, timeout=60,
            env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"}, check=False,
        )  # fmt: skip
        assert (done.returncode, "password" in done.stderr, "canary" in done.stderr) == (2, True, False), done
    assert spec(project) == SPEC


CHAINED = f"""\
{HEAD}middlewares:
  one: {{kind: basic-auth, users: ["{BOB}"]}}
  two: {{kind: basic-auth, users: ["{BOB}"]}}
  both: {{kind: chain, middlewares: [one]}}
services:
  web: {{image: "a:1", port: 80, host: w.example.com, middlewares: [both]}}
"""


def test_a_middleware_in_a_chain_is_the_service_s_own(edgegen: Edgegen, tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(CHAINED)
    assert edgegen("auth", "list", cwd=tmp_path).out == "one\tbob\tweb\ntwo\tbob\t\n"
    done = edgegen("auth", "add", "al", "--service", "web", cwd=tmp_path)
    assert (done.code, len(users(tmp_path, "one")), "web-auth" in spec(tmp_path)) == (0, 2, False), done
    refused = edgegen("auth", "add", "al", "--service", "web", "--middleware", "two", cwd=tmp_path)
    assert (refused.code, "--middleware one" in refused.err) == (3, True), refused


def test_the_same_line_in_two_middlewares_changes_in_one(edgegen: Edgegen, tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(CHAINED)
    done = edgegen("auth", "passwd", "bob", "--middleware", "two", cwd=tmp_path)
    shown = re.search(r"password (\w{24}) ", done.out)
    assert shown, done
    assert users(tmp_path, "one") == [BOB]
    assert logs_in(users(tmp_path, "two"), "bob", shown[1])


OVERLAY = f"""\
{HEAD}services:
  web: {{image: "a:1", port: 80, host: w.example.com}}
environments:
  dev: {{edge: none}}
  prod: {{services: {{web: {{middlewares: MIDDLEWARES}}}}}}
"""


def test_an_environment_that_drops_the_password_is_named(edgegen: Edgegen, tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(OVERLAY.replace("MIDDLEWARES", "null"))
    done = edgegen("auth", "add", "al", "--service", "web", cwd=tmp_path)
    assert done.code == 0, done
    assert "in the environment `prod`, `web` asks for no password" in done.err
    assert "`dev`" not in done.err


def test_an_environment_with_its_own_password_refuses_a_second(edgegen: Edgegen, tmp_path: Path) -> None:
    text = OVERLAY.replace("MIDDLEWARES", f"[{{kind: basic-auth, users: ['{BOB}']}}]")
    (tmp_path / "edge.yaml").write_text(text)
    done = edgegen("auth", "add", "al", "--service", "web", cwd=tmp_path)
    assert (done.code, "in the environment `prod`, `web` already asks for" in done.err) == (3, True), done
    assert spec(tmp_path) == text


KIM = f"kim:$2y$05${'k' * 53}"
LEE = f"lee:$2y$05${'l' * 53}"
STAGES = f"""\
{HEAD}middlewares:
  office: {{kind: basic-auth, users: ["{BOB}"]}}
services:
  web: {{image: "a:1", port: 80, host: w.example.com, middlewares: [office]}}
  api: {{image: "a:1", port: 80, host: a.example.com}}
environments:
  dev:
    middlewares:
      office:
        users:
          - "{KIM}"     # only at home
          - "{LEE}"
  solo: {{middlewares: {{office: {{users: ["{KIM}"]}}}}}}
  place: {{services: {{api: {{middlewares: [{{kind: basic-auth, users: ["{LEE}"]}}]}}}}}}
  prod: {{}}
"""


@pytest.fixture
def stages(tmp_path: Path) -> Path:
    (tmp_path / "edge.yaml").write_text(STAGES)
    return tmp_path


def of_overlay(project: Path, environment: str) -> list[str]:
    return yaml.safe_load(spec(project))["environments"][environment]["middlewares"]["office"]["users"]


def test_users_of_an_environment(edgegen: Edgegen, stages: Path) -> None:
    done = edgegen("auth", "add", "alice", "-e", "dev", cwd=stages)
    shown = re.fullmatch(r"office: user alice, password (\w{24})   \(shown only now\)\n", done.out)
    assert shown, done
    assert "added alice to `office` in edge.yaml, environment `dev`" in done.err
    assert "run `edgegen up -e dev`: until then alice can't log in yet" in done.err
    line = of_overlay(stages, "dev")[-1]
    assert logs_in([line], "alice", shown[1])
    assert spec(stages).replace(f"          - {line}\n", "") == STAGES
    (made,) = json.loads(edgegen("auth", "passwd", "kim", "-e", "dev", "--json", cwd=stages).out)["credentials"]
    assert logs_in(of_overlay(stages, "dev"), "kim", made["password"])
    assert of_overlay(stages, "solo") == [KIM]  # the same line in another overlay stays
    assert edgegen("auth", "rm", "kim", "-e", "dev", cwd=stages).code == 0
    assert [item.partition(":")[0] for item in of_overlay(stages, "dev")] == ["lee", "alice"]
    assert users(stages) == [BOB]


def test_a_user_of_an_environment_that_is_written_in_place(edgegen: Edgegen, stages: Path) -> None:
    words = ("--middleware", "api-basic-auth", "-e", "place")
    assert edgegen("auth", "add", "alice", *words, cwd=stages).code == 0
    assert edgegen("auth", "rm", "lee", *words, cwd=stages).code == 0
    (item,) = yaml.safe_load(spec(stages))["environments"]["place"]["services"]["api"]["middlewares"]
    assert [line.partition(":")[0] for line in item["users"]] == ["alice"]


def test_list_of_an_environment(edgegen: Edgegen, stages: Path) -> None:
    done = edgegen("auth", "list", "-e", "dev", cwd=stages)
    assert done.out == "office\tbob\tweb\noffice\tkim\tweb\noffice\tlee\tweb\n"
    done = edgegen("auth", "list", cwd=stages)
    assert done.out == edgegen("auth", "list", "-e", "base", cwd=stages).out == "office\tbob\tweb\n"
    assert re.findall(r"auth list -e (\w+)", done.err) == ["dev", "solo", "place"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["rm", "kim"], 3, "The environment `dev` has one (edge.yaml:13:13): add -e dev"),
        (["passwd", "lee", "--service", "api"], 2, "The environment `dev` has one"),
        (["passwd", "lee", "--middleware", "api-basic-auth"], 2, "(edge.yaml:16:69): add -e place"),
        (["rm", "bob", "-e", "dev"], 3, "bob of `office` is in edge.yaml itself, for all environments"),
        (["passwd", "bob", "-e", "dev"], 3, "edge.yaml:4:"),
        (["add", "al", "-e", "prod"], 3, "or write `environments.prod.middlewares.office.users` yourself"),
        (["add", "kim", "-e", "dev"], 3, "Use `edgegen auth passwd kim --middleware office -e dev`"),
        (["add", "al", "--service", "api", "-e", "dev"], 3, "puts a middleware before a service only for all"),
        (["add", "al", "--service", "api", "--middleware", "office", "-e", "dev"], 3, "only for all environments"),
        (["rm", "kim", "-e", "solo"], 3, "kim is the only user that `environments.solo.middlewares.office.users` has"),
        (["rm", "kimm", "-e", "dev"], 3, "Did you mean `kim`?"),
        (["add", "kim"], 3, "`office` would have two users kim"),
        (["add", "al", "-e", "devv"], 2, "there is no environment `devv`"),
    ],
)
def test_what_stands_elsewhere_is_said(edgegen: Edgegen, stages: Path, words: list[str], code: int, said: str) -> None:
    done = edgegen("auth", *words, cwd=stages)
    assert (done.code, said in done.err) == (code, True), done.err
    assert spec(stages) == STAGES


@pytest.mark.parametrize("command", ["auth", "add"])
def test_warnings_are_in_the_object(edgegen: Edgegen, tmp_path: Path, command: str) -> None:
    (tmp_path / "edge.yaml").write_text(OVERLAY.replace("MIDDLEWARES", "null"))
    words = ["auth", "add", "al", "--service", "web"] if command == "auth" else ["add", "nginx:latest", "n.example.com"]
    done = edgegen(*words, "--json", cwd=tmp_path)
    found = json.loads(done.out)["warnings"]
    assert found, done
    assert all(warning.partition(": ")[2][:40] in done.err for warning in found) or found[0][:40] in done.err
