"""The real Traefik is asked what it makes of every typed value: as a file, as labels, as flags, as variables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import trustme
import yaml

from edgegen.core.secret import SecretRef
from edgegen.traefik.engine_providers import DockerProvider, SwarmProvider
from edgegen.traefik.labels import (
    middleware_labels,
    router_labels,
    service_labels,
    tcp_router_labels,
    tcp_service_labels,
)
from edgegen.traefik.middlewares import TCP as TCP_FAMILY
from edgegen.traefik.middlewares import Middleware, parse_middleware
from edgegen.traefik.router import (
    Domain,
    HttpRouter,
    HttpService,
    TcpRouter,
    TcpService,
    Tls,
    router_dynamic,
    service_dynamic,
)
from edgegen.traefik.rules import host_rule, host_sni_rule
from edgegen.traefik.static import (
    AcmeResolver,
    Eab,
    EntryPoint,
    FileProvider,
    StaticConfig,
)
from tests.fakes.docker_api import FakeDockerApi
from tests.traefik.middleware_cases import BCRYPT, DIGEST, HTTP, TCP
from tests.traefik.process import Traefik, free_port, running

pytestmark = pytest.mark.lab

# Traefik takes 2^63-1-1000 and no more.
HIGHEST = 9223372036854774807
DIRECTORY = "https://127.0.0.1:1/dir"

HTTP_ROUTERS = [
    HttpRouter("plain", host_rule(["plain.test"]), ("web",), (), "noop@internal"),
    HttpRouter(
        "full",
        host_rule(["full.test", "*.full.test"], "/x", methods=["GET", "HEAD"]),
        ("web", "tls"),
        ("add-prefix", "compress"),
        "pages",
        Tls(domains=(Domain("full.test", ("*.full.test", "b.full.test")), Domain("c.test"))),
        HIGHEST,
    ),
    HttpRouter("old", host_rule(["*.old.test"], wildcard_matcher=False), ("web",), (), "noop@internal", priority=-5),
]
TCP_ROUTERS = [
    TcpRouter("any", host_sni_rule(["*"]), ("tcp",), "sink", ("ip-allow-list",)),
    TcpRouter("named", host_sni_rule(["a.test", "*.b.test"]), ("tcp",), "sink", tls=Tls(domains=(Domain("a.test"),))),
    TcpRouter("through", host_sni_rule(["c.test"]), ("tcp",), "sink", tls=Tls(passthrough=True), priority=7),
]
HEALTH = "/healthz?x=1"


def http_middlewares(folder: Path) -> dict[str, Middleware]:
    return {name: parse_middleware(_placed(data, folder)) for name, data, _ in HTTP}


def tcp_middlewares() -> dict[str, Middleware]:
    return {name: TCP_FAMILY.parse(data) for name, data, _ in TCP}


def _placed(value: Any, folder: Path, provider: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _placed(item, folder, provider) for key, item in value.items()}
    if isinstance(value, list):
        return [_placed(item, folder, provider) for item in value]
    if isinstance(value, str):
        return value.replace("{folder}", str(folder)).replace("{provider}", provider)
    return value


def _user(name: str) -> HttpRouter:
    """A router that uses the middleware: an unused one is never built, and never complained about."""
    return HttpRouter(f"use-{name}", host_rule([f"{name}.test"]), ("web",), (name,), "noop@internal")


def _tcp_user(name: str) -> TcpRouter:
    return TcpRouter(f"use-{name}", host_sni_rule([f"{name}.test"]), ("tcp",), "sink", (name,), Tls(passthrough=True))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the options name: files of users, a certificate."""
    folder = tmp_path_factory.mktemp("files")
    (folder / "htpasswd").write_text(f"{BCRYPT}\n")
    (folder / "htdigest").write_text(f"{DIGEST}\n")
    trustme.CA().cert_pem.write_to_path(str(folder / "ca.pem"))
    return folder


