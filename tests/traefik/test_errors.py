"""What Traefik's errors mean: each as 3.7.15 words it, and once more before the real Traefik."""

# ruff: noqa: E501 - lines of a log stand as they are

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from edgegen.traefik.errors import meaning
from edgegen.traefik.log import read_log
from tests.fakes.docker_api import FakeDockerApi, routed
from tests.traefik.process import free_port, running

ERRORS = {
    "field not found, node: certresolvers": ("router", "`certresolvers`"),
    "decoding Docker labels: field not found, node: networks": ("router", "`networks`"),
    "decoding Docker labels: invalid label root Traefik": ("router", "begins with `Traefik`"),
    'Skip container en decoding Docker labels: strconv.ParseBool: parsing "yes": invalid syntax': ("router", "`yes`"),
    'strconv.ParseInt: parsing "many": invalid syntax': ("router", "`many` is not a valid Int"),
    'middleware "z@file" does not exist': ("router", "the middleware `z@file`"),
    'the service "nope@docker" does not exist': ("router", "the service `nope@docker`"),
    'Router two cannot be linked automatically with multiple Services: ["other" "two"]': ("router", "`two`"),
    "HTTP middleware defined multiple times with different configurations": ("router", "one middleware"),
    "error while parsing rule Host(x.test): parsing rule Host(x.test): x.test is not defined": ("router", "Host(x.test)`"),
    "EntryPoint doesn't exist": ("router", "entrypoint"),
    'entryPoint "nope" doesn\'t exist': ("router", "entrypoint"),
    "No valid entryPoint for this router": ("router", "entrypoint"),
    "no users found in ": ("router", "no users"),
    "open /nope/htpasswd: no such file or directory": ("router", "`/nope/htpasswd`"),
    "cannot parse CIDRs [nonsense]: parsing CIDR trusted IPs <nil>: invalid CIDR address: nonsense": ("router", "[nonsense]"),
    "the router priority 9223372036854775807 exceeds the max user-defined priority 9223372036854774807": (
        "router", "priority"),
    "building router handler: unknown TLS options: strong@docker": ("router", "`strong@docker`"),
    'service "nonet" error: unable to find the IP address for the container "/nonet": the server is ignored': (
        "router", "no address on a network"),
    'service "noport" error: port is missing': ("router", "port is not set"),
    "Provider error, retrying in 441.629533ms Error response from daemon: <html><body><h1>403 Forbidden</h1>\nRequest "
    "forbidden by administrative rules.\n</body></html>": ("router", "the socket proxy refuses what Traefik asks"),
    "Error response from daemon: <html><body><h1>403 Forbidden</h1>\nRequest forbidden": ("router", "socket proxy refuses"),
    "Error while parsing task inspecting node omg1h293diygpg8tmb2v86biz: Error response from daemon: <html><body><h1>403 "
    "Forbidden</h1>\nRequest forbidden": ("router", "socket proxy refuses"),
    "Failed to retrieve information of the docker client and server host Error response from daemon: client version 1.24 is "
    "too old. Minimum supported API version is 1.44, please upgrade your client to a newer version": ("router", "version 1.24"),
    "Provider error, retrying in 676ms failed to connect to the docker API at unix:///var/run/docker.sock; check if the path "
    "is correct and if the daemon is running: dial unix /var/run/docker.sock: connect: no such file or directory": (
        "router", "the engine at unix:///var/run/docker.sock"),
    "Provider error, retrying in 608ms Cannot connect to the Docker daemon at tcp://127.0.0.1:1. Is the docker daemon running?": (
        "router", "the engine at tcp://127.0.0.1:1:"),
    # Traefik 3.0.4
    "Provider error, retrying in 423ms error during connect: Get \"http://docker-socket-proxy:2375/v1.24/version\": dial tcp: "
    "lookup docker-socket-proxy on 127.0.0.11:53: no such host": ("router", "the engine at http://docker-socket-proxy:2375"),
    "permission denied while trying to connect to the docker API at unix:///var/run/docker.sock": (
        "router", "socket unix:///var/run/docker.sock:"),
    # Traefik 3.0.4
    "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "
    '"http://%2Fvar%2Frun%2Fdocker.sock/v1.24/version": dial unix /var/run/docker.sock: connect: permission denied': (
        "router", "socket unix:///var/run/docker.sock:"),
    "Failed to list services for docker swarm mode Error response from daemon: This node is not a swarm manager. Use "
    '"docker swarm init" or "docker swarm join" to connect this node to swarm and try again.': ("router", "not a swarm manager"),
    'error parsing server URL http://10.64.0.20:http: parse "http://10.64.0.20:http": invalid port ":http" after host': (
        "router", "http://10.64.0.20:http"),
    "500 Internal Server Error tls: failed to verify certificate: x509: cannot validate certificate for 172.18.0.5 because it "
    "doesn't contain any IP SANs": ("service", "the container at 172.18.0.5 and refuses its certificate"),
    'Could not find network named "nope" for container "/net". Maybe you\'re missing the project\'s prefix in the label?': (
        "service", "`nope`"),
    "Unable to create redirection: the entry point or the port is missing": ("entrypoint", "redirections.entrypoint.to"),
    "'to' entry point field references a non-existing entry point: nope": ("entrypoint", "`nope`"),
    "The ACME resolve is skipped from the resolvers list unable to get ACME account: permissions 644 for /acme/acme.json "
    "are too open, please use 600": ("tls", "/acme/acme.json has mode 644"),
    "unable to get ACME account: invalid character 'o' in literal null": ("tls", "acme.json: invalid character"),
    "Router uses a nonexistent certificate resolver": ("tls", "certificate resolver"),
    "Unable to obtain ACME certificate for domains cannot get ACME client get directory at 'https://127.0.0.1:1/dir': "
    "unable to communicate with the API server: error: Get \"https://127.0.0.1:1/dir\": dial tcp 127.0.0.1:1: connect: "
    "connection refused": ("tls", "can't be reached: Get \"https://127.0.0.1:1/dir\""),
    "Unable to obtain ACME certificate for domains unable to generate a certificate for the domains [a.test]: error: one or "
    "more domains had a problem:\n[a.test] invalid authorization: acme: error: 400 :: urn:ietf:params:acme:error:dns :: "
    "DNS problem: NXDOMAIN looking up A for a.test\n": ("tls", "refused (dns): DNS problem: NXDOMAIN"),
    "acme: error: 403 :: POST :: https://a.test/new-order :: urn:ietf:params:acme:error:rejectedIdentifier :: policy": (
        "tls", "refused (rejectedIdentifier): policy"),
    "acme: error: 429 :: POST :: https://acme-v02.api.letsencrypt.org/acme/new-order :: "
    "urn:ietf:params:acme:error:rateLimited :: too many failed authorizations (5), retry after 2026-05-10": (
        "tls", "rate limit is reached: too many failed authorizations (5)"),
    "acme: error: 400 :: POST :: https://a.test/new-order :: urn:ietf:params:acme:error:accountDoesNotExist :: x": (
        "tls", "does not know the account"),
    "cannot get ACME client ACME challenge not specified, please select TLS or HTTP or DNS Challenge": ("tls", "no challenge"),
    "cloudflare: some credentials information are missing: CLOUDFLARE_EMAIL,CLOUDFLARE_API_KEY": ("tls", "DNS challenge failed"),
    "[a.test] acme: error presenting token: cloudflare: failed to find zone a.test": ("tls", "cloudflare: failed to find zone"),
    "Unable to obtain ACME certificate for domains something new": ("tls", "something new"),
}  # fmt: skip


