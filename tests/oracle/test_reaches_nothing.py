"""No configuration makes the oracle's Traefik connect out of its own world: everything it names is a trap here."""

from __future__ import annotations

import json
import shutil
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edgegen.oracle import ask as asking
from edgegen.oracle import static
from edgegen.oracle.ask import ask
from edgegen.oracle.options import tree_of
from edgegen.oracle.question import ConfigFile, Container, DynamicFile, Flags, Question, Variables
from tests.traefik.process import BINARY, running


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


def everything(port: int) -> dict[str, Any]:
    """A static configuration in which each section that connects somewhere names the trap."""
    place, url = f"127.0.0.1:{port}", f"http://127.0.0.1:{port}"
    return {
        "global": {"checkNewVersion": True, "sendAnonymousUsage": True},
        "entryPoints": {"web": {"address": ":80"}, "traefik": {"address": ":8080"}},
        "providers": {
            "docker": {"endpoint": f"tcp://{place}"},
            "swarm": {"endpoint": f"tcp://{place}"},
            "consul": {"endpoints": [place]},
            "consulCatalog": {"endpoint": {"address": place}},
            "nomad": {"endpoint": {"address": url}},
            "etcd": {"endpoints": [place]},
            "zooKeeper": {"endpoints": [place]},
            "redis": {"endpoints": [place]},
            "http": {"endpoint": url, "pollInterval": "1s"},
            "kubernetesCRD": {"endpoint": url, "token": "t"},
            "kubernetesIngress": {"endpoint": url, "token": "t"},
            "kubernetesGateway": {"endpoint": url, "token": "t"},
            "ecs": {"region": "eu-west-1", "accessKeyID": "a", "secretAccessKey": "b"},
        },
        "tracing": {"otlp": {"http": {"endpoint": f"{url}/v1/traces"}}},
        "metrics": {
            "otlp": {"http": {"endpoint": f"{url}/v1/metrics"}, "pushInterval": "1s"},
            "datadog": {"address": place},
            "statsD": {"address": place},
            "influxDB2": {"address": url, "token": "t", "org": "o", "bucket": "b"},
        },
        "experimental": {"plugins": {"p": {"moduleName": "example.invalid/p", "version": "v1.0.0"}}},
        "spiffe": {"workloadAPIAddr": f"tcp://{place}"},
        "ping": {},
        "certificatesResolvers": {
            "le": {"acme": {"caServer": f"{url}/directory", "storage": "/acme.json", "email": "a@example.com",
                            "dnsChallenge": {"provider": "cloudflare", "resolvers": [place]}}},
            "ts": {"tailscale": {}},
        },
    }  # fmt: skip


def labelled(port: int) -> Container:
    url = f"http://127.0.0.1:{port}"
    return Container(
        "p-web-1",
        {
            "traefik.enable": "true",
            "traefik.http.routers.web.rule": "Host(`web.example.com`)",
            "traefik.http.routers.web.entrypoints": "web",
            "traefik.http.routers.web.tls.certresolver": "le",
            "traefik.http.routers.web.middlewares": "few,asked",
            "traefik.http.middlewares.few.ratelimit.average": "1",
            "traefik.http.middlewares.few.ratelimit.redis.endpoints": f"127.0.0.1:{port}",
            "traefik.http.middlewares.few.ratelimit.redis.minidleconns": "3",
            "traefik.http.middlewares.asked.forwardauth.address": url,
            "traefik.http.services.web.loadbalancer.server.url": url,
            "traefik.http.services.web.loadbalancer.healthcheck.path": "/health",
            "traefik.http.services.web.loadbalancer.healthcheck.interval": "100ms",
        },
        ("p_default",),
    )


