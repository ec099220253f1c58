"""What the real Traefik says of foreign stacks, each thing at its line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from edgegen.core.finding import Outcome, Severity
from edgegen.lint.engine import lint
from edgegen.lint.model import Project
from edgegen.lint.results import Result
from edgegen.oracle.answer import Answer
from edgegen.oracle.binaries import Binary
from edgegen.project import asking
from edgegen.project.asking import Asked
from edgegen.project.asking.naming import named
from edgegen.project.asking.question import question_of
from edgegen.project.asking.said import Asked as Asking
from edgegen.project.asking.said import results
from edgegen.traefik.version import Version
from tests.lint.support import project
from tests.sizes import some
from tests.traefik.process import BINARY

HAD = (Binary(BINARY, Version(3, 7, 15)),)


def asked(compose: str, *, rules: Sequence[Result] | None = None, **more: Mapping[str, str]) -> Asked:
    given = project(compose, **more)  # type: ignore[arg-type]
    (found,) = asking.ask_about([given], lambda item: lint(item) if rules is None else rules, binaries=HAD)
    assert found.was_asked, found.notes
    return found


def said(found: Asked, rule: str = "EL900") -> list[str]:
    return [
        f"{item.finding.where.line if item.finding.where else 0} {item.finding.severity.value} "
        f"{'' if item.finding.outcome is Outcome.FAIL else 'unknown '}{item.finding.message}"
        for item in found.results
        if item.finding.id == rule
    ]


def matches(lines: Sequence[str], patterns: Sequence[str]) -> None:
    assert len(lines) == len(patterns), lines
    for pattern in patterns:
        assert any(re.search(pattern, line) for line in lines), (pattern, lines)


EDGE = """\
name: blog
services:
  proxy:
    image: traefik:v3.7.15
    command:
      - --providers.docker=true
      - --providers.docker.exposedbydefault=false
      - --entryPoints.web.address=:80
      - --entryPoints.webSecure.address=:443
      - --certificatesresolvers.le.acme.httpchallenge.entrypoint=web
      - --certificatesresolvers.le.acme.storage=/acme/acme.json
    volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]
  web:
    image: nginx
    healthcheck: {test: ["CMD", "true"]}
    labels:
      traefik.enable: "true"
      traefik.http.routers.web.rule: Host(`www.example.com`)
      traefik.http.routers.web.entrypoints: webSecure
      traefik.http.routers.web.tls.certresolver: le
"""
"""Twenty lines; a table's labels are added below."""


@pytest.mark.slow
def test_a_sound_stack_is_without_a_word() -> None:
    found = asked(EDGE)
    assert found.results == ()
    assert "asked Traefik 3.7.15" in found.notes[0]


LABELS: tuple[tuple[list[str], list[str]], ...] = (
        (["traefik.http.routers.web.tls.certresolvers: le"], [r"^21 high .*`certresolvers`"]),
        (["Traefik.enable: 'true'"], [r"^21 high .*begins with `Traefik`"]),
        (["traefik.http.routers.web.priority: high"], [r"^21 high .*`high` is not a valid Int"]),
        (["traefik.http.routers.web.middlewares: auth"], [r"^21 high .*middleware `auth@docker`"]),
        (["traefik.http.routers.web.middlewares: auth@file"], [r"^21 high .*middleware `auth@file`"]),
        (["traefik.http.routers.web.service: gone"], [r"^21 high .*service `gone@docker`"]),
        (["traefik.http.routers.b.rule: Host(`a`,`b`)", "traefik.http.routers.b.tls: 'true'"], [r"^21 high .*rule"]),
        (["traefik.http.routers.b.rule: Path(`/x`)", "traefik.http.routers.b.entrypoints: websecure"],
         [r"^22 high .*entrypoint"]),
        (["traefik.http.routers.b.rule: Path(`/x`)", "traefik.http.routers.b.tls.certresolver: lee"],
         [r"^22 high .*certificate resolver"]),
        (["traefik.http.routers.b.rule: Host(`b`)", "traefik.http.routers.b.tls.options: strong"],
         [r"^22 high .*TLS options `strong"]),
        (["traefik.http.routers.web.rulesyntax: v3"], [r"^21 low .*ruleSyntax` option is deprecated"]),
    (["traefik.docker.network: nope"], [r"^21 medium .*no network `nope`"]),
        (["traefik.http.services.a.loadbalancer.server.port: '80'",
          "traefik.http.services.b.loadbalancer.server.port: '81'"],
         [r"^(18|20) high .*names no service"]),
        (["traefik.http.routers.web.middlewares: m", "traefik.http.middlewares.m.ipallowlist.sourcerange: x"],
         [r"^22 high middleware m@docker: \[x\] are not ranges"]),
        (["traefik.http.services.web.loadbalancer.server.port: http"], [r"^21 high .*server's URL"]),
        (["traefik.http.routers.${NAME}.rule: Path(`/x`)"], []),
        (["traefik.http.routers.b.rule: Host(`${UNSET}`)"], []),
        (["traefik.http.routers.b.rule: Host(`${UNSET}`) && Hosts(`a`)"], [r"^21 high unknown "]),
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("labels", "expected"), some(LABELS, 3))
def test_a_label_is_found(labels: Sequence[str], expected: Sequence[str]) -> None:
    matches(said(asked(EDGE + "".join(f"      {label}\n" for label in labels))), expected)


