"""Every kind of service answers through a real edge, and secrets arrive in a container as they are."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import trustme
import yaml
from cryptography.hazmat.primitives.serialization import Encoding

from tests.lab.clients import Client, wait_for_certificate
from tests.lab.engine import docker
from tests.lab.ground import Ground, stop
from tests.lab.images import WEB_PAGE
from tests.lab.stack import Stack

WEB, ALIAS, OLD, NAS = "www.kinds.test", "blog.kinds.test", "old.kinds.test", "nas.kinds.test"
ENDED, PASSED, ILL = "ended.kinds.test", "passed.kinds.test", "ill.kinds.test"
SEALED, CHECKED, UNENCRYPTED = "sealed.kinds.test", "checked.kinds.test", "unencrypted.kinds.test"
DEADLINE = 60.0
HOSTILE = {
    "dollar": "$HOME ${HOME} $$ ${X:-y} $(id) `id` %s",
    "quotes": """'single' "double" \\' \\" '""",
    "hash": "a #no comment # b#",
    "spaces": "  in front, behind   ",
    "backslash": "\\n \\t \\\\ \\",
    "equals": "=a=b==",
    "unicode": "pässwörd € 密码 🔑",
    "yaml": "*x: &y {a: b} - !no | >",
    "yes": "yes",
    "number": "0x10",
}


@pytest.fixture
def nas(engine: Ground, tmp_path: Path) -> Iterator[None]:
    """A server outside Docker: on the lab's address, as a box in the cellar would be."""
    folder = tmp_path / "nas"
    folder.mkdir()
    (folder / "index.html").write_text("the nas")
    words: list[str | Path] = [
        sys.executable,
        "-m",
        "http.server",
        "5000",
        "--bind",
        engine.address,
        "--directory",
        folder,
    ]
    process = engine.start(words, log=tmp_path / "nas.log")
    yield
    stop(process)


def test_every_kind_answers(stack: Stack, nas: None) -> None:
    own = trustme.CA().issue_cert(PASSED)
    _write(stack, own)
    stack.render()
    stack.up()
    for host in (WEB, ALIAS, OLD, NAS, ILL):
        wait_for_certificate(stack.ground, host)
    client = Client(stack.ground, stack.root)
    assert client.get(WEB).body.decode() == WEB_PAGE
    assert _where(client, ALIAS, "/a?b=c") in {(301, f"https://{WEB}/a?b=c"), (308, f"https://{WEB}/a?b=c")}
    assert _where(client, OLD, "/a?b=c") in {(301, f"https://{WEB}/a?b=c"), (308, f"https://{WEB}/a?b=c")}
    assert client.get(NAS).body == b"the nas"
    for host in (WEB, ALIAS, OLD, NAS):
        assert _where(Client(stack.ground, port=80), host, "/x") == (301, f"https://{host}/x")
    tls_goes_on_to_a_container(client)
    tls_is_ended_for_tcp(stack)
    tls_passes_untouched(stack, own)
    secrets_arrive_as_they_are(stack)
    what_is_ill_is_unavailable_and_not_unknown(stack, client)
    what_is_stopped_comes_back(stack, client)


def tls_goes_on_to_a_container(client: Client) -> None:
    """Under a certificate for another name; and what visitors see where the spec does not say that it is TLS."""
    for host in (SEALED, CHECKED, UNENCRYPTED):
        wait_for_certificate(client.ground, host)
    assert client.get(SEALED, "/v2/").body == b"{}"
    assert (client.get(CHECKED).status, client.get(CHECKED).body) == (500, b"Internal Server Error")
    assert client.get(UNENCRYPTED).body == b"Client sent an HTTP request to an HTTPS server.\n"
    assert client.get(UNENCRYPTED).status == 400


def tls_is_ended_for_tcp(stack: Stack) -> None:
    wait_for_certificate(stack.ground, ENDED, 6000)
    assert Client(stack.ground, stack.root, port=6000).get(ENDED).body.decode() == WEB_PAGE


def tls_passes_untouched(stack: Stack, own: trustme.LeafCert) -> None:
    """The certificate that is shown is the service's own."""
    shown = wait_for_certificate(stack.ground, PASSED, 6001)
    assert own.cert_chain_pems[0].bytes() == shown.public_bytes(Encoding.PEM)
    assert Client(stack.ground, port=6001).get(PASSED, "/v2/").status == 200


def secrets_arrive_as_they_are(stack: Stack) -> None:
    raw = stack.ground.run("docker", "exec", stack.container("web"), "cat", "/proc/1/environ").stdout
    seen = dict(entry.split("=", 1) for entry in raw.split("\0") if "=" in entry)
    assert {name: seen.get(f"SECRET_{name.upper()}") for name in HOSTILE} == HOSTILE
    assert {name: seen.get(f"PLAIN_{name.upper()}") for name in HOSTILE} == HOSTILE
    rendered = (stack.folder / "docker-compose.yml").read_text()
    assert "SECRET_" not in rendered


