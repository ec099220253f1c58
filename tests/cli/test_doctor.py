"""`edgegen doctor`: each check good, bad and unknown, against scripted programs and servers on the loopback."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from edgegen.cli import console
from edgegen.cli.app import run
from edgegen.core.finding import Finding, Outcome, Severity
from edgegen.core.grade import grade as graded
from edgegen.core.grade import worst
from edgegen.deploy.command import Command, Result
from edgegen.project.doctor import CHECKS, Patient, examine, names, ports, storage
from edgegen.spec.load import load
from tests.fakes.cloudflare import TOKEN, in_thread
from tests.fakes.dns_server import FakeDns
from tests.fakes.docker_cli import VERSION, FakeDocker, a_healthy_world

pytestmark = pytest.mark.slow

HOST = "www.example.com"
ZONE = f"example.com. 60 IN A 192.0.2.1\n{HOST}. 60 IN A 192.0.2.7\n"
SPEC = """\
name: shop
acme: {email: ops@example.com}
domains: {example.com: {addresses: [192.0.2.7], provider: PROVIDER}}
dns: {owner: shop-abcdefgh}
edge: {ports: {web: 18081, websecure: 18444}}
services: {web: {image: "ghcr.io/acme/web:1.4", port: 3000, host: www.example.com}}
"""
AHEAD = timedelta(days=400)


@contextmanager
def clock(apart: timedelta = timedelta(0)) -> Iterator[str]:
    """A site whose clock is so far ahead of this machine's."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(301)
            self.send_header("Date", format_datetime(datetime.now(UTC) + apart, usegmt=True))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def world(here: None) -> World:
    """An engine and a Compose that are new enough."""
    told = World()
    told.answer("version --short", "2.39.1\n")
    told.answer("docker version", VERSION)
    told.answer("docker context", "unix:///var/run/docker.sock\n")
    told.answer("docker ps")
    told.answer("docker info --format {{.SecurityOptions}}", "[name=seccomp,profile=builtin]\n")
    told.answer("docker info --format {{.DockerRootDir}}", "/\n")
    return told


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeDocker]:
    """A folder, and in front of PATH programs that can be run."""
    home = tmp_path / "bin"
    home.mkdir()
    fake = FakeDocker(home)
    a_healthy_world(fake)
    fake.answer("docker info --format {{.SecurityOptions}}", "[name=seccomp,profile=builtin]\n")
    fake.answer("docker info --format {{.DockerRootDir}}", f"{tmp_path}\n")
    monkeypatch.setenv("PATH", str(home))
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in list(os.environ):
        if name.startswith(("CLOUDFLARE", "DOCKER")):
            monkeypatch.delenv(name)
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    monkeypatch.setattr(names, "_own_ipv6", lambda: "")
    monkeypatch.setattr(sys, "executable", os.path.realpath(sys.executable))  # no Compose beside it
    yield fake
    console.Console.as_json = console.Console.quiet = False


@pytest.fixture(scope="module")
def servers() -> Iterator[list[str]]:
    """The options that lead to a clock and a resolver that are right."""
    with clock() as url, FakeDns(ZONE) as dns:
        yield ["--clock", url, "--resolver", f"127.0.0.1:{dns.port}"]


def spec(provider: str = "none") -> None:
    Path("edge.yaml").write_text(SPEC.replace("PROVIDER", provider))


class World:
    """A runner that answers from a table, without a process. The last rule whose words are in the command decides."""

    def __init__(self) -> None:
        self.rules: list[tuple[str, Result]] = []
        self.asked: list[str] = []

    def answer(self, words: str, out: Any = "", err: str = "", code: int = 0) -> None:
        self.rules.append((words, Result(code, out if isinstance(out, str) else json.dumps(out), err)))

    def run(self, command: Command) -> Result:
        line = " ".join(command.argv)
        self.asked.append(line)
        return next(result for words, result in reversed(self.rules) if words in line)

    def stream(self, command: Command, *, to_stderr: bool = False) -> Result:
        raise AssertionError(command)

    def stream_all(self, commands: Any) -> list[Result]:
        raise AssertionError(commands)


def examined(world: World, options: list[str]) -> tuple[int, dict[str, list[tuple[str, str, str]]]]:
    """The exit code; and by check what was found: grade, message and hint. `options` as on the command line."""
    given = dict(zip(options[::2], options[1::2], strict=True))
    here = Path()
    loaded = load(here) if (here / "edge.yaml").exists() else None
    clocks, resolvers = (given["--clock"],), (given["--resolver"],)
    patient = Patient(here, loaded, world, os.environ, clocks=clocks, resolvers=resolvers)
    found: dict[str, list[tuple[str, str, str]]] = {}
    items = examine(patient)
    for item in items:
        found.setdefault(item.name, []).append((graded(item).value, item.message, item.hint))
    return worst(map(graded, items)).exit_code, found