FLAGS = (
    ("--entrypoints.web.adress=:80", r"^6 high Traefik does not start: .*node: adress"),
    ("--providers.docker.swarmMode=true", r"^6 high Traefik does not start: Docker provider `swarmMode`"),
    ("--experimental.http3=true", r"^6 high Traefik does not start: HTTP3 is not"),
    ("--pilot.token=x", r"^6 high Traefik does not start: Pilot"),
    ("--tracing.jaeger=true", r"^6 high Traefik does not start: Jaeger"),
    ("--metrics.influxdb=true", r"^6 high Traefik does not start: .*influxdb"),
    ("--providers.consul.endpointts=x", r"^6 high Traefik does not start: .*node: endpointts"),
    ("--entrypoints.web.http.redirections.entrypoint.to=https", r"^6 high .*entrypoint `https`"),
    ("--entrypoints.web.http.redirections.entrypoint.scheme=https", r"^6 high .*has no target"),
    ("--entrypoints.web.forwardedheaders.trustedips=x", r"^6 high Traefik does not start: .*invalid CIDR"),
    ("--entrypoints.other.address=:80", r"^[68] high Traefik does not start: .*address already in use"),
    ("--certificatesresolvers.x.acme.httpchallenge.entrypoint=http", r"^6 high .*entrypoint"),
    ("--ping.entrypoint=nope", r"^6 high .*entrypoint"),
)


@pytest.mark.slow
@pytest.mark.parametrize(("flag", "expected"), some(FLAGS, 3))
def test_a_flag_is_found(flag: str, expected: str) -> None:
    lines = said(asked(EDGE.replace("      - --providers.docker=true\n", f"      - {flag}\n")))
    assert any(re.search(expected, line) for line in lines), lines


@pytest.mark.slow
def test_variables_are_read() -> None:
    found = asked(
        """\
        name: blog
        services:
          proxy:
            image: traefik:v3.7
            environment:
              TRAEFIK_PROVIDERS_DOCKER: "true"
              TRAEFIK_ENTRYPOINTS_WEB_ADRESS: ":80"
        """
    )
    matches(said(found), [r"^(7|3|4) high Traefik does not start: .*node: adress"])


@pytest.mark.slow
def test_a_stack_is_asked_as_a_swarm() -> None:
    found = asked(
        """\
        services:
          proxy:
            image: traefik:v3.7
            command: [--providers.swarm=true, "--entrypoints.web.address=:80"]
          web:
            image: nginx
            deploy:
              labels:
                traefik.enable: "true"
                traefik.http.routers.web.rule: Host(`a.example.com`)
                traefik.http.routers.web.middlewares: auth@docker
                traefik.http.middlewares.auth.addprefix.prefix: /x
                traefik.http.services.web.loadbalancer.server.port: "80"
          other:
            image: nginx
            deploy:
              labels:
                traefik.enable: "true"
                traefik.http.routers.other.rule: Host(`b.example.com`)
          third:
            image: nginx
            deploy:
              labels:
                traefik.enable: "true"
                traefik.swarm.lbswrm: "true"
        """
    )
    matches(said(found), [r"^11 high .*middleware `auth@docker`", r"^14 high .*port", r"^25 high .*`lbswrm`"])
    assert said(found, "EL902") == []


NO_PROXY = """\
services:
  web:
    image: nginx
    labels:
      traefik.enable: "true"
      traefik.http.routers.web.rule: Host(`a.example.com`)
      traefik.http.routers.web.entrypoints: webSecure
      traefik.http.routers.web.tls.certresolver: LE
      traefik.http.routers.web.middlewares: theirs@docker
"""


@pytest.mark.slow
def test_without_a_proxy_whatever_another_one_may_have_is_unknown() -> None:
    matches(said(asked(NO_PROXY)), [r"^9 high unknown .*theirs@docker"])
    matches(said(asked(NO_PROXY + "      traefik.http.routers.web.rulez: x\n")), [r"^10 high .*`rulez`"])


