"""A secret that git has."""

from __future__ import annotations

from tests.lint.acme_table import proxy
from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        proxy(volumes='["./acme:/acme"]'),
        ["5 high git tracks `acme/acme.json`, the certificate store of Traefik, which holds private keys"],
        files={"acme/acme.json": '{"le": {"Certificates": [], "x": "-----BEGIN RSA PRIVATE KEY-----"}}'},
        tracked=["acme/acme.json"],
    ),
    Case(
        proxy(volumes='["./acme.json:/acme/acme.json"]'),
        ["5 low git tracks `ac"],
        files={"acme.json": ""},
        tracked=["acme.json"],
    ),
    Case(
        """\
services:
  a:
    image: app:1
secrets:
  db:
    file: ./db.txt
""",
        ["5 medium git tracks `db.txt`, the file of the secret `db`"],
        files={"db.txt": "kJ8s9dKq2L"},
        tracked=["db.txt"],
    ),
    Case(
        """\
services:
  a:
    image: app:1
    volumes:
      - ./auth/htpasswd:/auth
""",
        ["5 medium git tracks `auth/htpasswd`, a file of password"],
        files={"auth/htpasswd": "ci:$2y$05$abc"},
        tracked=["auth/htpasswd"],
    ),
    Case(
        """\
services:
  a:
    image: app:1
    volumes:
      - ./site.key:/k
""",
        ["5 medium git tracks `site.key`, a private key"],
        files={"site.key": "-----BEGIN PRIVATE KEY-----\nMII\n"},
        tracked=["site.key"],
    ),
    Case(
        """\
services:
  web:
    image: app:1
    env_file: [.env.production, {path: ./conf/db.env}]
  worker:
    image: app:1
    env_file: .env.production
""",
        [
            "4 medium git tracks `.env.production`, variables of its `env_file`, with values for",
            "4 medium git tracks `conf/db.env`, variables of",
        ],
        files={".env.production": "SECRET_TOKEN=kJ8s9dKq2L\n", "conf/db.env": "DB_PASSWORD='kJ8s9dKq2L'\n"},
        tracked=[".env.production", "conf/db.env"],
    ),
    Case(  # harmless, not tracked, a variable's, or encrypted
        """\
services:
  web:
    image: app:1
    env_file: [a.env, b.env, "$C", c.env]
""",
        [],
        files={
            "a.env": "TZ=UTC\nDB_PASSWORD=changeme\n",
            "b.env": "DB_PASSWORD=kJ8s9dKq2L\n",
            "c.env": "sops: x\nT=1\nsops:\n",
        },
        tracked=["a.env", "c.env"],
    ),
    Case(
        """\
services:
  a:
    image: app:1
""",
        ["1 medium git tracks `.env`, the variables of this project, with values for"],
        files={".env": "A=1\nDB_PASSWORD=kJ8s9dKq2L\n"},
        tracked=[".env"],
    ),
    Case(
        proxy(volumes='["./acme:/acme"]'),
        files={"acme/acme.json": '{"le": {"Certificates": [], "x": "-----BEGIN RSA PRIVATE KEY-----"}}'},
        tracked=[],
    ),
    Case(
        proxy(volumes='["./acme:/acme"]'),
        files={"acme/acme.json": '{"le": {"Certificates": [], "x": "-----BEGIN RSA PRIVATE KEY-----"}}'},
    ),
    Case(
        """\
services:
  a:
    image: app:1
""",
        files={".env": "TAG=1.2\nDB_PASSWORD=change-me\nAPI_KEY=\nTOKEN=${X}\nSECRET_FILE=/run/secrets/x\n"},
        tracked=[".env"],
    ),
    Case(
        """\
services:
  a:
    image: app:1
secrets:
  db:
    file: ./db.txt
""",
        files={"db.txt": "$ANSIBLE_VAULT;1.1;AES256\n6162"},
        tracked=["db.txt"],
    ),
    Case(
        """\
services:
  a:
    image: app:1
secrets:
  db:
    file: ./db.txt
""",
        files={"db.txt": "your-password-here"},
        tracked=["db.txt"],
    ),
    Case(
        """\
services:
  a:
    image: app:1
    volumes:
      - ./site.key:/k
""",
        files={"site.key": "-----BEGIN CERTIFICATE-----\n"},
        tracked=["site.key"],
    ),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "project.disk.tracked(secret.path)", "True"), CASES)
    assert differences(with_fault(RULE, "held is Holds.KEYS and secret", "held is Holds.NOTHING and secret"), CASES)


def test_a_private_key_of_a_dynamic_file_is_found_through_the_mounts_of_traefik() -> None:
    compose = """\
services:
  edge:
    image: traefik:v3.7
    command: [--providers.file.directory=/dynamic]
    volumes: ["./dynamic:/dynamic", "./certs:/certs"]
"""
    files = {
        "dynamic/tls.yml": "tls:\n  certificates:\n    - certFile: /certs/site.crt\n      keyFile: /certs/site.pem\n",
        "certs/site.pem": "-----BEGIN EC PRIVATE KEY-----\n",
    }
    found = ["3 medium git tracks `certs/site.pem`, a private key"]
    assert differences(RULE, [Case(compose, found, files, tracked=["certs/site.pem"])]) == []
    assert differences(RULE, [Case(compose, (), files, tracked=["dynamic/tls.yml"])]) == []