def _entrypoint_flags() -> list[str]:
    return [
        f"--entrypoints.tls.address=127.0.0.1:{free_port()}",
        f"--entrypoints.tcp.address=127.0.0.1:{free_port()}",
    ]


@pytest.fixture(scope="module")
def by_file(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Traefik, dict[str, Any], str]]:
    """All of it as files of the file provider."""
    middlewares = http_middlewares(folder)
    data = {
        "http": {
            "middlewares": {name: item.dynamic() for name, item in middlewares.items()},
            "routers": {
                router.name: router_dynamic(router)
                for router in [*HTTP_ROUTERS, *(_user(name) for name in middlewares)]
            },
            "services": {
                "pages": service_dynamic(HttpService("pages", url="http://192.0.2.1:8080", health_path=HEALTH))
            },
        },
        "tcp": {
            "middlewares": {name: item.dynamic() for name, item in tcp_middlewares().items()},
            "routers": {
                router.name: router_dynamic(router)
                for router in [*TCP_ROUTERS, *(_tcp_user(name) for name, _, _ in TCP)]
            },
            "services": {"sink": {"loadBalancer": {"servers": [{"address": "192.0.2.1:5432"}]}}},
        },
    }
    dynamic = tmp_path_factory.mktemp("dynamic")
    (dynamic / "all.yml").write_text(yaml.safe_dump(data))
    flags = [*_entrypoint_flags(), f"--providers.file.directory={dynamic}"]
    with running(flags) as traefik:
        yield traefik, traefik.until(lambda seen: "through@file" in seen.get("tcpRouters", {})), "file"


@pytest.fixture(scope="module")
def by_labels(folder: Path) -> Iterator[tuple[Traefik, dict[str, Any], str]]:
    """All of it as labels of containers."""
    labels = {"traefik.enable": "true"}
    for name, item in http_middlewares(folder).items():
        labels |= middleware_labels(name, item) | router_labels(_user(name))
    for router in HTTP_ROUTERS:
        labels |= router_labels(router)
    pages = HttpService("pages", 8080, scheme="https", pass_host_header=False, health_path=HEALTH)
    tcp = {"traefik.enable": "true", **tcp_service_labels(TcpService("sink", 5432))}
    for name, item in tcp_middlewares().items():
        tcp |= middleware_labels(name, item) | tcp_router_labels(_tcp_user(name))
    for tcp_router in TCP_ROUTERS:
        tcp |= tcp_router_labels(tcp_router)
    containers = [
        {"name": "web", "labels": labels | service_labels(pages), "networks": ["edge"]},
        {"name": "pg", "labels": tcp, "networks": ["edge"]},
    ]
    with FakeDockerApi(containers) as engine:
        flags = [*_entrypoint_flags(), *DockerProvider(engine.endpoint, "edge").flags()]
        with running(flags) as traefik:
            yield traefik, traefik.until(lambda seen: "through@docker" in seen.get("tcpRouters", {})), "docker"


@pytest.fixture(params=["by_file", "by_labels"])
def seen(request: pytest.FixtureRequest) -> tuple[Traefik, dict[str, Any], str]:
    found: tuple[Traefik, dict[str, Any], str] = request.getfixturevalue(request.param)
    return found


def test_nothing_is_disabled_and_nothing_is_complained_about(seen: tuple[Traefik, dict[str, Any], str]) -> None:
    traefik, data, provider = seen
    kinds = ("routers", "middlewares", "services", "tcpRouters", "tcpMiddlewares", "tcpServices")
    ill = {
        f"{kind}.{name}": item.get("error", item.get("status"))
        for kind in kinds
        for name, item in data.get(kind, {}).items()
        if item.get("status") != "enabled" or item.get("error")
    }
    assert ill == {}
    assert traefik.complaints() == []
    mine = {kind: [name for name in data.get(kind, {}) if name.endswith(f"@{provider}")] for kind in kinds}
    assert len(mine["routers"]) == len(HTTP_ROUTERS) + len(HTTP)
    assert len(mine["middlewares"]) == len(HTTP)
    assert len(mine["tcpRouters"]) == len(TCP_ROUTERS) + len(TCP)
    assert len(mine["tcpMiddlewares"]) == len(TCP)


