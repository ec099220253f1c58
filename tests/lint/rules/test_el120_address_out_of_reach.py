"""Addresses at which Traefik finds nobody."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
NETWORKS = "networks: {front: {}, back: {}}\n"
SHARED = "networks: {front: {external: true}}\n"


def edge(more: str = "", image: str = "traefik:v3.7", flags: str = "", networks: str = "[front]") -> str:
    return (
        f"services:\n  edge:\n    image: {image}\n"
        f"    command: [--providers.docker, --providers.file.directory=/dyn, --entrypoints.web.address=:80{flags}]\n"
        f"    volumes: [./dyn:/dyn:ro]\n    networks: {networks}\n{more}"
    )


def files(url: str) -> dict[str, str]:
    return {
        "dyn/a.yml": "http:\n  routers: {a: {rule: Host(`a.test`), service: a}}\n"
        f"  services:\n    a: {{loadBalancer: {{servers: [{{url: '{url}'}}]}}}}\n"
    }


def auth(address: str, router: str = "m") -> str:
    return (
        "  app:\n    image: app:1\n    networks: [front]\n    labels:\n"
        f"      - traefik.http.routers.app.rule=Host(`a.test`)\n      - traefik.http.routers.app.middlewares={router}\n"
        f"      - traefik.http.middlewares.m.forwardauth.address={address}\n"
    )


LOGIN = "  login:\n    image: login:1\n    networks: [{}]\n"
HOST = "http://host.docker.internal:8123"
ITSELF = "which is the container of Traefik itself: nothing answers there"
TCP = {
    "dyn/a.yml": "tcp:\n  routers: {a: {rule: HostSNI(`*`), service: a}}\n"
    "  services: {a: {loadBalancer: {servers: [{address: '127.0.0.1:22'}]}}}\n"
}
CASES = (
    Case(edge() + NETWORKS, [f"4 high the service `a` leads to `localhost`, {ITSELF}"], files=files("http://localhost:8123")),
    Case(edge() + NETWORKS, ["4 high the service `a` leads to `127.0.0.1`"], files=files("https://127.0.0.1:8443/x")),
    Case(edge() + NETWORKS, ["4 high the service `a` leads to `[::1]`"], files=files("http://[::1]:81")),
    Case(edge() + NETWORKS, ["3 high the service `a` leads to `127.0.0.1`"], files=TCP),
    Case(edge() + NETWORKS, ["4 medium the service `a` leads to `host.docker.internal`, a name that"], files=files(HOST)),
    Case(edge(auth("http://localhost:9091/x")) + NETWORKS, ["13 high the middleware `m` leads to `localhost`"]),
    Case(
        edge(auth("http://login:9091/x") + LOGIN.format("back")) + NETWORKS,
        ["13 medium the middleware `m` leads to `login`, which shares no network with `edge`"],
    ),
    # Another project on the same network may have any name, but hardly one that is a letter from a name here.
    Case(
        edge(auth("http://lgoin:9091/x") + LOGIN.format("front")) + SHARED,
        ["13 medium the middleware `m` leads to `lgoin`, and no service here has that name"],
    ),
    # What must not be found.
    Case(edge() + NETWORKS, files={"dyn/a.yml": files("http://localhost:8123")["dyn/a.yml"].replace("service: a", "service: b")}),
    Case(edge(auth("http://portal:9091/x") + LOGIN.format("front")) + SHARED),
    Case(edge(auth("http://portal:9091/x") + LOGIN.format("front")) + NETWORKS),
    Case(edge(auth("http://login2:9091/x") + LOGIN.format("front").replace("login:", "login1:")) + SHARED),
    Case(edge(auth("http://login:9091/x") + LOGIN.format("front")) + NETWORKS),
    Case(edge(auth("http://sso:9091/x") + LOGIN.format("front") + "    container_name: sso\n") + NETWORKS),
    Case(edge(auth("http://auth.example.com/x")) + NETWORKS),
    Case(edge(auth("http://localhost:9091/x", router="n")) + NETWORKS),
    Case(edge(auth("http://${AUTH}:9091/x")) + NETWORKS),
    Case(edge() + NETWORKS, files=files("http://192.0.2.7:8123")),
    Case(edge() + NETWORKS, files=files("http://localhost:80")),
    Case(edge(flags=", --api.insecure=true") + NETWORKS, files=files("http://localhost:8080")),
    Case(edge(image="r.example.com/traefik:v3.7") + NETWORKS, files=files("http://localhost:8123")),
    Case(edge("    build: .\n") + NETWORKS, files=files("http://localhost:8123")),
    Case(edge("  ts:\n    image: app:1\n    network_mode: service:edge\n") + NETWORKS, files=files("http://localhost:8123")),
    Case(edge("    network_mode: host\n").replace("    networks: [front]\n", ""), files=files("http://localhost:8123")),
    Case(edge("    extra_hosts: ['host.docker.internal:host-gateway']\n") + NETWORKS, files=files(HOST)),
    Case(edge("    extra_hosts: {nas: 192.0.2.7}\n") + NETWORKS, files=files("http://nas:5000")),
    Case("services:\n  app: {image: app:1}\n", files=files("http://localhost:8123")),
    # The route of the login itself is EL013's.
    Case(
        edge(
            auth("http://login:9091/x")
            + LOGIN.format("back")
            + "    labels: ['traefik.http.routers.login.rule=Host(`l.test`)']\n"
        )
        + NETWORKS
    ),
)  # fmt: skip


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    for old, new in (
        ("if is_used(edge, item):", "if True:"),
        ("and is_used(edge, item)", ""),
        ("not _is_alone(project, traefik) or ", ""),
        (" or _is_own(item, address.port)", ""),
        (" or one in routed_containers(edge_of(project))", ""),
        ("share(project, traefik, one)", "False"),
        ("and _DIGITS.sub", "or _DIGITS.sub"),
        ("if _is_meant(host, name)]", "if host not in name]"),
        ("_THE_HOST in extra or ", ""),
    ):
        assert differences(with_fault(RULE, old, new), CASES), old
