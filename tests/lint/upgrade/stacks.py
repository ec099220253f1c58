"""Stacks that are pinned to old Traefiks. Those of version 2 come with the routers that they have, written by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SOCKET = '["/var/run/docker.sock:/var/run/docker.sock:ro"]'


@dataclass(frozen=True)
class Stack:
    """`told` are routers that the upgrade changes, each with the id of the finding that says so."""

    name: str
    version: str
    files: Mapping[str, str]
    told: Mapping[str, str] = field(default_factory=dict)
    routers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """For version 2: rule, priority, entryPoints, middlewares, service after the upgrade."""
    unfixed: tuple[str, ...] = ()
    """Ids of findings that `--fix` leaves."""


def compose(version: str, flags: list[str], services: str, more: str = "") -> str:
    words = "\n".join(f"      - {flag}" for flag in flags)
    return f"""\
name: site
services:
  proxy:
    image: traefik:v{version} # the edge
    command:
{words}
    ports: ["80:80", "443:443"]
    volumes: {SOCKET}
{more}{services}"""


DOCKER = ["--providers.docker=true", "--providers.docker.exposedbydefault=false", "--entrypoints.web.address=:80",
          "--entrypoints.websecure.address=:443"]  # fmt: skip
ACME = ["--certificatesresolvers.le.acme.email=a@example.com", "--certificatesresolvers.le.acme.storage=/acme.json",
        "--certificatesresolvers.le.acme.httpchallenge.entrypoint=web"]  # fmt: skip

THREE = (
    Stack("plain", "3.0.4", {"docker-compose.yml": compose("3.0.4", [*DOCKER, *ACME], """\
  web:
    image: nginx
    labels:
      traefik.enable: "true"
      traefik.http.routers.web.rule: Host(`a.example.com`) || Host(`b.example.com`)
      traefik.http.routers.web.entrypoints: websecure
      traefik.http.routers.web.tls.certresolver: le
      traefik.http.routers.web.middlewares: office,strip
      traefik.http.routers.api.rule: Host(`a.example.com`) && PathPrefix(`/api`)
      traefik.http.routers.api.entrypoints: websecure
      traefik.http.routers.api.tls: "true"
      traefik.http.routers.api.priority: "500"
      traefik.http.middlewares.office.ipallowlist.sourcerange: 10.0.0.0/8
      traefik.http.middlewares.strip.stripprefix.prefixes: /app,/x
""", '    environment:\n      DOCKER_API_VERSION: "1.39"\n')}),
    Stack("old syntax for one router", "3.0.4", {"docker-compose.yml": compose("3.0", DOCKER, """\
  web:
    image: nginx
    labels:
      - traefik.enable=true
      - traefik.http.routers.web.rule=Host(`a.example.com`,`b.example.com`)
      - traefik.http.routers.web.rulesyntax=v2
      - traefik.http.routers.new.rule=HostRegexp(`^.+\\.example\\.com$$`)
""")}),
    Stack("environment", "3.2.3", {"compose.yaml": """\
name: site
services:
  proxy:
    image: "docker.io/library/traefik:3.2"
    environment:
      TRAEFIK_PROVIDERS_DOCKER: "true"
      TRAEFIK_PROVIDERS_DOCKER_EXPOSEDBYDEFAULT: "false"
      TRAEFIK_PROVIDERS_FILE_DIRECTORY: /dynamic
      TRAEFIK_ENTRYPOINTS_WEB_ADDRESS: ":80"
      TRAEFIK_ENTRYPOINTS_WEB_HTTP_REDIRECTIONS_ENTRYPOINT_TO: websecure
      TRAEFIK_ENTRYPOINTS_WEBSECURE_ADDRESS: ":443"
      TRAEFIK_API: "true"
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock
      - ./dynamic:/dynamic:ro
  web:
    image: nginx
    labels:
      traefik.enable: "true"
      traefik.http.routers.web.rule: Host(`a.example.com`)
      traefik.http.routers.web.middlewares: limit@file
      traefik.http.routers.web.entrypoints: websecure
      traefik.http.routers.web.tls: "true"
""", "dynamic/all.yml": """\
http:
  middlewares:
    limit: {rateLimit: {average: 10, burst: 20}}
    users: {basicAuth: {users: ["a:$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/"]}}
  routers:
    dashboard:
      rule: Host(`t.example.com`)
      service: api@internal
      entryPoints: [websecure]
      middlewares: [users]
      tls: {}
"""}),
    Stack("swarm", "3.3.6", {"stack.yml": """\
