"""`edgegen render`: what it writes, what it refuses, and that it says the same thing every time."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from edgegen.cli.render import render_project
from edgegen.target_names import TARGETS
from tests.conftest import Edgegen, Ran
from tests.sizes import sized

SPEC = """\
name: a
services:
  web: {image: "w:1", port: 80, host: w.shop.example, environment: {P: {secret: s}}}
secrets: {s: {generate: 32}}
environments:
  dev: {services: {web: {ports: ["8080:80"]}}}
  production: {}
"""


def snapshot(project: Path) -> dict[str, tuple[int, int, str]]:
    """Inode, mode and content of every file but the lock."""
    return {
        file.relative_to(project).as_posix(): (
            file.stat().st_ino,
            file.stat().st_mode,
            hashlib.sha256(file.read_bytes()).hexdigest(),
        )
        for file in sorted(project.rglob("*"))
        if file.is_file() and file.name != "lock"
    }


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "edge.yaml").write_text(SPEC)
    return tmp_path


@pytest.fixture
def rendered(edgegen: Edgegen, project: Path) -> Path:
    assert edgegen("render", cwd=project).code == 0
    return project


def test_a_second_render_writes_nothing(edgegen: Edgegen, rendered: Path) -> None:
    before = snapshot(rendered)
    done = edgegen("render", cwd=rendered)
    assert (done.code, done.out, done.err) == (0, "", "nothing to do: everything is as edge.yaml says\n")
    assert snapshot(rendered) == before


def test_up_says_nothing_of_files_that_are_up_to_date(
    rendered: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is something to do: starting them."""
    monkeypatch.setenv("S", "hunter2hunter2")
    render_project(rendered, None, force=False, before=lambda _: None)
    assert capsys.readouterr().err == ""
    (rendered / "docker-compose.yml").unlink()
    render_project(rendered, None, force=False, before=lambda _: None)
    assert capsys.readouterr().err.startswith("wrote docker-compose.yml\n")


@pytest.mark.quick(1)
@pytest.mark.parametrize("words", [["--check"], ["--diff"], ["--stdout"], ["--check", "--diff"], ["--check", "--json"]])
def test_looking_writes_nothing(edgegen: Edgegen, project: Path, words: list[str]) -> None:
    done = edgegen("render", *words, cwd=project)
    assert done.code == (1 if "--check" in words else 0)
    assert [file.name for file in project.rglob("*")] == ["edge.yaml"]
    edgegen("render", cwd=project)
    before = snapshot(project)
    done = edgegen("render", *words, cwd=project)
    assert done.code == 0
    assert snapshot(project) == before


@pytest.mark.parametrize("words", [["--check"], ["--diff"], ["--check", "--diff"], ["--check", "--json"]])
def test_the_answer_of_check_is_not_lost_behind_stdout(edgegen: Edgegen, project: Path, words: list[str]) -> None:
    done = edgegen("render", "--stdout", *words, cwd=project)
    assert done.code == 2
    assert "--stdout prints the file and compares nothing. Leave out --check and --diff" in done.err


def test_check_names_what_differs(edgegen: Edgegen, rendered: Path) -> None:
    (rendered / "edge.yaml").write_text(SPEC.replace("w:1", "w:2"))
    done = edgegen("render", "--check", cwd=rendered)
    assert done.code == 1
    assert "docker-compose.yml" in done.out
    body = json.loads(edgegen("render", "--check", "--json", cwd=rendered).out)
    assert body["ok"] is False
    assert "docker-compose.yml" in {item["path"] for item in body["differences"]}
    shown = edgegen("render", "--diff", "--json", cwd=rendered)
    assert (shown.code, json.loads(shown.out)) == (0, {**body, "ok": True}), "ok and the exit code say the same"


def test_diff_shows_lines_and_no_secret(edgegen: Edgegen, rendered: Path) -> None:
    (rendered / "edge.yaml").write_text(SPEC.replace("w:1", "w:2").replace("P: {", "Q: {"))
    done = edgegen("render", "--diff", cwd=rendered)
    assert done.code == 0
    assert "-    image: w:1\n+    image: w:2\n" in done.out
    assert (rendered / "secrets/s").read_text() not in done.out + done.err
    assert "secrets/web.env" in done.out
    assert edgegen("render", "--diff", "--check", cwd=rendered).code == 1


