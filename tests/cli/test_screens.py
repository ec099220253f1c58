"""What a person sees of errors, `up` and `doctor` on terminals of 60, 80 and 140 columns, and in a pipe."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Edgegen
from tests.fakes.dns_server import FakeDns
from tests.fakes.docker_cli import CONFIG, FakeDocker, a_healthy_world
from tests.terminal import on_terminal, program_on_terminal

pytestmark = pytest.mark.slow

SEEN = Path(__file__).parent / "seen"
ROOT = Path(__file__).parents[2]
Golden = Callable[[Path, str], None]
WIDTHS = [60, 80, 140]
WRONG = """\
version: "3.8"
name: shop
acme: {email: ops@example.com}
domains:
  example.com: {addresses: [192.0.2.7]}
services:
  web:
    image: ghcr.io/acme/web:1.4
    host: www.exmaple.com
    port: "80"
    middlewares: [compress, {basicAuth: {users: ["ci:$2y$05$abcdefghijklmnopqrstuv"]}}]
"""
SPEC = """\
name: shop
acme: {email: ops@example.com}
domains: {example.com: {addresses: [192.0.2.7]}}
dns: {owner: shop-abcdefgh}
edge: {ports: {web: 18080, websecure: 18443}}
services:
  web: {image: "ghcr.io/acme/web:1.4", port: 3000, host: www.example.com, aliases: [example.com]}
  hub: {kind: registry, host: r.example.com, users: [ci]}
"""
PASSWORD = re.compile(r"(?<=password )\S+")


@pytest.fixture
def world(tmp_path: Path) -> dict[str, str]:
    """An environment with an engine that has the project's containers; nothing else is on PATH."""
    (tmp_path / "bin").mkdir()
    fake = FakeDocker(tmp_path / "bin")
    a_healthy_world(fake)
    config = json.loads(json.dumps(CONFIG))
    config["services"]["edge"]["ports"] = [
        {"mode": "host", "target": port, "published": f"18{port:03}", "protocol": "tcp"} for port in (80, 443)
    ]
    fake.answer("config --format json", config)
    fake.answer("docker info --format {{.SecurityOptions}}", "[name=seccomp]\n")
    fake.answer("docker info --format {{.DockerRootDir}}", "/\n")
    return {"PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "edge.yaml").write_text(SPEC)
    return folder


@pytest.mark.parametrize("columns", WIDTHS)
def test_errors(tmp_path: Path, golden: Golden, columns: int) -> None:
    (tmp_path / "edge.yaml").write_text(WRONG)
    seen = on_terminal(["render"], columns, cwd=tmp_path)
    assert seen.code == 2
    assert max(map(len, seen.plain.splitlines())) <= columns
    assert "abcdefghijklmnop" not in seen.raw
    golden(SEEN / f"errors-{columns}.txt", seen.readable)


def test_errors_fit_their_own_terminal_where_the_result_goes_to_a_file(tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(WRONG)
    with (tmp_path / "out").open("wb") as file:
        seen = program_on_terminal(
            [sys.executable, "-m", "edgegen", "render", "-C", str(tmp_path)], 60, cwd=ROOT, stdout=file
        )
    assert (seen.code, (tmp_path / "out").read_bytes()) == (2, b"")
    assert 40 < max(map(len, seen.plain.splitlines())) <= 60


def test_errors_in_a_pipe(edgegen: Edgegen, tmp_path: Path, golden: Golden) -> None:
    (tmp_path / "edge.yaml").write_text(WRONG)
    done = edgegen("render", cwd=tmp_path)
    assert (done.code, done.out) == (2, "")
    golden(SEEN / "errors-pipe.txt", done.err)


@pytest.mark.parametrize("columns", WIDTHS)
def test_up(world: dict[str, str], project: Path, golden: Golden, columns: int) -> None:
    seen = on_terminal(["up"], columns, cwd=project, env=world)
    assert seen.code == 0, seen.plain
    # A password is one piece, to be copied as a whole.
    assert all(len(line) <= columns or "password" in line for line in seen.plain.splitlines())
    golden(SEEN / f"up-{columns}.txt", PASSWORD.sub("…", seen.readable))


def test_up_in_a_pipe(edgegen: Edgegen, world: dict[str, str], project: Path, golden: Golden) -> None:
    done = edgegen("up", cwd=project, env=world)
    assert done.code == 0, done.err
    assert done.out.splitlines()[-2:] == ["https://www.example.com:18443/  web", "https://r.example.com:18443/    hub"]
    golden(SEEN / "up-pipe.txt", f"{done.out}--- stderr\n{PASSWORD.sub('…', done.err)}")


@pytest.mark.parametrize("columns", WIDTHS)
def test_doctor(world: dict[str, str], project: Path, golden: Golden, columns: int) -> None:
    """Nobody answers at the clock that it is told to ask, and the resolver has nothing to say."""
    with FakeDns(behave=lambda _name, _kind: ("SERVFAIL", [])) as dns:
        asked = ["--clock", "http://127.0.0.1:9/", "--resolver", f"127.0.0.1:{dns.port}"]
        seen = on_terminal(["doctor", *asked], columns, cwd=project, env=world)
    assert seen.code == 1
    address = "https://dash.cloudflare.com/profile/api-tokens"
    assert all(len(line) <= columns or address in line for line in seen.plain.splitlines())
    text = re.sub(r"[\d.]+ GiB", "N GiB", seen.readable).replace(f":{dns.port}", ":PORT")
    text = text[: text.index("‹32›good‹›     ipv6")]  # whether this machine has an address is another matter
    golden(SEEN / f"doctor-{columns}.txt", text)
