"""What lint's rules claim of requests that never arrive, on the oldest and the newest Traefik of the lab.

One stack has each fault once, beside what is right. The very file that lint judges is started by Compose.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.lab.clients import Client, wait_for_status
from tests.lab.composed import container, up
from tests.lab.engine import docker
from tests.lab.ground import Ground
from tests.lint.support import found, project

STACK = """\
services:
  traefik:
    image: traefik:v{version}
    command:
      - --providers.docker=true
      - --providers.docker.exposedbydefault=false
      - --entrypoints.web.address=:80
      - --entrypoints.websecure.address=:443
      - --entrypoints.websecure.http3=true
      - --entrypoints.quick.address=:8443
      - --entrypoints.quick.http3=true
    ports:
      - 80:80
      - 443:443
      - 8443:8443
      - 8443:8443/udp
      - 8000:8001
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock:ro
  right:
    image: lab/app:1
    ports:
      - 8089:80
    labels:
      - traefik.enable=true
      - traefik.http.routers.right.rule=Host(`right.acme-house.com`)
      - traefik.http.services.right.loadbalancer.server.port=80
  web:
    image: lab/app:1
    ports:
      - 8088:80
    labels:
      - traefik.enable=true
      - traefik.http.routers.web.rule=Host(`web.acme-house.com`)
      - traefik.http.services.web.loadbalancer.server.port=8088
  blog:
    image: php:8.2-fpm
    labels:
      - traefik.enable=true
      - traefik.http.routers.blog.rule=Host(`blog.acme-house.com`)
"""
FOUND = {
    "EL102": [
        "35 medium `8088` is a port of the host, where it leads to 80 of `web`, and Traefik needs the container's own"
    ],
    "EL105": [
        "8 low `websecure` announces HTTP/3, and port 443 is not published for UDP",
        "17 low port 8000/tcp of the host leads to 8001 of `traefik`, where no entrypoint listens",
    ],
    "EL108": ["37 high `blog` speaks FastCGI, and Traefik speaks HTTP with it: every request gets 502"],
}
QUIC = """\
import socket, sys
asked = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asked.settimeout(10)
asked.connect((sys.argv[1], int(sys.argv[2])))
asked.send(bytes.fromhex("c01a2a3a4a08" + "11" * 8 + "08" + "22" * 8).ljust(1200, b"\\0"))
try:
    print("versions" if asked.recv(99)[1:5] == bytes(4) else "something else")
except ConnectionRefusedError:
    print("refused")
"""
"""Asks for a version of QUIC that nobody has. A server answers with those that it has."""


@pytest.mark.parametrize("release", ["3.0.4", "3.7.15"])
def test_requests_that_never_arrive(ground: Ground, tmp_path: Path, release: str) -> None:
    text = STACK.format(version=release)
    assert {rule: found(project(text), rule) for rule in FOUND} == FOUND
    up(ground, tmp_path, text)
    wait_for_status(Client(ground, port=80), "right.acme-house.com", 200)
    the_port_of_the_host_gets_502(ground)
    fastcgi_gets_502(ground)
    a_port_without_entrypoint_takes_no_request(ground)
    http3_is_announced_and_never_answers(ground)
    assert "8001" not in docker(ground, "logs", container(ground, "traefik"))


def the_port_of_the_host_gets_502(ground: Ground) -> None:
    wait_for_status(Client(ground, port=80), "web.acme-house.com", 502)


def fastcgi_gets_502(ground: Ground) -> None:
    wait_for_status(Client(ground, port=80), "blog.acme-house.com", 502)


def a_port_without_entrypoint_takes_no_request(ground: Ground) -> None:
    """Others are refused by the container; on the machine itself Docker's proxy takes the connection, and ends it."""
    with pytest.raises(ConnectionRefusedError):
        ground.connect(8000)
    with ground.connect(8000, "127.0.0.1") as taken:
        answer = b""
        with suppress(ConnectionResetError, BrokenPipeError):
            taken.sendall(b"GET / HTTP/1.1\r\nHost: right.acme-house.com\r\n\r\n")
            answer = taken.recv(1)
    assert answer == b""


def http3_is_announced_and_never_answers(ground: Ground) -> None:
    for port, answer in ((443, "refused"), (8443, "versions")):
        announced = Client(ground, port=port).get("right.acme-house.com").headers["Alt-Svc"]
        assert announced == f'h3=":{port}"; ma=2592000'
        assert ground.run(sys.executable, "-c", QUIC, ground.address, str(port)).stdout.strip() == answer
