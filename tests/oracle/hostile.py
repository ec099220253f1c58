"""A stack that names a host outside wherever Traefik could connect to one. `python -m tests.oracle.hostile` asks it."""

from __future__ import annotations

import json
from typing import Any

from edgegen.oracle.ask import ask
from edgegen.oracle.question import ConfigFile, Container, DynamicFile, Question
from tests.traefik.process import BINARY

OUTSIDE = "outside.example.com:4242"


def everything(place: str) -> dict[str, Any]:
    """A static configuration in which each section that connects somewhere names this place."""
    url = f"http://{place}"
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


def labelled(place: str) -> Container:
    """A service with a store, an authentication, a server and a health check at this place."""
    url = f"http://{place}"
    return Container(
        "p-web-1",
        {
            "traefik.enable": "true",
            "traefik.http.routers.web.rule": "Host(`web.example.com`)",
            "traefik.http.routers.web.entrypoints": "web",
            "traefik.http.routers.web.tls.certresolver": "le",
            "traefik.http.routers.web.middlewares": "few,asked",
            "traefik.http.middlewares.few.ratelimit.average": "1",
            "traefik.http.middlewares.few.ratelimit.redis.endpoints": place,
            "traefik.http.middlewares.few.ratelimit.redis.minidleconns": "3",
            "traefik.http.middlewares.asked.forwardauth.address": url,
            "traefik.http.services.web.loadbalancer.server.url": url,
            "traefik.http.services.web.loadbalancer.healthcheck.path": "/health",
            "traefik.http.services.web.loadbalancer.healthcheck.interval": "100ms",
        },
        ("p_default",),
    )


def files(place: str) -> tuple[DynamicFile, ...]:
    """Health checks and a store in four ways: YAML, TOML, with an escaped key, and by a template."""
    url = f"http://{place}"
    checked = {"servers": [{"url": url}], "healthCheck": {"path": "/", "interval": "100ms"}}
    router = {"rule": "Host(`file.example.com`)", "service": "s", "entryPoints": ["web"], "middlewares": ["r"]}
    redis = {"rateLimit": {"average": 1, "redis": {"endpoints": [place], "minIdleConns": 2}}}
    data = {"http": {"routers": {"r": router}, "services": {"s": {"loadBalancer": checked}},
                     "middlewares": {"r": redis}},
            "tcp": {"routers": {"t": {"rule": "HostSNI(`*`)", "entryPoints": ["web"], "service": "t"}},
                    "services": {"t": {"loadBalancer": {"servers": [{"address": place}],
                                                        "healthCheck": {"interval": "100ms"}}}}}}  # fmt: skip
    toml = (
        '[http.services.x.loadBalancer]\nhealthCheck = {path = "/", interval = "100ms"}\n'
        f'servers = [{{url = "{url}"}}]\n[http.routers.x]\nrule = "Path(`/x`)"\nservice = "x"\n'
    )
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


def question(place: str) -> Question:
    """All of it."""
    return Question("p", "docker", (labelled(place),), ConfigFile(everything(place)), files(place))


LINES = ("Health check failed", "cannot get ACME client")
"""What the log has when everything was tried."""

if __name__ == "__main__":
    print(sorted(ask(question(OUTSIDE), BINARY, lines=LINES).http_routers))