def grades(found: dict[str, list[tuple[str, str, str]]]) -> dict[str, set[str]]:
    return {name: {grade for grade, _, _ in rows} for name, rows in found.items()}


def test_a_machine_that_is_ready(world: World, servers: list[str]) -> None:
    spec()
    code, found = examined(world, servers)
    wanted = ["engine", "compose", "ports", "clock", "resolver", "hosts", "traefik", "disk", "ipv6"]
    assert (code, grades(found)) == (0, {name: {"good"} for name in wanted})
    assert found["engine"][0][1] == "Docker Engine 29.0.1 answers at unix:///var/run/docker.sock, and runs as root"
    assert found["compose"][0][1] == "Compose 2.39.1 is installed (`docker compose`)"
    assert found["hosts"][0][1] == f"{HOST}: 192.0.2.7, as edge.yaml says"


def test_without_a_spec_only_the_machine_is_checked(
    here: FakeDocker, servers: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["doctor", *servers]) in (0, 1)  # 80 and 443 may be in use here
    said = capfd.readouterr()
    assert "there is no edge.yaml here: only the machine is checked" in said.err
    assert "hosts" not in said.out
    assert "port 80/tcp" in said.out


def test_the_text_has_a_row_for_each_verdict(
    here: FakeDocker, servers: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    spec()
    here.answer("docker version", err="permission denied while trying to connect", code=1)
    assert run(["doctor", *servers]) == 1
    rows = capfd.readouterr().out.splitlines()
    assert rows[0].startswith("bad      engine    the Docker Engine does not answer: permission denied")
    assert rows[1].strip().startswith("-> This user is not allowed to use the engine")
    assert "unknown  traefik   traefik:v3.7 was not compared" in "\n".join(rows)
    assert rows[-1] == "1 bad, 1 unknown, 8 good"


def test_the_next_command_goes_to_the_same_engine(
    here: FakeDocker, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    spec()
    good = Finding("ED001", "engine", Severity.INFO, Outcome.PASS, "engine", "it answers")
    monkeypatch.setattr("edgegen.project.doctor.examine", lambda _patient: [good])
    assert run(["doctor", "--host", "ssh://me@server.example.com"]) == 0
    assert capfd.readouterr().err.splitlines()[-1] == "Next: edgegen up --host ssh://me@server.example.com"


def test_what_can_not_be_checked_is_unknown(world: World, servers: list[str]) -> None:
    spec()
    silent = ["--clock", "http://127.0.0.1:9/", *servers[2:]]
    code, found = examined(world, silent)
    assert (code, found["clock"]) == (
        4,
        [("unknown", "no server says its time (127.0.0.1: connection refused)",
          "`timedatectl` shows whether this machine is synchronised")],
    )  # fmt: skip


def test_a_wrong_clock(world: World, servers: list[str]) -> None:
    with clock(AHEAD) as url:
        _, found = examined(world, ["--clock", url, *servers[2:]])
    grade, message, hint = found["clock"][0]
    assert (grade, hint) == ("bad", "`sudo timedatectl set-ntp true`")
    assert message.startswith("this machine's clock is 399 days behind")


@pytest.mark.parametrize(
    ("words", "out", "name", "grade", "said"),
    [
        ("SecurityOptions", "[name=seccomp name=rootless]", "engine", "remark", "is rootless"),
        ("docker version", {"Server": {"Version": "18.09", "ApiVersion": "1.39", "MinAPIVersion": "1.12"}}, "engine",
         "bad", "speaks API 1.39"),
        ("version --short", "1.29.2\n", "compose", "bad", "Compose is too old"),
        ("docker-compose version --short", "1.29.2\n", "compose", "good", "Compose 2.39.1"),
    ],
)  # fmt: skip
def test_what_programs_say(
    world: World, servers: list[str], words: str, out: Any, name: str, grade: str, said: str
) -> None:
    world.answer(words, out)
    _, found = examined(world, servers)
    assert found[name][0][0] == grade
    assert said in found[name][0][1]


def test_an_old_traefik_with_a_new_engine(world: World, servers: list[str]) -> None:
    spec()
    text = Path("edge.yaml").read_text().replace("edge: {", 'edge: {image: "traefik:v3.5", ')
    Path("edge.yaml").write_text(text)
    world.answer("docker version", VERSION)
    _, found = examined(world, servers)
    assert found["traefik"][0][:2] == ("bad", "traefik:v3.5 can't talk to Docker Engine 29.0.1 (traefik#12253)")
    assert "3.6.1" in found["traefik"][0][2]


def test_a_port_that_a_program_holds(world: World, servers: list[str]) -> None:
    spec()
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 18081))
        holder.listen()
        code, found = examined(world, servers)
    assert code == 1
    assert [grade for grade, _, _ in found["ports"]] == ["bad", "good"]
    assert "port 18081/tcp (all addresses) is held by" in found["ports"][0][1]


