"""What a render leaves on the disk, refuses, keeps, notices and says."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from edgegen.core.errors import BugError, LocalIOError, RefusedError
from edgegen.files import Output, WriteReport, check_outputs, last_environment, last_render, write_outputs
from edgegen.files.last_run import refuse_unnamed

COMPOSE = Output("docker-compose.yml", b"services: {}\n")
TLS = Output("traefik/dynamic/tls.yml", b"tls: {}\n")
SECRET = Output("secrets/db", b"generated-once", 0o600, keep=True)
ALL = (COMPOSE, TLS, SECRET)


def write(
    project: Path, outputs: Sequence[Output] = ALL, *, force: bool = False, spec_hash: str = "s1", name: str = ""
) -> WriteReport:
    return write_outputs(
        project, outputs, force=force, spec_hash=spec_hash, environment="dev", version="1.2.3", name=name
    )


def mode(path: Path) -> str:
    return f"{path.lstat().st_mode & 0o7777:04o}"


def files(project: Path) -> dict[str, bytes]:
    found = (path for path in project.rglob("*") if path.is_file() and path.name != "lock")
    return {path.relative_to(project).as_posix(): path.read_bytes() for path in found}


def test_a_first_run_writes_everything_and_a_second_one_nothing(tmp_path: Path) -> None:
    assert write(tmp_path) == WriteReport(written=("docker-compose.yml", "traefik/dynamic/tls.yml", "secrets/db"))
    times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    second = write(tmp_path)
    assert second == WriteReport(unchanged=("docker-compose.yml", "traefik/dynamic/tls.yml"), kept=("secrets/db",))
    del times[tmp_path / ".edgegen/lock"]
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_the_manifest_says_what_was_written_from_what(tmp_path: Path) -> None:
    assert last_render(tmp_path).name == ""
    write(tmp_path, name="shop")
    assert last_render(tmp_path).name == "shop"
    manifest = json.loads((tmp_path / ".edgegen/manifest.json").read_text())
    assert manifest == {
        "schema_version": 1,
        "generation": 1,
        "edgegen": "1.2.3",
        "spec_sha256": "s1",
        "environment": "dev",
        "targets": ["compose"],
        "name": "shop",
        "owner": None,
        "outputs": {output.path: hashlib.sha256(output.content).hexdigest() for output in (COMPOSE, TLS)},
        "kept": ["secrets/db"],
    }
    write(tmp_path, spec_hash="s2")
    assert json.loads((tmp_path / ".edgegen/manifest.json").read_text())["generation"] == 2


def test_newer_content_replaces_edgegens_own(tmp_path: Path) -> None:
    write(tmp_path)
    newer = Output(COMPOSE.path, b"services: {web: {}}\n")
    assert write(tmp_path, [newer, TLS, SECRET]).written == ("docker-compose.yml",)
    assert (tmp_path / COMPOSE.path).read_bytes() == newer.content


def test_a_hand_edit_is_refused_with_a_diff_before_anything_is_written(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / COMPOSE.path).write_text("services: {mine: {}}\n")
    before = files(tmp_path)
    with pytest.raises(RefusedError) as caught:
        write(tmp_path, [COMPOSE, Output(TLS.path, b"newer\n"), SECRET])
    said = str(caught.value)
    assert "edited by hand" in said and "-services: {mine: {}}" in said and "+services: {}" in said
    assert "--force" in caught.value.problems[0].hint
    assert caught.value.exit_code == 3
    assert files(tmp_path) == before


def test_force_keeps_every_edit_in_a_backup_of_its_own(tmp_path: Path) -> None:
    write(tmp_path)
    target = tmp_path / COMPOSE.path
    for edit, name in (("one", ".bak"), ("two", ".bak.1"), ("three", ".bak.2")):
        target.write_text(edit)
        target.chmod(0o640)
        assert write(tmp_path, force=True).backups == (f"docker-compose.yml{name}",)
        assert (tmp_path / f"docker-compose.yml{name}").read_text() == edit
        assert mode(tmp_path / f"docker-compose.yml{name}") == "0640"
        assert target.read_bytes() == COMPOSE.content
    assert (tmp_path / "docker-compose.yml.bak").read_text() == "one"


def test_a_backup_of_a_nested_file_is_reported_by_its_path(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / TLS.path).write_text("mine")
    assert write(tmp_path, force=True).backups == ("traefik/dynamic/tls.yml.bak",)


def test_a_secret_is_never_in_the_diff(tmp_path: Path) -> None:
    (tmp_path / "private.yml").write_text("hunter2")
    with pytest.raises(RefusedError) as caught:
        write(tmp_path, [Output("private.yml", b"hunter3", 0o600)])
    assert "hunter" not in str(caught.value)


def test_a_long_diff_is_cut_and_says_so(tmp_path: Path) -> None:
    (tmp_path / COMPOSE.path).write_text("".join(f"line {n}\n" for n in range(1000)))
    with pytest.raises(RefusedError, match="more lines"):
        write(tmp_path)


def test_a_file_that_was_there_before_is_foreign_unless_it_is_equal(tmp_path: Path) -> None:
    (tmp_path / COMPOSE.path).write_bytes(COMPOSE.content)
    assert write(tmp_path).unchanged == (COMPOSE.path,)
    (tmp_path / "stack.yml").write_text("mine")
    with pytest.raises(RefusedError, match="not written by edgegen"):
        write(tmp_path, [*ALL, Output("stack.yml", b"new")])


def test_a_deleted_output_is_noticed_and_made_again(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / COMPOSE.path).unlink()
    (tmp_path / "secrets/db").unlink()
    report = write(tmp_path)
    assert report.written == ("docker-compose.yml", "secrets/db")
    assert [warning.rpartition("/")[2] for warning in report.warnings] == [
        "docker-compose.yml was deleted since edgegen wrote it",
        "db was deleted since edgegen wrote it",
    ]


def test_what_left_the_set_is_removed_only_when_nobody_changed_it(tmp_path: Path) -> None:
    edited = Output("traefik/dynamic/edited.yml", b"a\n")
    write(tmp_path, [*ALL, edited])
    (tmp_path / edited.path).write_text("mine\n")
    (tmp_path / "traefik/dynamic/foreign.yml").write_text("not ours\n")
    report = write(tmp_path, [COMPOSE])
    assert report.removed_stale == ("traefik/dynamic/tls.yml",)
    assert not (tmp_path / TLS.path).exists()
    assert (tmp_path / edited.path).read_text() == "mine\n"
    assert (tmp_path / "traefik/dynamic/foreign.yml").exists()
    assert (tmp_path / "secrets/db").read_bytes() == b"generated-once"
    assert len(report.warnings) == 2
    assert "edited by hand" in report.warnings[0]
    assert "no longer used" in report.warnings[1]
    assert write(tmp_path, [COMPOSE]).warnings == ()


def test_a_kept_file_is_never_replaced_and_only_its_mode_is_mended(tmp_path: Path) -> None:
    write(tmp_path)
    secret = tmp_path / "secrets/db"
    secret.chmod(0o644)
    secret.parent.chmod(0o755)
    before = secret.stat()
    report = write(tmp_path, [COMPOSE, TLS, Output("secrets/db", b"another", 0o600, keep=True)], force=True)
    assert report.mended == ("secrets", "secrets/db") or set(report.mended) == {"secrets", "secrets/db"}
    assert (mode(secret), mode(secret.parent)) == ("0600", "0700")
    assert (secret.read_bytes(), secret.stat().st_ino, secret.stat().st_mtime_ns) == (
        b"generated-once",
        before.st_ino,
        before.st_mtime_ns,
    )


def test_an_empty_secret_is_worth_a_warning(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "secrets/db").write_bytes(b"")
    assert "is empty" in write(tmp_path).warnings[0]


@pytest.mark.parametrize(("found", "mended"), [(0o600, True), (0o755, True), (0o666, True), (0o664, False)], ids=oct)
def test_the_mode_of_an_output_is_mended_but_for_gits_own(tmp_path: Path, found: int, mended: bool) -> None:
    write(tmp_path)
    (tmp_path / COMPOSE.path).chmod(found)
    assert write(tmp_path).mended == ((COMPOSE.path,) if mended else ())
    assert mode(tmp_path / COMPOSE.path) == ("0644" if mended else "0664")


@pytest.mark.parametrize(
    "kind", ["symlink", "dangling", "fifo", "hard link", "full directory", "empty directory", "socket"]
)
@pytest.mark.parametrize("path", ["docker-compose.yml", "secrets/db"])
def test_anything_but_a_plain_file_is_refused_by_name(tmp_path: Path, kind: str, path: str) -> None:
    (tmp_path / "secrets").mkdir(mode=0o700)
    target, other = tmp_path / path, tmp_path / "other"
    other.write_text("canary")
    expected = put_in_the_way(kind, target, other)
    for force in (False, True):
        with pytest.raises(RefusedError, match=expected) as caught:
            write(tmp_path, force=force)
        assert caught.value.problems[0].hint
        assert target.name in str(caught.value)
    assert other.read_text() == "canary"
    assert set(files(tmp_path)) <= {"other", path, f"{path}/inside"}


def put_in_the_way(kind: str, target: Path, other: Path) -> str:
    if kind == "symlink":
        target.symlink_to(other)
        return "is a symbolic link"
    if kind == "dangling":
        target.symlink_to("nowhere")
        return "is a symbolic link"
    if kind == "fifo":
        os.mkfifo(target)
        return "is a FIFO"
    if kind == "hard link":
        os.link(other, target)
        return "is a hard link: the same file has 2 names"
    if kind == "socket":
        os.mknod(target, 0o600 | 0o140000)
        return "is a socket"
    target.mkdir()
    if kind == "empty directory":
        return "is an empty directory"
    (target / "inside").write_text("x")
    return "is a directory with files in it"


def test_all_refusals_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / COMPOSE.path).mkdir()
    (tmp_path / "secrets").mkdir()
    os.mkfifo(tmp_path / "secrets/db")
    with pytest.raises(RefusedError) as caught:
        write(tmp_path)
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../x",
        "a/../x",
        "a//b",
        "a/",
        "./a",
        "a\0b",
        "a\nb",
        "a\\b",
        "x" * 256,
        "\ud800",
        "a/.edgegen-tmp-1",
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(RefusedError):
        Output(path, b"")


@pytest.mark.parametrize("name", ["lock", "manifest.json", "pending.json"])
def test_the_book_keeping_is_no_output(name: str) -> None:
    with pytest.raises(RefusedError, match="own state"):
        Output(f".edgegen/{name}", b"")


def test_a_content_never_shows_in_a_repr() -> None:
    assert "hunter2" not in repr(Output("a", b"hunter2"))


def test_two_outputs_of_one_path_are_a_bug(tmp_path: Path) -> None:
    with pytest.raises(BugError, match="docker-compose"):
        write(tmp_path, [COMPOSE, COMPOSE])


def test_an_interrupted_render_is_not_taken_for_a_hand_edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path)
    newer = [Output(COMPOSE.path, b"second\n"), Output(TLS.path, b"second\n"), SECRET]
    stop_at_rename(monkeypatch, 3)  # pending.json and the first output have their names
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, newer)
    monkeypatch.undo()
    assert (tmp_path / COMPOSE.path).read_bytes() == b"second\n"
    third = [Output(COMPOSE.path, b"third\n"), Output(TLS.path, b"third\n"), SECRET]
    report = write(tmp_path, third)
    assert report.written == (COMPOSE.path, TLS.path)
    assert report.warnings == ("the last render was interrupted; this one completes it",)
    assert write(tmp_path, third).warnings == ()


def test_an_interrupted_render_says_for_which_environment_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files of two environments lie side by side then: a command that names none must not go on with the old one."""
    write_outputs(tmp_path, ALL, spec_hash="s", environment=None, version="")
    assert last_environment(tmp_path) is None
    stop_at_rename(monkeypatch, 3)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, [Output(COMPOSE.path, b"dev\n"), Output(TLS.path, b"dev\n"), SECRET])
    monkeypatch.undo()
    assert last_environment(tmp_path) == "dev"
    with pytest.raises(RefusedError, match="last rendered with `-e dev`"):
        refuse_unnamed(tmp_path, None)
    pending = tmp_path / ".edgegen/pending.json"
    old = json.loads(pending.read_text())
    del old["environment"]
    pending.write_text(json.dumps(old))  # as an earlier version wrote it
    assert last_environment(tmp_path) is None
    write_outputs(tmp_path, ALL, spec_hash="s", environment=None, version="")
    assert last_environment(tmp_path) is None