@pytest.mark.parametrize("text", ERRORS)
def test_meanings(text: str) -> None:
    part, words = ERRORS[text]
    found = meaning(text)
    assert found is not None
    assert found.part == part
    assert words in found.sentence
    assert found.hint
    assert "\n" not in found.sentence


@pytest.mark.parametrize("text", ["", "Starting provider", "a router", "aliasHeadersStrategy is not configured"])
def test_what_means_nothing(text: str) -> None:
    assert meaning(text) is None


def test_an_answer_as_long_as_a_page_is_cut() -> None:
    found = meaning(f"Unable to obtain ACME certificate for domains {'x' * 10_000}")
    assert found is not None
    assert len(found.sentence) < 300


MISTAKES: Mapping[str, Mapping[str, str]] = {
    "typo": {"traefik.http.routers.typo.tls.certresolvers": "le"},
    "middleware": {"traefik.http.routers.middleware.middlewares": "nope"},
    "resolver": {"traefik.http.routers.resolver.tls.certresolver": "nope"},
    "entrypoint": {"traefik.http.routers.entrypoint.entrypoints": "nope"},
    "service": {"traefik.http.routers.service.service": "nope"},
    "rule": {"traefik.http.routers.rule.rule": "Host(x.test)"},
    "users": {"traefik.http.routers.users.middlewares": "u", "traefik.http.middlewares.u.basicauth.users": ""},
    "boolean": {"traefik.enable": "yes"},
    "network": {"traefik.docker.network": "nope"},
}


