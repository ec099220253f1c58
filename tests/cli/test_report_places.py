"""`dns plan -o`, `verify --junit`, `--html`: a report takes no other file's place, however that place is spelled."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from edgegen.cli.report_files import Files, is_html, is_junit, is_metrics, report_file
from edgegen.core.errors import EdgegenError, LocalIOError, RefusedError, UsageError
from edgegen.dns.plan_file import is_plan_file
from edgegen.files.report import owned
from tests.properties.test_mutated import called

SPEC = """\
name: a
domains: {example.com: {provider: zonefile, addresses: [157.245.51.137]}}
services:
  registry: {kind: registry, host: r.example.com, users: [ci]}
  web: {image: "x:1", port: 80, host: www.example.com, secrets: [made]}
secrets: {made: {generate: 40}}
edge: {dashboard: {host: d.example.com, users: [me]}}
"""
OWN: dict[str, tuple[Callable[[bytes], bool], bytes]] = {
    "-o": (is_plan_file, b'{"schema_version": 1, "digest": "x", "plans": []}'),
    "--junit": (is_junit, b'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="edgegen verify" tests="1" />\n'),
    "--metrics": (is_metrics, b"# HELP edgegen_verify_info About.\n"),
    "--html": (is_html, "<!doctype html>\n<title>1 endpoint · edgegen verify</title>".encode()),
}


MINE = (
    ".env", "Dockerfile", "docker-compose.override.yml", "notes.txt", "report.xml", "web.env", ".dockerignore",
)  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rendered project with zone files, certificates, and files of the user's own beside."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "edge.yaml").write_text(SPEC)
    for words in (["render", "-q"], ["dns", "sync", "-q"]):
        assert called([*words, "-C", str(folder)])[0] == 0
    (folder / "acme/acme.json").write_text('{"letsencrypt": {"Certificates": ["canary"]}}')
    for name in MINE:
        (folder / name).write_text("mine\n")
    (folder / "templates").mkdir()
    (folder / "templates/x.j2").write_text("mine\n")
    return folder


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Path:
    """A copy of it, with room beside."""
    return Path(shutil.copytree(made, tmp_path / "project", symlinks=True))


def contents(folder: Path) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "lock"
    }


def put(option: str, file: Path) -> None:
    report_file(option, file, OWN[option][0]).put(OWN[option][1])


@pytest.mark.parametrize("option", OWN)
def test_no_file_of_a_project_is_replaced(project: Path, option: str) -> None:
    before = contents(project)
    assert len(before) >= 20, sorted(before)
    for file in before:
        with pytest.raises(RefusedError) as told:
            put(option, Path(file))
        assert str(told.value).startswith(f"{option} {file}: "), file
    assert contents(project) == before


def test_the_plan_that_destroyed_every_certificate(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(project)
    elsewhere = tmp_path_factory.mktemp("cwd")
    monkeypatch.chdir(elsewhere)
    for file in ("acme/acme.json", "edge.yaml", ".edgegen/manifest.json", "notes.txt"):
        code, _, err = called(["dns", "plan", "-o", str(project / file), "-C", str(project)])
        assert (code, err.count("\n")) == (3, 1), err
        assert f"-o {project / file}: " in err
    assert contents(project) == before


SPELLINGS: dict[str, Callable[[Path], Path]] = {
    "through ..": lambda project: project / "traefik" / ".." / "acme" / "acme.json",
    "through a linked folder": lambda project: _link(project.parent / "way", project / "acme") / "acme.json",
    "a symbolic link": lambda project: _link(project / "report.html", project / "acme/acme.json"),
    "a symbolic link elsewhere": lambda project: _link(project.parent / "report.html", project / "acme/acme.json"),
    "a hard link": lambda project: _hard(project / "report.html", project / "acme/acme.json"),
    "a hard link elsewhere": lambda project: _hard(project.parent / "report.html", project / "acme/acme.json"),
    "another case": lambda project: project / "ACME.JSON",
    "a folder in another case": lambda project: _made(project / "Acme") / "new.json",
    "not there yet": lambda project: _gone(project / "acme/acme.json"),
    "a new file beside the secrets": lambda project: project / "secrets" / "report.xml",
    "edgegen's state": lambda project: project / ".edgegen" / "plan.json",
    "an override of Compose": lambda project: project / "compose.override.yaml",
    "a template": lambda project: project / "templates" / "new.j2",
    "another stack": lambda project: project / "stack.yml",
    "git's": lambda project: _made(project / ".git") / "config",
    "a context's own": lambda project: project / "web.Dockerfile.dockerignore",
    "an unfinished file": lambda project: project / ".edgegen-tmp-0123456789abcdef",
}


def _link(link: Path, target: Path) -> Path:
    link.unlink(missing_ok=True)
    link.symlink_to(target)
    return link


def _hard(link: Path, target: Path) -> Path:
    link.unlink(missing_ok=True)
    link.hardlink_to(target)
    return link


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def _gone(file: Path) -> Path:
    file.unlink()
    return file


@pytest.mark.quick(20)
@pytest.mark.parametrize("option", OWN)
@pytest.mark.parametrize("spelling", SPELLINGS)
def test_however_it_is_spelled(project: Path, spelling: str, option: str) -> None:
    file = SPELLINGS[spelling](project)
    before = contents(project.parent)
    with pytest.raises(RefusedError):
        put(option, file)
    assert contents(project.parent) == before


@pytest.mark.parametrize("option", OWN)
def test_what_is_no_such_file_is_written_and_replaced(project: Path, option: str) -> None:
    (project / "out").mkdir()
    (project / "empty").touch()
    _link(project / "way", project / "out")
    for name in ("plan.json", "out/verify.xml", "way/verify.html", "empty", "verify.env.html", "my-acme.json"):
        for _ in range(2):
            put(option, project / name)
            assert (project / name).read_bytes() == OWN[option][1]


def test_one_kind_of_report_does_not_replace_another(tmp_path: Path) -> None:
    for option in OWN:
        for other in OWN:
            (tmp_path / "report").write_bytes(OWN[other][1])
            if option == other:
                put(option, tmp_path / "report")
            else:
                with pytest.raises(RefusedError, match="did not write"):
                    put(option, tmp_path / "report")
            assert (tmp_path / "report").read_bytes() == OWN[other][1]


ALMOST = [
    b"{}", b"[" * 100_000, b"{" * 100_000, b'{"digest": 1}', b"<testsuites/>", b"<!doctype html>", b"\0", b"\xff",
    b'<?xml version="1.0"?><testsuites name="pytest">', b"<!doctype html><title>edgegen verify</title>",
]  # fmt: skip


@pytest.mark.parametrize("content", ALMOST, ids=range(len(ALMOST)))
def test_what_only_looks_like_a_report_stays(tmp_path: Path, content: bytes) -> None:
    for option in OWN:
        (tmp_path / "report").write_bytes(content)
        with pytest.raises(RefusedError):
            put(option, tmp_path / "report")
        assert (tmp_path / "report").read_bytes() == content


def test_a_file_that_appears_after_the_check_stays(tmp_path: Path) -> None:
    for option in OWN:
        found = report_file(option, tmp_path / "report", OWN[option][0])
        (tmp_path / "report").write_text("mine")
        with pytest.raises(RefusedError):
            found.put(OWN[option][1])
        assert _gone(tmp_path / "report")


def test_two_spellings_of_one_file(tmp_path: Path) -> None:
    _link(tmp_path / "way", tmp_path)
    for other in ("r", "./r", "way/r", "R"):
        with pytest.raises(UsageError, match="name one file"):
            Files(tmp_path / "r", metrics=tmp_path / other).check()


def test_what_names_no_file(tmp_path: Path) -> None:
    _link(tmp_path / "loop", tmp_path / "loop")
    wrong: dict[str, type[EdgegenError]] = {
        "": UsageError, "-": UsageError, f"{tmp_path}/": RefusedError, f"{tmp_path}/..": RefusedError,
        f"{tmp_path}/no/r": LocalIOError, f"{tmp_path}/loop/r": LocalIOError, f"{tmp_path}/a\nb": RefusedError,
        f"{tmp_path}/{'x' * 300}": RefusedError,
    }  # fmt: skip
    for option in OWN:
        for text, kind in wrong.items():
            with pytest.raises(kind):
                put(option, Path(text))


def test_the_list_of_places_is_by_path_and_not_by_chance() -> None:
    assert owned(("verify.html",)) == owned(("a", "acme", "verify.html")) == owned(("registry.xml",)) == ""
    assert owned(("x", "y.json"), {"x/Y.json"})
    assert owned(("registry-two", "htpasswd.new"))
    assert owned(("sub", "folder", ".ENV"))