@pytest.mark.parametrize(
    ("behave", "name", "grade", "said"),
    [
        (lambda _name, _kind: ("SERVFAIL", []), "resolver", "bad", "no resolver answers for example.com"),
        (lambda name, kind: ("NOERROR", [f"{name} 60 IN A 192.0.2.99"] if kind == "A" else []), "hosts", "bad",
         f"{HOST}: 192.0.2.99 (edge.yaml: 192.0.2.7)"),
        (lambda _name, _kind: ("NXDOMAIN", []), "hosts", "bad", f"{HOST}: no address"),
        (lambda name, _kind: ("SERVFAIL" if HOST in name else "NXDOMAIN", []), "hosts", "unknown",
         f"{HOST}: unknown: servfail"),
        (lambda _name, _kind: ("SERVFAIL", []), "hosts", "unknown", "the project's hosts were not looked up"),
    ],
)  # fmt: skip
def test_names(
    world: World, servers: list[str], behave: Any, name: str, grade: str,
    said: str,
) -> None:  # fmt: skip
    spec()
    with FakeDns(behave=behave) as dns:
        _, found = examined(world, [*servers[:2], "--resolver", f"127.0.0.1:{dns.port}"])
    assert found[name][0][0] == grade
    assert found[name][0][1].startswith(said)