@pytest.mark.parametrize(("name", "expected"), [(name, expected) for name, _, expected in HTTP])
def test_options_of_a_middleware_arrive_unchanged(
    seen: tuple[Traefik, dict[str, Any], str], folder: Path, name: str, expected: dict[str, Any]
) -> None:
    _, data, provider = seen
    arrived = data["middlewares"][f"{name}@{provider}"]
    assert _differences(_folded(_placed(expected, folder, provider)), _folded(arrived)) == []


@pytest.mark.parametrize(("name", "expected"), [(name, expected) for name, _, expected in TCP])
def test_options_of_a_tcp_middleware_arrive_unchanged(
    seen: tuple[Traefik, dict[str, Any], str], name: str, expected: dict[str, Any]
) -> None:
    _, data, provider = seen
    assert _differences(expected, data["tcpMiddlewares"][f"{name}@{provider}"]) == []


_MAPS = ("customRequestHeaders", "customResponseHeaders", "sslProxyHeaders")


def _folded(value: Any) -> Any:
    """Names of headers mean the same in any case, and labels are lower case."""
    if not isinstance(value, dict):
        return value
    return {
        key: {name.lower(): text for name, text in item.items()} if key in _MAPS else _folded(item)
        for key, item in value.items()
    }


def _differences(expected: Any, arrived: Any, at: str = "") -> list[str]:
    """Where `arrived` says something else than `expected`; what it says beside it are Traefik's defaults."""
    if isinstance(expected, dict) and isinstance(arrived, dict):
        return [
            line
            for key, item in expected.items()
            for line in _differences(item, arrived.get(key, f"no {key}"), f"{at}.{key}")
        ]
    return [] if expected == arrived else [f"{at}: {arrived!r} instead of {expected!r}"]


def test_routers_arrive_unchanged(seen: tuple[Traefik, dict[str, Any], str]) -> None:
    _, data, provider = seen
    full = data["routers"][f"full@{provider}"]
    assert full["rule"] == (
        "(Host(`full.test`) || Host(`*.full.test`)) && PathPrefix(`/x`) && (Method(`GET`) || Method(`HEAD`))"
    )
    assert full["entryPoints"] == ["web", "tls"]
    assert full["middlewares"] == [f"add-prefix@{provider}", f"compress@{provider}"]
    assert full["service"] == "pages"
    assert full["priority"] == HIGHEST
    assert full["tls"]["domains"] == [
        {"main": "full.test", "sans": ["*.full.test", "b.full.test"]},
        {"main": "c.test"},
    ]
    assert data["routers"][f"old@{provider}"]["priority"] == -5
    assert data["tcpRouters"][f"through@{provider}"]["tls"]["passthrough"] is True
    assert data["tcpRouters"][f"any@{provider}"]["middlewares"] == [f"ip-allow-list@{provider}"]


def test_services_arrive_unchanged(seen: tuple[Traefik, dict[str, Any], str]) -> None:
    _, data, provider = seen
    balancer = data["services"][f"pages@{provider}"]["loadBalancer"]
    assert balancer["healthCheck"]["path"] == HEALTH
    by_labels = provider == "docker"
    assert balancer["servers"] == [{"url": "https://10.64.0.1:8080" if by_labels else "http://192.0.2.1:8080"}]
    assert balancer["passHostHeader"] is not by_labels
    servers = data["tcpServices"][f"sink@{provider}"]["loadBalancer"]["servers"]
    assert servers == [{"address": "10.64.0.2:5432" if by_labels else "192.0.2.1:5432"}]


