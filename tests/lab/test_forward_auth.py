"""A login in front of an application, and a second port of a container, as the cookbook shows them."""

from __future__ import annotations

import json
from typing import Any

from tests.lab.clients import Answer, Client, wait_for_certificate
from tests.lab.engine import docker
from tests.lab.stack import Stack

AUTH, APP, CONSOLE = "auth.sso.test", "app.sso.test", "console.sso.test"
SPEC = f"""\
name: sso
middlewares:
  sso:
    kind: forward-auth
    address: http://gate:9091/verify
    auth_response_headers: [Remote-User]
  sorry: {{kind: errors, status: ["500-599"], service: pages, query: "/{{status}}/"}}
services:
  gate: {{image: "lab/gate:1", port: 9091, host: {AUTH}}}
  app:
    image: lab/gate:1
    port: 9091
    host: {APP}
    middlewares: [secure-headers, sso, sorry]
  pages: {{image: "lab/gate:1", port: 9001}}
  outpost: {{kind: external, host: {APP}, path: /outpost, url: "http://gate:9091"}}
  console: {{kind: external, host: {CONSOLE}, url: "http://gate:9001"}}
"""
ALICE = {"Cookie": "session=alice"}


def said(answer: Answer) -> dict[str, Any]:
    assert answer.status == 200, (answer.status, answer.body)
    return dict(json.loads(answer.body))


def test_a_login_in_front_of_an_application(stack: Stack) -> None:
    stack.write(SPEC)
    stack.render()
    stack.up()
    for host in (AUTH, APP, CONSOLE):
        wait_for_certificate(stack.ground, host)
    client = Client(stack.ground, stack.root)
    strangers_are_sent_to_the_login(client)
    who_is_known_gets_in_under_the_name_of_the_login(client)
    a_part_of_the_host_is_the_logins_own(client)
    websockets_pass(client)
    a_second_port_has_its_own_host(client)
    error_pages_come_from_a_container_without_a_host(client)
    it_is_seen_as_it_is(stack)


def strangers_are_sent_to_the_login(client: Client) -> None:
    """With where they wanted to go, and with the edge's own headers on the answer."""
    answer = client.request("GET", APP, "/x?y=1", headers={"Remote-User": "admin", "X-Forwarded-Host": "evil.test"})
    assert (answer.status, answer.location) == (302, f"https://{AUTH}/?rd=https://{APP}/x?y=1")
    assert answer.headers["Strict-Transport-Security"]


def who_is_known_gets_in_under_the_name_of_the_login(client: Client) -> None:
    """What a client says itself, its name or its address, does not count."""
    forged = {**ALICE, "Remote-User": "admin", "X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "http"}
    headers = said(client.request("GET", APP, "/x?y=1", headers=forged))["headers"]
    assert headers["remote-user"] == "alice"
    assert headers["x-forwarded-proto"] == "https"
    assert headers["x-forwarded-host"] == headers["host"] == APP
    assert "192.0.2.1" not in headers["x-forwarded-for"]


def a_part_of_the_host_is_the_logins_own(client: Client) -> None:
    """Without the login before it, or nobody could log in."""
    assert said(client.get(APP, "/outpost/start?rd=/"))["path"] == "/outpost/start?rd=/"
    assert client.get(APP, "/out").status == 302


def websockets_pass(client: Client) -> None:
    upgrade = {
        "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }  # fmt: skip
    answer = client.request("GET", APP, "/socket", headers={**ALICE, **upgrade})
    assert (answer.status, answer.headers["Sec-WebSocket-Accept"]) == (101, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    assert client.request("GET", APP, "/socket", headers=upgrade).status == 302


def a_second_port_has_its_own_host(client: Client) -> None:
    assert said(client.get(CONSOLE))["port"] == 9001
    assert said(client.get(AUTH))["port"] == 9091


def error_pages_come_from_a_container_without_a_host(client: Client) -> None:
    answer = client.request("GET", APP, "/broken", headers=ALICE)
    assert answer.status == 503
    page = json.loads(answer.body)
    assert (page["port"], page["path"]) == (9001, "/503/")


def it_is_seen_as_it_is(stack: Stack) -> None:
    """A redirect to the login is an answer; a container that a URL leads to is the one that is shown."""
    looking = ("--allow-private", "--ca-file", str(stack.root), "--json")
    found = json.loads(stack.edgegen("verify", "--no-login", *looking).stdout)
    assert [item for item in found["findings"] if item["outcome"] == "fail"] == []
    assert container(stack, CONSOLE, *looking) == ("good", "sso-gate-1 is running")
    docker(stack.ground, "stop", "-t", "1", stack.container("gate"))
    found = json.loads(stack.run("verify", "--no-login", *looking).stdout)
    said_of_app = [
        item["message"] for item in found["findings"] if item["subject"] == APP and item["outcome"] == "fail"
    ]
    assert any("the login that it asks first, `gate:9091`, does not answer" in text for text in said_of_app), found
    state, sentence = container(stack, CONSOLE, *looking)
    assert state == "broken"
    assert sentence.startswith("sso-gate-1 is exited")


def container(stack: Stack, host: str, *looking: str) -> tuple[str, str]:
    links = json.loads(stack.run("explain", f"https://{host}", *looking).stdout)["links"]
    return links[-1]["state"], links[-1]["message"]
