"""Traefik's static configuration out of flags, variables and files: what counts, and where it is written."""

from __future__ import annotations

import textwrap

import pytest

from edgegen.lint.model import Static, Traefik
from edgegen.lint.sources import Seen
from tests.lint.support import project


def traefik(service: str, files: dict[str, str] | None = None, top: str = "") -> Traefik:
    body = textwrap.indent(textwrap.dedent(service), "    ")
    compose = f"services:\n  edge:\n    image: traefik:v3.6\n{body}\n{textwrap.dedent(top)}"
    (found,) = project(compose, files=files).traefiks
    return found


def static(service: str, files: dict[str, str] | None = None, top: str = "") -> Static:
    return traefik(service, files, top).static


def options(found: Static) -> dict[str, str]:
    return {name: value.text for name, value in found.options.items()}


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ("command: [--api, --log.level=DEBUG]", {"api": "true", "log.level": "DEBUG"}),
        ("command: --api --log.level=DEBUG", {"api": "true", "log.level": "DEBUG"}),
        ('command: "--log.level DEBUG --api"', {"log.level": "DEBUG", "api": "true"}),
        ("command: [traefik, --API.Insecure=true]", {"api.insecure": "true"}),
        ("command: [-api, -log.level=INFO]", {"api": "true", "log.level": "INFO"}),
        ("entrypoint: [traefik, --ping]", {"ping": "true"}),
        ("entrypoint: [/entrypoint.sh, traefik]\ncommand: [--ping]", {"ping": "true"}),
        ("command: [--api, 'true', --ping]", {"api": "true"}),
        ("command: [--ping, providers.docker=true, --api]", {"ping": "true"}),
        (
            "command: [--entrypoints.Web.address=:80, --entrypoints.web.asDefault]",
            {"entrypoints.web.address": ":80", "entrypoints.web.asdefault": "true"},
        ),
        (
            "command: [--entrypoints.a.forwardedheaders.trustedips=1.1.1.1, "
            "--entrypoints.a.forwardedHeaders.trustedIPs=2.2.2.2]",
            {"entrypoints.a.forwardedheaders.trustedips": "1.1.1.1,2.2.2.2"},
        ),
        ("command: [--log.level=INFO, --log.level=DEBUG]", {"log.level": "DEBUG"}),
        ("environment: [TRAEFIK_LOG_LEVEL=INFO, TRAEFIK_PING=true]", {"log.level": "INFO", "ping": "true"}),
        ("environment: {TRAEFIK_API: 'true', OTHER: x, TRAEFIK_HOST: y}", {"api": "true"}),
        ("command: [--ping]\nenvironment: {TRAEFIK_API: 'true'}", {"ping": "true"}),
    ],
)
def test_flags_and_variables(service: str, expected: dict[str, str]) -> None:
    assert options(static(service)) == expected


def test_names_keep_their_case_and_places_are_those_of_the_arguments() -> None:
    found = static("command:\n  - --entrypoints.Web.address=:80\n  - --certificatesresolvers.le.acme.email=a@b.c\n")
    assert list(found.names("entrypoints")) == ["Web"]
    assert [str(value.spot.location) for value in found.options.values()] == [
        "docker-compose.yml:5:9",
        "docker-compose.yml:6:9",
    ]


def test_what_is_never_read_is_kept_for_the_rules() -> None:
    flags = static("command: [--ping, 'true', --api, --log.level=DEBUG]").flags
    assert flags is not None and flags.stopped is not None
    assert (flags.stopped.text, [word.text for word in flags.unread]) == ("true", ["--api", "--log.level=DEBUG"])


@pytest.mark.parametrize(
    ("service", "problem"),
    [
        ("command: [--log.level]", "`--log.level` has no value"),
        ("command: [---api]", "`---api` is not a flag"),
        ("command: [--=x]", "`--=x` is not a flag"),
    ],
)
def test_arguments_that_keep_traefik_from_starting(service: str, problem: str) -> None:
    flags = static(service).flags
    assert flags is not None and flags.refused is not None
    assert flags.refused[1] == problem


FILE = """
    entryPoints:
      Web:
        address: ":80"
        http:
          tls:
            domains:
              - main: a.example
                sans: [b.example, c.example]
        forwardedHeaders: {trustedIPs: [10.0.0.0/8, 127.0.0.1]}
    api: {}
    ping:
    providers:
      docker: {exposedByDefault: false}
"""
TOML = """
    [entryPoints.Web]
      address = ":80"
    [entryPoints.Web.http.tls]
      [[entryPoints.Web.http.tls.domains]]
        main = "a.example"
        sans = ["b.example", "c.example"]
    [entryPoints.Web.forwardedHeaders]
      trustedIPs = ["10.0.0.0/8", "127.0.0.1"]
    [api]
    [providers.docker]
      exposedByDefault = false
"""
EXPECTED = {
    "api": "true",
    "entrypoints.web.address": ":80",
    "entrypoints.web.http.tls.domains[0].main": "a.example",
    "entrypoints.web.http.tls.domains[0].sans": "b.example,c.example",
    "entrypoints.web.forwardedheaders.trustedips": "10.0.0.0/8,127.0.0.1",
    "providers.docker.exposedbydefault": "false",
}


