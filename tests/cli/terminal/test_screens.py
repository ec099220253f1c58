"""What a person sees on terminals of 60, 80 and 140 columns, in colour, and what a program gets through a pipe.

Each command runs as a process on a real pseudo-terminal. `‹31;1›bad‹›` in a snapshot is a colour's begin and end.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from edgegen.core.columns import width
from tests.cli.test_cert import House
from tests.conftest import Edgegen
from tests.fakes.cloudflare import TOKEN, in_thread
from tests.fakes.dns_server import FakeDns
from tests.fakes.docker_cli import FakeDocker, a_healthy_world, lines, row
from tests.pictures.scenes import lint_project
from tests.terminal import on_terminal, program_on_terminal
from tests.verify.world import World, hosts, world

pytestmark = [pytest.mark.slow]

SEEN = Path(__file__).parent / "seen"
WIDTHS = (60, 80, 140)
ZONE = "commenthouse.com"
Golden = Callable[[Path, str], None]
MIXED = (
    *hosts("good", 4), *hosts("norouter", 3), *hosts("expired", 1), "selfsigned0.many.test", *hosts("gone", 2),
    "down0.many.test", "dead0.many.test",
)  # fmt: skip
"""13 hosts of a project."""


@dataclass
class Stage:
    """A project and a way to look at a command there."""

    folder: Path
    golden: Golden
    edgegen: Edgegen
    env: dict[str, str] = field(default_factory=dict)
    steady: Callable[[str], str] = lambda text: text

    def spec(self, text: str) -> None:
        (self.folder / "edge.yaml").write_text(text)

    def look(self, name: str, *words: str, code: int, may_be_longer: Sequence[str] = ("Next: ", "warning: ")) -> None:
        """On every width and in a pipe. Lines that are never wrapped may be longer than the terminal."""
        for columns in WIDTHS:
            shown = on_terminal(words, columns, cwd=self.folder, env=self.env)
            assert shown.code == code, shown.raw
            for line in shown.plain.splitlines():
                assert width(line) <= columns or line.startswith(tuple(may_be_longer)), (columns, line)
            self.golden(SEEN / f"{name}-{columns}.txt", self.steady(shown.readable))
        piped = self.edgegen(*words, cwd=self.folder, env={**self.env, "TERM": "xterm", "FORCE_COLOR": "1"})
        assert piped.code == code
        assert "\x1b" not in piped.out + piped.err
        self.golden(SEEN / f"{name}-pipe.txt", self.steady(piped.out))


@pytest.fixture
def stage(tmp_path: Path, golden: Golden, edgegen: Edgegen) -> Stage:
    return Stage(tmp_path, golden, edgegen)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(tmp_path_factory.mktemp("world")) as made:
        yield made


def dates(text: str) -> str:
    text = re.sub(r"\d{4}-\d\d-\d\d( \d\d:\d\d)?", lambda found: "YYYY-MM-DD" + " HH:MM" * bool(found[1]), text)
    return re.sub(r"sha256 [0-9a-f]{16}", "sha256 ################", re.sub(r"\(\d+\.\d s\)", "(S.S s)", text))


def of_world(many: World) -> Callable[[str], str]:
    """Without what differs from run to run, each in as many columns as before."""

    def steady(text: str) -> str:
        for port, letter in ((many.https, "S"), (many.http, "W"), (many.dns, "D")):
            text = text.replace(str(port), letter * 5)
        text = re.sub(r"(--authority-port )\w+", r"\1DDDDD", text)
        return dates(text.replace(many.ca_file, "CA.pem"))

    return steady


@pytest.mark.parametrize(("name", "names", "code"), [("good", hosts("good", 3), 0), ("mixed", MIXED, 1)])
def test_verify(stage: Stage, many: World, name: str, names: Sequence[str], code: int) -> None:
    stage.spec(many.spec(list(names)))
    stage.steady = of_world(many)
    stage.look(f"verify-{name}", "verify", *many.options, code=code)


def test_verify_where_nothing_can_be_checked(stage: Stage, many: World) -> None:
    stage.spec(many.spec(hosts("good", 3)))
    with FakeDns(behave=lambda _name, _kind: ("REFUSED", [])) as dns:
        stage.steady = of_world(replace(many, dns=dns.port))
        stage.look("verify-unknown", "verify", "--resolver", f"127.0.0.1:{dns.port}", *many.options[2:], code=4)


def test_explain(stage: Stage, many: World) -> None:
    """From a machine without Docker."""
    stage.spec(many.spec(["norouter0.many.test"]))
    stage.steady, stage.env = of_world(many), {"PATH": str(stage.folder)}
    stage.look("explain", "explain", f"https://norouter0.many.test:{many.https}/", *many.options, code=1)


def test_cert_list(stage: Stage) -> None:
    stage.spec(
        "name: house\nacme: {email: ops@example.com}\ndomains: {example.com: {addresses: [192.0.2.1]}}\nservices:\n"
        '  web: {image: "ghcr.io/acme/web:1.4", port: 3000, host: www.example.com}\n'
        '  docs: {image: "docs:1", port: 80, host: documentation.internal.example.com}\n'
        "  hub: {kind: registry, host: hub.example.com, users: [ci]}\n"
    )
    house = House(stage.folder, stage.edgegen)
    for host, days in (
        ("www.example.com", (-30, 60)), ("hub.example.com", (-65, 25)), ("gone.example.com", (-10, 80)),
        ("documentation.internal.example.com", (-91, -1)),
    ):  # fmt: skip
        house.issue(host, days)
    stage.steady = dates
    stage.look("cert", "cert", "list", "--offline", code=1)


def plan(address: str, records: str) -> str:
    return (
        "name: commenthouse\ndns: {owner: commenthouse-k3v9x2qa}\nacme: {email: a@commenthouse.com}\n"
        f"domains:\n  {ZONE}:\n    addresses: [{address}]\n"
        f"    records:\n{records}services:\n  registry: {{kind: registry, host: {ZONE}, users: [ci]}}\n"
        f'  web: {{image: "w:1", port: 80, host: www.{ZONE}, aliases: [a-rather-long-name-of-a-host.blog.{ZONE}]}}\n'
    )


def test_dns_plan(stage: Stage) -> None:
    with in_thread() as fake:
        fake.ask("zone", name=ZONE, records=[])
        stage.env = {"CLOUDFLARE_BASE_URL": fake.url, "CLOUDFLARE_API_TOKEN": TOKEN}
        stage.spec(plan("192.0.2.1", '      - {type: TXT, name: _old, content: "v=old"}\n'))
        assert stage.edgegen("dns", "sync", cwd=stage.folder, env=stage.env).code == 0
        key = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A" * 6
        stage.spec(plan(
            "157.245.51.137", '      - {type: TXT, name: _dmarc, content: "v=DMARC1; p=none"}\n'
            f'      - {{type: TXT, name: s1._domainkey, content: "v=DKIM1; k=rsa; p={key}"}}\n',
        ))  # fmt: skip
        stage.look("plan", "dns", "plan", code=0)


def test_render_diff(stage: Stage) -> None:
    spec = (
        "name: shop\nacme: {email: a@example.com}\nservices: {web: {image: 'web:%d', port: 80, host: www.localhost}}\n"
    )
    stage.spec(spec % 1)
    assert stage.edgegen("render", cwd=stage.folder).code == 0
    stage.spec(spec % 2)
    stage.steady = dates
    stage.look("diff", "render", "--diff", code=0, may_be_longer=("-", "+", " ", "warning"))


def test_status(stage: Stage) -> None:
    stage.spec(
        "name: shop\nacme: {email: a@example.com}\nservices: {web: {image: 'web:1', port: 80, host: w.localhost}}\n"
    )
    assert stage.edgegen("render", cwd=stage.folder).code == 0
    home = stage.folder / "bin"
    home.mkdir()
    docker = FakeDocker(home)
    a_healthy_world(docker)
    published = [
        {"URL": url, "TargetPort": port, "PublishedPort": port, "Protocol": "tcp"}
        for url in ("0.0.0.0", "::") for port in (80, 443)
    ]  # fmt: skip
    docker.answer("ps --all --format json", lines(
        {**row("edge"), "Image": "traefik:v3.7.15", "Publishers": published}, row("cache", "running", "starting"),
        {**row("web", "running", "unhealthy"), "Image": "ghcr.io/acme/storefront-frontend:2026.11.3"},
        row("socket-proxy"), row("worker", "exited", "", 1),
    ))  # fmt: skip
    stage.env = {"PATH": str(home)}
    stage.look("status", "status", code=1)


def test_rules(stage: Stage) -> None:
    """The first of each kind: the list is long, and grows."""
    ids = ("EL000", "EL013", "ER005", "EV001", "EV021")
    stage.steady = lambda text: "".join(
        part for part in re.split(r"(?m)^(?=(?:‹1›)?E[LRV]\d{3})", text) if part.removeprefix("‹1›").startswith(ids)
    )
    stage.look("rules", "rules", code=0)


def test_lint(stage: Stage) -> None:
    """The stack from a tutorial."""
    lint_project(stage.folder)
    whole = ("     `entrypoints.", "     `--entrypoints.")  # options are not cut
    stage.look("lint", "lint", code=1, may_be_longer=whole)


def test_lint_uses_a_wide_terminal(stage: Stage) -> None:
    """And a sentence that is longer than it is broken where it can be read."""
    lint_project(stage.folder)
    wide = on_terminal(["lint"], 140, cwd=stage.folder).plain.splitlines()
    assert any(100 < width(line) <= 140 for line in wide)
    narrow = on_terminal(["lint"], 100, cwd=stage.folder).plain.splitlines()
    assert len(narrow) > len(wide)
    assert max(map(width, narrow)) <= 100


DOCTOR = """
import sys
import edgegen.project.doctor
from edgegen.cli.app import run
from edgegen.core.finding import Finding, Outcome, Severity
good, bad, unknown = Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN
def one(name, outcome, message, hint=""):
    severity = Severity.HIGH if outcome is bad else Severity.INFO
    return Finding("ED001", name, severity, outcome, name, message, None, hint)
