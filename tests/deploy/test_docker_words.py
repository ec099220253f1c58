"""What Docker's own words mean for the user."""

from __future__ import annotations

import pytest

from edgegen.deploy.command import Command, Result, failure
from edgegen.deploy.docker_words import known_hint, only_missing

POOLS = "Error response from daemon: could not find an available, non-overlapping IPv4 address pool among the defaults"
GIVEN_UP = 'error during connect: Post "http://%2Fvar%2Frun%2Fdocker.sock/v1.41/networks/create": context canceled'
TAKEN = 'Error response from daemon: Conflict. The container name "/db" is already in use by container "4c1f".'
LIMIT = "toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate"
OTHER = "no matching manifest for linux/arm64/v8 in the manifest list entries"
DENIED = "pull access denied for shop/web, repository does not exist or may require 'docker login'"
HELD = "driver failed programming external connectivity: Bind for 0.0.0.0:80 failed: port is already allocated"
SOCKET = "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock"


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        (POOLS, "docker network prune"),
        (POOLS.replace("IPv4", "IPv6"), "enable_ipv6"),
        (f"{GIVEN_UP}\n{POOLS}", "docker network prune"),
        (f"{POOLS}\n{GIVEN_UP}", "docker network prune"),
        (TAKEN, "container_name"),
        (LIMIT, "docker login"),
        (OTHER, "this machine's processor"),
        (DENIED, "a private image needs `docker login`"),
        (HELD, "docker ps"),
        (SOCKET, "the group `docker`"),
        ("Cannot connect to the Docker daemon at unix:///var/run/docker.sock.", "start the engine"),
        ("write /var/lib/docker/tmp/x: no space left on device", "docker system df"),
        ("Error response from daemon: cannot start a paused container, try unpause instead", "docker unpause"),
        (
            'Get "https://r.example.com:5000/v2/": http: server gave HTTP response to HTTPS client',
            "insecure-registries",
        ),
        ('Get "https://r.lan/v2/": x509: certificate signed by unknown authority', "/etc/docker/certs.d/HOST/ca.crt"),
        ('Get "http://127.0.0.1:5999/v2/": dial tcp 127.0.0.1:5999: connect: connection refused', "not reach"),
        (
            'failed to do request: Head "https://r.exmaple.com/v2/x/manifests/1": dial tcp: no such host',
            "the image's name",
        ),
        (
            'error during connect: Get "http://server:2376/v1.52/info": dial tcp: lookup server: no such host',
            "DOCKER_HOST",
        ),
        ('Get "https://registry-1.docker.io/v2/": net/http: TLS handshake timeout', "network and DNS"),
        ("failed to bind host port 0.0.0.0:80: listen tcp4: bind: address already in use", "docker ps"),
        ("Error response from daemon: manifest unknown: manifest unknown", "the image's tag"),
    ],
)
def test_a_known_failure(said: str, hint: str) -> None:
    assert hint in known_hint(f"first line\n{said}\n")


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ("Error response from daemon: No such container: c2", True),
        ("Error: No such object: c2\nError: No such object: c3\n", True),
        ("Error response from daemon: get shop_data: no such volume", True),
        ("Error response from daemon: network shop_edge not found", True),
        ("Error: no such service: web", True),
        ("dial tcp: lookup server.example.com: no such host", False),
        ("dial unix /var/run/docker.sock: connect: no such file or directory", False),
        ("Warning: Identity file /k not accessible: No such file or directory.\nConnection timed out", False),
        ("Error: No such container: c2\nunexpected EOF", False),
        ("", False),
    ],
)
def test_what_is_not_there_any_more(said: str, missing: bool) -> None:
    assert only_missing(said) is missing


FAILED = 'target web: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1'


@pytest.mark.parametrize(
    ("line", "hint"),
    [("1.2 npm error 401 Unauthorized - GET https://npm.pkg.github.com/x", ""),
     ("0.3 Error: listen EADDRINUSE: address already in use", ""),
     ("9.1 npm error ENOSPC: no space left on device, write", "docker system df")],
)  # fmt: skip
def test_what_a_program_of_a_dockerfile_says_is_not_dockers(line: str, hint: str) -> None:
    for end in (FAILED, "The command '/bin/sh -c npm ci' returned a non-zero code: 1"):
        found = known_hint(f"{line}\n------\n{end}\n")
        assert hint in found
        assert bool(hint) is bool(found)


def test_an_unknown_one() -> None:
    assert known_hint('service "web" has neither an image nor a build context') == ""


@pytest.mark.parametrize(
    ("code", "said"),
    [(18, "ended with exit code 18"), (-15, "was ended by SIGTERM"), (-9, "was ended by SIGKILL: is this machine out"),
     (-99, "was ended by signal 99")],
)  # fmt: skip
def test_how_a_program_ended(code: int, said: str) -> None:
    assert f"`docker ps` {said}" in failure(Command(("docker", "ps")), Result(code))


def test_what_compose_gave_up_by_itself_says_nothing() -> None:
    assert known_hint(GIVEN_UP) == ""
    assert "start the engine" in known_hint(GIVEN_UP.replace("context canceled", "EOF"))