# Traefik compares rules with a path in which these stay as they were sent, encoded or not (RFC 3986, 2.2).
RESERVED = "/:[]@!$&'()*+,;="
PATHS = [
    "/a`b",
    "/``",
    '/a"b',
    "/a\\b",
    "/a\\",
    "/`\\n\\`",
    "/a b",
    "/a'b",
    "/a)b||(",
    "/`) || PathPrefix(`/x",
    '/") || PathPrefix("/x',
    "/{{ env `HOME` }}",
    "/{id}",
    "/{id:[a-z]+}",
    "/$1",
    "/a,b",
    "/a=b",
    "/a&b",
    "/ä€😀",
    "/`ä€😀",
    "/a\tb",
    "/a\nb",
    "/a\r\nb",
    "/a\x01\x1f\x7fb",
    "/a\u200bb\ufeffc\u2028d",
    "/e\u0301",
    "/*",
    "/.x",
    "/^a$",
]


@pytest.mark.parametrize("route", ["file", "labels"])
def test_hostile_paths_match_themselves_and_nothing_else(route: str, tmp_path: Path) -> None:
    routers = [
        HttpRouter(f"p{index}", host_rule([f"p{index}.test"], path), ("web",), ("there",), "noop@internal")
        for index, path in enumerate(PATHS)
    ]
    there = parse_middleware({"kind": "redirect-regex", "regex": ".*", "replacement": "http://there.test/"})
    data = {
        "http": {
            "routers": {router.name: router_dynamic(router) for router in routers},
            "middlewares": {"there": there.dynamic()},
        }
    }
    labels = {"traefik.enable": "true", **middleware_labels("there", there)}
    for router in routers:
        labels |= router_labels(router)
    # Files of this provider are Go templates: whoever writes one must not let `{{` stand in it.
    (tmp_path / "paths.yml").write_text(yaml.safe_dump(data, default_style='"').replace("{{", "{\\x7b"))
    with FakeDockerApi([{"name": "web", "labels": labels, "networks": ["edge"], "ports": [80]}]) as engine:
        flags = {
            "file": [f"--providers.file.directory={tmp_path}"],
            "labels": list(DockerProvider(engine.endpoint, "edge").flags()),
        }
        with running(flags[route]) as traefik:
            seen = traefik.until(lambda seen: len([name for name in seen.get("routers", {}) if name[0] == "p"]) > 20)
            provider = {"file": "file", "labels": "docker"}[route]
            status = {name: item["status"] for name, item in seen["routers"].items() if name.endswith(f"@{provider}")}
            assert status == {f"p{index}@{provider}": "enabled" for index in range(len(PATHS))}
            for index, path in enumerate(PATHS):
                sent = quote(path, safe=RESERVED)
                assert traefik.status(sent, f"p{index}.test") == 302, path
                assert traefik.status(f"{sent}/below", f"p{index}.test") == 302, path
                assert traefik.status(f"/x{sent}", f"p{index}.test") == 404, path
                assert traefik.status(quote(f"{path[:-1]}Z", safe=RESERVED), f"p{index}.test") == 404, path
            assert traefik.complaints() == []


