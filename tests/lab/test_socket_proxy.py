"""The rendered socket proxy before the real engine: five reads pass, nothing else does, and it stops at once."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import time
from collections.abc import Iterator
from typing import Any

from tests.lab.clients import Client, wait_for_certificate
from tests.lab.engine import docker
from tests.lab.images import WEB_PAGE, ensure
from tests.lab.stack import Stack
from tests.lab.waiting import until

PROXY = "docker-socket-proxy"
IMAGE = "haproxy:3.2-alpine"
MOUNTED = "/usr/local/etc/haproxy/haproxy.cfg"
HOST = "www.guarded.test"
SPEC = f"""
name: guarded
services:
  web: {{image: "lab/web:1", host: {HOST}, port: 8080}}
"""
DEADLINE = 60.0


def test_five_reads_pass_and_nothing_else(stack: Stack, proof: bool) -> None:
    stack.write(SPEC)
    stack.render()
    stack.up()
    it_runs_without_any_power(stack)
    traefik_works_through_it(stack)
    the_images_own_settings_would_not_do(stack)
    bash_asks_for_its_health_as_wget_does(stack)
    what_traefik_needs_is_answered_by_the_engine(stack)
    everything_else_is_refused(stack)
    the_net_catches_a_proxy_that_goes_by_prefix(stack)
    with contextlib.nullcontext() if proof else patience_of(stack, seconds=2):
        a_silent_stream_is_kept_and_does_not_delay_a_stop(stack, 75 if proof else 4)
    a_changed_configuration_reaches_the_container(stack)


def it_runs_without_any_power(stack: Stack) -> None:
    """The official image's user can't open the socket; root can, and has nothing else."""
    seen = inspected(stack)
    assert seen["State"]["Health"]["Status"] == "healthy"
    assert (seen["HostConfig"]["ReadonlyRootfs"], seen["HostConfig"]["CapDrop"]) == (True, ["ALL"])
    assert (seen["HostConfig"]["Memory"], seen["HostConfig"]["PidsLimit"]) == (64 * 2**20, 32)
    assert list(seen["NetworkSettings"]["Networks"]) == ["guarded_socket"]
    said = docker(stack.ground, "exec", stack.container(PROXY), "cat", "/proc/1/status")
    assert set(re.findall(r"^Cap(?:Prm|Eff|Bnd):\s+(\w+)$", said, re.MULTILINE)) == {"0000000000000000"}
    assert re.search(r"^Uid:\s+0\s+0\s+0\s+0$", said, re.MULTILINE)


def the_images_own_settings_would_not_do(stack: Stack) -> None:
    """The image's user can't open the socket, and the image's stop signal waits for every open stream."""
    config = f"{stack.folder}/traefik/socket-proxy.cfg:{MOUNTED}:ro"
    run = ("run", "-d", "--network", "guarded_socket", "-v", config, "-v", "/var/run/docker.sock:/var/run/docker.sock")
    powerless = docker(stack.ground, *run, IMAGE).strip()
    assert asked(stack, "GET", "/_ping", powerless) == "503"
    waiting = docker(stack.ground, *run, "--user", "0:0", IMAGE).strip()
    with conversation(stack, address_of(stack, waiting)) as stream:
        stream.sendall(b"GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b" 200 " in stream.recv(4096)
        assert seconds_to_stop(stack, waiting, "3") >= 3


def bash_asks_for_its_health_as_wget_does(stack: Stack) -> None:
    """The alpine images have wget, and so does the lab's; those of Debian have bash, and so does the lab itself."""
    (_, text) = inspected(stack)["Config"]["Healthcheck"]["Test"]
    address = inspected(stack)["NetworkSettings"]["Networks"]["guarded_socket"]["IPAddress"]
    there = text.replace("127.0.0.1", address)
    assert stack.ground.run("sh", "-c", there, check=False).returncode == 0
    for other in (there.replace("2375", "2376"), there.replace("/_ping", "/info")):
        assert stack.ground.run("sh", "-c", other, check=False).returncode != 0


def traefik_works_through_it(stack: Stack) -> None:
    wait_for_certificate(stack.ground, HOST)
    assert Client(stack.ground, stack.root).get(HOST).body.decode() == WEB_PAGE
    # A container that comes later is announced on the stream of events.
    docker(stack.ground, "restart", "-t", "0", stack.container("web"))
    deadline = time.monotonic() + DEADLINE
    while (code := Client(stack.ground, stack.root).get(HOST).status) != 200 and time.monotonic() < deadline:
        time.sleep(0.1)  # a new route is announced nowhere
    assert code == 200
    said = stack.ground.run("docker", "logs", stack.container("traefik"))
    assert "ERR" not in said.stdout + said.stderr


def what_traefik_needs_is_answered_by_the_engine(stack: Stack) -> None:
    web = stack.container("web")
    for version in ("", "/v1.24", "/v1.41"):
        for path in ("/_ping", "/version", "/containers/json", f"/containers/{web}/json", "/events?until=1"):
            assert asked(stack, "GET", version + path) == "200", version + path
            # The engine itself knows one path by HEAD: its 404 shows that it was asked.
            assert asked(stack, "HEAD", version + path) == ("200" if path == "/_ping" else "404"), version + path
    assert asked(stack, "GET", "/containers/guarded-web-1/json") == "200"
    assert asked(stack, "GET", "/containers/nobody/json") == "404"


def everything_else_is_refused(stack: Stack) -> None:
    calls = list(forbidden(stack.container("web")))
    assert len(calls) > 100
    with_body = "Content-Length: 2"
    extra = ("Upgrade: h2c", "Upgrade: tcp", "Connection: keep-alive, Upgrade", "Transfer-Encoding: chunked", with_body)
    more = [("GET", "/version", header) for header in extra]
    address = address_of(stack, stack.container(PROXY))
    for method, path, *headers in [*calls, *more]:
        assert status(stack, address, method, path, *headers) == "403", (method, path, headers)
    said = stack.ground.run("docker", "logs", stack.container(PROXY))
    lines = (said.stdout + said.stderr).splitlines()
    assert any("/archive?path=/start.sh" in line and " 403 " in line for line in lines)
    assert not any(" 200 " in line for line in lines)


def the_net_catches_a_proxy_that_goes_by_prefix(stack: Stack) -> None:
    name = "tecnativa/docker-socket-proxy:v0.4.1"
    ensure(stack.ground, name)
    socket_mount = "/var/run/docker.sock:/var/run/docker.sock"
    run = ("run", "-d", "--network", "guarded_socket", "-e", "CONTAINERS=1", "-v", socket_mount, name)
    other = docker(stack.ground, *run).strip()
    with conversation(stack, address_of(stack, other)):
        pass
    box = f"/containers/{stack.container('web')}"
    calls = [(method, path) for method, path in forbidden(stack.container("web")) if path.startswith(box)]
    passed = [path for method, path in calls if status(stack, address_of(stack, other), method, path) == "200"]
    assert f"{box}/archive?path=/start.sh" in passed
    assert f"{box}/export" in passed
    docker(stack.ground, "rm", "-f", other)


def forbidden(web: str) -> Iterator[tuple[str, str]]:
    """Each of them gave something away, or changed something, through a proxy that goes by `/containers`."""
    box = f"/containers/{web}"
    for path in ("archive?path=/start.sh", "export", "logs?stdout=1", "attach/ws?stdout=1", "top", "changes",
                 "stats", "json/", "JSON", "json%2F..%2Farchive?path=/", "../json", "..%2F..%2Fimages/json",
                 "%6Ason"):  # fmt: skip
        yield "GET", f"{box}/{path}"
    for path in ("images/json", "volumes", "secrets", "configs", "networks", "info", "system/df", "nodes", "services",
                 "tasks", "swarm", "plugins", "distribution/a/json", "session", "build", "exec/1/json", "",
                 "containers", "containers/json/", "Containers/json", "containers//json", "_ping/", "_ping%00",
                 "v1.41/v1.41/version", "v1.41//version", "containers/json;/../archive", "containers/..;/images/json",
                 "a" * 4000):  # fmt: skip
        yield "GET", f"/{path}"
        yield "GET", f"/v1.41/{path}"
    yield "GET", f"/{box}/json"
    yield "GET", "//version"
    yield "GET", f"http://x{box}/json"
    yield "GET", f"http://x{box}/archive?path=/etc/passwd"
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "PROPFIND"):
        for path in ("/containers/json", f"{box}/json", "/_ping", "/version", "/events"):
            yield method, path
    for path in (
        "/containers/create",
        f"{box}/exec",
        f"{box}/kill",
        f"{box}/attach?stream=1",
        "/build",
        "/images/create",
    ):
        yield "POST", path
    yield "PUT", f"{box}/archive?path=/etc"
    yield "DELETE", f"{box}?force=1"
    yield "OPTIONS", "*"


