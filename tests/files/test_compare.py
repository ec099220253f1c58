"""`--check` and `--diff`: they say what a render would do, and do nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.core.errors import RefusedError
from edgegen.files import Output, check_outputs, diff_outputs, write_outputs

COMPOSE = Output("docker-compose.yml", b"a: 1\n")
SECRET = Output("secrets/s", b"hunter2", 0o600, keep=True)
HTPASSWD = Output("registry/htpasswd", b"ci:hunter2\n", 0o600)
ALL = [COMPOSE, SECRET, HTPASSWD]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write_outputs(tmp_path, ALL, spec_hash="s", environment=None, version="1")
    return tmp_path


def said(project: Path, outputs: list[Output]) -> list[tuple[str, str]]:
    return [(difference.path, difference.kind) for difference in check_outputs(project, outputs)]


def test_nothing_differs_after_a_render(project: Path) -> None:
    assert check_outputs(project, ALL) == ()
    assert diff_outputs(project, ALL) == ""


def test_a_fresh_project_misses_everything_and_gets_nothing(tmp_path: Path) -> None:
    assert said(tmp_path, ALL) == [(output.path, "missing") for output in ALL]
    assert "--- /dev/null\n+++ docker-compose.yml (rendered)\n@@ -0,0 +1 @@\n+a: 1\n" in diff_outputs(tmp_path, ALL)
    assert list(tmp_path.iterdir()) == []


def test_content_mode_and_leftovers_are_told(project: Path) -> None:
    (project / "docker-compose.yml").chmod(0o600)
    (project / "secrets").chmod(0o755)
    assert said(project, [Output(COMPOSE.path, b"a: 2\n"), SECRET]) == [
        ("docker-compose.yml", "content"),
        ("docker-compose.yml", "mode"),
        ("secrets", "mode"),
        ("registry/htpasswd", "stale"),
    ]


def test_check_tells_out_of_date_from_edited(project: Path) -> None:
    newer = Output(COMPOSE.path, b"a: 2\n")
    assert check_outputs(project, [newer, SECRET, HTPASSWD])[0].detail == "is out of date"
    (project / "docker-compose.yml").write_text("mine\n")
    assert check_outputs(project, [newer, SECRET, HTPASSWD])[0].detail == "is edited by hand since edgegen wrote it"


def test_a_diff_never_shows_a_secret(project: Path) -> None:
    text = diff_outputs(project, [COMPOSE, SECRET, Output(HTPASSWD.path, b"ci:hunter3\n", 0o600)])
    assert text == "registry/htpasswd: differs (a secret, not shown)\n"


def test_a_secret_that_is_no_longer_rendered_is_not_shown_either(project: Path) -> None:
    assert (
        diff_outputs(project, [COMPOSE, SECRET]) == "registry/htpasswd: is no longer rendered (a secret, not shown)\n"
    )


def test_escape_sequences_of_a_file_stay_visible_text(project: Path) -> None:
    (project / "docker-compose.yml").write_bytes(b"\x1b]0;owned\x07\xff\r\n")
    text = diff_outputs(project, ALL)
    assert "\x1b" not in text and "\r" not in text
    assert "-\\x1b]0;owned\\x07\\xff\\x0d" in text


def test_looking_writes_nothing(project: Path) -> None:
    before = {path: path.stat() for path in project.rglob("*")}
    check_outputs(project, [Output(COMPOSE.path, b"x")])
    diff_outputs(project, [Output(COMPOSE.path, b"x")])
    after = {path: path.stat() for path in project.rglob("*")}
    assert {path: facts.st_mtime_ns for path, facts in after.items()} == {
        path: facts.st_mtime_ns for path, facts in before.items()
    }


def test_what_a_render_would_refuse_is_refused(project: Path) -> None:
    (project / "docker-compose.yml").unlink()
    (project / "docker-compose.yml").symlink_to("elsewhere")
    with pytest.raises(RefusedError, match="symbolic link"):
        check_outputs(project, ALL)


def with_crlf(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


@pytest.mark.parametrize("is_clone", [False, True])
def test_line_ends_of_windows_are_nobodys_edit(project: Path, is_clone: bool) -> None:
    if is_clone:
        (project / ".edgegen" / "manifest.json").unlink()
    with_crlf(project / COMPOSE.path)
    words = "as rendered, except for line ends of Windows (CRLF)"
    assert [(item.path, item.detail) for item in check_outputs(project, ALL)] == [(COMPOSE.path, f"is {words}")]
    assert diff_outputs(project, ALL) == f"{COMPOSE.path}: {words}\n"
    report = write_outputs(project, ALL, spec_hash="s", environment=None, version="1")
    assert (report.written, report.backups) == ((COMPOSE.path,), ())
    assert (project / COMPOSE.path).read_bytes() == COMPOSE.content
    assert check_outputs(project, ALL) == ()


def test_an_older_render_with_them_is_edgegens_too(project: Path) -> None:
    with_crlf(project / COMPOSE.path)
    newer = [Output(COMPOSE.path, b"a: 2\n"), SECRET, HTPASSWD]
    assert [item.detail for item in check_outputs(project, newer)] == ["is out of date"]
    write_outputs(project, newer, spec_hash="s", environment=None, version="1")
    with_crlf(project / COMPOSE.path)
    write_outputs(project, [SECRET, HTPASSWD], spec_hash="s", environment=None, version="1")
    assert not (project / COMPOSE.path).exists()  # no longer rendered


def test_an_edit_with_them_and_a_secret_are_refused(project: Path) -> None:
    (project / COMPOSE.path).write_bytes(b"a: 3\r\n")
    with_crlf(project / HTPASSWD.path)
    details = [item.detail for item in check_outputs(project, [COMPOSE, SECRET, Output(HTPASSWD.path, b"x", 0o600)])]
    assert details == ["is edited by hand since edgegen wrote it", "is out of date"]