def test_an_ipv6_address_that_this_machine_lacks(
    world: World, servers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spec()
    Path("edge.yaml").write_text(Path("edge.yaml").read_text().replace("[192.0.2.7]", '[192.0.2.7, "2001:4860::7"]'))
    _, found = examined(world, servers)
    assert found["ipv6"][0][0] == "bad"
    assert "the spec publishes 2001:4860::7" in found["ipv6"][0][1]
    monkeypatch.setattr(names, "_own_ipv6", lambda: "2001:4860::7")
    _, found = examined(world, servers)
    assert found["ipv6"][0][0] == "good"


def test_a_missing_token_names_where_one_is_made(world: World, servers: list[str]) -> None:
    spec("cloudflare")
    _, found = examined(world, servers)
    ((grade, message, hint),) = found["token"]
    assert (grade, message[:23]) == ("bad", "no token for Cloudflare")
    assert "https://dash.cloudflare.com/profile/api-tokens" in hint
    assert "Zone / Zone / Read and Zone / DNS / Edit" in hint


def test_a_token_that_others_can_read(world: World, servers: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    spec("cloudflare")
    Path("token").write_text("abc")
    Path("token").chmod(0o644)
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN_FILE", "token")
    _, found = examined(world, servers)
    assert found["token"] == [("bad", "token: others can read the token's file", "`chmod 600 token`")]


def test_a_token_that_works_and_one_that_does_not(
    world: World, servers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spec("cloudflare")
    with in_thread() as fake:
        fake.ask("zone", name="example.com", records=[])
        monkeypatch.setenv("CLOUDFLARE_BASE_URL", fake.url)
        monkeypatch.setenv("CLOUDFLARE_API_TOKEN", TOKEN)
        _, found = examined(world, servers)
        assert [grade for name in ("token", "zone") for grade, _, _ in found[name]] == ["good", "good"]
        monkeypatch.setenv("CLOUDFLARE_API_TOKEN", "wrong-0123456789")
        _, found = examined(world, servers)
    bad = [row for name in ("token", "permission") for row in found.get(name, [])]
    assert {grade for grade, _, _ in bad} == {"bad"}
    assert all("https://dash.cloudflare.com/profile/api-tokens" in hint for _, _, hint in bad)
    assert "wrong-0123456789" not in str(found)


@pytest.mark.parametrize(("free", "grade"), [(20, "good"), (3, "remark"), (0, "bad")])
def test_room_on_the_disk(
    world: World, servers: list[str], monkeypatch: pytest.MonkeyPatch,
    free: int, grade: str,
) -> None:  # fmt: skip
    usage = type(shutil.disk_usage("/"))
    monkeypatch.setattr(storage.shutil, "disk_usage", lambda _: usage(1 << 40, 0, free << 30))
    _, found = examined(world, servers)
    assert [row[0] for row in found["disk"]] == [grade]
    assert f"{free}.0 GiB free" in found["disk"][0][1]


def test_an_acme_store_that_others_can_read(world: World, servers: list[str]) -> None:
    spec()
    Path("acme").mkdir()
    Path("acme/acme.json").write_text("{}")
    Path("acme/acme.json").chmod(0o644)
    code, found = examined(world, servers)
    assert code == 1
    assert "certificate-store" in found


def test_a_wrong_spec_is_shown_with_its_line(
    here: FakeDocker, servers: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    Path("edge.yaml").write_text("name: a\nserices: {}\n")
    assert run(["doctor", *servers]) == 2
    assert "2 | serices: {}\n  | ^^^^^^^\n" in capfd.readouterr().err


@pytest.mark.parametrize(
    "url", ["nonsense", "https://[", "ftp://192.0.2.1/", "http://", "http://a:b", "http://me:hunter2@a/"]
)
def test_a_clock_that_is_not_a_site(here: FakeDocker, capfd: pytest.CaptureFixture[str], url: str) -> None:
    assert run(["doctor", "--clock", url]) == 2
    said = capfd.readouterr().err
    assert "is not a URL like http://192.0.2.1/" in said
    assert "hunter2" not in said


def test_a_folder_that_is_not_there(here: FakeDocker, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["doctor", "-C", "nowhere"]) == 2
    assert capfd.readouterr().err == "error[2]: there is no folder `nowhere`\n"


@pytest.mark.parametrize("variable", [True, False])
def test_the_ports_of_another_machine_that_does_not_answer(world: World, servers: list[str], variable: bool) -> None:
    """Those of this machine say nothing about it."""
    host = "ssh://me@there"
    world.answer("docker version", err="could not resolve", code=1)
    environ = {"DOCKER_HOST": host} if variable else {}
    patient = Patient(Path(), None, world, environ, host="" if variable else host)
    assert [(graded(item).value, item.message) for item in ports.ports(patient)] == [
        ("unknown", f"the engine is on another machine ({host})")
    ]


def test_nothing_is_changed(here: FakeDocker, servers: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    spec()
    assert run(["doctor", "--json", *servers]) == 0
    body = json.loads(capfd.readouterr().out)
    assert (body["schema_version"], body["command"], body["ok"]) == (1, "doctor", True)
    assert [path.name for path in Path().rglob("*")] == ["edge.yaml"]
    asked = [" ".join(call[1:3]) for call in here.calls()]
    assert {words for words in asked if words.split()[0] not in ("compose", "version")} <= {
        "version --format", "context inspect", "context ls", "info --format", "ps --all", "inspect --format",
    }  # fmt: skip


def test_each_check_is_in_the_list_once() -> None:
    assert len(set(CHECKS)) == len(CHECKS) == 12


def test_a_check_that_is_left_out_is_noticed(world: World, servers: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: the first test would fail."""
    from edgegen.project import doctor

    spec()
    monkeypatch.setattr(doctor, "CHECKS", tuple(check for check in CHECKS if check.__name__ != "clock"))
    _, found = examined(world, servers)
    assert "clock" not in found


def compose_containers(folder: Path, *projects: str) -> str:
    rows = [
        {
            "id": project,
            "name": f"{project}-web-1",
            "labels": {
                "com.docker.compose.project": project,
                "com.docker.compose.project.working_dir": str(folder.absolute()),
            },
        }
        for project in projects
    ]
    return "".join(f"{json.dumps(row)}\n" for row in rows)


@pytest.fixture
def rootless(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The socket of another engine of this machine."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "docker.sock"))
        yield f"unix://{tmp_path}/docker.sock"


@pytest.mark.parametrize("folder", [Path(), Path("/elsewhere")])
def test_another_engine_that_runs_something(world: World, rootless: str, servers: list[str], folder: Path) -> None:
    spec()
    world.answer(f"--host {rootless} ps", compose_containers(folder, "shop", "shop", "blog"))
    code, found = examined(world, servers)
    (row,) = found["other-engines"]
    if folder == Path():
        assert (code, row[0]) == (1, "bad")
        assert row[1] == f"project `shop` of this folder runs on another engine of this machine, {rootless}"
    else:
        assert (code, row[0]) == (0, "remark")
        assert f"answers at {rootless}, and runs 2 projects of Compose" in row[1]
    assert f"--host {rootless}" in row[2]


@pytest.mark.parametrize(("out", "code"), [("", 0), ("", 1), ("not a row", 0)])
def test_another_engine_that_is_idle_or_does_not_answer(
    world: World, rootless: str, servers: list[str], out: str, code: int
) -> None:
    spec()
    world.answer(f"--host {rootless} ps", out, code=code)
    assert "other-engines" not in examined(world, servers)[1]