class _Refusing(BaseHTTPRequestHandler):
    """Docker 29, asked by a client that speaks an old API."""

    def do_GET(self) -> None:
        said = {"message": "client version 1.24 is too old. Minimum supported API version is 1.44, please upgrade"}
        self.send_response(400)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(said).encode())

    def log_message(self, *_: object) -> None:
        pass


def no_engine(endpoint: str) -> list[str]:
    """What Traefik's errors mean, as it says them if this is its engine."""

    def has_tried() -> bool:
        return any("Provider error" in line for line in traefik.log)

    with running(["--providers.docker=true", f"--providers.docker.endpoint={endpoint}"]) as traefik, traefik.grew:
        assert traefik.grew.wait_for(has_tried, 20)
        return [found.sentence for line in read_log("\n".join(traefik.log)) if (found := meaning(line.text))]


@pytest.mark.lab
def test_the_real_traefik_without_an_engine(tmp_path: Path) -> None:
    socket = f"unix://{tmp_path}/none.sock"
    assert any(f"the engine at {socket}:" in sentence for sentence in no_engine(socket))
    assert any("the engine at tcp://127.0.0.1:1:" in sentence for sentence in no_engine("tcp://127.0.0.1:1"))


@pytest.mark.lab
def test_the_real_traefik_and_an_engine_that_refuses_it() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        said = no_engine(f"tcp://127.0.0.1:{server.server_port}")
        server.shutdown()
    assert any("speaks version 1.24" in sentence for sentence in said)


@pytest.mark.lab
def test_the_real_traefik_words_them_so(tmp_path: Any) -> None:
    store = tmp_path / "acme.json"
    store.touch()
    store.chmod(0o644)
    flags = [
        "--providers.docker=true",
        "--providers.docker.exposedbydefault=false",
        f"--entrypoints.secure.address=127.0.0.1:{free_port()}",
        "--entrypoints.web.http.redirections.entrypoint.scheme=https",
        f"--certificatesresolvers.le.acme.storage={store}",
        "--certificatesresolvers.le.acme.tlschallenge=true",
    ]
    with (
        FakeDockerApi([routed(name, labels) for name, labels in MISTAKES.items()]) as api,
        running([*flags, f"--providers.docker.endpoint={api.endpoint}"]) as traefik,
    ):
        traefik.until(lambda data: "network@docker" in data.get("routers", {}))
        with traefik.grew:
            assert traefik.grew.wait_for(lambda: any("certificate resolver" in line for line in traefik.log), 10)
    lines = [line for line in read_log("\n".join(traefik.log)) if meaning(line.text)]
    for name in MISTAKES:
        assert [line for line in lines if name in line.text or any(name in value for value in line.fields.values())], (
            name
        )
    assert {found.part for line in lines if (found := meaning(line.text))} == {"tls", "entrypoint", "router", "service"}
    assert any("mode 644" in found.sentence for line in lines if (found := meaning(line.text)))
