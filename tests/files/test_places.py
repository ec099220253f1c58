# ruff: noqa: E501  # tables: one case a line
"""Which places a report may take, which paths an output may have, and what belongs to nobody but its owner."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from edgegen.core.errors import LocalIOError, RefusedError
from edgegen.files import Output, ReportFile, write_outputs
from edgegen.files.lock import open_lock_file
from edgegen.files.output import directory_mode, is_private, is_secret, parse_path
from edgegen.files.report import owned
from edgegen.files.single_file import put_state

WRITTEN, NAME = "is a file that edgegen wrote", "has the name of a file that belongs to the project"


def _no_place(folder: str) -> str:
    return f"is in `{folder}`, where reports can't be written"


def _kept(folder: str) -> str:
    return f"is in `{folder}`, where edgegen keeps files of the project"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("report.html", ""), ("out/report.html", ""), ("a/acme/x", ""), ("acme", ""), ("secrets", ""), ("registry", ""),
        ("acme/x", _kept("acme")), ("ACME/x", _kept("ACME")), ("acme/deep/x", _kept("acme")), ("secrets/x", _kept("secrets")),
        ("registry-b/x", _kept("registry-b")), ("registries/x", ""), ("traefik/x", _kept("traefik")), ("templates/x", _kept("templates")),
        (".edgegen/x", _no_place(".edgegen")), ("a/.git/x", _no_place(".git")), ("a/.Docker/b/x", _no_place(".docker")), (".git", ""),
        ("a/b/.edgegen/c/x", _no_place(".edgegen")),
        ("written/by/us", WRITTEN), ("Written/BY/us", WRITTEN), ("written/by", ""), ("us", ""),
        ("edge.yaml", NAME), ("a/edge.yaml", NAME), ("EDGE.yaml", NAME), ("edge.yaml.txt", ""), ("docker-compose.override.yml", NAME),
        ("compose.yaml", NAME), ("composer.yaml", ""), ("stack.yml", NAME), ("Dockerfile", NAME), ("web.Dockerfile.dev", NAME), (".env", NAME),
        (".env.local", NAME), ("x.env", NAME), ("htpasswd", NAME), ("acme.json", NAME), ("a.bak", NAME), ("a.bak.1", NAME), ("a.bakery", ""),
        (".gitignore", NAME), ("x.dockerignore", NAME), (".edgegen-tmp-0", NAME),
    ],
)  # fmt: skip
def test_whose_place_it_is(path: str, why: str) -> None:
    assert owned(tuple(path.split("/")), ["Written/by/us"]) == why


def _report(folder: Path, name: str = "report.xml") -> ReportFile:
    return ReportFile("--junit", folder / name, lambda content: content.startswith(b"<report"))


def test_a_report_replaces_only_a_report(tmp_path: Path) -> None:
    report, file = _report(tmp_path), tmp_path / "report.xml"
    report.put(b"<report>1")
    report.check()
    report.put(b"<report>2")
    assert file.read_bytes() == b"<report>2"
    file.write_bytes(b"")
    report.put(b"<report>3")
    file.write_bytes(b"mine")
    for act in (report.check, lambda: report.put(b"<report>4")):
        with pytest.raises(RefusedError) as told:
            act()
        assert str(told.value) == f"--junit {file}: there is a file that `--junit` did not write"
        assert told.value.problems[0].hint == "remove it, or name another file"
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"report.xml": b"mine"}


def test_what_appears_while_a_report_is_made_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look and the last step somebody makes the file."""
    sync = os.fsync

    def meanwhile(opened: int) -> None:
        (tmp_path / "report.xml").write_bytes(b"mine")
        sync(opened)

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(RefusedError, match="appeared while it was being created"):
        _report(tmp_path).put(b"<report>1")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"report.xml": b"mine"}


def test_a_report_takes_no_place_of_the_project(tmp_path: Path) -> None:
    write_outputs(
        tmp_path,
        [Output("site/index.html", b"x"), Output("site/kept.html", b"x", keep=True)],
        spec_hash="", environment=None, version="",
    )  # fmt: skip
    for path, why in (("site/index.html", WRITTEN), ("site/kept.html", WRITTEN), ("site/edge.yaml", NAME)):
        with pytest.raises(RefusedError) as told:
            _report(tmp_path, path).put(b"<report>")
        assert str(told.value) == f"--junit {tmp_path / path}: it {why}"
        assert told.value.problems[0].hint == "name another file"
    _report(tmp_path, "site/report.xml").put(b"<report>")
    assert (tmp_path / "site/index.html").read_bytes() == b"x"


def test_a_report_beside_no_folder_or_in_a_loop(tmp_path: Path) -> None:
    with pytest.raises(LocalIOError) as told:
        _report(tmp_path, "gone/report.xml").check()
    assert str(told.value) == f"--junit {tmp_path}/gone/report.xml: there is no folder {tmp_path}/gone"
    assert told.value.problems[0].hint == "create it first"
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(LocalIOError) as told:
        _report(tmp_path, "loop/report.xml").check()
    assert str(told.value) in {
        f"--junit {tmp_path}/loop/report.xml: a loop of symbolic links",
        f"--junit {tmp_path}/loop/report.xml: Too many levels of symbolic links",
    }


def test_a_report_over_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "canary").write_bytes(b"<report>")
    (tmp_path / "report.xml").symlink_to("canary")
    with pytest.raises(RefusedError) as told:
        _report(tmp_path).put(b"<report>2")
    assert str(told.value) == f"--junit {tmp_path}/report.xml: is a symbolic link, not a regular file"
    assert told.value.problems[0].hint == "name another file"
    assert (tmp_path / "canary").read_bytes() == b"<report>"