def test_stdout_is_the_file(edgegen: Edgegen, rendered: Path) -> None:
    done = edgegen("render", "--stdout", cwd=rendered)
    assert done.out == (rendered / "docker-compose.yml").read_text()
    body = json.loads(edgegen("render", "--stdout", "--json", cwd=rendered).out)
    assert (body["file"], body["text"]) == ("docker-compose.yml", done.out)


@pytest.mark.quick(1)
@pytest.mark.parametrize("path", ["docker-compose.yml", "traefik/dynamic/tls.yml"])
def test_a_file_edited_by_hand_is_not_overwritten(edgegen: Edgegen, rendered: Path, path: str) -> None:
    file = rendered / path
    mine = file.read_text() + "# mine\n"
    file.write_text(mine)
    before = snapshot(rendered)
    done = edgegen("render", cwd=rendered)
    assert done.code == 3
    assert path in done.err
    assert "-# mine" in done.err
    assert "\nPut the change into the spec, or use --force" in done.err
    assert snapshot(rendered) == before
    assert edgegen("render", "--check", cwd=rendered).code == 1
    assert edgegen("render", "--force", cwd=rendered).code == 0
    assert Path(f"{file}.bak").read_text() == mine
    assert "# mine" not in file.read_text()


@pytest.mark.slow
def test_an_environment(edgegen: Edgegen, project: Path) -> None:
    assert edgegen("render", "-e", "dev", cwd=project).code == 0
    dev = (project / "docker-compose.yml").read_text()
    assert '"8080:80"' in dev
    assert edgegen("render", "--check", "-e", "dev", cwd=project).code == 0
    assert edgegen("render", "-e", "base", cwd=project).code == 0
    assert '"8080:80"' not in (project / "docker-compose.yml").read_text()
    done = edgegen("render", "-e", "prodction", cwd=project)
    assert (done.code, "Did you mean `production`?" in done.err) == (2, True)


def test_what_leaves_the_spec_leaves_the_disk_unless_it_is_somebodys(edgegen: Edgegen, rendered: Path) -> None:
    spec = SPEC.replace(", environment: {P: {secret: s}}", "").replace("host: w", "host: v")
    (rendered / "edge.yaml").write_text(spec)
    (rendered / "traefik/dynamic/mine.yml").write_text("http: {}\n")
    (rendered / "compose.override.yaml").write_text("services: {}\n")
    done = edgegen("render", cwd=rendered)
    assert done.code == 0
    assert not (rendered / "secrets/web.env").exists()
    assert (rendered / "secrets/s").exists()
    assert (rendered / "traefik/dynamic/mine.yml").read_text() == "http: {}\n"
    assert (rendered / "compose.override.yaml").read_text() == "services: {}\n"


def test_json_says_what_was_done(edgegen: Edgegen, project: Path) -> None:
    body = json.loads(edgegen("render", "--json", cwd=project).out)
    assert (body["schema_version"], body["command"], body["ok"]) == (1, "render", True)
    assert {"docker-compose.yml", "acme/acme.json", "secrets/s", "secrets/web.env"} <= set(body["written"])
    body = json.loads(edgegen("render", "--json", cwd=project).out)
    assert body["written"] == []


def test_warnings_do_not_stop_it(edgegen: Edgegen, project: Path) -> None:
    (project / "edge.yaml").write_text(SPEC.replace("w:1", "w:latest"))
    done = edgegen("render", cwd=project)
    assert done.code == 0
    assert "warning: edge.yaml:3:16 services.web.image: ER015 `w:latest` is not pinned" in done.err


def test_a_target_that_is_not_rendered_leaves_nothing_by_halves(
    edgegen: Edgegen, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TARGETS, "cloud", "")  # type: ignore[arg-type]
    (project / "edge.yaml").write_text("name: a\ntarget: cloud\n")
    done = edgegen("render", cwd=project)
    assert (done.code, "edge.yaml:2:9" in done.err) == (2, True)
    assert sorted(path.name for path in project.iterdir()) == ["edge.yaml"]


def test_one_word_of_the_spec_switches_the_target(edgegen: Edgegen, project: Path) -> None:
    assert edgegen("render", cwd=project).code == 0
    (project / "edge.yaml").write_text(f"{SPEC}target: swarm\n")
    shown = edgegen("render", "--diff", cwd=project)
    assert "--- docker-compose.yml (on disk)\n+++ /dev/null\n" in shown.out
    assert "+  traefik:" in shown.out.partition("stack.yml")[2]
    assert edgegen("render", cwd=project).code == 0
    assert (project / "stack.yml").exists()
    assert not (project / "docker-compose.yml").exists()
    assert edgegen("render", "--check", cwd=project).code == 0
    (project / "edge.yaml").write_text(SPEC)
    assert edgegen("render", cwd=project).code == 0
    assert not (project / "stack.yml").exists()