@pytest.mark.slow
def test_a_rule_that_traefik_does_not_bear_out_is_shown() -> None:
    """A planted rule: it denies a label that Traefik takes, and one that Traefik denies is reported by none."""
    given = project(EDGE + "      traefik.http.routers.web.tls.certresolvers: le\n")
    real = [item for item in lint(given) if item.finding.id == "EL001"]
    assert len(real) == 1
    sound = asked(EDGE, rules=real)
    matches(said(sound, "EL902"), [r"EL001 reports this, and Traefik 3\.7\.15 takes it"])
    silent = asked(EDGE + "      traefik.http.routers.web.tls.certresolvers: le\n", rules=[])
    matches(said(silent, "EL902"), [r"Traefik reports this, and no rule does"])
    agreed = asked(EDGE + "      traefik.http.routers.web.tls.certresolvers: le\n", rules=real)
    assert said(agreed, "EL902") == []


@pytest.mark.slow
def test_what_a_router_has_from_its_entrypoint_is_reported_there() -> None:
    wrong = "      - --entryPoints.webSecure.http.tls.certresolver=lee\n"
    text = EDGE.replace("      - --certificatesresolvers", f"{wrong}      - --certificatesresolvers", 1)
    text = text.replace("      traefik.http.routers.web.tls.certresolver: le\n", "")
    found = asked(text)
    assert any("certificate resolver" in line for line in said(found))
    assert said(found, "EL902") == []


def not_asked(given: Project, binaries: Sequence[Binary]) -> Asked:
    (found,) = asking.ask_about([given], lint, binaries=binaries)
    assert not found.was_asked
    (result,) = found.results
    assert result.finding.outcome is Outcome.UNKNOWN and result.finding.severity is Severity.INFO
    return found


def test_without_a_traefik_it_could_not_ask() -> None:
    found = not_asked(project(EDGE), ())
    assert "edgegen[traefik]" in found.results[0].finding.hint


def test_traefik_3_is_no_judge_of_traefik_2() -> None:
    found = not_asked(project(EDGE.replace("v3.7.15", "v2.11")), HAD)
    assert "Traefik 2.11" in found.results[0].finding.message


@pytest.mark.slow
def test_another_minor_says_so_and_disagrees_with_no_rule() -> None:
    text = EDGE.replace("v3.7.15", "v3.5.0") + "      traefik.http.routers.web.tls.certresolvers: le\n"
    found = asked(text, rules=[])
    assert "the stack pins 3.5.0" in found.notes[0]
    assert said(found, "EL902") == [] and len(said(found)) == 1


@pytest.mark.slow
def test_what_is_no_traefik_is_not_asked_for_ever(tmp_path: Path) -> None:
    """A program that never answers: the time limit ends it."""
    fake = tmp_path / "traefik"
    fake.write_text("#!/bin/sh\ncase $1 in healthcheck) echo 'enable `ping`';; *) sleep 600;; esac\n")
    fake.chmod(0o755)
    asking_for = asking.SECONDS
    asking.SECONDS = 0.5
    try:
        found = not_asked(project(EDGE), [Binary(fake, Version(3, 7, 15))])
    finally:
        asking.SECONDS = asking_for
    assert "had not read everything" in found.results[0].finding.message


@pytest.mark.slow
def test_an_unset_variable_in_a_flag_keeps_traefik_from_nothing() -> None:
    flags = "      - --api.debug=${DEBUG}\n      - --providers.docker.watch=${WATCH}\n"
    found = asked(EDGE.replace("    volumes:", f"{flags}    volumes:"))
    matches(said(found), [r"unknown Traefik does not start: .*unset-variable"])
    assert asked(EDGE.replace("    volumes:", f"{flags.splitlines()[0]}\n    volumes:")).results == ()


@pytest.mark.slow
def test_a_network_of_the_provider_is_said_once_at_its_line() -> None:
    flag = "      - --providers.docker.network=proxy\n"
    found = asked(EDGE.replace("    volumes:", f"{flag}    volumes:"), rules=())
    matches(said(found), ["^12 medium there is no network `proxy`"])


@pytest.mark.slow
@pytest.mark.parametrize("networks", ["networks: ['${NETWORK}']", "networks: [inner]"])
def test_a_network_that_the_files_do_not_show_is_unknown(networks: str) -> None:
    labelled = EDGE + f"      traefik.docker.network: proxy\n    {networks}\nnetworks: {{inner: {{}}}}\n"
    assert [" unknown " in line for line in said(asked(labelled, rules=()))] == ["$" in networks]


