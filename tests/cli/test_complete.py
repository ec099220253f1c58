"""What Tab offers: asked through the protocol of each shell, and in a real Bash."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Edgegen

SPEC = """\
name: shop
acme: {email: ops@example.com}
domains: {example.com: {provider: none}}
services:
  web: {image: "acme/web:1", port: 80, host: www.example.com, aliases: [blog.example.com]}
  hub: {kind: registry, host: r.example.com, users: [ci, deploy]}
  db: {image: "postgres:16"}
environments:
  dev: {services: {mail: {image: "acme/mail:1", port: 80, host: mail.localhost}}}
  production: {}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "edge.yaml").write_text(SPEC)
    return tmp_path


def offered(edgegen: Edgegen, line: str, cwd: Path) -> list[str]:
    """What Bash gets for a line; the word at its end is the one to complete."""
    words = shlex.split(line)
    at = len(words) - (not line.endswith(" "))
    env = {"_EDGEGEN_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(at)}
    done = edgegen(env=env, cwd=cwd)
    assert (done.code, done.err) == (0, "")
    return done.out.split()


@pytest.mark.quick(7)
@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("edgegen render -e ", "dev production base"),
        ("edgegen up --environment pr", "production"),
        ("edgegen dns plan -e d", "dev"),
        ("edgegen cert list -e b", "base"),
        ("edgegen logs ", "web hub db"),
        ("edgegen logs web ", "web hub db"),
        ("edgegen logs -e dev m", "mail"),
        ("edgegen verify w", "web www.example.com"),
        ("edgegen verify -e dev mail", "mail mail.localhost"),
        ("edgegen verify b", "blog.example.com"),
        ("edgegen explain https://r", "https://r.example.com"),
        ("edgegen registry user rm ", "ci deploy"),
        ("edgegen auth add alice --service w", "web"),
        ("edgegen auth rm alice --service d", "db"),
        ("edgegen registry user passwd d", "deploy"),
        ("edgegen registry user add ci2 --service h", "hub"),
        ("edgegen init web-", "web-replicas"),
        ("edgegen init registry example.com --target s", "swarm"),
        ("edgegen rule EV00", " ".join(f"EV00{digit}" for digit in range(1, 10))),
        ("edgegen rule el0600", ""),
        ("edgegen ren", "render"),
        ("edgegen registry user p", "passwd"),
    ],
)
def test_names(edgegen: Edgegen, project: Path, line: str, names: str) -> None:
    assert offered(edgegen, line, project) == names.split()


def test_the_project_is_the_one_that_is_named(edgegen: Edgegen, project: Path, tmp_path_factory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    assert offered(edgegen, "edgegen logs ", elsewhere) == []
    assert offered(edgegen, f"edgegen logs -C {project} d", elsewhere) == ["db"]


@pytest.mark.quick(2)
@pytest.mark.parametrize(
    "text",
    [
        "",
        "services: [",
        "services: [a, b]\nenvironments: 3\n",
        "services: {web: 3}\nenvironments: {dev: x}\n",
        "- a\n",
        "a: &a [*a]\n",
    ],
    ids=["empty", "broken", "lists", "numbers", "no mapping", "loop"],
)
def test_a_file_that_is_being_written_is_not_an_error(edgegen: Edgegen, tmp_path: Path, text: str) -> None:
    (tmp_path / "edge.yaml").write_text(text)
    for line in ("edgegen logs ", "edgegen render -e ", "edgegen verify w", "edgegen registry user rm "):
        assert set(offered(edgegen, line, tmp_path)) <= {"web", "dev", "base"}


def test_half_a_file_still_gives_its_names(edgegen: Edgegen, tmp_path: Path) -> None:
    """The spec has mistakes, and no render would take it."""
    (tmp_path / "edge.yaml").write_text("services:\n  web: {prot: 80}\n  worker:\n")
    assert offered(edgegen, "edgegen logs w", tmp_path) == ["web", "worker"]


@pytest.mark.parametrize(
    ("line", "words", "at", "names"),
    [
        ("https://r", ["https", ":", "//r"], 4, "//r.example.com"),
        ("https://", ["https", ":", "//"], 4, "//www.example.com //blog.example.com //r.example.com"),
        ("https://r with -C", ["-C", ".", "https", ":", "//r"], 6, "//r.example.com"),
        ("http", ["http"], 2, "https://www.example.com https://blog.example.com https://r.example.com"),
        ("behind a URL", ["https", ":", "//r.example.com", "-e", ""], 6, "dev production base"),
    ],
)
def test_a_url_in_bash(edgegen: Edgegen, project: Path, line: str, words: list[str], at: int, names: str) -> None:
    """Bash breaks words at `:`, asks for the last piece, and puts only that in."""
    text = "\n".join(["edgegen", "explain", *words])
    env = {"_EDGEGEN_COMPLETE": "complete_bash", "COMP_WORDS": text, "COMP_CWORD": str(at)}
    assert edgegen(env=env, cwd=project).out.split() == names.split(), line


@pytest.mark.parametrize(("line", "code"), [("edgegen logs ", 0), ("edgegen lint ", 1), ("edgegen render -C ", 1)])
def test_fish_completes_files_where_there_are_no_names(edgegen: Edgegen, project: Path, line: str, code: int) -> None:
    """The exit code is the answer: 0 keeps fish from offering files."""
    asked = {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "is-args"}
    assert edgegen(env={"_EDGEGEN_COMPLETE": "complete_fish", **asked}, cwd=project).code == code


@pytest.mark.parametrize(
    ("shell", "file"),
    [
        ("bash", ".bash_completions/edgegen.sh"),
        ("zsh", ".zfunc/_edgegen"),
        ("fish", ".config/fish/completions/edgegen.fish"),
    ],
)
def test_a_shell_that_is_named_is_the_one(edgegen: Edgegen, tmp_path: Path, shell: str, file: str) -> None:
    done = edgegen("--install-completion", shell, env={"HOME": str(tmp_path)}, cwd=tmp_path)
    assert (done.code, f"{shell} completion installed in {tmp_path / file}" in done.out) == (0, True)
    script = (tmp_path / file).read_text()
    assert f"complete_{shell}" in script
    shown = edgegen("--show-completion", shell, env={"HOME": str(tmp_path)}, cwd=tmp_path)
    assert (shown.code, shown.out.strip()) == (0, script.strip())


UNINSTALLED = "error[7]: the completion can't be installed: "


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "pwsh"])
@pytest.mark.parametrize("home", ["/proc/nowhere", "/dev/null", ""])
def test_a_home_that_takes_no_files_is_said(edgegen: Edgegen, tmp_path: Path, home: str, shell: str) -> None:
    done = edgegen("--install-completion", shell, env={"HOME": home, "PATH": str(tmp_path)}, cwd=tmp_path)
    assert (done.code, done.err.startswith(UNINSTALLED)) == (7, True)
    assert "edgegen --show-completion SHELL" in done.err