def test_a_failed_render_makes_no_password_that_was_never_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_at_rename(monkeypatch, 3)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path)
    assert not (tmp_path / SECRET.path).exists()


def test_two_interruptions_by_different_specs_are_mended_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path)
    for text, renames in (("second", 3), ("third", 2)):
        stop_at_rename(monkeypatch, renames)
        extra = Output(f"traefik/dynamic/{text}.yml", b"x")
        with pytest.raises(KeyboardInterrupt):
            write(tmp_path, [Output(COMPOSE.path, text.encode()), Output(TLS.path, text.encode()), extra])
        monkeypatch.undo()
    write(tmp_path)
    assert set(files(tmp_path)) == {
        "docker-compose.yml",
        "traefik/dynamic/tls.yml",
        "secrets/db",
        ".edgegen/manifest.json",
    }


def test_an_edit_after_an_interruption_is_still_an_edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path)
    stop_at_rename(monkeypatch, 3)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, [Output(COMPOSE.path, b"second\n"), Output(TLS.path, b"second\n"), SECRET])
    monkeypatch.undo()
    (tmp_path / COMPOSE.path).write_text("mine\n")
    with pytest.raises(RefusedError, match="edited by hand"):
        write(tmp_path)


def stop_at_rename(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    real, calls = os.rename, []

    def rename(*args: object, **named: object) -> None:
        calls.append(args)
        if len(calls) == number:
            raise KeyboardInterrupt
        real(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "rename", rename)


def test_unfinished_files_of_a_killed_run_are_swept_and_nothing_else(tmp_path: Path) -> None:
    write(tmp_path)
    stale = tmp_path / "traefik/dynamic/.edgegen-tmp-0123456789abcdef"
    stale.write_text("half")
    other = tmp_path / ".edgegen-tmp-notes"
    other.write_text("somebody's")
    write(tmp_path)
    assert not stale.exists()
    assert other.exists()


def test_the_second_name_of_a_file_that_was_being_made_is_no_hard_link_of_a_stranger(tmp_path: Path) -> None:
    write(tmp_path)
    secret, unfinished = tmp_path / SECRET.path, tmp_path / "secrets/.edgegen-tmp-0123456789abcdef"
    os.link(secret, unfinished)
    assert check_outputs(tmp_path, ALL) == ()
    os.link(secret, tmp_path / "third")
    with pytest.raises(RefusedError, match="hard link"):
        check_outputs(tmp_path, ALL)
    (tmp_path / "third").unlink()
    write(tmp_path)
    assert not unfinished.exists()


def test_bytes_are_written_even_when_every_write_is_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: real(fd, bytes(data)[:1]))
    write(tmp_path)
    assert (tmp_path / COMPOSE.path).read_bytes() == COMPOSE.content


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"schema_version": 9}', b"\xff", b'{"schema_version": 1}'])
def test_a_broken_manifest_counts_as_none(tmp_path: Path, content: bytes) -> None:
    write(tmp_path)
    (tmp_path / ".edgegen/manifest.json").write_bytes(content)
    assert write(tmp_path).unchanged == (COMPOSE.path, TLS.path)
    (tmp_path / ".edgegen/manifest.json").write_bytes(content)
    with pytest.raises(RefusedError, match="not written by edgegen"):
        write(tmp_path, [Output(COMPOSE.path, b"newer")])


def test_a_forged_manifest_removes_nothing_outside(tmp_path: Path) -> None:
    project, outside = tmp_path / "project", tmp_path / "outside"
    project.mkdir()
    outside.write_bytes(b"x")
    write(project)
    manifest = json.loads((project / ".edgegen/manifest.json").read_text())
    manifest["outputs"]["../outside"] = hashlib.sha256(b"x").hexdigest()
    (project / ".edgegen/manifest.json").write_text(json.dumps(manifest))
    assert "is invalid" in write(project, [COMPOSE]).warnings[0]
    assert outside.exists()


def test_a_missing_project_directory_is_an_io_error(tmp_path: Path) -> None:
    with pytest.raises(LocalIOError, match="nowhere"):
        write(tmp_path / "nowhere")


@pytest.mark.slow
def test_a_huge_file_in_the_way_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / COMPOSE.path).open("wb") as sparse:
        sparse.truncate(65 * 1024 * 1024)
    with pytest.raises(RefusedError, match="larger than"):
        write(tmp_path)