@pytest.mark.slow
def test_a_host_for_a_person_to_fill_in_is_no_fault() -> None:
    found = asked(EDGE.replace("www.example.com", "www.<domain>"))
    assert found.results == ()


@pytest.mark.slow
def test_what_traefik_says_of_a_container_with_unset_variables_denies_no_rule() -> None:
    broken = EDGE.replace('"true"\n', "'true\"'\n") + "      traefik.http.routers.web.middlewares: ${LOGIN}\n"
    assert said(asked(broken), "EL902") == []


def test_a_port_of_thousands_of_digits_is_none() -> None:
    given = project(EDGE.replace("  web:\n", f"  web:\n    expose: ['{'1' * 5000}', '8080']\n"))
    question = question_of(given, given.traefiks[0])
    assert (8080,) in [one.ports for one in question.containers]


def test_what_a_router_missed_until_the_next_provider_had_it_is_over() -> None:
    fields = "entryPointName=web routerName=web-to-websecure@internal"
    line = f'2026-11-29T11:00:00Z ERR  error="middleware \\"login@file\\" does not exist" {fields}'
    given = project(EDGE)
    question = question_of(given, given.traefiks[0])
    asking_it = Asking(given, given.traefiks[0], question, HAD[0].version)
    for router, count in (({"status": "enabled"}, 0), ({"error": ['middleware "login@file" does not exist']}, 1)):
        answer = Answer(internal_routers={"web-to-websecure@internal": router}, errors=(line,))
        assert len(list(results(asking_it, answer))) == count


@pytest.mark.slow
def test_a_file_of_a_traefik_that_is_not_here_is_unknown() -> None:
    login = "      traefik.http.routers.web.middlewares: login\n"
    login += "      traefik.http.middlewares.login.basicauth.usersfile: /users/a\n"
    here = said(asked(EDGE + login, rules=()))
    assert here and not any(" unknown " in line for line in here), here
    elsewhere = said(asked(f"name: blog\nservices:\n{EDGE[EDGE.index('  web:') :]}{login}", rules=()))
    missing = [line for line in elsewhere if "/users/a" in line]
    assert missing and all(" unknown " in line for line in missing), elsewhere


@pytest.mark.slow
def test_two_containers_with_one_name_are_one_fault() -> None:
    other = (
        "  two:\n    image: app\n    labels: [traefik.enable=true, traefik.http.middlewares.a.addprefix.prefix=/x]\n"
    )
    compose = EDGE + "      traefik.http.middlewares.a.compress: 'true'\n" + other
    assert said(asked(compose), "EL902") == []


@pytest.mark.slow
def test_a_certificate_that_is_not_here_is_unknown() -> None:
    flag = "      - --providers.file.directory=/rules\n"
    compose = EDGE.replace("    volumes:", f"{flag}    volumes:").replace('ock:ro"]', 'ock:ro", "./rules:/rules"]')
    file = "tls: {certificates: [{certFile: /certs/a.pem, keyFile: /certs/a.key}]}\n"
    found = said(asked(compose, rules=(), files={"rules/tls.yml": file}))
    assert found and all(" unknown " in line for line in found), found


def test_what_is_deprecated_is_said_at_its_option() -> None:
    assert named("delayBeforeCheck is now deprecated, please use propagation.delayBeforeChecks instead.") == [
        "delayBeforeCheck"
    ]


@pytest.mark.slow
def test_labels_without_enable_are_asked_about() -> None:
    container = "  {}:\n    image: app\n    labels: ['traefik.http.routers.one.rule=Host(`a.example.com`)']\n"
    found = asked("name: blog\nservices:\n" + container.format("a") + container.format("b"))
    assert said(found, "EL902") == [] and any("define one router" in line for line in said(found)), found.results


@pytest.mark.slow
def test_the_mode_of_the_store_and_a_missing_transport_are_no_disagreement() -> None:
    given = project(EDGE.replace("volumes: [", 'volumes: ["./acme.json:/acme/acme.json", '), files={"acme.json": "{}"})
    assert [item.finding.id for item in lint(given)].count("EL073") == 1
    (found,) = asking.ask_about([given], lint, binaries=HAD)
    assert said(found, "EL902") == []
    label = "      traefik.http.services.web.loadbalancer.serverstransport: lax@file\n"
    elsewhere = said(asked(f"name: blog\nservices:\n{EDGE[EDGE.index('  web:') :]}{label}", rules=()))
    transport = [line for line in elsewhere if "transport" in line]
    assert transport and all(" unknown " in line for line in transport), elsewhere
