"""What lint's rules claim of certificates that are never issued or never used, on the lab's oldest and newest Traefik.

One stack has each router once, beside what is right. The very file that lint judges is started by Compose, with an
authority that refuses names below `local`, as the public ones do.
"""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
import yaml

from tests.lab.account import give
from tests.lab.authority import DIRECTORY, Authority
from tests.lab.clients import DEFAULT_CERTIFICATE, shown_certificate, wait_for_certificate
from tests.lab.composed import container, up
from tests.lab.ground import Ground
from tests.lint.support import found, project

STACK = """\
services:
  traefik:
    image: traefik:v{version}
    environment: [LEGO_CA_CERTIFICATES=/ca.pem]
    dns: [{address}]
    command:
      - --providers.docker=true
      - --providers.docker.exposedbydefault=false
      - --entrypoints.web.address=:80
      - --entrypoints.websecure.address=:443
      - --entrypoints.own.address=:8443
      - --entrypoints.own.http.tls.certresolver=le
      - --entrypoints.own.http.tls.domains[0].main=entrypoint.acme-house.com
      - --certificatesresolvers.le.acme.httpchallenge.entrypoint=web
      - --certificatesresolvers.le.acme.caserver={directory}
      - --certificatesresolvers.le.acme.keytype=EC256
      - --certificatesresolvers.le.acme.email=ops@acme-house.com
      - --certificatesresolvers.le.acme.storage=/acme/acme.json
      - --log.level=DEBUG
    ports:
      - 80:80
      - 443:443
      - 8443:8443
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock:ro
      - ./ca.pem:/ca.pem:ro
      - ./acme:/acme
  app:
    image: lab/app:1
    labels:
      - traefik.enable=true
      - traefik.http.services.app.loadbalancer.server.port=80
      - traefik.tcp.services.raw.loadbalancer.server.port=80
      - traefik.http.routers.right.rule=Host(`right.acme-house.com`)
      - traefik.http.routers.right.tls.certresolver=le
      - traefik.http.routers.listed.rule=PathPrefix(`/listed`)
      - traefik.http.routers.listed.tls.certresolver=le
      - traefik.http.routers.listed.tls.domains[0].main=listed.acme-house.com
      - traefik.http.routers.mixed.rule=Host(`good.acme-house.com`) || Host(`nas.local`)
      - traefik.http.routers.mixed.tls.certresolver=le
      - traefik.http.routers.path.rule=PathPrefix(`/path`)
      - traefik.http.routers.path.tls.certresolver=le
      - traefik.http.routers.path.entrypoints=own
      - traefik.http.routers.regex.rule=HostRegexp(`^.+\\.pattern\\.com`)
      - traefik.http.routers.regex.tls.certresolver=le
      - traefik.tcp.routers.any.rule=HostSNI(`*`)
      - traefik.tcp.routers.any.entrypoints=own
      - traefik.tcp.routers.any.service=raw
      - traefik.tcp.routers.any.tls.certresolver=le
      - traefik.tcp.routers.through.rule=HostSNI(`through.acme-house.com`)
      - traefik.tcp.routers.through.service=raw
      - traefik.tcp.routers.through.tls.passthrough=true
      - traefik.tcp.routers.through.tls.certresolver=le
"""
FOUND = {
    "EL107": ["39 medium no public authority certifies `nas.local`: the order for the router `mixed` fails"],
    "EL110": [
        "42 low `le` orders no certificate for `path`: its rule names no host",
        "45 low `le` orders no certificate for `regex`: its rule names no host",
        "49 low every authority refuses the certificate for `*` that `le` orders for `any`",
    ],
    "EL111": ["53 low `through` passes TLS through, and nobody sees the certificate that `le` orders for it"],
}
SECONDS = 60.0


@pytest.mark.parametrize("release", ["3.0.4", "3.7.15"])
def test_certificates_that_are_never_issued_or_used(
    ground: Ground, authority: Authority, tmp_path: Path, release: str
) -> None:
    text = STACK.format(version=release, address=ground.address, directory=DIRECTORY)
    public = text.replace(DIRECTORY, "https://acme-v02.api.letsencrypt.org/directory")
    assert {rule: found(project(public), rule) for rule in FOUND} == FOUND
    (tmp_path / "ca.pem").write_bytes(authority.api_ca.read_bytes())
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "acme.json").touch(0o600)
    give(tmp_path / "acme" / "acme.json", yaml.safe_load(text)["services"]["traefik"])
    before = authority.log().count("through.acme-house.com")
    up(ground, tmp_path, text)
    for host in ("right.acme-house.com", "listed.acme-house.com"):
        wait_for_certificate(ground, host)
    one_local_name_refuses_the_whole_order(ground)
    nothing_is_ordered_for_a_rule_without_host(ground)
    what_passes_through_is_ordered_and_never_seen(ground, authority, before)


def one_local_name_refuses_the_whole_order(ground: Ground) -> None:
    """And Traefik asks again with the next change: each certificate that arrives is one."""
    refused = r"certificate for the domains \[good\.acme-house\.com nas\.local\].*rejectedIdentifier"
    wait_for_lines(ground, refused, at_least=2)
    assert is_default(ground, "good.acme-house.com")


def nothing_is_ordered_for_a_rule_without_host(ground: Ground) -> None:
    for router in ("path", "regex"):
        wait_for_lines(ground, rf"No domain parsed in provider ACME.*routerName={router}@docker")
    wait_for_lines(ground, r"certificate for the domains \[\*\].*malformed")
    for host in ("a.pattern.com", "entrypoint.acme-house.com"):
        assert is_default(ground, host)


def what_passes_through_is_ordered_and_never_seen(ground: Ground, authority: Authority, before: int) -> None:
    wait_for_lines(ground, r"Certificates obtained for domains \[through\.acme-house\.com\]")
    assert authority.log().count("through.acme-house.com") > before
    with pytest.raises(OSError, match="WRONG_VERSION_NUMBER"):  # the application behind it has no TLS
        shown_certificate(ground, "through.acme-house.com")


def is_default(ground: Ground, host: str) -> bool:
    return DEFAULT_CERTIFICATE in shown_certificate(ground, host).issuer.rfc4514_string()


def wait_for_lines(ground: Ground, pattern: str, *, at_least: int = 1) -> None:
    """Until Traefik's log has them."""
    end = time.monotonic() + SECONDS
    while True:
        done = ground.run("docker", "logs", container(ground, "traefik"))
        lines = re.sub(r"\x1b\[\d*m", "", done.stdout + done.stderr).splitlines()
        if sum(bool(re.search(pattern, line)) for line in lines) >= at_least:
            return
        assert time.monotonic() < end, f"no line {pattern}"
        time.sleep(0.1)  # `docker logs` has to be asked
