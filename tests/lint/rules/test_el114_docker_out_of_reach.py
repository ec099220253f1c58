"""A Traefik that can't reach the Docker that it should read labels from."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.lint.cases import Case, differences, module, with_fault
from tests.traefik.process import running

RULE = module(__name__)
SOCKET = '    volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]\n'
WEB = "  web:\n    image: app:1\n    labels: [traefik.enable=true]\n"
TASK = "  web:\n    image: app:1\n    deploy: {labels: [traefik.enable=true]}\n"


def edge(*flags: str, more: str = "", image: str = "traefik:v3.7.15") -> str:
    """Traefik, its flags from line 5 on."""
    lines = "".join(f"      - {flag}\n" for flag in flags)
    return (
        f"services:\n  edge:\n    image: {image}\n    command:\n{lines}{textwrap.indent(more, '    ')}"
        + "\n" * bool(more)
    )


def proxied(*said: str, more: str = "", image: str = "tecnativa/docker-socket-proxy:0.3", socket: str = SOCKET) -> str:
    """A socket proxy, its first variable in its sixth line, or in its fifth without a socket."""
    lines = "".join(f"      {one}\n" for one in said)
    environment = f"    environment:\n{lines}" if said else ""
    return f"  proxy:\n    image: {image}\n{socket}{environment}{textwrap.indent(more, '    ')}" + "\n" * bool(more)


DOCKER, SWARM = "--providers.docker=true", "--providers.swarm=true"
TO_PROXY = "--providers.docker.endpoint=tcp://proxy:2375"
ALL = ("SERVICES: 1", "TASKS: 1", "NETWORKS: 1", "NODES: 1")
CASES = (
    Case(
        edge(DOCKER) + WEB, ["5 high no Docker socket is mounted at `/var/run/docker.sock` into `edge`: Traefik sees no"]
    ),
    Case(edge(DOCKER), ["5 medium no Docker socket is mounted"]),
    Case(edge(SWARM) + TASK, ["5 high no Docker socket is mounted at `/var/run/docker.sock` into `edge`"]),
    Case(
        edge(DOCKER, "--providers.docker.endpoint=unix:///sock/docker.sock", more=SOCKET.strip()) + WEB,
        ["6 high no Docker socket is mounted at `/sock/docker.sock` into `edge`"],
    ),
    Case(
        edge(DOCKER, TO_PROXY, more="networks: [a]")
        + WEB
        + proxied("CONTAINERS: 1", more="networks: [b]")
        + "networks: {a: {}, b: {}}\n",
        ["6 high `proxy` shares no network with `edge`: Traefik sees no container"],
    ),
    Case(
        edge(DOCKER, "--providers.docker.endpoint=tcp://prxy:2375") + WEB + proxied("CONTAINERS: 1"),
        ["6 medium no service here is called `prxy`: Traefik sees no container"],
    ),
    Case(
        edge(DOCKER, TO_PROXY) + WEB + proxied(),
        ["10 high `proxy` does not let Traefik read what it needs, and no host has a route: it lacks `CONTAINERS=1`"],
    ),
    Case(
        edge(DOCKER, TO_PROXY) + WEB + proxied("CONTAINERS: 0", "EVENTS: 0", image="lscr.io/linuxserver/socket-proxy"),
        ["14 high `proxy` does not let Traefik read what it needs, and no host has a route: it lacks `CONTAINERS=1`, `EV"],
    ),
    Case(
        edge(SWARM, "--providers.swarm.endpoint=tcp://proxy:2375") + TASK + proxied("CONTAINERS: 1", "NODES: 1"),
        ["10 high `proxy` does not let Traefik read what it needs, and no host has a route: it lacks `SERVICES=1`, `TASK"],
    ),
    Case(
        edge(DOCKER, TO_PROXY) + WEB + proxied("CONTAINERS: 1", socket=""),
        ["10 high no Docker socket is mounted at `/var/run/docker.sock` into `proxy`"],
    ),
    Case(
        edge(DOCKER, TO_PROXY.replace("2375", "2376")) + WEB + proxied("CONTAINERS: 1"),
        ["6 high `proxy` listens on port 2375, and not on 2376"],
    ),
    # Reachable.
    Case(edge(DOCKER, more=SOCKET.strip()) + WEB),
    Case(edge(DOCKER, more="volumes: ['/run/podman/podman.sock:/run/docker.sock']") + WEB),
    Case(edge(DOCKER, more="volumes: ['/run:/var/run']") + WEB),
    Case(edge(DOCKER, more="use_api_socket: true") + WEB),
    Case(edge(DOCKER, TO_PROXY) + WEB + proxied("CONTAINERS: 1", "POST: 0")),
    Case(edge(DOCKER, TO_PROXY) + WEB + proxied("CONTAINERS: 'yes'", "EVENTS: 1")),
    Case(edge(DOCKER, TO_PROXY) + WEB + proxied("CONTAINERS: 1", "SOCKET_PATH: /x.sock", socket='    volumes: ["/a:/x.sock"]\n')),
    Case(edge(SWARM, "--providers.swarm.endpoint=tcp://proxy:2375") + TASK + proxied(*ALL)),
    Case(edge(DOCKER, TO_PROXY.replace("proxy", "Proxy")) + WEB + proxied("CONTAINERS: 1")),
    Case(edge(DOCKER, "--providers.docker.endpoint=tcp://PRXY:2375", more="extra_hosts: ['prxy:10.0.0.5']") + WEB),
    Case(edge(SWARM, "--providers.swarm.endpoint=tcp://s_proxy:2375") + TASK + proxied(*ALL)),
    Case(edge(DOCKER, "--providers.docker.endpoint=tcp://alias:2375") + WEB + proxied("CONTAINERS: 1", more="container_name: alias")),
    Case(
        edge(DOCKER, TO_PROXY, more="networks: [a, c]")
        + WEB
        + proxied("CONTAINERS: 1", more="networks: {b: {aliases: [x]}, c: }")
        + "networks: {a: {}, b: {}, c: {internal: true}}\n"
    ),
    Case(
        edge(DOCKER, TO_PROXY, more="networks: [a]")
        + WEB
        + proxied("CONTAINERS: 1", more="networks: [b]")
        + "networks: {a: {name: same}, b: {external: true, name: same}}\n"
    ),
    # Nobody can tell.
    Case(edge("--ping=true") + WEB),
    Case(edge("--providers.docker=false") + WEB),
    Case(edge(DOCKER, "--providers.docker.endpoint=${DOCKER_HOST}") + WEB),
    Case(edge(DOCKER, "--providers.docker.endpoint=tcp://10.0.0.5:2375") + WEB),
    Case(edge(DOCKER, "--providers.docker.endpoint=ssh://me@host") + WEB),
    Case(edge(DOCKER, "--providers.docker.endpoint=tcp://docker.example.com:2376") + WEB),
    Case(edge(DOCKER, "--providers.docker.endpoint=tcp://prxy:2375", more="networks: [a]") + WEB + "networks: {a: {external: true}}\n"),
    Case(edge(DOCKER, "--providers.docker.endpoint=tcp://prxy:2375", more="extra_hosts: ['prxy:10.0.0.5']") + WEB),
    Case(edge(DOCKER, TO_PROXY, more="network_mode: host") + WEB + proxied("CONTAINERS: 1")),
    Case(edge(DOCKER, more="volumes: ['$SOCK:/var/run/docker.sock']") + WEB),
    Case(edge(DOCKER, more="volumes: ['./x:${WHERE}']") + WEB),
    Case(edge(DOCKER, TO_PROXY) + WEB + proxied(image="wollomatic/socket-proxy:1")),
    Case(edge(DOCKER, TO_PROXY) + WEB + proxied("CONTAINERS: $C")),
    Case(edge(DOCKER, TO_PROXY) + WEB + proxied("A: 1", more="env_file: gone.env")),
)  # fmt: skip


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    for right, wrong in (
        ("if unsure or ", "if True or "),
        ("all(innermost(service, spelled) is None for spelled in spellings)", "True"),
        ("if not share(project, traefik, service):", "if False:"),
        ("if is_nowhere(project, traefik, name):", "if True:"),
        ("found if project.labelled else ", ""),
        ("name in said and name not in on", "name not in on"),
        (".lower() in _ON", ' == "1"'),
        ('and "BIND_CONFIG" not in said', "and False"),
    ):
        assert differences(with_fault(RULE, right, wrong), CASES), right


@contextmanager
def docker_that_allows(*paths: str) -> Iterator[str]:
    """A socket proxy that answers 403 to everything else."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            allowed = any(path in self.path for path in paths)
            body = b'{"ApiVersion": "1.44", "MinAPIVersion": "1.24", "Version": "28.0.0"}' if allowed else b"Forbidden"
            self.send_response(200 if allowed else 403)
            self.send_header("Api-Version", "1.44")
            self.send_header("Content-Type", "application/json" if allowed else "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_HEAD = do_GET

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"tcp://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.slow
@pytest.mark.parametrize("provider", ["docker", "swarm"])
def test_traefik_runs_and_only_its_log_tells(provider: str) -> None:
    with docker_that_allows("_ping", "/version", "/events") as proxy:
        for endpoint, says in (
            ("unix:///no/such/docker.sock", "failed to connect to the docker API"),
            (proxy, "Failed to list"),
        ):
            flags = [f"--providers.{provider}=true", f"--providers.{provider}.endpoint={endpoint}"]
            with running(flags) as traefik:
                told = lambda _, log=traefik.log, says=says: any("ERR" in line and says in line for line in log)  # noqa: E731
                data = traefik.until(told, seconds=60)
                assert not [name for name in data.get("routers", {}) if not name.endswith("@internal")]
                assert any("ERR" in line and says in line for line in traefik.log), "\n".join(traefik.log)
