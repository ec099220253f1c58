"""What containers read of secrets and configs, and what another user of the host does not."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import bcrypt
import pytest

from tests.lab.authority import Authority
from tests.lab.clients import Client, wait_for_certificate, wait_for_status
from tests.lab.engine import sweep
from tests.lab.ground import Ground
from tests.lab.stack import Stack

SPEC = """\
name: lab
services:
  site:
    image: "w:1"
    user: "33:33"
    secrets: [given, made, {source: held_back.v1, target: /run/held, mode: "0400"}]
    configs: [{source: plain.conf, target: /etc/plain.conf}]
    environment: {ONLY_A_VARIABLE: {secret: variable}}
  root:
    image: "w:1"
    read_only: true
    secrets: [{source: held_back.v1, mode: "0400"}]
  texts:
    image: "w:1"
    configs:
      - motd
      - {source: motd, target: /etc/motd, uid: 33, gid: 33, mode: "0440"}
secrets:
  given: {file: mine.txt}
  made: {generate: 32}
  held_back.v1: {generate: 32}
  variable: {generate: 32}
configs:
  plain.conf: {file: conf/plain.conf}
  motd: {content: "literal $$HOME, $$$$ and {{ braces }}, ${EDGEGEN_UNSET:-a default}\\n"}
"""
NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--")


@pytest.fixture(scope="class")
def running(engine: Ground, authority: Authority) -> Iterator[Stack]:
    """One stack for all tests that look into its containers."""
    # Not in pytest's own folder, which every session of pytest closes again.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # as /srv is: what keeps others out is the folder of the secrets alone
        yield started(Stack(engine, authority, Path(folder) / "project"))
    sweep(engine)


def started(stack: Stack) -> Stack:
    stack.folder.mkdir()
    (stack.folder / "conf").mkdir()
    (stack.folder / "conf/plain.conf").write_text("as it is: $HOME\n")
    (stack.folder / "mine.txt").write_text("the user's own\n")
    (stack.folder / "mine.txt").chmod(0o600)
    stack.write(SPEC)
    stack.edgegen("render")
    stack.up()
    return stack


def inside(stack: Stack, service: str, *words: str) -> str:
    done = stack.ground.run("docker", "exec", stack.container(service), *words, check=False)
    return (done.stdout + done.stderr).strip()


def by_nobody(ground: Ground, path: Path) -> str:
    done = ground.run(*NOBODY, "cat", str(path), check=False, env={"LC_ALL": "C"})
    return done.stdout + done.stderr


class TestContainers:
    """What they read of their files, and what others do not. Each test leaves the files as it has found them."""

    def test_a_process_of_www_data_reads_its_secrets_and_another_user_of_the_host_does_not(
        self, running: Stack
    ) -> None:
        assert inside(running, "site", "id", "-u") == "33"
        assert inside(running, "site", "cat", "/run/secrets/given") == "the user's own"
        made = (running.folder / "secrets/made").read_text()
        assert inside(running, "site", "cat", "/run/secrets/made") == made
        variable = (running.folder / "secrets/variable").read_text()
        assert f"ONLY_A_VARIABLE={variable}" in inside(running, "site", "env").splitlines()
        assert "Permission denied" in inside(running, "site", "cat", "/run/held")
        held = (running.folder / "secrets/held_back.v1").read_text()
        assert inside(running, "root", "cat", "/run/secrets/held_back.v1") == held
        # The net: this user reaches the project, and would read the file were it not for the folder.
        assert by_nobody(running.ground, running.folder / "conf/plain.conf") == "as it is: $HOME\n"
        for name in ("given", "made", "held_back.v1", "variable", "site.env"):
            assert "Permission denied" in by_nobody(running.ground, running.folder / "secrets" / name), name
        assert "Permission denied" in by_nobody(running.ground, running.folder / "mine.txt")
        (running.folder / "secrets").chmod(0o755)
        assert by_nobody(running.ground, running.folder / "secrets/made") == made
        running.edgegen("render")
        assert "Permission denied" in by_nobody(running.ground, running.folder / "secrets/made")

    def test_the_files_of_before_are_not_readable_in_the_container(self, running: Stack) -> None:
        """What the fix is for: a 0600 file, as it was rendered once, is closed to the same process."""
        secret = running.folder / "secrets/made"
        secret.chmod(0o600)
        assert "Permission denied" in inside(running, "site", "cat", "/run/secrets/made")
        running.edgegen("render")  # the same inode: the running container sees it at once
        assert inside(running, "site", "cat", "/run/secrets/made") == secret.read_text()

    def test_configs_arrive_as_they_were_written(self, running: Stack) -> None:
        """The content's variables are Compose's, and `$$` is a dollar; a file is nobody's template."""
        text = "literal $HOME, $$ and {{ braces }}, a default"
        assert inside(running, "texts", "cat", "/motd") == text
        assert inside(running, "texts", "cat", "/etc/motd") == text
        assert inside(running, "texts", "ls", "-ln", "/etc/motd").split()[:4] == ["-r--r-----", "1", "33", "33"]
        assert inside(running, "site", "cat", "/etc/plain.conf") == "as it is: $HOME"

    def test_up_gives_a_container_what_its_files_hold_now(self, running: Stack) -> None:
        """The copy of a user's file is another file each time: a container left alone would keep the old one."""
        (running.folder / "mine.txt").write_text("changed\n")
        assert inside(running, "site", "cat", "/run/secrets/given") == "the user's own"
        untouched = running.container("texts")
        running.up()
        assert inside(running, "site", "cat", "/run/secrets/given") == "changed"
        assert running.container("texts") == untouched


EDGE = """\
name: users
services:
  inline: {{image: "w:1", host: inline.users.test, port: 80, middlewares: [{{kind: basic-auth, users: ["{line}"]}}]}}
  named: {{image: "w:1", host: named.users.test, port: 80, middlewares: [{{kind: basic-auth, users_secret: people}}]}}
secrets:
  people: {{file: people.txt}}
"""


def test_traefik_reads_users_that_nobody_else_may_and_up_tells_it_of_new_ones(stack: Stack) -> None:
    stack.folder.mkdir()
    for password in ("first", "second"):
        line = "ann:" + bcrypt.hashpw(password.encode(), bcrypt.gensalt(4)).decode()
        (stack.folder / "people.txt").write_text(f"{line}\n")
        stack.write(EDGE.format(line=line))
        stack.edgegen("render")
        stack.up()
        modes = {path.name: path.stat().st_mode & 0o777 for path in (stack.folder / "secrets").iterdir()}
        assert modes == {"people": 0o600, "inline-basic-auth.users": 0o600}
        for host in ("inline.users.test", "named.users.test"):
            wait_for_certificate(stack.ground, host)
            wait_for_status(Client(stack.ground, stack.root, ("ann", password)), host, 200)
            given = {
                word: Client(stack.ground, stack.root, ("ann", word)).get(host).status for word in ("first", "second")
            }
            assert given == {"first": 401, "second": 401} | {password: 200}, host
