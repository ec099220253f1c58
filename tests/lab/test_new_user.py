"""A new user's way: `init` with a name below their domain, the lines that it prints, then a second service.

Cloudflare is a fake in the lab; the DNS that `verify` asks serves exactly the records that it was given.
"""

from __future__ import annotations

import contextlib
import json
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fakes.cloudflare import TOKEN
from tests.lab import names
from tests.lab.clients import DockerClient, shown_certificate, wait_for_certificate, worked
from tests.lab.ground import ADDRESS, Ground, stop
from tests.lab.images import ensure, ensure_images
from tests.lab.parts import program
from tests.lab.stack import Stack
from tests.lab.test_verify import running_names
from tests.sizes import is_proof

ROOT = Path(__file__).parents[2]
ZONE, HOST = "example.com", "r.example.com"
APP = "lab/app:1"
SECOND = """
  web:
    image: lab/web:1
    port: 8080
    hosts: [www.example.com, shop.example.com]
    aliases: [example.com]
"""
_ASK = "import sys, urllib.request as u; print(u.urlopen(sys.argv[1], sys.argv[2].encode(), timeout=9).read().decode())"


@dataclass(frozen=True)
class Fake:
    """A Cloudflare in the lab."""

    ground: Ground
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/client/v4"

    def ask(self, what: str, **body: Any) -> Any:
        url = f"http://127.0.0.1:{self.port}/_control/{what}"
        return json.loads(self.ground.run(sys.executable, "-c", _ASK, url, json.dumps(body)).stdout)


@contextlib.contextmanager
def cloudflare(ground: Ground, log: Path, zone: str = ZONE) -> Iterator[Fake]:
    """The fake with one zone, for as long as the block."""
    line = f"sleep 900 | {sys.executable} -m tests.fakes.cloudflare"
    process = ground.start(("sh", "-c", line), env={"PYTHONPATH": str(ROOT)}, log=log)
    end = time.monotonic() + 60
    while not log.read_text().endswith("\n"):
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < end
        time.sleep(0.02)  # its word is a line in a file
    try:
        fake = Fake(ground, int(log.read_text()))
        fake.ask("zone", name=zone)
        yield fake
    finally:
        stop(process)


@dataclass
class Shell:
    """The user's terminal: what is exported in one line holds in the next."""

    stack: Stack
    environment: dict[str, str]
    exports: list[str] = field(default_factory=list)

    def type(self, line: str, stdin: str = "") -> str:
        """One line, in the project's folder; it must succeed."""
        if line.startswith("export "):
            self.exports.append(line)
            return ""
        if line.startswith("#"):
            return ""
        words = ("bash", "-c", "\n".join([*self.exports, line]))
        done = self.stack.ground.run(
            *words, cwd=self.stack.folder, env=self.environment, stdin=stdin, seconds=240, check=False
        )
        assert done.returncode == 0, f"{line}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout


@dataclass
class User:
    """Copies line after line, and puts in what only they know."""

    shell: Shell
    fake: Fake
    zone: Path
    password: str = ""
    typed: list[str] = field(default_factory=list)

    def init(self) -> list[str]:
        """Start the project; gives the lines below `Next:`."""
        said = self.shell.type(f"edgegen init registry {HOST} --email ops@{ZONE} --address {ADDRESS}")
        found = re.search(r"password (\S+)", said)
        assert found
        self.password = found[1]
        return [line.strip() for line in said.partition("\nNext:\n")[2].splitlines()]

    def copy(self, line: str) -> None:
        """One of these lines."""
        self.typed.append(line)
        if line.startswith("export "):
            self.shell.type(line.replace("…", TOKEN))
        elif line.startswith("docker login"):
            # Its certificate is being made: the client says so, and a person tries again.
            wait_for_certificate(self.shell.stack.ground, HOST)
            self.shell.type(f"{line} --password-stdin", stdin=self.password)
        elif line == "edgegen up":
            self.in_the_lab()
            self.shell.stack.write_override()
            self.shell.type(line)
        elif line.startswith("edgegen verify"):
            root = self.shell.stack.root
            self.shell.type(f"{line} --push --ca-file {root} --resolver {names.ADDRESS}")
        else:
            self.shell.type(line)
            self.publish()

    def in_the_lab(self) -> None:
        """Pebble instead of Let's Encrypt, and images that are made here."""
        self.shell.stack.use_lab_authority()
        self.shell.type("edgegen render")
        ensure_images(self.shell.stack.ground, self.shell.stack.compose)

    def publish(self) -> None:
        """The name servers answer what Cloudflare was told, and nothing else."""
        rows = self.fake.ask("state")["zones"][ZONE]
        records = [f"{row['name']}. 60 IN {row['type']} {row['content']}\n" for row in rows]
        servers = f"{ZONE}. 60 IN NS ns.lab.test.\nns.lab.test. 60 IN A {names.ADDRESS}\n"
        new = self.zone.with_suffix(".new")
        new.write_text("".join(records) + servers)
        new.replace(self.zone)


if is_proof():  # in the usual run README's quick start (`test_pictures.py`) and the cookbook's pages go this way

    def test_the_lines_that_init_prints_lead_to_a_push(stack: Stack, tmp_path: Path) -> None:
        stack.folder.mkdir()
        client = DockerClient(stack.ground, tmp_path / "docker")
        client.config.mkdir()
        client.trust(HOST, stack.root)
        with (
            cloudflare(stack.ground, tmp_path / "cloudflare.log") as fake,
            running_names(stack.ground, tmp_path / "zone", ADDRESS) as zone,
        ):
            folders = (Path(sys.executable).parent, program("docker").parent, "/usr/sbin", "/usr/bin", "/sbin", "/bin")
            environment = {
                "PATH": ":".join(map(str, folders)),
                "CLOUDFLARE_BASE_URL": fake.url,
                "DOCKER_CONFIG": str(client.config),
            }
            user = User(Shell(stack, environment), fake, zone)
            for line in user.init():
                user.copy(line)
            assert [line.split()[:2] for line in user.typed if not line.startswith("#")] == [
                ["export", "CLOUDFLARE_API_TOKEN=…"], ["edgegen", "dns"], ["edgegen", "up"], ["docker", "login"],
                ["edgegen", "verify"],
            ]  # fmt: skip
            (row,) = fake.ask("state")["zones"][ZONE]
            assert (row["name"], row["type"], row["content"]) == (HOST, "A", ADDRESS)
            assert "o=r-example-" in row["comment"]
            an_image_is_pushed(stack, client)
            a_second_service_with_two_hosts(user)
            assert not fake.ask("state")["wrong"]


def an_image_is_pushed(stack: Stack, client: DockerClient) -> None:
    ensure(stack.ground, APP)
    worked(client.run("tag", APP, f"{HOST}/app:1"))
    worked(client.run("push", f"{HOST}/app:1"))


def a_second_service_with_two_hosts(user: User) -> None:
    path = user.shell.stack.folder / "edge.yaml"
    text = path.read_text()
    assert "\nservices:\n" in text
    path.write_text(text.replace("\nservices:\n", f"\nservices:{SECOND}", 1))
    for line in ("edgegen dns sync", "edgegen up", "edgegen verify --wait 120"):
        user.copy(line)
    shown = shown_certificate(user.shell.stack.ground, "shop.example.com")
    assert shown == shown_certificate(user.shell.stack.ground, "www.example.com"), "one certificate for both names"
    assert {row["name"] for row in user.fake.ask("state")["zones"][ZONE]} == {
        HOST, ZONE, "www.example.com", "shop.example.com",
    }  # fmt: skip