services:
  proxy:
    image: traefik:v3.3.6
    command:
      - --providers.swarm.endpoint=unix:///var/run/docker.sock
      - --providers.swarm.exposedbydefault=false
      - --providers.swarm.refreshseconds=5
      - --entrypoints.web.address=:80
    networks: [edge]
    deploy: {placement: {constraints: [node.role == manager]}}
  web:
    image: nginx
    networks: [edge]
    deploy:
      labels:
        - traefik.enable=true
        - traefik.swarm.network=edge
        - traefik.http.routers.web.rule=Host(`a.example.com`)
        - traefik.http.routers.web.middlewares=zip@swarm
        - traefik.http.middlewares.zip.compress=true
        - traefik.http.services.web.loadbalancer.server.port=80
networks:
  edge: {name: edge}
"""}),
    Stack("static file", "3.4.3", {"docker-compose.yml": """\
name: site
services:
  proxy:
    image: traefik:v3.4
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock:ro
      - ./traefik.yml:/etc/traefik/traefik.yml:ro
      - ./dynamic:/dynamic:ro
  web:
    image: nginx
    labels:
      traefik.http.routers.web.rule: Host(`a.example.com`) && !PathPrefix(`/no`)
      traefik.http.services.web.loadbalancer.sticky.cookie.name: s
      traefik.http.services.web.loadbalancer.server.port: "8080"
""", "traefik.yml": """\
entryPoints:
  web:
    address: ":80"
  webSecure: {address: ":443", http: {tls: {}}}
providers:
  docker: {exposedByDefault: true}
  file: {directory: /dynamic}
""", "dynamic/one.yml": """\
http:
  routers:
    old: {rule: "Host(`old.example.com`)", service: old, entryPoints: [webSecure]}
  services:
    old: {loadBalancer: {servers: [{url: "http://192.0.2.7:8080"}]}}
""", "dynamic/two.yml": """\
http:
  middlewares:
    heads: {headers: {stsSeconds: 31536000, frameDeny: true}}
tls:
  options:
    strong: {minVersion: VersionTLS13}
"""}),
    Stack("toml, tcp and udp", "3.5.3", {"docker-compose.yml": """\
name: site
services:
  proxy:
    image: traefik:v3.5.3
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock:ro
      - ./traefik.toml:/etc/traefik/traefik.toml:ro
      - ./dynamic.toml:/dynamic.toml:ro
  db:
    image: postgres
    labels:
      traefik.enable: "true"
      traefik.tcp.routers.db.rule: HostSNI(`db.example.com`)
      traefik.tcp.routers.db.entrypoints: pg
      traefik.tcp.routers.db.tls.passthrough: "true"
      traefik.tcp.services.db.loadbalancer.server.port: "5432"
  dns:
    image: dns
    labels:
      traefik.enable: "true"
      traefik.udp.routers.dns.entrypoints: dns
      traefik.udp.services.dns.loadbalancer.server.port: "53"
""", "traefik.toml": """\
[entryPoints.pg]
address = ":5432"
[entryPoints.dns]
address = ":53/udp"
[entryPoints.web]
address = ":80"
[providers.docker]
exposedByDefault = false
[providers.file]
filename = "/dynamic.toml"
""", "dynamic.toml": """\
[http.routers.nas]
rule = "Host(`nas.example.com`)"
service = "nas"
entryPoints = ["web"]
[[http.services.nas.loadBalancer.servers]]
url = "http://192.0.2.8"
"""}),
    Stack("weighted and checked", "3.6.2", {"docker-compose.yml": compose("3.6.2", [
        *DOCKER, "--providers.file.directory=/dynamic"], """\
  web:
    image: nginx
    healthcheck: {test: [CMD, "true"]}
    labels:
      traefik.enable: "true"
      traefik.http.routers.web.rule: Host(`a.example.com`)
      traefik.http.routers.web.service: both@file
      traefik.http.routers.web.middlewares: again
      traefik.http.middlewares.again.retry.attempts: "3"
      traefik.http.services.web.loadbalancer.healthcheck.path: /health
      traefik.http.services.web.loadbalancer.healthcheck.interval: 10s
""").replace(SOCKET, '["/var/run/docker.sock:/var/run/docker.sock", "./dynamic:/dynamic"]'), "dynamic/both.yaml": """\
http:
  services:
    both:
      weighted:
        services:
          - {name: web@docker, weight: 3}
          - {name: other, weight: 1}
    other:
      loadBalancer:
        servers: [{url: "http://192.0.2.9"}]
"""}),
    Stack("constraint and default rule", "3.6.15", {"docker-compose.yml": compose("3.6.15", [
        "--providers.docker", "--providers.docker.constraints=Label(`com.docker.compose.project`,`site`)",
        "--providers.docker.defaultrule=Host(`{{ .Name }}.example.com`)", "--entrypoints.web.address=:80"], """\
  web:
    image: nginx
    labels:
      traefik.http.services.web.loadbalancer.server.port: "80"
  off:
    image: nginx
    labels: [traefik.enable=false]
