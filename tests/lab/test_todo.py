"""The starter `todo`: the API reaches both stores, the UI reaches neither, and a missing variable is named.

Stand-ins: `postgres:14-alpine` is Debian's PostgreSQL 15, `redis:7-alpine` is Debian's Redis 7.0, and the course's two
images `robeeerto/todo-list-…:latest` are a page on PHP that says what it reaches (`data/reach.php`).
"""

from __future__ import annotations

import json
from typing import Any

from tests.lab.clients import Client, wait_for_certificate, wait_for_status
from tests.lab.engine import docker
from tests.lab.images import ensure_images
from tests.lab.stack import Stack
from tests.lab.starter import begin

UI, API = "todo.commenthouse.com", "api.todo.commenthouse.com"


def test_the_api_reaches_both_stores_and_the_ui_neither(stack: Stack) -> None:
    begin(stack, "todo", UI)
    ensure_images(stack.ground, stack.compose)
    without_its_variables_nothing_starts(stack)
    stack.up()
    for host in (UI, API):
        wait_for_certificate(stack.ground, host)
        wait_for_status(Client(stack.ground, stack.root), host, 200)
    assert asked(stack, API, "/select") == {"rows": [{"two": "2"}]}
    assert [asked(stack, API, "/incr") for _ in range(2)] == [{"answer": "1"}, {"answer": "2"}]
    for path in ("/select", "/incr"):
        assert "error" in asked(stack, UI, path)
    the_ui_reaches_no_store_by_its_address_either(stack)

    stack.edgegen("down", "--volumes", "--yes")
    assert set(docker(stack.ground, "volume", "ls", "-q").split()) == {
        "todo-commenthouse-database", "todo-commenthouse-redis"
    }  # fmt: skip
    stack.up()
    wait_for_status(Client(stack.ground, stack.root), API, 200)
    assert asked(stack, API, "/incr") == {"answer": "3"}


def without_its_variables_nothing_starts(stack: Stack) -> None:
    """Compose itself would start every service with empty values."""
    own = stack.folder / ".env"
    text = own.read_text()
    own.unlink()
    for command, code in (("render", 0), ("up", 3)):
        said = stack.edgegen(command, code=code).stderr
        for name in ("DB_USER", "RAILS_ENV", "REDIS_URL"):
            assert f"the required variable {name} is empty, or set neither in the environment nor in `.env`" in said
    assert docker(stack.ground, "ps", "-aq") == ""
    own.write_text(text)


def asked(stack: Stack, host: str, path: str) -> Any:
    return json.loads(Client(stack.ground, stack.root).get(host, path).body)


def the_ui_reaches_no_store_by_its_address_either(stack: Stack) -> None:
    for service, port in (("database", 5432), ("redis", 6379)):
        seen = docker(stack.ground, "inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}",
                      stack.container(service)).split()  # fmt: skip
        assert len(seen) == 1
        for client, reached in (("ui", False), ("api", True)):
            words = ("docker", "exec", stack.container(client), "nc", "-w", "3", seen[0], str(port))
            assert (stack.ground.run(*words, check=False).returncode == 0) is reached, (client, service)
