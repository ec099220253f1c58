"""Each registered kind goes through everything that asks services something: no command may fall over one."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edgegen.cli.app import run
from edgegen.spec.kinds import KINDS

HOST = "it.example.com"
NAMES = f"host: {HOST}"
EXAMPLES = {
    "registry": f"{{kind: registry, {NAMES}, users: [ci]}}",
    "registry-cache": f"{{kind: registry-cache, {NAMES}, users: [ci], upstream: 'https://registry-1.docker.io'}}",
    "container": f"{{image: 'a:1', port: 80, {NAMES}}}",
    "redirect": f"{{kind: redirect, {NAMES}, to: 'https://www.example.com'}}",
    "external": f"{{kind: external, {NAMES}, url: 'http://192.0.2.10:80'}}",
    "tcp": f"{{kind: tcp, image: 'p:1', port: 5432, entrypoint: pg, listen: 5432, {NAMES}}}",
}
WITHOUT_CONTAINER = {"redirect", "external"}
WITHOUT_MIDDLEWARES = {"redirect"}
SPEC = """\
name: shop
acme: {{email: ops@example.com}}
domains: {{example.com: {{provider: zonefile, addresses: [192.0.2.1]}}}}
services:
  it: {service}
  after: {{image: "a:1"{depends}}}
"""

every_kind = pytest.mark.parametrize("kind", EXAMPLES)


@pytest.fixture
def closed() -> Iterator[int]:
    """A port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock.getsockname()[1]


def written(folder: Path, kind: str, *more: str, depends: str = "") -> Path:
    service = EXAMPLES[kind].removesuffix("}") + "".join(f", {item}" for item in more) + "}"
    (folder / "edge.yaml").write_text(SPEC.format(service=service, depends=depends))
    return folder


def told(capfd: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    code = run([str(word) for word in words])
    out, err = capfd.readouterr()
    assert code != 70, err
    return code, out, err


def test_every_kind_is_tried() -> None:
    assert set(EXAMPLES) == set(KINDS)


@pytest.mark.slow
@every_kind
def test_it_is_rendered_and_has_its_records(kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    written(tmp_path, kind)
    assert told(capfd, "render", "-C", tmp_path)[0] == 0
    assert told(capfd, "render", "--check", "-C", tmp_path)[0] == 0
    rendered = (tmp_path / "docker-compose.yml").read_text() + (tmp_path / "traefik/dynamic/tls.yml").read_text()
    services = tmp_path / "traefik/dynamic/services.yml"
    assert HOST in rendered + (services.read_text() if services.exists() else "")
    code, out, _ = told(capfd, "dns", "export", "example.com", "-C", tmp_path)
    assert code == 0
    assert f"{HOST}. 300 IN A 192.0.2.1" in out
    assert told(capfd, "dns", "plan", "-C", tmp_path)[0] in (0, 2)


@every_kind
def test_another_service_waits_for_it(kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code, out, err = told(capfd, "render", "--stdout", "-C", written(tmp_path, kind, depends=", depends_on: [it]"))
    if kind in WITHOUT_CONTAINER:
        assert code == 2
        assert "edge.yaml:6:38 services.after.depends_on[0]: there is no service `it`" in err
        assert "Name a service that runs here" in err
    else:
        assert code == 0
        assert "depends_on:\n      - it" in out


@every_kind
def test_a_bad_middleware_in_place_is_refused_at_its_line(
    kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    bad = {
        "[{kind: rate-limt}]": "unknown middleware `rate-limt`",
        "[nowhere]": "there is no middleware `nowhere`",
        "[{kind: chain, middlewares: [nowhere]}]": "there is no middleware `nowhere`",
        "[{kind: basic-auth, users_secret: nowhere}]": "there is no secret `nowhere`",
        "[{kind: errors, status: '404', service: nowhere, query: /x}]": "there is no HTTP service `nowhere`",
    }
    for middleware, sentence in bad.items():
        code, _, err = told(capfd, "render", "-C", written(tmp_path, kind, f"middlewares: {middleware}"))
        assert code == 2
        assert "edge.yaml:5:" in err
        if kind in WITHOUT_MIDDLEWARES:
            assert "unknown key `middlewares`" in err
        elif kind != "tcp":
            assert sentence in err
        else:
            assert sentence in err or "is for HTTP" in err or "unknown middleware" in err


@every_kind
def test_a_middleware_that_labels_cannot_carry(kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    in_place = "middlewares: [{kind: headers, custom_request_headers: {'X.Y': a}}]"
    code, _, err = told(capfd, "render", "-C", written(tmp_path, kind, in_place))
    if kind in WITHOUT_MIDDLEWARES | {"tcp"}:
        assert code == 2
    elif kind in WITHOUT_CONTAINER:  # a file carries it
        assert code == 0
    else:
        assert code == 2
        assert "Declare it under `middlewares:`" in err


@pytest.mark.quick(2)
@every_kind
def test_verify_and_explain_say_that_nobody_is_there(
    kind: str, tmp_path: Path, closed: int, capfd: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path, kind)
    offline = ["--timeout", "1", "--resolver", f"127.0.0.1:{closed}"]
    for port in (80, 443, 5432):
        offline += ["--connect-to", f"{HOST}:{port}:127.0.0.1:{closed}"]
    code, out, _ = told(capfd, "verify", "--json", *offline, "-C", tmp_path)
    report: dict[str, Any] = json.loads(out)
    assert code == 1
    assert {"refused"} <= {item["verdict"] for item in report["findings"]}
    assert {item["subject"].partition(":")[0] for item in report["findings"]} == {HOST}
    code, out, _ = told(capfd, "explain", f"https://{HOST}/", "--json", *offline, "-C", tmp_path)
    assert code in (1, 2)
    if code == 1:
        links = {item["link"]: item["state"] for item in json.loads(out)["links"]}
        assert links["tcp"] == "broken"
        assert (links["container"] == "good") is (kind in WITHOUT_CONTAINER)


@every_kind
def test_without_an_edge(kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with (written(tmp_path, kind) / "edge.yaml").open("a") as opened:
        opened.write("edge: none\n")
    code, out, err = told(capfd, "render", "--stdout", "-C", tmp_path)
    if kind.startswith("registry"):
        assert code == 2
        assert "a registry answers at" in err
    else:
        assert code == 0
        assert ("\n  it:\n" in out) is (kind not in WITHOUT_CONTAINER)
        assert "traefik" not in out
