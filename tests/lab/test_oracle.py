"""Rendered projects before the real Traefik, and faults that it must not pass over."""

from __future__ import annotations

import copy
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.lab.forked import beside
from tests.lab.oracle import OracleAnswer, Project, ask_about, ask_traefik, gate
from tests.lab.parsers import RefusedByComposeError, compose_accepts, compose_config

pytestmark = pytest.mark.lab
Data = dict[str, Any]
DATA = Path(__file__).parent / "data"


def edgegen(*argv: str, **variables: str) -> None:
    """The command as a user runs it."""
    done = beside(*argv, **variables)
    assert done.returncode == 0, done.stderr


def rendered(folder: Path, text: str) -> Project:
    """A spec's project as Compose and Traefik get it."""
    folder.mkdir(exist_ok=True)
    (folder / "edge.yaml").write_text(text)
    edgegen("render", "-C", str(folder))
    return Project(compose_config(folder / "docker-compose.yml"), folder / "traefik" / "dynamic")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("first")
    edgegen("init", "registry", "commenthouse.com", "--email", "ops@commenthouse.com", "--dir", str(folder))
    return folder


@pytest.fixture
def compose(first: Path) -> Data:
    """The first project's Compose file, to be spoilt."""
    return copy.deepcopy(compose_config(first / "docker-compose.yml"))


@pytest.fixture
def dynamic(first: Path, tmp_path: Path) -> Path:
    """Its dynamic files, to be spoilt."""
    return Path(shutil.copytree(first / "traefik" / "dynamic", tmp_path / "dynamic"))


# The first project.


def test_compose_accepts_the_first_project(first: Path) -> None:
    compose_accepts(first / "docker-compose.yml")


def test_the_first_project_is_without_fault(compose: Data, dynamic: Path) -> None:
    answer = ask_traefik(compose, dynamic)
    assert answer.complaints == []
    assert (answer.errors, answer.warnings) == ((), ())
    assert {name: item["status"] for name, item in answer.http_routers.items()} == {
        "registry-http@docker": "enabled",
        "registry-https@docker": "enabled",
    }
    assert answer.tcp_routers == {}
    assert "web-to-websecure@internal" in answer.internal_routers
    status, location = answer.unknown_host or (0, "")
    assert status == 301
    assert re.fullmatch(r"https://nobody\.invalid(:\d+)?/x\?y=1", location)
    assert answer.services["registry@docker"]["loadBalancer"]["servers"] == [{"url": "http://127.64.0.2:5000"}]


def test_what_is_this_oracles_own_doing_is_set_aside(compose: Data, dynamic: Path) -> None:
    labels_of(compose)["traefik.http.services.registry.loadbalancer.healthcheck.interval"] = "100ms"
    lines = ("cannot get ACME client", "Health check failed")
    answer = ask_traefik(compose, dynamic, lines=lines)
    assert all(any(part in line for line in answer.log_lines) for part in lines)
    assert answer.complaints == []


# Every kind of service.

