"""A local authority before those that must believe it: real Traefik, OpenSSL, curl, and Chromium after its one line."""

from __future__ import annotations

import json
import os
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.report import browser
from tests.conftest import Edgegen
from tests.traefik.process import free_port, running

pytestmark = pytest.mark.slow

SPEC = """\
name: shop
acme: {ca: local}
services:
  web: {image: "web:1", port: 80, host: www.shop.test}
  wild: {image: "web:1", port: 80, host: "*.apps.shop.test"}
  api: {image: "web:1", port: 80, host: api.localhost}
"""
HOSTS = ("www.shop.test", "anything.apps.shop.test", "api.localhost")


@dataclass(frozen=True)
class Edge:
    """A running Traefik that has what was rendered."""

    project: Path
    port: int
    trust: str
    folder: Path

    @property
    def root(self) -> Path:
        return self.project / ".edgegen/ca/root.pem"


def served(edge: Edge, host: str, authority: Path | None) -> str:
    """The serial of what is sent for a host, as Python's OpenSSL believes it. Raises ssl.SSLError where it doesn't."""
    context = ssl.create_default_context(cafile=str(authority) if authority else None)
    with (
        socket.create_connection(("127.0.0.1", edge.port), timeout=60) as connection,
        context.wrap_socket(connection, server_hostname=host) as secured,
    ):
        certificate = secured.getpeercert()
        assert certificate
        return str(certificate["serialNumber"])


def lay_out(project: Path, folder: Path) -> None:
    """The rendered dynamic files as the container sees them, with its path of the leaf certificates made this one."""
    for file in (project / "traefik/dynamic").glob("*.yml"):
        text = file.read_text().replace("/etc/traefik/leaf", str(project / ".edgegen/ca/leaf"))
        (folder / f".{file.name}.new").write_text(text)
        (folder / f".{file.name}.new").rename(folder / file.name)


@contextmanager
def edge_of(edgegen: Edgegen, folder: Path, spec: str = SPEC) -> Iterator[Edge]:
    project, dynamic, port = folder / "project", folder / "dynamic", free_port()
    project.mkdir()
    dynamic.mkdir()
    (project / "edge.yaml").write_text(spec)
    done = edgegen("render", "--json", cwd=project)
    assert done.code == 0, done.err
    told = json.loads(done.out)["local_ca"]
    lay_out(project, dynamic)
    router = {"rule": "PathPrefix(`/`)", "entryPoints": ["websecure"], "service": "ping@internal", "tls": {}}
    (dynamic / "everything.yml").write_text(json.dumps({"http": {"routers": {"all": router}}}))
    flags = [f"--entrypoints.websecure.address=127.0.0.1:{port}", f"--providers.file.directory={dynamic}", "--ping"]
    with running(flags) as traefik:
        traefik.until(lambda data: "all@file" in data.get("routers", {}))
        assert not traefik.complaints(), traefik.complaints()
        yield Edge(project, port, told["trust"], folder)


@pytest.fixture(scope="module")
def edge(edgegen: Edgegen, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Edge]:
    with edge_of(edgegen, tmp_path_factory.mktemp("edge")) as running_edge:
        yield running_edge


@pytest.mark.parametrize("host", HOSTS)
def test_openssl_believes_each_host_with_the_root_and_none_without(edge: Edge, host: str) -> None:
    assert served(edge, host, edge.root)
    with pytest.raises(ssl.SSLCertVerificationError):
        served(edge, host, None)


def test_openssl_refuses_a_name_that_no_certificate_holds(edge: Edge) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        served(edge, "other.shop.test", edge.root)


@pytest.mark.parametrize("host", HOSTS)
def test_curl_believes_it(edge: Edge, host: str) -> None:
    words = ["curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "--resolve", f"{host}:{edge.port}:127.0.0.1"]
    done = subprocess.run(
        [*words, "--cacert", edge.root, f"https://{host}:{edge.port}/ping"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "200"), done.stderr


def visited(edge: Edge, home: Path) -> dict[str, str]:
    """What Chromium says of each host: "" where it believes it, the name of its error else."""
    found = {}
    with browser.running(home, ["--host-resolver-rules=MAP * 127.0.0.1"]) as chromium:
        for host in HOSTS:
            target = chromium.call("Target.createTarget", url="about:blank")["targetId"]
            session = chromium.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            url = f"https://{host}:{edge.port}/ping"
            answer = chromium.call("Page.navigate", session=session, url=url)
            found[host] = str(answer.get("errorText", ""))
    return found


def test_a_browser_believes_it_after_the_one_line_and_not_before(edge: Edge, tmp_path: Path) -> None:
    """Only what needs root is replaced: the system's own store is not this test's to change."""
    before, after, tools = tmp_path / "before", tmp_path / "after", tmp_path / "tools"
    for folder in (before, after, tools):
        folder.mkdir()
    (tools / "sudo").write_text("#!/bin/sh\nexit 0\n")
    (tools / "sudo").chmod(0o755)
    assert set(visited(edge, before).values()) == {"net::ERR_CERT_AUTHORITY_INVALID"}
    assert "\n" not in edge.trust
    environment = {"HOME": str(after), "PATH": f"{tools}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["sh", "-c", edge.trust], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert visited(edge, after) == dict.fromkeys(HOSTS, "")


def test_traefik_sends_a_new_certificate_without_a_restart(edgegen: Edgegen, tmp_path: Path) -> None:
    with edge_of(edgegen, tmp_path) as edge:
        first = served(edge, HOSTS[0], edge.root)
        (edge.project / "edge.yaml").write_text(SPEC.replace("www.shop.test", "www.shop.test, aliases: [shop.test]"))
        root = edge.root.read_bytes()
        assert edgegen("render", cwd=edge.project).code == 0
        assert edge.root.read_bytes() == root
        lay_out(edge.project, tmp_path / "dynamic")
        for _ in range(200):
            if (now := served(edge, HOSTS[0], edge.root)) != first:
                break
        assert now != first
        assert served(edge, "shop.test", edge.root) == now
