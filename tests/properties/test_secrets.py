"""No secret leaves its file, which nobody else can reach: not in rendered files, not on the screen, not in a message, not in an argument."""

from __future__ import annotations

import base64
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from edgegen.files import Output
from edgegen.project.render import Prepared, prepare
from edgegen.spec.load import load_text
from tests.properties.specs import as_text
from tests.properties.test_mutated import called

pytestmark = pytest.mark.slow

HASH = "$2y$05$XnlQHNnBlNuQMhPVYKFxRujLVbLgRFDHhHj8V9vFnsU4XLYP3QEQi"
CANARIES = {"CANARY_ENV": "canary-env-7d1f'$x", "CANARY_KEY": "canary-key-a91c", "CANARY_SECRET": "canary-secret-03e7"}
FILE_CANARY = "canary-file-5b2e ${X}"
SPEC = {
    "name": "vault",
    "services": {
        "registry": {
            "kind": "registry", "host": "r.example.com", "users": ["ci", "dev"],
            "storage": {"s3": {"bucket": "b", "region": "r", "access_key": {"secret": "key"}, "secret_key": {"secret": "both"}}},
        },
        "pull": {"kind": "registry", "host": "p.example.com", "users": ["ci"], "anonymous": "pull"},
        "web": {
            "image": "x:1", "host": "w.example.com", "port": 80, "secrets": ["made", {"source": "from.file_2", "target": "x", "mode": "0440"}],
            "environment": {"A": {"secret": "from-env"}, "B": {"secret": "made"}, "C": {"secret": "from.file_2"}},
            "middlewares": [{"kind": "basic-auth", "users": [f"ci:{HASH}"]}, "office"],
        },
    },
    "middlewares": {"office": {"kind": "basic-auth", "users_secret": "users"}},
    "secrets": {
        "from-env": {"env": "CANARY_ENV"}, "key": {"env": "CANARY_KEY"}, "both": {"env": "CANARY_SECRET"},
        "made": {"generate": 40}, "from.file_2": {"file": "private.txt"}, "users": {"file": "users.txt"},
    },
    "edge": {"dashboard": {"host": "d.example.com", "users": ["admin"]}},
}  # fmt: skip


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a canary in every place that holds a secret, not yet rendered."""
    for name, value in CANARIES.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "edge.yaml").write_text(as_text(SPEC))
    (tmp_path / "private.txt").write_text(FILE_CANARY)
    (tmp_path / "users.txt").write_text(f"office:{HASH[:-3]}abc\n")
    return tmp_path


def planted(project: Path) -> set[str]:
    """Every secret of a rendered project: the planted ones, and what edgegen made itself."""
    found = {*CANARIES.values(), FILE_CANARY, HASH, f"{HASH[:-3]}abc"}
    for path in private_files(project):
        for line in path.read_text().splitlines():
            found |= {line, line.partition("=")[2], line.partition(":")[2]}
    return {value for value in found if len(value) >= 12}


def private_files(project: Path) -> Iterator[Path]:
    """Files that only their owner can read: in a folder that is closed, or closed themselves."""
    yield from (path for path in (project / "secrets").iterdir())
    yield from project.rglob("htpasswd")


def leaks(text: str, secrets: set[str]) -> list[str]:
    """The secrets that stand in a text: as they are, in base64, or in a URL's or YAML's escapes."""
    shapes = {
        shape: secret
        for secret in secrets
        for shape in (
            secret,
            base64.b64encode(secret.encode()).decode().rstrip("="),
            quote(secret),
            secret.replace("$", "$$"),
        )
    }
    return [secret for shape, secret in shapes.items() if shape in text]


def public_text(project: Path) -> str:
    """All files that others may read, but those that the user wrote."""
    own = {"edge.yaml", "private.txt", "users.txt"}
    readable = [
        path
        for path in project.rglob("*")
        if path.is_file() and path.relative_to(project).as_posix() not in own and may_be_read(path)
    ]
    assert {path.name for path in readable} >= {"docker-compose.yml", "services.yml", "middlewares.yml", ".gitignore"}
    return "\n".join(path.read_text() for path in readable)


def may_be_read(path: Path) -> bool:
    """Whether another user of the host can get at the file, in whose project he may look around."""
    is_closed = path.parent.name == "secrets" and stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    return not is_closed and stat.S_IMODE(path.stat().st_mode) != 0o600


def passwords(out: str) -> list[str]:
    """The passwords that are shown once."""
    return re.findall(r"password (\S+) ", out)


def test_every_private_file_is_private_and_no_other_holds_a_secret(vault: Path) -> None:
    code, out, err = called(["render", "-C", str(vault)])
    assert code == 0, err
    assert len(passwords(out)) == 4
    secrets = planted(vault) | set(passwords(out))
    assert len(secrets) >= 12
    assert [path for path in private_files(vault) if may_be_read(path)] == []
    mounted = {"made": 0o444, "from.file_2": 0o440}
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in private_files(vault)}
    assert modes == {name: mounted.get(name, 0o600) for name in modes}
    assert leaks(public_text(vault), secrets) == []
    state = [path for path in (vault / ".edgegen").rglob("*") if path.is_file()]
    assert leaks("\n".join(path.read_text() for path in state), secrets) == []


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["-v"],
        ["--json"],
        ["--json", "-v"],
        ["--diff"],
        ["--check"],
        ["--stdout"],
        ["--diff", "--json"],
        ["--force", "-v"],
    ],
    ids=" ".join,
)
def test_the_screen_shows_no_secret(vault: Path, words: list[str]) -> None:
    first = called(["render", "-C", str(vault)])[1]
    secrets = planted(vault) | set(passwords(first))
    (vault / "docker-compose.yml").unlink()
    (vault / "secrets/web.env").write_text("A=other\n")
    code, out, err = called(["render", "-C", str(vault), *words])
    assert code in (0, 1, 3), err
    assert leaks(out + err, secrets) == []


def test_new_passwords_are_shown_once_and_only_there(vault: Path) -> None:
    _, out, err = called(["render", "-C", str(vault), "-v", "--json"])
    shown = re.findall(r'"password": "(\w+)"', out)
    assert len(shown) == 4
    assert leaks(err, planted(vault) | set(shown)) == []
    assert leaks(public_text(vault), set(shown)) == []
    assert leaks("".join(called(["render", "-C", str(vault), "-v"])[1:]), set(shown)) == []


@pytest.mark.parametrize("content", [b"canary-wrong-1\ncanary-wrong-2\n", b"canary-wrong-\xff-3", b"canary-wrong-4\0"])
def test_an_error_about_a_secret_does_not_show_it(vault: Path, content: bytes) -> None:
    (vault / "private.txt").write_bytes(content)
    code, out, err = called(["render", "-C", str(vault), "-v", "--json"])
    assert code == 2
    assert leaks(out + err, {"canary-wrong", *CANARIES.values()}) == []


def test_no_line_of_users_is_shown_when_it_is_wrong(vault: Path) -> None:
    (vault / "registry").mkdir()
    (vault / "registry/htpasswd").write_text("ci:canary-plain-password\n")
    (vault / "registry/htpasswd").chmod(0o600)
    code, out, err = called(["render", "-C", str(vault), "-v", "--json"])
    assert code == 2
    assert leaks(out + err, {"canary-plain-password"}) == []


def test_a_bug_report_shows_no_secret(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def bug(*_: object) -> None:
        value = os.environ["CANARY_ENV"]
        raise KeyError(value)

    monkeypatch.setattr("edgegen.secrets.generated._env_file", bug)
    code, out, err = called(["render", "-C", str(vault), "-v"])
    assert code == 70
    assert leaks(out + err, set(CANARIES.values())) == []


def test_render_starts_no_process_so_no_argument_can_hold_a_secret(
    vault: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    log = tmp_path_factory.mktemp("strace") / "log"
    argv = [
        "strace",
        "-f",
        "-e",
        "trace=execve,execveat",
        "-o",
        str(log),
        sys.executable,
        "-m",
        "edgegen",
        "render",
        "-C",
    ]
    done = subprocess.run([*argv, str(vault)], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    started = [line for line in log.read_text().splitlines() if "exec" in line]
    assert len(started) == 1 and "edgegen" in started[0]
    assert leaks(log.read_text() + done.stderr, planted(vault) | set(passwords(done.stdout))) == []


def is_private(item: Output) -> bool:
    return item.mode == 0o600 or item.path.startswith("secrets/")


def rendered_text(project: Path) -> tuple[str, set[str]]:
    """What would be written for everybody to read, and the secrets that must not be in it."""
    prepared: Prepared = prepare(project, None, environ=CANARIES, loaded=load_text(as_text(SPEC).encode(), "edge.yaml"))
    public = "".join(item.content.decode() for item in prepared.outputs if not is_private(item))
    private = {
        line.partition("=")[2]
        for item in prepared.outputs
        if is_private(item)
        for line in item.content.decode().split("\n")
    }
    return public, {*CANARIES.values(), FILE_CANARY, *(value for value in private if len(value) >= 12)}