""")}),
    Stack("revealed", "3.0.4", {"docker-compose.yml": compose("3.0.4", DOCKER, """\
  web:
    image: nginx
    labels:
      traefik.enable: "true"
      traefik.http.routers.web.rule: Host(`a.example.com`)
  admin:
    image: admin
    labels:
      traefik.enable: "true"
      traefik.http.routers.admin.rule: Host(`admin.example.com`)
      traefik.http.routers.admin.observability.accesslogs: "false"
""")}, told={"admin@docker": "EL205"}, unfixed=("EL205",)),
    Stack("no users", "3.6.0", {"docker-compose.yml": compose("3.6.0", DOCKER, """\
  web:
    image: nginx
    labels:
      traefik.enable: "true"
      traefik.http.routers.web.rule: Host(`a.example.com`)
      traefik.http.routers.web.middlewares: auth
      traefik.http.middlewares.auth.basicauth.users: ""
      traefik.http.routers.open.rule: Host(`open.example.com`)
  star:
    image: nginx
    labels:
      traefik.enable: "true"
      traefik.http.routers.star.rule: Host(`*.example.com`)
""")}, told={"web@docker": "EL207"}, unfixed=("EL206", "EL207")),
)  # fmt: skip

TWO = (
    Stack("rules", "2.11", {"docker-compose.yml": compose("2.11", [*DOCKER, "--experimental.http3=true"], """\
  web:
    image: nginx
    labels:
      traefik.enable: "true"
      traefik.http.routers.web.rule: Host(`a.example.com`, `b.example.com`)
      traefik.http.routers.web.service: web
      traefik.http.routers.api.rule: Host(`a.example.com`) && PathPrefix(`/a`)
      traefik.http.routers.api.service: web
      traefik.http.routers.sub.rule: "HostRegexp(`{sub:[a-z]+}.example.com`) && PathPrefix(`/v1`,`/v2`)"
      traefik.http.routers.sub.service: web
      traefik.http.routers.id.rule: "Host(`c.example.com`) && PathPrefix(`/u/{id:[0-9]+}`) || Path(`/{all}`)"
      traefik.http.routers.id.priority: "7"
      traefik.http.routers.id.service: web
      traefik.http.routers.head.rule: "!Headers(`X-A`, `1`) && Query(`a=b`, `c=d`) && HeadersRegexp(`X-B`, `^x`)"
      traefik.http.routers.head.service: web
      traefik.http.services.web.loadbalancer.server.port: "80"
""")}, routers={
        "web@docker": {"rule": "Host(`a.example.com`) || Host(`b.example.com`)", "priority": 38, "service": "web"},
        "api@docker": {"rule": "Host(`a.example.com`) && PathPrefix(`/a`)", "priority": 41, "service": "web"},
        "sub@docker": {
            "rule": "HostRegexp(`^[a-z]+\\.example\\.com$`) && (PathPrefix(`/v1`) || PathPrefix(`/v2`))",
            "priority": 65, "service": "web"},
        "id@docker": {
            "rule": "Host(`c.example.com`) && PathRegexp(`^/u/[0-9]+`) || PathRegexp(`^/[^/]+$`)",
            "priority": 7, "service": "web"},
        "head@docker": {
            "rule": "!Header(`X-A`, `1`) && Query(`a`, `b`) && Query(`c`, `d`) && HeaderRegexp(`X-B`, `^x`)",
            "priority": 73, "service": "web"},
    }),
    Stack("swarm mode", "2.10", {"stack.yml": """\
version: "3.8"
services:
  traefik:
    image: traefik:v2.10.7
    command:
      - --providers.docker.endpoint=unix:///var/run/docker.sock
      - --providers.docker.swarmMode=true
      - --providers.docker.swarmModeRefreshSeconds=10
      - --providers.docker.exposedByDefault=false
      - --providers.docker.network=edge
      - --entrypoints.web.address=:80
      - --entrypoints.web.http.middlewares=zip@docker
    networks: [edge]
  web:
    image: nginx
    networks: [edge]
    deploy:
      labels:
        traefik.enable: "true"
        traefik.docker.network: edge
        traefik.docker.lbswarm: "true"
        traefik.http.routers.web.rule: Host(`a.example.com`)
        traefik.http.routers.web.middlewares: zip@docker,slash@docker
        traefik.http.middlewares.zip.compress: "true"
        traefik.http.middlewares.slash.stripprefix.prefixes: /x
        traefik.http.middlewares.slash.stripprefix.forceslash: "true"
        traefik.http.services.web.loadbalancer.server.port: "80"
