"""Certificates that are lost with the container."""

from __future__ import annotations

from tests.lint.acme_table import proxy
from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        proxy(volumes="[]"),
        ["9 medium the certificates of `le` are in `/acme/acme.json`, which no volume holds"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    volumes: ["./x:/data"]
    command:
      - --entrypoints.web.address=:80
      - --entrypoints.websecure.address=:443
      - --certificatesresolvers.le.acme.tlschallenge=true
""",
        ["9 medium the certificates of `le` are in `acme.json` (`/acme.json` in the container)"],
    ),
    Case(
        proxy(volumes="[{type: tmpfs, target: /acme}]"),
        ["9 medium the certificates"],
    ),
    Case(
        """\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    volumes: ["acme:/acme"]
    command:
      - --entrypoints.web.address=:80
      - --entrypoints.websecure.address=:443
      - --certificatesresolvers.le.acme.storage=letsencrypt/acme.json
      - --certificatesresolvers.le.acme.tlschallenge=true
""",
        ["9 medium the certificates of `le` are in `letsencrypt/acme.json` (`/letsencrypt/acme.json`"],
    ),
    Case(proxy()),
    Case(proxy(storage="acme.json", volumes='["./acme.json:/acme.json"]')),
    Case(proxy(storage="letsencrypt/acme.json", volumes='["./d:/letsencrypt"]')),
    Case(proxy(storage="${S}", volumes="[]")),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
"""),
    Case(proxy(storage="acme.json", volumes='["./d:/data/acme"]', more="working_dir: /data/acme\n")),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, 'store.place.mount.kind != "tmpfs"', "True"), CASES)
    assert differences(with_fault(RULE, "is not None and store.place", "is None or store.place"), CASES)