@pytest.mark.parametrize(
    ("service", "name", "text"),
    [
        ("volumes: ['./traefik.yml:/etc/traefik/traefik.yml:ro']", "traefik.yml", FILE),
        ("volumes: ['./conf.toml:/etc/traefik/traefik.toml']", "conf.toml", TOML),
        ("volumes: ['./edge:/etc/traefik']", "edge/traefik.yaml", FILE),
        ("volumes: ['./traefik.toml:/traefik.toml']", "traefik.toml", TOML),
        ("command: [--configFile=/conf/x.yml]\nvolumes: ['./x.yml:/conf/x.yml']", "x.yml", FILE),
        ("command: [--configFile, /conf/x.toml]\nvolumes: ['./conf:/conf']", "conf/x.toml", TOML),
    ],
)
def test_files(service: str, name: str, text: str) -> None:
    found = static(service, {name: text})
    assert (found.source, found.hidden, options(found)) == ("file", False, EXPECTED)
    assert list(found.names("entrypoints")) == ["Web"]
    value = found.options["entrypoints.web.http.tls.domains[0].main"]
    where = value.spot.location
    assert where.file == name
    assert textwrap.dedent(text).splitlines()[where.line - 1][where.column - 1 :].strip('"') == "a.example"


def test_a_file_wins_over_flags_and_both_are_kept() -> None:
    found = static("command: [--ping]\nvolumes: ['./t.yml:/traefik.yml']", {"t.yml": FILE})
    assert found.source == "file" and "ping" not in found.options
    assert found.flags is not None and list(found.flags.options) == ["ping"]


def test_a_config_with_its_text_in_the_compose_file_has_its_places_there() -> None:
    found = static(
        "configs: [{source: edge, target: /etc/traefik/traefik.yml}]",
        top="""
        configs:
          edge:
            content: |
              entryPoints:
                web: {address: ":80"}
              certificatesResolvers:
                le: {acme: {email: "$${X}"}}
        """,
    )
    assert options(found) == {"entrypoints.web.address": ":80", "certificatesresolvers.le.acme.email": "${X}"}
    text = found.options["entrypoints.web.address"].spot.file.text.splitlines()
    places = [value.spot.location for value in found.options.values()]
    assert [text[place.line - 1][place.column - 1 :] for place in places] == ['":80"}', '"$${X}"}}']


@pytest.mark.parametrize(
    "service",
    [
        "volumes: ['./missing.yml:/etc/traefik/traefik.yml']",
        "volumes: ['conf:/etc/traefik']",
        "volumes: ['${DIR}/traefik.yml:/traefik.yml']",
        "command: ['--configfile=${FILE}']",
        "command: ['${FLAGS}', --ping]",
        "entrypoint: [sh, -c, 'traefik --ping']",
        "environment: [TRAEFIK_PING]",
        "configs: [{source: edge, target: /traefik.yml}]",
        "build: .",
    ],
)
def test_what_can_not_be_seen_is_hidden(service: str) -> None:
    assert static(service, top="volumes: {conf: {}}\nconfigs: {edge: {external: true}}\n").hidden


@pytest.mark.parametrize("service", ["command: [--ping]", "environment: [TRAEFIK_PING=true]", "restart: always"])
def test_what_is_whole_is_not_hidden(service: str) -> None:
    assert not static(service).hidden


def test_a_named_file_that_no_mount_brings_is_passed_over() -> None:
    found = static("command: [--configfile=/nowhere/x.yml, --ping]")
    assert (found.source, found.hidden, found.mount and found.mount.seen) == ("flags", False, Seen.NOTHING)


def test_dynamic_files_of_a_folder_and_below_it() -> None:
    found = traefik(
        "command: [--providers.file.directory=/dyn]\nvolumes: ['./dyn:/dyn']",
        {"dyn/a.yml": "http: {}", "dyn/b/c.toml": "[tls]", "dyn/README.md": "# no", "other.yml": "x: 1"},
    )
    assert [item.file.name for item in found.dynamic] == ["dyn/a.yml", "dyn/b/c.toml"]
    assert (found.files_hidden, found.files and found.files.seen) == (False, Seen.FOLDER)


@pytest.mark.parametrize(
    ("service", "names", "hidden"),
    [
        ("command: [--providers.file.filename=/d.yml]\nvolumes: ['./d.yml:/d.yml']", ["d.yml"], False),
        ("command: [--providers.file.filename=/d/d.yml]\nvolumes: ['./dyn:/d']", ["dyn/d.yml"], False),
        ("command: [--providers.file.directory=/d]\nvolumes: ['./d.yml:/d/x.yml']", ["d.yml"], False),
        ("command: [--providers.file.directory=/d]\nvolumes: ['./none:/d']", [], True),
        ("command: [--providers.file.directory=/d]\nvolumes: ['data:/d']", [], True),
        ("command: ['--providers.file.directory=${D}']", [], True),
        ("command: [--ping]", [], False),
    ],
)
def test_dynamic_files_by_their_mounts(service: str, names: list[str], hidden: bool) -> None:
    files = {"d.yml": "http: {}", "dyn/d.yml": "http: {}"}
    found = traefik(service, files, "volumes: {data: {}}\n")
    assert ([item.file.name for item in found.dynamic], found.files_hidden) == (names, hidden)


def test_a_template_is_not_seen() -> None:
    found = traefik(
        "command: [--providers.file.filename=/d.yml]\nvolumes: ['./d.yml:/d.yml']",
        {"d.yml": 'http: {routers: {a: {rule: "Host(`{{ env "X" }}`)"}}}'},
    )
    (item,) = found.dynamic
    assert (item.template, dict(item.data), item.seen) == (True, {}, False)


def test_an_empty_section_is_there_and_one_without_a_value_is_not() -> None:
    files = {"traefik.yml": "ping: {}\naccessLog:\nentryPoints: {web: {}}\n"}
    found = static("volumes: ['./traefik.yml:/etc/traefik/traefik.yml']", files)
    assert options(found) == {"ping": "true", "entrypoints.web": "true"}