@pytest.mark.parametrize("home", ["/proc/nowhere", ""])
def test_so_it_is_for_the_current_shell(tmp_path: Path, home: str) -> None:
    words = [shutil.which("bash") or "", "-c", '"$0" -m edgegen --install-completion; exit $?', sys.executable]
    done = subprocess.run(words, env={"HOME": home}, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.startswith(UNINSTALLED)) == (7, True)


@pytest.mark.parametrize("words", [["tcsh"], ["zsh", "render"]])
def test_another_word_is_not_ignored(edgegen: Edgegen, tmp_path: Path, words: list[str]) -> None:
    done = edgegen("--install-completion", *words, env={"HOME": str(tmp_path)}, cwd=tmp_path)
    assert done.code == 2
    assert f"`{words[-1]}` is not a shell that --install-completion knows" in done.err
    assert list(tmp_path.iterdir()) == []


LISTING = """
import atexit, sys
atexit.register(lambda: sys.stderr.write(" ".join(sys.modules)))
from edgegen.__main__ import main
main()
"""
HEAVY = {"pydantic", "rich", "jinja2", "ssl", "dns", "cloudflare", "requests", "httpx", "edgegen.spec.load"}


@pytest.mark.quick(1)
@pytest.mark.parametrize(
    ("shell", "line"),
    [
        ("bash", "edgegen logs "),
        ("zsh", "edgegen up -e "),
        ("fish", "edgegen verify "),
        ("zsh", "edgegen init "),
        ("fish", "edgegen rule E"),
    ],
)
def test_pressing_tab_loads_nothing_heavy(project: Path, shell: str, line: str) -> None:
    words = line.split(" ")
    env = {
        **os.environ, "_EDGEGEN_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1), "_TYPER_COMPLETE_ARGS": line,
    }  # fmt: skip
    listing = [sys.executable, "-c", LISTING]
    done = subprocess.run(listing, cwd=project, env=env, capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert done.stdout.strip()
    assert "typer" in loaded
    assert not loaded & HEAVY
    assert len([name for name in loaded if name.startswith("edgegen.")]) < 100


def test_descriptions_reach_the_shells_that_show_them(edgegen: Edgegen, project: Path) -> None:
    asked = {"_TYPER_COMPLETE_ARGS": "edgegen logs ", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}
    zsh = edgegen(env={"_EDGEGEN_COMPLETE": "complete_zsh", **asked}, cwd=project).out
    assert '"web":"www.example.com"' in zsh
    assert '"db":"postgres\\\\:16"' in zsh
    fish = edgegen(env={"_EDGEGEN_COMPLETE": "complete_fish", **asked}, cwd=project).out
    assert "hub\tr.example.com" in fish.splitlines()


@pytest.mark.slow
def test_the_ids_are_those_of_the_pages(edgegen: Edgegen, tmp_path: Path) -> None:
    """The list is read from the sources, for speed; the pages come from the modules."""
    listed = [line.split()[:2] for line in edgegen("rules").out.splitlines()]
    assert offered(edgegen, "edgegen rule E", tmp_path) == [number for number, _ in listed]
    assert offered(edgegen, "edgegen rule ev01", tmp_path) == [f"ev01{digit}" for digit in range(10)]
    names = [name for _, name in listed]
    for letter in {name[0] for name in names}:
        assert set(offered(edgegen, f"edgegen rule {letter}", tmp_path)) >= {n for n in names if n[0] == letter}
    assert offered(edgegen, f"edgegen rule {names[0][:-1]}", tmp_path) == [names[0]]


IN_BASH = """
PATH={scripts}:$PATH
source <(_EDGEGEN_COMPLETE=source_bash edgegen)
complete -p edgegen
COMP_WORDS=(edgegen registry user passwd d); COMP_CWORD=4
_edgegen_completion edgegen passwd d
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.mark.slow
def test_in_a_real_bash(project: Path) -> None:
    scripts = Path(sys.executable).parent
    words = ["bash", "--norc", "--noprofile", "-c", IN_BASH.format(scripts=scripts)]
    done = subprocess.run(words, cwd=project, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n") == ["complete -o default -F _edgegen_completion edgegen", "deploy", ""]