def files(port: int) -> tuple[DynamicFile, ...]:
    url = f"http://127.0.0.1:{port}"
    checked = {"servers": [{"url": url}], "healthCheck": {"path": "/", "interval": "100ms"}}
    router = {"rule": "Host(`file.example.com`)", "service": "s", "entryPoints": ["web"], "middlewares": ["r"]}
    redis = {"rateLimit": {"average": 1, "redis": {"endpoints": [f"127.0.0.1:{port}"], "minIdleConns": 2}}}
    data = {"http": {"routers": {"r": router}, "services": {"s": {"loadBalancer": checked}},
                     "middlewares": {"r": redis}},
            "tcp": {"routers": {"t": {"rule": "HostSNI(`*`)", "entryPoints": ["web"], "service": "t"}},
                    "services": {"t": {"loadBalancer": {"servers": [{"address": f"127.0.0.1:{port}"}],
                                                        "healthCheck": {"interval": "100ms"}}}}}}  # fmt: skip
    toml = f'[http.services.x.loadBalancer]\nhealthCheck = {{path = "/", interval = "100ms"}}\n' \
           f'servers = [{{url = "{url}"}}]\n[http.routers.x]\nrule = "Path(`/x`)"\nservice = "x"\n'  # fmt: skip
    escaped = (
        'http: {services: {e: {loadBalancer: {"\\x68ealthCheck": {path: /, interval: 100ms}, '
        f"servers: [{{url: '{url}'}}]}}}}}}, routers: {{e: {{rule: Path(`/e`), service: e}}}}}}\n"
    )
    template = (
        'http: {services: {u: {loadBalancer: {{{ printf "%s%s" "heal" "thCheck" }}: {path: /, interval: 100ms}, '
        f"servers: [{{url: '{url}'}}]}}}}}}, routers: {{u: {{rule: Path(`/u`), service: u}}}}}}\n"
    )
    return (
        DynamicFile("a.yml", json.dumps(data)),
        DynamicFile("b.toml", toml),
        DynamicFile("c.yml", escaped),
        DynamicFile("d.yml", template),
    )


def test_nothing_that_a_stack_names_is_called(trap: Trap) -> None:
    question = Question(
        "p", "docker", (labelled(trap.port),), ConfigFile(everything(trap.port)), files(trap.port), acme_port=0
    )
    answer = ask(question, BINARY, lines=("Health check failed", "cannot get ACME client"))
    assert answer.exit_code is None
    assert {"web@docker", "r@file", "x@file", "e@file"} <= answer.http_routers.keys()
    assert "u@file" not in answer.http_routers and "file d.yml" in answer.unasked
    assert {"providers.consul", "providers.swarm", "tracing", "metrics.otlp", "experimental"} <= {*answer.unasked}
    assert trap.calls == 0


def test_the_trap_snaps(tmp_path: Path, trap: Trap) -> None:
    """The same configuration as it stands does call: each of these alone would be seen."""
    for name in ("etcd", "redis", "http", "consul"):
        told = tmp_path / f"{name}.yml"
        told.write_text(json.dumps({"providers": {name: everything(trap.port)["providers"][name]}}))
        trap.called.clear()
        with running([f"--configfile={told}"], bare=True):
            assert trap.called.wait(20), name


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


def test_a_configuration_of_this_machine_is_not_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Traefik prefers a file of /etc/traefik to flags: where there is one, the flags become a file."""
    own = tmp_path / "traefik.yml"
    own.write_text("foo: 1\n")
    monkeypatch.setattr("edgegen.oracle.decoded._OWN_FILES", (own,))
    assert ask(Question("p", static=Flags(("--entrypoints.web.address=:80",))), BINARY).exit_code is None
    refused = ask(Question("p", static=Flags(("--entrypoints.web.adress=:80",))), BINARY)
    assert refused.exit_code == 1 and "node: adress" in refused.errors[0]


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


def test_a_long_wait_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_delivered", lambda *_: False)
    answer = ask(Question("p", static=Flags(("--entrypoints.web.address=:80",))), BINARY, seconds=0.5)
    assert not answer.is_complete


def test_the_lab_has_the_program() -> None:
    assert shutil.which(str(BINARY))
