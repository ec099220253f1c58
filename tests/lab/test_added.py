"""A second service and its password, both by a command, on a project that runs: only who has the password gets in."""

from __future__ import annotations

import json

from tests.lab.clients import Client, wait_for_certificate, wait_for_status
from tests.lab.stack import Stack
from tests.lab.starter import begin

HOST, SECOND = "app.commenthouse.com", "second.commenthouse.com"


def test_a_service_is_added_and_asks_for_a_password(stack: Stack) -> None:
    begin(stack, "whoami", HOST)
    stack.up()
    stack.edgegen("add", "traefik/whoami:v1.10", SECOND, "--name", "second")
    first = password(stack, "add", "alice", "--service", "second")
    stack.up()
    wait_for_certificate(stack.ground, SECOND)
    visitor = Client(stack.ground, stack.root)
    wait_for_status(visitor, SECOND, 401)
    wait_for_status(visitor, HOST, 200)
    wait_for_status(Client(stack.ground, stack.root, ("alice", first)), SECOND, 200)
    second = password(stack, "passwd", "alice")
    stack.up()
    wait_for_status(Client(stack.ground, stack.root, ("alice", second)), SECOND, 200)
    wait_for_status(Client(stack.ground, stack.root, ("alice", first)), SECOND, 401)


def password(stack: Stack, *words: str) -> str:
    (made,) = json.loads(stack.edgegen("auth", *words, "--json").stdout)["credentials"]
    return str(made["password"])
