"""A folder where the certificate store should be a file."""

from __future__ import annotations

from tests.lint.acme_table import proxy
from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        """\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    volumes: ["acme:/acme/acme.json"]
    command:
      - --entrypoints.web.address=:80
      - --entrypoints.websecure.address=:443
      - --certificatesresolvers.le.acme.storage=/acme/acme.json
      - --certificatesresolvers.le.acme.tlschallenge=true
volumes:
  acme:
""",
        ["5 high `/acme/acme.json` is a volume, which is a folder; Traefik needs"],
    ),
    Case(
        proxy(volumes='["./a.json:/acme/acme.json"]'),
        ["5 high `a.json` is a folder"],
        files={"a.json/x": ""},
    ),
    Case(
        proxy(volumes='["./a.json:/acme/acme.json"]'),
        ["5 low `a.json` is not here: Compose makes a folder"],
    ),
    Case(
        proxy(storage="/acme", volumes='["./a.json:/acme/acme.json"]'),
        ["5 high `/acme` is the folder of another mount, `/acme/acme.json`"],
        files={"a.json": ""},
    ),
    Case(
        proxy(storage="/acme"),
        ["5 high `/acme` is a volume"],
    ),
    Case(proxy()),
    Case(
        proxy(volumes='["./a.json:/acme/acme.json"]'),
        files={"a.json": ""},
    ),
    Case(proxy(volumes='["./acme:/acme"]')),
    Case(proxy(volumes="[{type: bind, source: ./a.json, target: /acme/acme.json}]")),
    Case(proxy(volumes='["${D}/a.json:/acme/acme.json"]')),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, 'mount.kind == "volume"', 'mount.kind == "x"'), CASES)
    assert differences(with_fault(RULE, 'if kind == "folder"', 'if kind == "file"'), CASES)