def what_is_ill_is_unavailable_and_not_unknown(stack: Stack, client: Client) -> None:
    """A container whose own health check fails keeps its routers.

    Traefik 3.7 says 500 here, and not the 503 of a service without servers: the label of the port counts as a server.
    """
    ill = stack.container("ill")
    docker(stack.ground, "exec", ill, "rm", "/www/healthy")
    assert _next_status(client, ILL, besides={200}) in {500, 503}
    docker(stack.ground, "exec", ill, "touch", "/www/healthy")
    assert _next_status(client, ILL, besides={500, 503}) == 200


def what_is_stopped_comes_back(stack: Stack, client: Client) -> None:
    """Traefik forgets the routers of a container that has ended (404), and finds them again with it.

    Its label `allownonrunning` would keep them, and answer 500.
    """
    web = stack.container("web")
    docker(stack.ground, "kill", web)
    assert _next_status(client, WEB, besides={200, 502, 504}) == 404
    docker(stack.ground, "start", web)
    assert _next_status(client, WEB, besides={404, 502, 503, 504}) == 200


def _write(stack: Stack, own: trustme.LeafCert) -> None:
    stack.folder.mkdir()
    tls = stack.folder / "tls"
    tls.mkdir()
    own.cert_chain_pems[0].write_to_path(str(tls / "cert.pem"))
    own.private_key_pem.write_to_path(str(tls / "key.pem"))
    for name, value in HOSTILE.items():
        (stack.folder / f"{name}.txt").write_text(value)
    # In Compose's keys a dollar sign that is meant as one is written as two.
    written = {name: value.replace("$", "$$") for name, value in HOSTILE.items()}
    plain: dict[str, object] = {f"PLAIN_{name.upper()}": value for name, value in written.items()}
    secret: dict[str, object] = {f"SECRET_{name.upper()}": {"secret": name} for name in HOSTILE}
    tcp = {"kind": "tcp", "host": ENDED, "image": "lab/web:1", "entrypoint": "ended", "listen": 6000, "port": 8080}
    passed = {
        **tcp, "host": PASSED, "image": "registry:2.8.3", "entrypoint": "passed", "listen": 6001, "port": 5000,
        "passthrough": True, "volumes": ["./tls:/tls:ro"],
        "environment": {"REGISTRY_HTTP_TLS_CERTIFICATE": "/tls/cert.pem", "REGISTRY_HTTP_TLS_KEY": "/tls/key.pem"},
    }  # fmt: skip
    of_tls = {key: passed[key] for key in ("image", "port", "volumes", "environment")}
    services = {
        "web": {
            "image": "lab/web:1", "port": 3000, "host": WEB, "aliases": [ALIAS],
            "middlewares": ["secure-headers"], "environment": {**plain, **secret},
        },
        "ill": {
            "image": "lab/web:1", "port": 3000, "host": ILL,
            "entrypoint": ["sh", "-c", "touch /www/healthy; . /start.sh"],
            "healthcheck": {"test": ["CMD", "test", "-f", "/www/healthy"], "interval": "1s", "retries": 1},
        },
        "old": {"kind": "redirect", "host": OLD, "to": f"https://{WEB}"},
        "nas": {"kind": "external", "host": NAS, "url": f"http://{stack.ground.address}:5000"},
        "ended": tcp,
        "passed": passed,
        "sealed": {**of_tls, "host": SEALED, "scheme": "https", "insecure_tls": True},
        "checked": {**of_tls, "host": CHECKED, "scheme": "https"},
        "unencrypted": {**of_tls, "host": UNENCRYPTED},
    }  # fmt: skip
    spec = {"name": "kinds", "services": services, "secrets": {name: {"file": f"{name}.txt"} for name in HOSTILE}}
    stack.write(yaml.safe_dump(spec, sort_keys=False, allow_unicode=True))


def _where(client: Client, host: str, path: str) -> tuple[int, str]:
    answer = client.get(host, path)
    return answer.status, answer.location


def _next_status(client: Client, host: str, *, besides: set[int]) -> int:
    """The first status that is none of `besides`.

    Until Traefik has heard of a container's end, requests to it hang: each is given a second, and asked again.
    """
    hasty = replace(client, seconds=1)
    deadline = time.monotonic() + DEADLINE
    status = 0
    while time.monotonic() < deadline:
        with contextlib.suppress(TimeoutError):
            status = hasty.get(host).status
            if status not in besides:
                break
        time.sleep(0.05)  # what Traefik has heard from the engine shows only in its answers
    return status