WEB = 'PathPrefix("/app`s/\\"quoted\\"/ä")'
PULL = (
    "^/v2/([a-z0-9]+([._-]+[a-z0-9]+)*/)+(tags/list|manifests/[a-zA-Z0-9_][a-zA-Z0-9_.:+-]*|"
    "blobs/[a-z0-9+._-]+:[a-fA-F0-9]+)$"
)
RICH: dict[str, tuple[str, str]] = {
    # router -> (rule, entrypoint), by hand from data/rich.yaml
    "web-http@docker": (f"(Host(`www.rich.test`) || Host(`blog.rich.test`) || Host(`rich.test`)) && {WEB}", "web"),
    "web-https@docker": (f"Host(`www.rich.test`) && {WEB}", "websecure"),
    "web-alias@docker": ("Host(`blog.rich.test`) || Host(`rich.test`)", "websecure"),
    "api-http@docker": ("Host(`www.rich.test`) && PathPrefix(`/api`)", "web"),
    "api-https@docker": ("Host(`www.rich.test`) && PathPrefix(`/api`)", "websecure"),
    "tenants-http@docker": ("Host(`*.apps.rich.test`)", "web"),
    "tenants-https@docker": ("Host(`*.apps.rich.test`)", "websecure"),
    "front-http@docker": ("Host(`www.shielded.test`)", "web"),
    "front-https@docker": ("Host(`www.shielded.test`)", "websecure"),
    "hub-http@docker": ("Host(`r.rich.test`)", "web"),
    "hub-https@docker": ("Host(`r.rich.test`)", "websecure"),
    "hub-pull@docker": (
        f"Host(`r.rich.test`) && (Method(`GET`) || Method(`HEAD`)) && PathRegexp(`{PULL}`)",
        "websecure",
    ),
    "private-http@docker": ("Host(`p.rich.test`)", "web"),
    "private-https@docker": ("Host(`p.rich.test`)", "websecure"),
    "cache-http@docker": ("Host(`mirror.rich.test`)", "web"),
    "cache-https@docker": ("Host(`mirror.rich.test`)", "websecure"),
    "old-http@file": ("Host(`old.rich.test`) || Host(`older.rich.test`)", "web"),
    "old-https@file": ("Host(`old.rich.test`) || Host(`older.rich.test`)", "websecure"),
    "nas-http@file": ("Host(`nas.rich.test`) || Host(`disk.rich.test`)", "web"),
    "nas-https@file": ("Host(`nas.rich.test`)", "websecure"),
    "nas-alias@file": ("Host(`disk.rich.test`)", "websecure"),
    "printer-http@file": ("Host(`printer.rich.test`) && PathPrefix(`/ui`)", "web"),
    "printer-https@file": ("Host(`printer.rich.test`) && PathPrefix(`/ui`)", "websecure"),
    "dashboard-http@file": ("Host(`edge.rich.test`)", "web"),
    "dashboard-https@file": ("Host(`edge.rich.test`)", "websecure"),
}
RICH_TCP = {
    "pg@docker": ("HostSNI(`pg.rich.test`)", "postgres", {"passthrough": False, "certResolver": "letsencrypt"}),
    "mail@docker": ("HostSNI(`mail.rich.test`)", "imaps", {"passthrough": True}),
}


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return rendered(tmp_path_factory.mktemp("rich"), (DATA / "rich.yaml").read_text())


@pytest.fixture(scope="module")
def rich_answer(rich: Project) -> OracleAnswer:
    return ask_traefik(rich.compose, rich.dynamic)


def test_every_kind_of_service_is_without_fault(rich_answer: OracleAnswer) -> None:
    assert rich_answer.complaints == []


def test_exactly_the_routers_of_the_spec_are_there(rich_answer: OracleAnswer) -> None:
    found = {name: (item["rule"], *item["entryPoints"]) for name, item in rich_answer.http_routers.items()}
    assert found == RICH
    tcp = {name: (item["rule"], *item["entryPoints"], item["tls"]) for name, item in rich_answer.tcp_routers.items()}
    assert tcp == RICH_TCP


def test_plain_http_only_redirects_and_https_has_certificates(rich_answer: OracleAnswer) -> None:
    for name, router in rich_answer.http_routers.items():
        provider = name.partition("@")[2]
        if router["entryPoints"] == ["web"]:
            assert router["middlewares"] == [f"https-only@{provider}"], name
            assert "tls" not in router, name
        else:
            assert router["tls"]["certResolver"] == "letsencrypt", name
    wildcard = rich_answer.http_routers["tenants-https@docker"]["tls"]
    assert wildcard["domains"] == [{"main": "*.apps.rich.test"}]
    https_only = {"scheme": "https", "port": "8443", "permanent": True}
    assert rich_answer.middlewares["https-only@docker"]["redirectScheme"] == https_only
    assert rich_answer.middlewares["https-only@file"]["redirectScheme"] == https_only
    assert rich_answer.unknown_host == (301, "https://nobody.invalid:8443/x?y=1")