EMPTY = "has an empty, `.` or `..` component"
UNPRINTABLE = "has a backslash or a character that can't be printed"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("", EMPTY), (".", EMPTY), ("..", EMPTY), ("a//b", EMPTY), ("a/./b", EMPTY), ("a/../b", EMPTY), ("a/", EMPTY),
        ("a\\b", UNPRINTABLE), ("a\nb", UNPRINTABLE), ("a\x00", UNPRINTABLE), ("\udcff", UNPRINTABLE),
        ("x" * 256, "has a component longer than 255 bytes"), ("a/" + "\u00fc" * 128, "has a component longer than 255 bytes"),
        ("a/.edgegen-tmp-x", "has a component that starts with `.edgegen-tmp-`, the mark of unfinished files"),
        ("/a", None),
        ("x" * 255, ""), ("\u00fc" * 127, ""), ("...", ""), (".a", ""), ("a.edgegen-tmp-", ""),
    ],
)  # fmt: skip
def test_a_path_inside_the_project(path: str, why: str | None) -> None:
    if why == "":
        assert parse_path(path) == tuple(path.split("/"))
        return
    with pytest.raises(RefusedError) as told:
        parse_path(path)
    said = (
        f"`{path}` is absolute: a file of the project has a path relative to it" if why is None else f"{path!r} {why}"
    )
    assert str(told.value) == said


@pytest.mark.parametrize("name", ["lock", "manifest.json", "pending.json"])
def test_the_book_keeping_is_no_output(name: str) -> None:
    with pytest.raises(RefusedError) as told:
        Output(f".edgegen/{name}", b"")
    assert str(told.value) == f"`.edgegen/{name}` is part of edgegen's own state and can't be an output"


@pytest.mark.parametrize(
    ("wanted", "found", "fits"),
    [
        (0o644, 0o644, True), (0o644, 0o664, True), (0o644, 0o666, False), (0o644, 0o640, False), (0o640, 0o660, True),
        (0o755, 0o775, True), (0o600, 0o620, False), (0o600, 0o600, True), (0o444, 0o464, False), (0o440, 0o460, False),
        (0o604, 0o624, False), (0o641, 0o661, True), (0o444, 0o444, True),
    ],
)  # fmt: skip
def test_a_mode_that_will_do(wanted: int, found: int, fits: bool) -> None:
    assert Output("a", b"", wanted).accepts_mode(found) is fits


@pytest.mark.parametrize(
    ("path", "mode", "secret"),
    [
        ("secrets/db", 0o444, True), ("secrets/deep/db", 0o444, False), ("secrets", 0o644, False), ("a/secrets/db", 0o644, False),
        ("a", 0o600, True), ("a", 0o700, True), ("a", 0o601, False), ("a", 0o610, False), ("a", 0o640, False), ("a", 0o604, False),
    ],
)  # fmt: skip
def test_what_is_never_shown(path: str, mode: int, secret: bool) -> None:
    assert is_secret(tuple(path.split("/")), mode) is secret
    assert Output(path, b"", mode).is_secret is secret


@pytest.mark.parametrize(
    ("path", "private"),
    [
        ("acme", True),
        ("secrets", True),
        (".edgegen", True),
        ("traefik", False),
        ("acme/x", False),
        ("a/secrets", False),
    ],
)
def test_folders_that_nobody_else_may_enter(path: str, private: bool) -> None:
    parts = tuple(path.split("/"))
    assert is_private(parts) is private
    assert directory_mode(parts) == (0o700 if private else 0o755)


def test_state_is_private_and_leaves_others_unfinished_files(tmp_path: Path) -> None:
    fresh, old = (tmp_path / f".edgegen/dns/.edgegen-tmp-{digit * 16}" for digit in "ab")
    put_state(tmp_path, ".edgegen/dns/z.json", b"1")
    for file in (fresh, old):
        file.write_bytes(b"half")
    os.utime(old, (1, 1))
    put_state(tmp_path, ".edgegen/dns/z.json", b"2")
    there = tmp_path / ".edgegen/dns/z.json"
    assert (there.read_bytes(), there.stat().st_mode & 0o7777) == (b"2", 0o600)
    assert (fresh.exists(), old.exists()) == (True, False)


@pytest.mark.parametrize("kind", ["a symbolic link", "a FIFO", "a folder", "a hard link"])
def test_a_file_that_is_there_to_be_locked(tmp_path: Path, kind: str) -> None:
    opened = open_lock_file(tmp_path, ".edgegen/locks/z")
    try:
        path = tmp_path / ".edgegen/locks/z"
        assert os.path.samestat(os.fstat(opened), path.stat())
        assert path.stat().st_mode & 0o7777 == 0o600
    finally:
        os.close(opened)
    path.unlink()
    canary = tmp_path / "canary"
    canary.write_bytes(b"theirs")
    make = {
        "a symbolic link": lambda: path.symlink_to(canary), "a FIFO": lambda: os.mkfifo(path),
        "a folder": path.mkdir, "a hard link": lambda: os.link(canary, path),
    }  # fmt: skip
    make[kind]()
    with pytest.raises(RefusedError) as told:
        open_lock_file(tmp_path, ".edgegen/locks/z")
    said = "is not a regular file" + (" with a single name" if kind in ("a hard link", "a FIFO") else "")
    assert str(told.value) == f"{path}: {said}"
    assert told.value.problems[0].hint == f"remove it: {path}"
    assert canary.read_bytes() == b"theirs"