edgegen.project.doctor.examine = lambda _patient: [
    one("engine", good, "Docker Engine 29.0.1 answers at unix:///var/run/docker.sock, and runs as root"),
    one("ports", bad, "port 443/tcp is taken by the container `other-project-traefik-1` of the project `other-project`",
        "stop it with `docker stop other-project-traefik-1`, or let this project join the edge of the other: "
        "`edge: {use: other-project}`"),
    one("hosts", bad, "www.example.com leads to 203.0.113.9, and edge.yaml says 192.0.2.7: requests of other people "
        "and the challenges of the certificate authority arrive at another machine",
        "run `edgegen dns sync`, and wait until the old answers have expired"),
    one("traefik", unknown, "traefik:v3.7 was not compared with the engine, which does not answer"),
]
sys.exit(run(["doctor"]))
"""


@pytest.mark.parametrize("columns", WIDTHS)
def test_doctor(golden: Golden, tmp_path: Path, columns: int) -> None:
    shown = program_on_terminal([sys.executable, "-c", DOCTOR], columns, cwd=tmp_path)
    assert shown.code == 1, shown.raw
    assert max(map(width, shown.plain.splitlines())) <= columns
    golden(SEEN / f"doctor-{columns}.txt", shown.readable)


def test_doctor_in_a_pipe(golden: Golden, tmp_path: Path) -> None:
    env = {"PATH": "/usr/bin", "TERM": "xterm", "FORCE_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-c", DOCTOR], cwd=tmp_path, env=env, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "\x1b" in done.stdout) == (1, False)
    golden(SEEN / "doctor-pipe.txt", done.stdout)


NODES = """
import sys
sys.path.insert(0, {root!r})
import edgegen.cli.swarm
from edgegen.cli.app import run
from tests.fakes.swarm_hosts import FakeHosts, FakeNode
kept = {{f"edgegen.shop.{{volume}}": "true" for volume in ("db-data", "uploads", "search-index")}}
edgegen.cli.swarm.runner = FakeHosts.of(
    FakeNode("manager-one", "it", "manager", labels={{"edgegen.shop.edge": "true"}}),
    FakeNode("worker-two", "it", labels=kept), FakeNode("three", "it", availability="drain"),
).engine
sys.exit(run(["swarm", "nodes", "--host", "ssh://manager-one"]))
"""


@pytest.mark.parametrize("columns", WIDTHS)
def test_swarm_nodes(golden: Golden, tmp_path: Path, columns: int) -> None:
    root = str(Path(__file__).parents[3])
    shown = program_on_terminal([sys.executable, "-c", NODES.format(root=root)], columns, cwd=tmp_path)
    assert shown.code == 0, shown.raw
    golden(SEEN / f"nodes-{columns}.txt", shown.readable)


@pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_colour_for_who_wants_none(stage: Stage, env: dict[str, str]) -> None:
    plain = on_terminal(["rules"], 60, cwd=stage.folder, env=env)
    assert plain.raw == on_terminal(["rules"], 60, cwd=stage.folder).plain