networks: {edge: {name: edge, driver: overlay}}
"""}, routers={
        "web@swarm": {"rule": "Host(`a.example.com`)", "priority": 21, "service": "web",
                      "middlewares": ["zip@swarm", "zip@swarm", "slash@swarm"]},
    }, unfixed=("EL210",)),
    Stack("static file and dynamic files", "2.9", {"docker-compose.yml": """\
name: site
services:
  proxy:
    image: traefik:2.9
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock:ro
      - ./traefik.yml:/etc/traefik/traefik.yml:ro
      - ./dynamic:/dynamic:ro
  web:
    image: nginx
    labels:
      - traefik.enable=true
      - traefik.http.routers.web.rule=Host(`a.example.com`)
      - traefik.http.routers.web.middlewares=strip@file
""", "traefik.yml": """\
pilot:
  dashboard: false
experimental:
  http3: true
entryPoints:
  web: {address: ":80"}
providers:
  docker:
    exposedByDefault: false
    swarmMode: false # never was
  file: {directory: /dynamic}
""", "dynamic/a.yml": """\
http:
  routers:
    nas: # in the cellar
      rule: Host(`nas.example.com`, `disk.example.com`)
      service: nas
      middlewares: [strip]
  middlewares:
    strip:
      stripPrefix:
        prefixes: [/api]
        forceSlash: true
  services:
    nas: {loadBalancer: {servers: [{url: "http://192.0.2.9"}]}}
""", "dynamic/b.yml": """\
tcp:
  routers:
    two: {rule: "HostSNI(`x.example.com`,`y.example.com`)", service: two, tls: {passthrough: true}}
  services:
    two: {loadBalancer: {servers: [{address: "192.0.2.9:99"}]}}
"""}, routers={
        "web@docker": {"rule": "Host(`a.example.com`)", "priority": 21, "service": "web-site",
                       "middlewares": ["strip@file"]},
        "nas@file": {"rule": "Host(`nas.example.com`) || Host(`disk.example.com`)", "priority": 43, "service": "nas",
                     "middlewares": ["strip@file"]},
        "two@file": {"rule": "HostSNI(`x.example.com`) || HostSNI(`y.example.com`)", "priority": 40, "service": "two"},
    }, unfixed=("EL210",)),
    Stack("environment", "2.5", {"docker-compose.yml": """\
name: site
services:
  proxy:
    image: traefik:v2.5
    environment:
      - TRAEFIK_PROVIDERS_DOCKER=true
      - TRAEFIK_PROVIDERS_DOCKER_EXPOSEDBYDEFAULT=false
      - TRAEFIK_EXPERIMENTAL_HTTP3=true
      - TRAEFIK_ENTRYPOINTS_WEB_ADDRESS=:80
      - DOCKER_API_VERSION=1.40
  web:
    image: nginx
    labels:
      - "traefik.enable=true"
      - "traefik.http.routers.web.rule=HostHeader(`a.example.com`) && Method(`GET`,`HEAD`)"
      - "traefik.http.routers.web.middlewares=office,ask"
      - "traefik.http.middlewares.office.ipwhitelist.sourcerange=10.0.0.0/8"
      - "traefik.http.middlewares.ask.forwardauth.address=http://ask"
      - "traefik.http.middlewares.ask.forwardauth.tls.caoptional=true"
      - "traefik.http.middlewares.ask.forwardauth.tls.insecureskipverify=true"
"""}, routers={
        "web@docker": {"rule": "Host(`a.example.com`) && (Method(`GET`) || Method(`HEAD`))", "priority": 51,
                       "service": "web-site", "middlewares": ["office@docker", "ask@docker"]},
    }, unfixed=("EL210",)),
    Stack("swarm by a file, and a rule that stays", "2.11", {"stack.yml": """\
services:
  traefik:
    image: traefik:v2.11
    networks: [edge]
    configs:
      - {source: static, target: /etc/traefik/traefik.yml}
  web:
    image: nginx
    networks: [edge]
    deploy:
      labels:
        - traefik.enable=true
        - traefik.http.routers.web.rule=HostRegexp(`{a:.+}.example.com`, `{b:a$$}.example.com`)
        - traefik.http.services.web.loadbalancer.server.port=80
configs:
  static: {file: ./traefik.yml}
networks: {edge: {name: edge}}
""", "traefik.yml": """\
entryPoints: {web: {address: ":80"}}
providers:
  docker:
    endpoint: unix:///var/run/docker.sock
    swarmMode: true
    swarmModeRefreshSeconds: 10s
    exposedByDefault: false
"""}, routers={
        "web@swarm": {"rule": "HostRegexp(`{a:.+}.example.com`, `{b:a$}.example.com`)", "priority": 54,
                      "service": "web", "ruleSyntax": "v2"},
    }),
)  # fmt: skip
