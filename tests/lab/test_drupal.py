"""The starter `drupal`: its secret and config are where they are asked for, and a row of its database survives.

Stand-ins: `drupal:7.92` is a page on PHP that says what it reaches and reads (`data/reach.php`), `postgres:14-alpine`
is Debian's PostgreSQL 15.
"""

from __future__ import annotations

import json
from typing import Any

from tests.lab.clients import Client, wait_for_certificate, wait_for_status
from tests.lab.engine import docker
from tests.lab.stack import Stack
from tests.lab.starter import begin

HOST = "drupal.commenthouse.com"


def test_secret_config_and_a_row_that_survives(stack: Stack) -> None:
    begin(stack, "drupal", HOST)
    stack.up()
    wait_for_certificate(stack.ground, HOST)
    visitor = Client(stack.ground, stack.root)
    wait_for_status(visitor, HOST, 200)
    assert asked(visitor, "/file/my_secret") == {"text": (stack.folder / "secrets/my_secret").read_text()}
    assert asked(visitor, "/file/my_config") == {"text": "greeting = hello\n"}
    assert visitor.request("POST", HOST, "/rows", b"a row").status == 200
    assert asked(visitor, "/rows") == {"rows": [{"word": "a row"}]}

    docker(stack.ground, "rm", "-f", stack.container("pg"))
    stack.edgegen("down")
    stack.up()
    wait_for_status(visitor, HOST, 200)
    assert asked(visitor, "/rows") == {"rows": [{"word": "a row"}]}
    nobody_outside_reaches_the_database(stack)


def asked(visitor: Client, path: str) -> Any:
    return json.loads(visitor.get(HOST, path).body)


def nobody_outside_reaches_the_database(stack: Stack) -> None:
    ports = docker(stack.ground, "ps", "--format", '{{.Label "com.docker.compose.service"}} {{.Ports}}').splitlines()
    assert [line.split()[0] for line in ports if "->" in line] == ["traefik"]
    password = (stack.folder / "secrets/pg-password").read_text().strip()
    assert password not in docker(stack.ground, "inspect", stack.container("pg"), stack.container("drupal"))
