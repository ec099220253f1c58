"""`edgegen lint`: exit codes, the text, one JSON object, and nothing secret anywhere."""

from __future__ import annotations

import json
import os
import pty
from pathlib import Path

import pytest

from tests.cli.lint.conftest import HASH, Lint, compose
from tests.conftest import Edgegen

FILE = "compose.yaml"
SEEN = Path(__file__).parent / "seen"


def write(folder: Path, *labels: str) -> None:
    (folder / FILE).write_text(compose(*labels), encoding="utf-8")


@pytest.mark.parametrize(
    ("label", "words", "code"),
    [
        ("fine=1", (), 0),
        ("old=1", (), 1),
        ("old=1", ("--fail-on", "high"), 1),
        ("old=1", ("--fail-on", "critical"), 0),
        ("old=1", ("--fail-on", "never"), 0),
        ("low=1", (), 0),
        ("low=1", ("--fail-on", "low"), 1),
        ("low=1", ("--fail-on", "info"), 1),
        ("maybe=1", (), 0),
        ("maybe=1", ("--strict",), 4),
        ("maybe=1", ("--fail-on", "info"), 0),
        ("fine=1", ("--strict",), 0),
        ("fine=1", ("--fail-on", "worst"), 2),
        ("fine=1", ("--traefik-version", "latest"), 2),
        ("fine=1", ("--traefik-version", "3.6"), 0),
        ("fine=1", ("--json", "--format", "sarif"), 2),
        ("fine=1", ("-f", FILE, FILE), 2),
        ("fine=1", ("nowhere.yaml",), 2),
        ("fine=1", ("--config", "nowhere.yml"), 7),
    ],
)
def test_exit_codes(lint: Lint, tmp_path: Path, label: str, words: tuple[str, ...], code: int) -> None:
    write(tmp_path, label)
    done = lint(*words)
    assert done.code == code, done.out + done.err
    assert ("error[" in done.err) == (code in (2, 7))


def test_findings_come_before_what_strict_says(lint: Lint, tmp_path: Path) -> None:
    write(tmp_path, "old=1", "maybe=1")
    assert lint("--strict").code == 1