def bytes_of(edgegen: Edgegen, project: Path, env: dict[str, str], umask: int = 0o022) -> dict[str, tuple[int, bytes]]:
    for file in ("docker-compose.yml", "traefik/dynamic", ".edgegen", "secrets/hub.env"):
        target = project / file
        if target.is_dir():
            for part in sorted(target.rglob("*"), reverse=True):
                part.rmdir() if part.is_dir() else part.unlink()
            target.rmdir()
        elif target.exists():
            target.unlink()
    done: Ran = edgegen("render", "--force", "-q", cwd=project, env={**SECRETS, **env}, umask=umask)
    assert done.code == 0, done.err
    return {
        file.relative_to(project).as_posix(): (file.stat().st_mode, file.read_bytes())
        for file in sorted(project.rglob("*"))
        if file.is_file() and file.name != "lock" and not file.name.endswith(".bak")
    }


SECRETS = {"CLOUDFLARE_API_TOKEN": "t", "S3_KEY": "k", "S3_SECRET": "s"}


@pytest.mark.slow
def test_the_same_bytes_and_modes_every_time(edgegen: Edgegen, tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / "examples/03-edge-kinds/edge.yaml"
    (tmp_path / "edge.yaml").write_bytes(example.read_bytes())
    first = bytes_of(edgegen, tmp_path, {"PYTHONHASHSEED": "0"})
    assert len(first) > 10
    others = [{"PYTHONHASHSEED": str(seed)} for seed in range(3, sized(3, 10))]
    others += [
        {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONHASHSEED": "1"},
        {"LANG": "tr_TR.UTF-8", "TZ": "Asia/Kolkata"},
        {"TZ": "America/St_Johns", "PYTHONOPTIMIZE": "2", "SOURCE_DATE_EPOCH": "1", "PYTHONHASHSEED": "2"},
        {"COLUMNS": "20", "TERM": "dumb", "HOME": ""},
    ]
    for env in others:
        assert bytes_of(edgegen, tmp_path, env) == first, env
    for umask in (0o000, 0o077):
        assert bytes_of(edgegen, tmp_path, {}, umask) == first, oct(umask)


def test_the_place_of_the_project_does_not_matter(edgegen: Edgegen, tmp_path: Path) -> None:
    texts = []
    for name in ("one", "a b/ü"):
        folder = tmp_path / name
        folder.mkdir(parents=True)
        (folder / "edge.yaml").write_text(SPEC)
        assert edgegen("render", "-C", folder, cwd=tmp_path).code == 0
        texts.append((folder / "docker-compose.yml").read_text())
    assert texts[0] == texts[1]
    assert str(tmp_path) not in texts[0]


@pytest.mark.parametrize("data", [SPEC.replace("\n", "\r\n").encode(), b"\xef\xbb\xbf" + SPEC.encode()])
def test_line_ends_and_a_byte_order_mark_change_nothing_but_the_digest(
    edgegen: Edgegen, rendered: Path, data: bytes
) -> None:
    before = (rendered / "docker-compose.yml").read_text().partition("\n")[2]
    (rendered / "edge.yaml").write_bytes(data)
    assert edgegen("render", cwd=rendered).code == 0
    assert (rendered / "docker-compose.yml").read_text().partition("\n")[2] == before


@pytest.mark.parametrize("make", ["fifo", "directory", "missing", "large", "link to nowhere"])
def test_what_is_no_spec_is_told_at_once(edgegen: Edgegen, tmp_path: Path, make: str) -> None:
    spec = tmp_path / "edge.yaml"
    if make == "fifo":
        os.mkfifo(spec)
    elif make == "directory":
        spec.mkdir()
    elif make == "large":
        spec.write_bytes(b"#" * (1024 * 1024 + 1))
    elif make == "link to nowhere":
        spec.symlink_to(tmp_path / "nothing")
    done = edgegen("render", cwd=tmp_path)
    assert done.code == 2, done
    assert done.err.count("\n") == 1
    assert "edge.yaml" in done.err