MIDDLEWARES = {
    "web-https@docker": [
        "secure-headers@file", "office@file", "web-rate-limit@docker", "web-rate-limit-next@docker",
        "web-compress@docker",
    ],
    "web-alias@docker": ["hsts@docker", "web-to-host@docker"],
    "api-https@docker": ["hsts@docker", "api-strip-prefix@docker", "api-basic-auth@docker"],
    "hub-https@docker": ["hsts@docker", "hub-users@docker"],
    "hub-pull@docker": ["hsts@docker"],
    "private-https@docker": ["hsts@docker", "office@file"],
    "nas-https@file": ["hsts@file", "office@file"],
    "old-https@file": ["hsts@file", "old-redirect-regex@file"],
    "dashboard-https@file": ["hsts@file", "dashboard-basic-auth@file"],
}  # fmt: skip


def test_middlewares_stand_in_the_order_of_the_spec(rich_answer: OracleAnswer) -> None:
    found = {name: rich_answer.http_routers[name]["middlewares"] for name in MIDDLEWARES}
    assert found == MIDDLEWARES
    assert rich_answer.middlewares["web-rate-limit@docker"]["rateLimit"] == {
        "average": 100, "period": "1s", "burst": 50,
    }  # fmt: skip
    assert rich_answer.middlewares["web-rate-limit-next@docker"]["rateLimit"]["period"] == "1m0s"
    strategy = {"sourceRange": ["198.51.100.0/24"], "ipStrategy": {"depth": 1}}
    assert rich_answer.middlewares["office@file"]["ipAllowList"] == strategy
    assert rich_answer.middlewares["api-basic-auth@docker"]["basicAuth"] == {
        "usersFile": "/run/secrets/api-basic-auth.users"
    }


def test_services_go_where_the_spec_says(rich_answer: OracleAnswer) -> None:
    balancers = {name: item["loadBalancer"] for name, item in rich_answer.services.items()}
    servers = {
        name: re.sub(r"127\.64\.\d+\.\d+", "container", server.get("url") or server["address"])
        for name, item in balancers.items()
        for server in item["servers"]
    }
    assert servers == {
        "web@docker": "http://container:3000",
        "api@docker": "https://container:8443",
        "tenants@docker": "http://container:80",
        "front@docker": "http://container:80",
        "hub@docker": "http://container:5000",
        "private@docker": "http://container:5000",
        "cache@docker": "http://container:5000",
        "nas@file": "https://192.0.2.10:5001",
        "printer@file": "http://192.0.2.11",
        "pg@docker": "container:5432",
        "mail@docker": "container:993",
    }
    assert balancers["nas@file"]["serversTransport"] == "nas-any-certificate@file"
    assert balancers["nas@file"]["passHostHeader"] is True
    assert balancers["printer@file"]["passHostHeader"] is False


def test_flags_say_what_the_edge_was_asked_for(rich: Project) -> None:
    flags = rich.compose["services"]["traefik"]["command"]
    assert "--entrypoints.websecure.http3=true" in flags
    assert "--entrypoints.websecure.http3.advertisedport=8443" in flags
    assert "--entrypoints.web.http.redirections.entrypoint.to=:8443" in flags
    trusted = next(flag for flag in flags if flag.startswith("--entrypoints.websecure.forwardedheaders.trustedips="))
    assert {"198.51.100.0/24", "173.245.48.0/20", "2400:cb00::/32"} <= set(trusted.partition("=")[2].split(","))


# Faults.


def labels_of(compose: Data, service: str = "registry") -> dict[str, str]:
    labels: dict[str, str] = compose["services"][service]["labels"]
    return labels


def command_of(compose: Data) -> list[str]:
    command: list[str] = compose["services"]["traefik"]["command"]
    return command