def test_a_file_that_is_no_yaml_is_an_error_with_its_place(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("services:\n  web: [\n")
    done = lint()
    assert done.code == 2
    assert f"{FILE}:" in done.err


def test_without_files_and_without_a_project(lint: Lint) -> None:
    done = lint()
    assert done.code == 2
    assert "there is no Compose file" in done.err


def test_a_folder_without_a_compose_file_is_named(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    done = lint("empty")
    assert done.code == 2
    assert "there is no Compose file in empty" in done.err


def test_without_a_name_compose_files_that_nothing_takes_are_named(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "prod.yml").write_text("services: {}\n")
    (tmp_path / "other.yml").write_text("a: b\n")
    assert "Compose does not take prod.yml by itself: `edgegen lint prod.yml`" in " ".join(lint().err.split())
    (tmp_path / FILE).write_text("services: {web: {image: 'app:1'}}\n")
    assert lint().err.startswith(f"skipped: prod.yml. `edgegen lint prod.yml`, or over {FILE}: ")
    assert "skipped" not in lint(FILE).err
    assert "skipped" not in lint("--json").err


def test_a_spec_that_is_a_folder_is_reported(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").mkdir()
    done = lint()
    assert done.code == 2
    assert "edge.yaml is a folder, not a file" in done.err


LABELS = (
    "fine=1", '"old.word=x" # why', "  low=1", f"leak={HASH}", "maybe=1", "gone=1 # edgegen: ignore[EL952] kept for now",  # noqa: E501
)  # fmt: skip


def test_what_a_person_sees(lint: Lint, tmp_path: Path, golden) -> None:
    write(tmp_path, *LABELS)
    golden(SEEN / "text.txt", lint().out)
    golden(SEEN / "text-verbose.txt", lint("-v").out)
    assert "\x1b" not in lint().out


def test_the_mark_is_under_the_place(lint: Lint, tmp_path: Path) -> None:
    write(tmp_path, '"old.wörd=x"')
    lines = lint().out.splitlines()
    at = next(number for number, line in enumerate(lines) if "wörd=x" in line)
    start = lines[at + 1].index("^")
    assert lines[at][start:].startswith('"old.wörd')
    assert lines[at + 1].strip("| 5") == "^" * lines[at + 1].count("^")


def test_a_long_line_is_cut_around_the_place(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(
        f"services: {{web: {{image: {'x' * 300}, labels: {{old: 1}}, hostname: {'y' * 300}}}}}\n"
    )
    done = lint()
    assert max(map(len, done.out.splitlines())) < 130
    line, mark = done.out.splitlines()[3:5]
    assert line[mark.index("^") :].startswith("old")


def test_json(lint: Lint, tmp_path: Path) -> None:
    write(tmp_path, *LABELS)
    body = json.loads(lint("--json").out)
    assert (body["schema_version"], body["command"], body["ok"]) == (1, "lint", False)
    first = body["findings"][0]
    assert {key: first[key] for key in ("id", "name", "severity", "outcome", "subject", "where", "fix")} == {
        "id": "EL951", "name": "planted-word", "severity": "high", "outcome": "fail", "subject": "web",
        "where": f"{FILE}:6:9", "fix": "write `new.word`",
    }  # fmt: skip
    assert body["counts"] == {"critical": 0, "high": 2, "medium": 0, "low": 1, "info": 0}
    assert [item["outcome"] for item in body["findings"]].count("unknown") == body["unseen"] == 1
    assert [(item["id"], item["by"], item["reason"]) for item in body["suppressed"]] == [
        ("EL952", "comment", "kept for now")
    ]
    assert body["files"] == [FILE]


@pytest.mark.parametrize(
    "words", [(), ("-v",), ("--json",), ("--diff",), *((("--format", form)) for form in ("github", "sarif", "junit"))]
)
def test_no_password_hash_is_printed(lint: Lint, tmp_path: Path, words: tuple[str, ...]) -> None:
    write(tmp_path, f"leak={HASH}", f"traefik.http.middlewares.a.basicauth.users=me:{HASH}", "old=1")
    done = lint(*words)
    for part in (HASH[-20:], HASH[-20:].replace("$$", "$"), HASH.replace("$$", "$")[10:30]):
        assert part not in done.out + done.err
    assert ("+      - new=1" if words == ("--diff",) else "EL956") in done.out


def test_the_environment_of_a_service_is_not_printed(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(
        "services:\n  web: {image: 'a:1', labels: {old: 1}, environment: {DB_PASSWORD: canary-1, URL: 'http://u:canary-2@x'}}\n"
    )
    done = lint()
    assert "EL951" in done.out
    assert "canary" not in done.out


def test_with_a_folder_names_are_the_users(lint: Lint, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    write(tmp_path / "site", "old=1")
    assert f"site/{FILE}:5:9" in lint("-C", "site").out
    assert f"site/{FILE}:5:9" in lint(f"site/{FILE}").out


@pytest.mark.slow
def test_colour_only_on_a_terminal(edgegen: Edgegen, tmp_path: Path) -> None:
    write(tmp_path, "traefik.enable=yes")
    assert "\x1b[" in on_a_terminal(tmp_path, {})
    assert "\x1b[" not in on_a_terminal(tmp_path, {"NO_COLOR": "1"})
    done = edgegen("lint", cwd=tmp_path)
    assert "EL001" in done.out
    assert "\x1b[" not in done.out


def on_a_terminal(folder: Path, env: dict[str, str]) -> str:
    import subprocess
    import sys

    main, terminal = pty.openpty()
    command = [sys.executable, "-m", "edgegen", "lint"]
    given = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "TERM": "xterm", **env}
    with subprocess.Popen(command, cwd=folder, env=given, stdout=terminal, stderr=terminal, stdin=terminal) as done:
        os.close(terminal)
        said = b""
        try:
            while part := os.read(main, 65536):
                said += part
        except OSError:  # the other end is closed
            pass
        done.wait(60)
    os.close(main)
    return said.decode()
