"""No configuration makes the oracle's Traefik connect out of its own world: everything it names is a trap here."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edgegen.oracle import ask as asking
from edgegen.oracle import static
from edgegen.oracle.ask import ask
from edgegen.oracle.options import tree_of
from edgegen.oracle.question import ConfigFile, Flags, Question, Variables
from tests.oracle.hostile import LINES, everything, question
from tests.traefik.process import BINARY, running

ROOT = Path(__file__).parents[2]


class Trap:
    """A port of the loopback on which nobody may call."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self.calls = 0
        self.called = threading.Event()
        threading.Thread(target=self._take, daemon=True).start()

    def _take(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            self.calls += 1
            self.called.set()
            connection.close()

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()


@pytest.fixture
def trap() -> Iterator[Trap]:
    made = Trap()
    yield made
    made.close()


@pytest.mark.slow
def test_nothing_that_a_stack_names_is_called(trap: Trap) -> None:
    answer = ask(question(f"127.0.0.1:{trap.port}"), BINARY, lines=LINES)
    assert answer.exit_code is None
    assert {"web@docker", "r@file", "x@file", "e@file"} <= answer.http_routers.keys()
    assert "u@file" not in answer.http_routers and "file d.yml" in answer.unasked
    assert {"providers.consul", "providers.swarm", "tracing", "metrics.otlp", "experimental"} <= {*answer.unasked}
    assert trap.calls == 0


@pytest.mark.slow
def test_no_system_call_leaves_the_machine(tmp_path: Path) -> None:
    """Seen from below: neither a connection nor a question to a DNS server, by name or by address."""
    trace = tmp_path / "trace"
    command = ["strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg,bind", "-o", str(trace)]
    done = subprocess.run(
        [*command, sys.executable, "-m", "tests.oracle.hostile"], cwd=ROOT, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "web@docker" in done.stdout
    seen = trace.read_text()
    places = re.findall(r"(?:connect|bind|sendto)\(.*?sin6?_addr\S*?\(?\"?([0-9a-f.:]+)\"", seen)
    assert len(places) > 20
    assert {place for place in places if not place.startswith("127.") and place != "::1"} == set()
    sockets = {Path(name).name for name in re.findall(r"sun_path=\"([^\"]*)\"", seen)}
    assert sockets <= {"docker.sock", "socket"}, "`socket` is the name service's cache, which glibc looks for"


@pytest.mark.slow
def test_the_trap_snaps(tmp_path: Path, trap: Trap) -> None:
    """The same configuration as it stands does call: each of these alone would be seen."""
    for name in ("etcd", "redis", "http", "consul"):
        told = tmp_path / f"{name}.yml"
        told.write_text(json.dumps({"providers": {name: everything(f"127.0.0.1:{trap.port}")["providers"][name]}}))
        trap.called.clear()
        with running([f"--configfile={told}"], bare=True):
            assert trap.called.wait(60), name


@pytest.mark.parametrize(
    "section", ["consul", "tracing", "experimental", "spiffe", "metrics", "hub", "ocsp", "hostResolver"]
)
def test_a_section_that_connects_is_left_out(section: str, tmp_path: Path) -> None:
    from edgegen.oracle.disk import Disk

    tree = {"providers": {"consul": {}}, "tracing": {}, "experimental": {}, "spiffe": {}, "hub": {}, "ocsp": {},
            "metrics": {"otlp": {}}, "hostResolver": {}}  # fmt: skip
    kept = static.safe(tree, "docker", "unix:///x", "https://127.0.0.1:1", Disk(tmp_path, {})).tree
    assert section.lower() not in {*kept, *kept["providers"]}


def test_ports_are_of_the_loopback(tmp_path: Path) -> None:
    from edgegen.oracle.disk import Disk

    words = ("--entryPoints.web.address=:80", "--entrypoints.dns.address=0.0.0.0:53/udp", "--entrypoints.bare=true",
             "--entrypoints.named.address=:https", "--entrypoints.bad.address=8080", "--entrypoints.far.address=:99999",
             "--log.filepath=/var/log/t.log", "--accesslog.filepath=/x", "--api.basepath=/y")  # fmt: skip
    found = static.safe(tree_of(Flags(words)), "docker", "unix:///x", "https://127.0.0.1:1", Disk(tmp_path, {}))
    addresses = {name: item["address"] for name, item in found.tree["entrypoints"].items()}
    assert {name for name, text in addresses.items() if text.startswith("127.0.0.1:")} == {
        "web", "dns", "bare", "named", "traefik"
    }  # fmt: skip
    assert addresses["dns"].endswith("/udp")
    assert (addresses["bad"], addresses["far"]) == ("8080", ":99999")
    assert "filepath" not in json.dumps(found.tree) and "basepath" not in json.dumps(found.tree)


@pytest.mark.slow
def test_a_configuration_of_this_machine_is_not_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Traefik prefers a file of /etc/traefik to flags: where there is one, the flags become a file."""
    own = tmp_path / "traefik.yml"
    own.write_text("foo: 1\n")
    monkeypatch.setattr("edgegen.oracle.decoded._OWN_FILES", (own,))
    assert ask(Question("p", static=Flags(("--entrypoints.web.address=:80",))), BINARY).exit_code is None
    refused = ask(Question("p", static=Flags(("--entrypoints.web.adress=:80",))), BINARY)
    assert refused.exit_code == 1 and "node: adress" in refused.errors[0]


@pytest.mark.quick(1)
@pytest.mark.parametrize(
    "source",
    [
        Flags(("--entrypoints.web.address=:80", "--providers.docker.swarmMode=true")),
        Variables({"TRAEFIK_PROVIDERS_DOCKER_SWARMMODE": "true"}),
        ConfigFile({"providers": {"docker": {"swarmMode": True}}}),
        Flags(("--tracing.otlpp=true",)),
        ConfigFile({"providers": {"consul": {"endpoint": "x"}}}),
    ],
)
def test_what_is_left_out_is_still_read(source: Any) -> None:
    """A fault of a section that is not asked about stops this Traefik too."""
    assert ask(Question("p", static=source), BINARY).exit_code == 1


@pytest.mark.slow
def test_a_long_wait_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_delivered", lambda *_: False)
    answer = ask(Question("p", static=Flags(("--entrypoints.web.address=:80",))), BINARY, seconds=0.5)
    assert not answer.is_complete


def test_the_lab_has_the_program() -> None:
    assert shutil.which(str(BINARY))
