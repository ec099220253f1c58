"""The pages of docs/coming-from: an old Traefik hands over names, certificates and data, line by line."""

from __future__ import annotations

import base64
import json
import re
import time
from pathlib import Path

import yaml

from tests.lab.authority import Authority
from tests.lab.clients import Client, shown_certificate, wait_for_certificate, wait_for_status
from tests.lab.engine import docker
from tests.lab.ground import ADDRESS, Ground
from tests.lab.images import ensure_images
from tests.lab.parts import program
from tests.lab.stack import Stack

PAGES = Path(__file__).parents[2] / "docs" / "coming-from"
HOST, OTHER = "www.example.com", "shop.example.com"
OLD = """
name: tutorial
services:
  traefik:
    image: traefik:v3.7
    command:
      - --providers.docker.exposedbydefault=false
      - --entrypoints.web.address=:80
      - --entrypoints.websecure.address=:443
      - --certificatesresolvers.le.acme.httpchallenge.entrypoint=web
      - --certificatesresolvers.le.acme.caserver=CASERVER
      - --certificatesresolvers.le.acme.cacertificates=/ca.pem
      - --certificatesresolvers.le.acme.storage=/letsencrypt/acme.json
    ports: ["80:80", "443:443"]
    volumes: ["./letsencrypt:/letsencrypt", "./ca.pem:/ca.pem:ro", "/var/run/docker.sock:/var/run/docker.sock:ro"]
    networks: [proxy]
  site:
    image: lab/web:1
    labels:
      - traefik.enable=true
      - traefik.http.routers.site.rule=Host(`www.example.com`)
      - traefik.http.routers.site.entrypoints=websecure
      - traefik.http.routers.site.tls.certresolver=le
      - traefik.http.services.site.loadbalancer.server.port=8080
    volumes: ["site-data:/data"]
    networks: [proxy]
networks: {proxy: {name: proxy}}
volumes: {site-data: {}}
"""
EDGE = f"""
name: edge
acme: {{email: ops@example.com}}
domains: {{example.com: {{provider: none, addresses: [{ADDRESS}]}}}}
environments: {{trial: {{edge: {{ports: {{web: 8080, websecure: 8443}}}}}}}}
"""
OUTSIDE = f"""
edge: {{extra: {{networks: [edge, socket, old]}}}}
networks: {{old: {{external: true, name: proxy}}}}
services: {{site: {{kind: external, host: {HOST}, url: "http://tutorial-site-1:8080"}}}}
"""
INSIDE = f"""
services: {{site: {{image: "lab/web:1", port: 8080, host: {HOST}, volumes: ["site-data:/data"]}}}}
volumes: {{site-data: {{external: true, name: tutorial_site-data}}}}
"""


def test_the_edge_first_the_apps_later(
    stack: Stack, authority: Authority, ground: Ground, tmp_path: Path, proof: bool
) -> None:
    old = tmp_path / "tutorial"
    start_old(ground, authority, old)
    serial = wait_for_certificate(ground, HOST).serial_number
    docker(ground, "exec", "tutorial-site-1", "sh", "-c", "echo precious > /data/file")
    orders = authority.orders()

    stack.write(EDGE + OUTSIDE)
    stack.edgegen("render", "-e", "trial")
    bring_pem_files(stack, stored_by(old))
    ensure_images(ground, stack.compose)
    stack.edgegen("up", "-e", "trial", "--wait", "180")
    wait_for_status(Client(ground, stack.root, port=8443), HOST, 200)
    assert shown_certificate(ground, HOST, 8443).serial_number == serial

    stack.edgegen("render", "-e", "base")
    assert "held by container `tutorial-traefik-1`" in stack.edgegen("up", "-e", "base", code=3).stderr
    switch(stack, "tutorial-traefik-1")
    assert shown_certificate(ground, HOST).serial_number == serial
    if proof:
        back(stack)
        the_app_moves(stack, old)
        assert shown_certificate(ground, HOST).serial_number == serial
    assert authority.orders() == orders, "a certificate was ordered again"