def _static(folder: Path, **changes: Any) -> StaticConfig:
    web, tls, tcp = free_port(), free_port(), free_port()
    every = AcmeResolver(
        "le",
        "ops@example.com",
        DIRECTORY,
        str(folder / "acme.json"),
        ca_certificates=(str(folder / "ca.pem"),),
    )
    parts: dict[str, Any] = {
        "entrypoints": (
            EntryPoint("web", f"127.0.0.1:{web}", redirect_to="websecure", redirect_priority=1),
            EntryPoint(
                "websecure",
                f"127.0.0.1:{tls}",
                read_timeout="0",
                trusted_ips=("192.0.2.0/24", "2001:db8::/32"),
                http3=True,
                http3_advertised_port=443,
            ),
            EntryPoint("tcp-5432", f"127.0.0.1:{tcp}"),
            # Only the test's own: it is asked there.
            EntryPoint("traefik", f"127.0.0.1:{free_port()}"),
        ),
        "engine": DockerProvider("unix:///nowhere.sock", "edge"),
        "file": FileProvider(str(folder)),
        "resolvers": (
            every,
            AcmeResolver("by-tls", None, DIRECTORY, str(folder / "tls.json"), "tls"),
            AcmeResolver(
                "by-dns",
                None,
                DIRECTORY,
                str(folder / "dns.json"),
                "dns",
                dns_provider="cloudflare",
                dns_resolvers=("127.0.0.1:53", "127.0.0.2:53"),
            ),
        ),
        "log_level": "DEBUG",
        "dashboard": True,
    }
    return StaticConfig(**{**parts, **changes})


@pytest.fixture
def static_folder(folder: Path, tmp_path: Path) -> Path:
    (tmp_path / "ca.pem").write_bytes((folder / "ca.pem").read_bytes())
    return tmp_path


def _loaded(traefik: Traefik) -> dict[str, Any]:
    """The static configuration as Traefik says that it has understood it."""
    marker = "staticConfiguration="
    with traefik.grew:
        there = traefik.grew.wait_for(lambda: any(marker in line for line in traefik.log), timeout=60)
    assert there, traefik.log
    line = next(line for line in traefik.log if marker in line)
    loaded: dict[str, Any] = json.loads(line.partition(marker)[2])
    return loaded


EXPECTED_STATIC = {
    "global": {},
    "log": {"level": "DEBUG"},
    "ping": {"entryPoint": "traefik"},
    "accessLog": {"fields": {"queryParameters": {"defaultMode": "drop"}, "headers": {"defaultMode": "drop"}}},
    "api": {"dashboard": True},
    "entryPoints": {
        "web": {
            "http": {
                "redirections": {"entryPoint": {"to": "websecure", "scheme": "https", "permanent": True, "priority": 1}}
            }
        },
        "websecure": {
            "forwardedHeaders": {"trustedIPs": ["192.0.2.0/24", "2001:db8::/32"]},
            "http3": {"advertisedPort": 443},
        },
        "tcp-5432": {},
    },
    "certificatesResolvers": {
        "le": {"acme": {"keyType": "EC256", "httpChallenge": {"entryPoint": "web"}}},
        "by-tls": {"acme": {"keyType": "EC256", "tlsChallenge": {}}},
        "by-dns": {
            "acme": {
                "keyType": "EC256",
                "dnsChallenge": {"provider": "cloudflare", "resolvers": ["127.0.0.1:53", "127.0.0.2:53"]},
            }
        },
    },
    "providers": {
        "docker": {"endpoint": "unix:///nowhere.sock", "network": "edge", "allowEmptyServices": True},
        "file": {"watch": True},
    },
}


@pytest.mark.parametrize("way", ["flags", "variables"])
def test_static_configuration_arrives_as_flags_and_as_variables(way: str, static_folder: Path) -> None:
    config = _static(static_folder)
    with _started(config, way) as traefik:
        loaded = _loaded(traefik)
        assert _differences(EXPECTED_STATIC, loaded) == []
        # What is false is left out of what Traefik shows.
        assert loaded["global"] == {}
        assert "insecure" not in loaded["api"]
        assert "exposedByDefault" not in loaded["providers"]["docker"]
        assert loaded["entryPoints"]["web"]["transport"]["respondingTimeouts"]["readTimeout"] == "1m0s"
        assert "readTimeout" not in loaded["entryPoints"]["websecure"]["transport"]["respondingTimeouts"]
        with traefik.grew:
            assert traefik.grew.wait_for(
                lambda: any("Starting provider" in line for line in traefik.log) or traefik.process.poll() is not None,
                10,
            )
        assert traefik.process.poll() is None, traefik.log