@contextlib.contextmanager
def patience_of(stack: Stack, *, seconds: int) -> Iterator[None]:
    """The proxy waits for any answer but the events' only so long, and not the rendered minute."""
    path = stack.folder / "traefik" / "socket-proxy.cfg"
    rendered = path.read_text()
    assert rendered.count("timeout server 1m") == 1
    path.write_text(rendered.replace("timeout server 1m", f"timeout server {seconds}s"))
    docker(stack.ground, "restart", stack.container(PROXY))
    assert f"timeout server {seconds}s" in docker(stack.ground, "exec", stack.container(PROXY), "cat", MOUNTED)
    yield
    path.write_text(rendered)


def a_silent_stream_is_kept_and_does_not_delay_a_stop(stack: Stack, silence: int) -> None:
    """A stream on which nothing happens for longer than any other call may take, and then an event."""
    with conversation(stack, address_of(stack, stack.container(PROXY))) as stream:
        filters = "%7B%22label%22%3A%5B%22quiet%22%5D%7D"
        stream.sendall(f"GET /v1.41/events?filters={filters} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert b" 200 " in stream.recv(4096)
        stream.settimeout(silence)
        started = time.monotonic()
        try:
            said = stream.recv(4096)
        except TimeoutError:
            said = b"nothing"
        assert said == b"nothing", f"cut after {time.monotonic() - started:.0f} s"
        docker(stack.ground, "run", "-d", "--label", "quiet", "lab/web:1")
        stream.settimeout(DEADLINE)
        while b'"Action":"create"' not in said:  # which may come in pieces
            piece = stream.recv(4096)
            assert piece, said
            said += piece
        assert seconds_to_stop(stack, stack.container(PROXY), "60") < 40
    docker(stack.ground, "start", stack.container(PROXY))
    until("the proxy is healthy again", lambda: inspected(stack)["State"]["Health"]["Status"] == "healthy")


def a_changed_configuration_reaches_the_container(stack: Stack) -> None:
    before = stack.container(PROXY)
    stack.write(SPEC.replace("8080", "3000"))
    stack.edgegen("up", "--wait", "180")
    assert stack.container(PROXY) == before, "the header of the file is no change"
    template = stack.folder / "templates" / "project" / "traefik" / "socket-proxy.cfg.j2"
    template.parent.mkdir(parents=True)
    template.write_text('{% extends "builtin/project/traefik/socket-proxy.cfg.j2" %}\n')
    stack.edgegen("up", "--wait", "180")
    assert stack.container(PROXY) == before
    template.write_text('{% include "builtin/project/traefik/socket-proxy.cfg.j2" %}\nbackend another\n')
    stack.edgegen("up", "--wait", "180")
    assert stack.container(PROXY) != before
    mounted = docker(stack.ground, "exec", stack.container(PROXY), "cat", MOUNTED)
    assert mounted.endswith("backend another\n")


def inspected(stack: Stack, container: str = "") -> dict[str, Any]:
    return dict(json.loads(docker(stack.ground, "inspect", container or stack.container(PROXY)))[0])


def seconds_to_stop(stack: Stack, container: str, patience: str) -> float:
    started = time.monotonic()
    docker(stack.ground, "stop", "-t", patience, container)
    return time.monotonic() - started


def address_of(stack: Stack, container: str) -> str:
    return str(inspected(stack, container)["NetworkSettings"]["Networks"]["guarded_socket"]["IPAddress"])


@contextlib.contextmanager
def conversation(stack: Stack, address: str) -> Iterator[socket.socket]:
    """A connection to a proxy from the lab's host, which reaches every bridge."""
    deadline = time.monotonic() + DEADLINE
    while True:
        try:
            opened = stack.ground.connect(2375, address=address)
            break
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.05)  # that it listens is told by nothing but a connection
    with opened:
        yield opened


def asked(stack: Stack, method: str, target: str, container: str = "") -> str:
    return status(stack, address_of(stack, container or stack.container(PROXY)), method, target)


def status(stack: Stack, address: str, method: str, target: str, *headers: str) -> str:
    """The status of one request whose target is sent as it is written here."""
    with conversation(stack, address) as opened:
        lines = (f"{method} {target} HTTP/1.1", "Host: x", "Connection: close", *headers, "", "")
        opened.sendall("\r\n".join(lines).encode())
        return opened.recv(4096).split()[1].decode()