Spoil = Callable[[dict[str, str]], object]
ROUTER = "traefik.http.routers.registry-https"
LABELS: dict[str, tuple[Spoil, str]] = {
    "certresolvers": (
        lambda labels: labels.update({f"{ROUTER}.tls.certresolvers": labels.pop(f"{ROUTER}.tls.certresolver")}),
        "field not found, node: certresolvers",
    ),
    "wrong network": (
        lambda labels: labels.update({"traefik.docker.network": "nope"}), 'Could not find network named "nope"',
    ),
    "v2 rule with two hosts": (
        lambda labels: labels.update({f"{ROUTER}.rule": "Host(`a.test`, `b.test`)"}),
        "router registry-https@docker: dis",
    ),
    "v2 matcher": (
        lambda labels: labels.update({f"{ROUTER}.rule": "Headers(`X-A`, `b`)"}), "unsupported function: Headers",
    ),
    "rule without back-ticks": (
        lambda labels: labels.update({f"{ROUTER}.rule": "Host(commenthouse.com)"}),
        "router registry-https@docker: dis",
    ),
    "unknown middleware": (
        lambda labels: labels.update({f"{ROUTER}.middlewares": "nowhere"}),
        'middleware "nowhere@docker" does not exist',
    ),
    "unknown entrypoint": (
        lambda labels: labels.update({f"{ROUTER}.entrypoints": "webs"}), "EntryPoint doesn't exist",
    ),
    "unknown service": (
        lambda labels: labels.update({f"{ROUTER}.service": "nowhere"}), 'the service "nowhere@docker" does not exist',
    ),
    "unknown resolver": (
        lambda labels: labels.update({f"{ROUTER}.tls.certresolver": "le"}),
        "nonexistent certificate resolver",
    ),
    "resolver with a space": (
        lambda labels: labels.update({f"{ROUTER}.tls.certresolver": "letsencrypt "}),
        "nonexistent certificate resolver",
    ),
    "unknown TLS options": (
        lambda labels: labels.update({f"{ROUTER}.tls.options": "old@file"}), "old@file",
    ),
    "priority over the maximum": (
        lambda labels: labels.update({f"{ROUTER}.priority": str(2**63 - 1)}), "exceeds the max user-defined priority",
    ),
    "port lost": (
        lambda labels: labels.pop("traefik.http.services.registry.loadbalancer.server.port"), "port is missing",
    ),
    "not a boolean": (lambda labels: labels.update({"traefik.enable": "yes"}), "strconv.ParseBool"),
    "misspelt option of docker": (
        lambda labels: labels.update({"traefik.docker.networks": "registry"}), "field not found, node: networks",
    ),
    "misspelt root": (
        lambda labels: labels.update({"traefik.httn.routers.a.rule": "Host(`a.test`)"}),
        "traefik.httn.routers.a.rule: no",
    ),
    "misspelt enable": (
        lambda labels: labels.update({"traefik.enabel": labels.pop("traefik.enable")}), "traefik.enabel: no part",
    ),
    "root in capitals": (
        lambda labels: labels.update({"Traefik.http.routers.a.rule": "Host(`a.test`)"}),
        "Traefik.http.routers.a.rule: no",
    ),
    "bad range": (
        lambda labels: labels.update(
            {
                "traefik.http.middlewares.m.ipallowlist.sourcerange": "nonsense",
                f"{ROUTER}.middlewares": "m",
            }
        ),
        "invalid CIDR",
    ),
    "users outside every mount": (
        lambda labels: labels.update(
            {"traefik.http.middlewares.m.basicauth.usersfile": "/nowhere/htpasswd", f"{ROUTER}.middlewares": "m"}
        ),
        "open /nowhere/htpasswd: no such file or directory",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", LABELS)
def test_a_fault_in_the_labels_makes_the_gate_red(fault: str, compose: Data, dynamic: Path) -> None:
    spoil, expected = LABELS[fault]
    spoil(labels_of(compose))
    found = gate(compose, dynamic)
    assert any(expected in line for line in found), found


REDIRECTION = "--entrypoints.web.http.redirections.entrypoint"


def test_a_redirection_that_goes_nowhere_makes_the_gate_red(compose: Data, dynamic: Path) -> None:
    command_of(compose).remove(f"{REDIRECTION}.to=websecure")
    found = gate(compose, dynamic)
    assert any("Unable to create redirection" in line for line in found), found
    assert any(line.startswith("plain HTTP is not redirected") for line in found), found


def test_no_redirection_at_all_makes_the_gate_red(compose: Data, dynamic: Path) -> None:
    command_of(compose)[:] = [flag for flag in command_of(compose) if not flag.startswith(REDIRECTION)]
    assert gate(compose, dynamic) == ["plain HTTP is not redirected to https: (404, '')"]


def test_a_redirection_to_a_stranger_makes_the_gate_red(compose: Data, dynamic: Path) -> None:
    command_of(compose)[:] = [flag.replace(".to=websecure", ".to=nope") for flag in command_of(compose)]
    found = gate(compose, dynamic)
    assert any("references a non-existing entry point: nope" in line for line in found), found


@pytest.mark.parametrize("flag", ["--foo=true", "--providers.docker.swarmmode=true", "--experimental.http3=true"])
def test_a_flag_that_ends_traefik_makes_the_gate_red(flag: str, compose: Data, dynamic: Path) -> None:
    command_of(compose).append(flag)
    found = gate(compose, dynamic)
    assert "traefik ended with exit code 1" in found


def replaced(compose: Data, old: str, new: str) -> None:
    command_of(compose)[:] = [flag.replace(old, new) for flag in command_of(compose)]


def ports_of(compose: Data) -> list[Any]:
    ports: list[Any] = compose["services"]["traefik"]["ports"]
    return ports


PORTS: dict[str, tuple[Callable[[Data], object], str]] = {
    "two on one port": (
        lambda compose: command_of(compose).append("--entrypoints.other.address=:443"),
        "traefik ended with exit code 1",
    ),
    "on Traefik's own port": (
        lambda compose: command_of(compose).append("--entrypoints.other.address=:8080"),
        "traefik ended with exit code 1",
    ),
    "nobody listens": (
        lambda compose: replaced(compose, "address=:443", "address=:8443"),
        "443/tcp is published, and no entrypoint listens there",
    ),
    "nobody gets there": (
        lambda compose: ports_of(compose).pop(),
        "entrypoint websecure is not published",
    ),
    "inside out": (
        lambda compose: compose["services"]["traefik"].update(
            command=["--entrypoints.traefik.address=:8080", *command_of(compose)],
            ports=[*ports_of(compose), {"target": 8080, "published": "8080", "protocol": "tcp"}],
        ),
        "entrypoint traefik is published",
    ),
    "odd port outside": (
        lambda compose: ports_of(compose)[1].update(published="8443"),
        "entrypoint web redirects to port 443, which is not published",
    ),
    "odd port told wrong": (
        lambda compose: replaced(compose, "to=websecure", "to=:8443"),
        "entrypoint web redirects to port 8443, which is not published",
    ),
    "HTTP/3 over TCP alone": (
        lambda compose: command_of(compose).append("--entrypoints.websecure.http3=true"),
        "entrypoint websecure speaks HTTP/3, and UDP is not published",
    ),
}


def test_ports_in_short_form_are_read_too(compose: Data, dynamic: Path) -> None:
    ports_of(compose)[:] = ["192.0.2.1:80:80", "443:443"]
    assert gate(compose, dynamic) == []
    ports_of(compose)[:] = ["[2001:db8::1]:80:80", "443:443/udp"]
    assert "entrypoint websecure is not published" in gate(compose, dynamic)


@pytest.mark.parametrize("fault", PORTS)
def test_ports_that_do_not_fit_make_the_gate_red(fault: str, compose: Data, dynamic: Path) -> None:
    spoil, expected = PORTS[fault]
    spoil(compose)
    found = gate(compose, dynamic)
    assert expected in found, found


DYNAMIC = {
    "no YAML": ("a: [", "Error while building configuration"),
    "unknown key": ("http: {rooters: {}}", "field not found, node: rooters"),
    "template": ("http: {middlewares: {m: {addPrefix: {prefix: '{{ nothing }}'}}}}", "not defined"),
    "unknown service": (
        "http: {routers: {a: {rule: Host(`a.test`), entryPoints: [web], service: b}}}",
        'the service "b@file" does not exist',
    ),
    "tcp without SNI": (
        "tcp: {routers: {a: {rule: HostSNI(`a.test`), entryPoints: [web], service: b}}, "
        "services: {b: {loadBalancer: {servers: [{address: '192.0.2.1:1'}]}}}}",
        "router a@file",
    ),
    "defined twice": (
        "tls: {options: {default: {minVersion: VersionTLS13}}}", "default",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", DYNAMIC)
def test_a_fault_in_a_dynamic_file_makes_the_gate_red(fault: str, compose: Data, dynamic: Path) -> None:
    text, expected = DYNAMIC[fault]
    (dynamic / "zz-fault.yml").write_text(text)
    found = gate(compose, dynamic)
    assert any(expected in line for line in found), found


def test_a_mounted_file_that_is_not_on_this_disk_is_no_fault(rich: Project, tmp_path: Path) -> None:
    compose = copy.deepcopy(rich.compose)
    for volume in compose["services"]["traefik"]["volumes"]:
        volume["source"] = str(tmp_path / "nowhere")
    answer = ask_traefik(compose, rich.dynamic)
    assert any("no such file or directory" in line for line in answer.log_lines)
    assert answer.complaints == []


def test_faults_of_the_tutorial_come_out_word_for_word() -> None:
    compose_accepts(DATA / "tutorial.yml")
    answer = ask_traefik(compose_config(DATA / "tutorial.yml"))
    said = "\n".join(answer.complaints)
    assert "field not found, node: certresolvers" in said
    assert "Unable to create redirection: the entry point or the port is missing" in said
    assert "registry@docker: not there" in answer.complaints
    assert "plain HTTP is not redirected to https: (404, '')" in answer.complaints


# Many projects at once.

MANY = """
name: p{n}
acme: {{email: ops@example.test}}
domains: {{p{n}.test: {{addresses: [192.0.2.1]}}}}
services:
  hub-{n}: {{kind: registry, host: r.p{n}.test, users: [ci]}}
  web-{n}: {{image: "nginx:1.27", port: 80, host: p{n}.test, aliases: [www.p{n}.test], middlewares: [secure-headers]}}
  old-{n}: {{kind: redirect, host: old.p{n}.test, to: "https://p{n}.test/{{{{x}}}}"}}
  pg-{n}: {{kind: tcp, image: "postgres:16-alpine", host: pg.p{n}.test, entrypoint: pg-{n}, listen: 54{n:02}, port: 1}}
"""


def test_several_projects_are_asked_about_at_once(tmp_path: Path) -> None:
    count = 3
    answer = ask_about([rendered(tmp_path / str(n), MANY.format(n=n)) for n in range(count)])
    assert answer.complaints == []
    names = ("hub-{}-http@docker", "hub-{}-https@docker", "web-{}-http@docker", "web-{}-https@docker",
             "web-{}-alias@docker", "old-{}-http@file", "old-{}-https@file")  # fmt: skip
    assert set(answer.http_routers) == {name.format(n) for name in names for n in range(count)}
    assert set(answer.tcp_routers) == {f"pg-{n}@docker" for n in range(count)}
    replacement = answer.middlewares["old-1-redirect-regex@file"]["redirectRegex"]["replacement"]
    assert replacement == "https://p1.test/{{x}}/${1}"


def test_one_name_for_two_things_is_refused(compose: Data, dynamic: Path) -> None:
    other = {**compose, "name": "other"}
    with pytest.raises(ValueError, match="both have a router registry-http@docker"):
        ask_about([Project(compose, dynamic), Project(other, dynamic)])


# The parser.


def test_dollars_are_single_again(tmp_path: Path) -> None:
    (tmp_path / "c.yml").write_text("services: {a: {image: b, environment: {A: 'x$$y$$$$z'}}}")
    assert compose_config(tmp_path / "c.yml")["services"]["a"]["environment"] == {"A": "x$y$$z"}


@pytest.mark.parametrize("text", ["services: {a: {imagee: b}}", "services: [", "services: {a: {image: '$NOBODY'}}"])
def test_a_file_that_compose_refuses_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "c.yml").write_text(text)
    for parse in (compose_config, compose_accepts):
        with pytest.raises(RefusedByComposeError):
            parse(tmp_path / "c.yml")


def test_the_tutorial_is_what_it_says(tmp_path: Path) -> None:
    """The data file itself must keep its faults."""
    data = yaml.safe_load((DATA / "tutorial.yml").read_text())
    command = data["services"]["traefik"]["command"]
    assert not any(".redirections.entrypoint.to" in flag or "readtimeout" in flag for flag in command)
    assert not any(".certresolver=" in label for label in data["services"]["registry"]["labels"])
    assert "environment" not in data["services"]["registry"]