def test_swarm_flags_arrive(static_folder: Path) -> None:
    swarm = SwarmProvider("unix:///nowhere.sock", "stack_edge", refresh_seconds=5)
    with _started(_static(static_folder, engine=swarm), "flags") as traefik:
        expected = {"endpoint": "unix:///nowhere.sock", "network": "stack_edge", "refreshSeconds": "5s"}
        loaded = _loaded(traefik)["providers"]
        assert _differences(expected, loaded["swarm"]) == []
        assert "docker" not in loaded


def test_an_external_account_goes_by_variables_and_its_hmac_stays_out_of_flags(static_folder: Path) -> None:
    resolver = AcmeResolver(
        "le",
        None,
        DIRECTORY,
        str(static_folder / "a.json"),
        eab=Eab("kid-1", SecretRef("zerossl-hmac")),
    )
    config = _static(static_folder, resolvers=(resolver,))
    secrets = dict.fromkeys(config.secret_variables(), "c2VjcmV0LWhtYWM")
    assert config.secret_variables() == {"TRAEFIK_CERTIFICATESRESOLVERS_LE_ACME_EAB_HMACENCODED": "zerossl-hmac"}
    with _started(config, "variables", secrets) as traefik:
        # Traefik hides both values in what it shows; that they are there is what matters.
        assert set(_loaded(traefik)["certificatesResolvers"]["le"]["acme"]["eab"]) == {"kid", "hmacEncoded"}
        assert not any("c2VjcmV0LWhtYWM" in line for line in traefik.log)


def test_flags_hide_variables() -> None:
    """Why an external account needs variables for all of it: beside a flag Traefik reads none of them."""
    web, api = free_port(), free_port()
    flags = [f"--entrypoints.web.address=127.0.0.1:{web}", "--log.level=DEBUG", "--api=true"]
    variables = {"TRAEFIK_CERTIFICATESRESOLVERS_LE_ACME_EAB_KID": "kid"}
    with running(flags, variables=variables, ports=(web, api), bare=True) as traefik:
        assert "certificatesResolvers" not in _loaded(traefik)


def _started(config: StaticConfig, way: str, secrets: dict[str, str] | None = None) -> Any:
    if way == "flags":
        return running(config.flags(), bare=True)
    return running(variables={**config.variables(), **(secrets or {})}, bare=True)


# Planted faults: what the gate above must see.

FAULTS = {
    "misspelt option": ("traefik.http.routers.plain.tls.certresolvers", "le"),
    "unknown middleware": ("traefik.http.routers.plain.middlewares", "nowhere"),
    "bad range": ("traefik.http.middlewares.ip-allow-list.ipallowlist.sourcerange", "nonsense"),
    "look-ahead": ("traefik.http.middlewares.redirect-regex.redirectregex.regex", "(?=x)"),
    "whole number for a ratio": (
        "traefik.http.middlewares.circuit-breaker.circuitbreaker.expression",
        "NetworkErrorRatio() > 1",
    ),
    "no users": ("traefik.http.middlewares.basic-auth.basicauth.users", ""),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_seen(fault: str, folder: Path) -> None:
    labels = {"traefik.enable": "true"}
    for name in ("ip-allow-list", "redirect-regex", "circuit-breaker", "basic-auth"):
        labels |= middleware_labels(name, http_middlewares(folder)[name]) | router_labels(_user(name))
    labels |= router_labels(HTTP_ROUTERS[0])
    key, value = FAULTS[fault]
    labels[key] = value
    container = {"name": "web", "labels": labels, "networks": ["edge"], "ports": [80]}
    with (
        FakeDockerApi([container]) as engine,
        running(list(DockerProvider(engine.endpoint, "edge").flags())) as traefik,
    ):
        with traefik.grew:
            traefik.grew.wait_for(lambda: bool(traefik.complaints()), timeout=60)
        assert traefik.complaints(), "nobody complained"