def switch(stack: Stack, old_proxy: str) -> None:
    """As the page says it: Compose alone makes and starts Traefik, without a look at anything else."""
    for part in ("--no-start", "OLD_PROXY"):
        typed = line_of(part).replace("OLD_PROXY", old_proxy)
        stack.ground.run("bash", "-ec", typed, cwd=stack.folder)
    wait_for_status(Client(stack.ground, stack.root), HOST, 200)


def back(stack: Stack) -> None:
    """The old proxy has what it had."""
    docker(stack.ground, "stop", "-t", "2", "edge-traefik-1")
    docker(stack.ground, "start", "tutorial-traefik-1")
    wait_for_status(Client(stack.ground, stack.root), HOST, 200)


def the_app_moves(stack: Stack, old: Path) -> None:
    """With its data, and with the whole store of the old Traefik under the new name of its resolver."""
    stack.ground.run(program("docker-compose"), "-p", "tutorial", "down", "-t", "2", cwd=old)
    stack.write(EDGE + INSIDE)
    stack.ground.run("bash", "-ec", block("compose-tutorial.md", "jq '{letsencrypt: .le}'"), cwd=stack.folder)
    stack.edgegen("up", "-e", "base", "--wait", "180")
    wait_for_status(Client(stack.ground, stack.root), HOST, 200)
    assert docker(stack.ground, "exec", stack.container("site"), "cat", "/data/file") == "precious\n"


def start_old(ground: Ground, authority: Authority, folder: Path) -> None:
    """The stack of a tutorial, with its labels right."""
    (folder / "letsencrypt").mkdir(parents=True, mode=0o700)
    (folder / "ca.pem").write_bytes(authority.api_ca.read_bytes())
    text = OLD.replace("CASERVER", authority.directory)
    (folder / "compose.yaml").write_text(text)
    ensure_images(ground, yaml.safe_load(text))
    ground.run(program("docker-compose"), "up", "-d", cwd=folder)


def stored_by(old: Path) -> tuple[bytes, bytes]:
    """Certificate and key of the old store, which has them a moment after they are shown."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            (one,) = json.loads((old / "letsencrypt" / "acme.json").read_bytes())["le"]["Certificates"]
        except (ValueError, TypeError, KeyError):
            time.sleep(0.05)  # nothing announces the write
            continue
        return base64.b64decode(one["certificate"]), base64.b64decode(one["key"])
    raise AssertionError("no certificate in the old store")


def bring_pem_files(stack: Stack, found: tuple[bytes, bytes]) -> None:
    """From one file as kamal-proxy has it to two as nginx-proxy has them, and from these to acme.json."""
    certificate, key = found
    certs = stack.folder / "certs"
    certs.mkdir(mode=0o700)
    (stack.folder / "both.pem").write_bytes(key + certificate)
    lines = [line for line in block("kamal.md", "openssl pkey").splitlines() if line.startswith(("openssl", "sed"))]
    stack.ground.run("bash", "-ec", "\n".join(lines).replace(OTHER, HOST), cwd=stack.folder)
    script = block("index.md", "jq -n --arg host").replace(f" {OTHER}", "")
    stack.ground.run("bash", "-ec", script, cwd=stack.folder, env={"CERTS": str(certs)})
    assert (stack.folder / "acme" / "acme.json").stat().st_mode & 0o777 == 0o600


def line_of(part: str) -> str:
    """A line of the switch; the lab has Compose as a program, and not as a plugin of the client."""
    (line,) = [line for line in block("index.md", "docker stop -t 2 OLD_PROXY").splitlines() if part in line]
    return line.removeprefix("$ ").replace("docker compose", "docker-compose")


def block(page: str, part: str) -> str:
    """The one block of a page that has this in it."""
    text = (PAGES / page).read_text()
    (found,) = [item for item in re.findall(r"^```\w+\n(.*?)^```$", text, re.MULTILINE | re.DOTALL) if part in item]
    return str(found)
