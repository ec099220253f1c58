"""A wildcard's rule, in the spelling of this Traefik and in the one that older ones know, before the real Traefik."""

from __future__ import annotations

import http.client
import json
from contextlib import closing
from pathlib import Path

import pytest

from edgegen.desired.build import build
from edgegen.spec.load import load_text
from edgegen.traefik.rules import host_rule
from tests.traefik.process import running

pytestmark = pytest.mark.slow  # real Traefiks, a second each

HOSTS = {
    # host -> whether *.apps.test holds it: one label, as in a certificate
    "a.apps.test": True,
    "A.APPS.test": True,
    "a.apps.test:80": True,
    "a.b.apps.test": False,
    "apps.test": False,
    "xapps.test": False,
    "a.apps.test.evil.test": False,
    "axappsxtest": False,
}


@pytest.mark.parametrize("current", [True, False])
def test_a_wildcard_is_one_label(current: bool, tmp_path: Path) -> None:
    rule = host_rule(["*.apps.test"], wildcard_matcher=current)
    assert rule.startswith("Host(") is current
    middleware = {"redirectRegex": {"regex": ".*", "replacement": "http://there.test/"}}
    router = {"rule": rule, "entryPoints": ["web"], "middlewares": ["m"], "service": "noop@internal"}
    data = {"http": {"middlewares": {"m": middleware}, "routers": {"wild": router}}}
    (tmp_path / "wild.yml").write_text(json.dumps(data).replace("{{", "{\\u007b"))
    with running([f"--providers.file.directory={tmp_path}"]) as traefik:
        seen = traefik.until(lambda data: "wild@file" in data.get("routers", {}))
        assert seen["routers"]["wild@file"]["status"] == "enabled"
        assert {host: traefik.status("/", host) == 302 for host in HOSTS} == HOSTS
        assert traefik.complaints() == []


SPEC = """\
name: a
edge: {image: "traefik:IMAGE"}
acme: {challenge: dns}
domains: {apps.test: {addresses: [192.0.2.1]}}
services:
  all: {kind: container, image: "w:1", port: 80, host: "*.apps.test"}
  api: {kind: container, image: "w:1", port: 80, host: "*.apps.test", path: /api}
  one: {kind: container, image: "w:1", port: 80, host: a.apps.test}
  two: {kind: container, image: "w:1", port: 80, host: b.apps.test, path: /x}
"""
ANSWERS = {
    ("a.apps.test", "/"): "one",
    ("a.apps.test", "/api"): "one",
    ("b.apps.test", "/x"): "two",
    ("b.apps.test", "/api"): "api",
    ("b.apps.test", "/"): "all",
    ("c.apps.test", "/api/v1"): "api",
}


def location(port: int, host: str, path: str) -> str | None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", path, headers={"Host": host})
        return connection.getresponse().getheader("Location")


@pytest.mark.parametrize("image", ["v3.7", "v3.6.1"])
def test_a_whole_name_comes_before_a_wildcard(image: str, tmp_path: Path) -> None:
    services = build(load_text(SPEC.replace("IMAGE", image).encode()).spec).file.services
    routers: dict[str, object] = {}
    middlewares: dict[str, object] = {}
    for name in ("all", "api", "one", "two"):
        labels = getattr(services[name].labels, "own", {})
        prefix = f"traefik.http.routers.{name}-https"
        routers[name] = {
            "rule": labels[f"{prefix}.rule"], "priority": int(labels.get(f"{prefix}.priority", 0)),
            "entryPoints": ["web"], "middlewares": [name], "service": "noop@internal",
        }  # fmt: skip
        middlewares[name] = {"redirectRegex": {"regex": ".*", "replacement": f"http://{name}.test/"}}
    data = {"http": {"middlewares": middlewares, "routers": routers}}
    (tmp_path / "wild.yml").write_text(json.dumps(data).replace("{{", "{\\u007b"))
    with running([f"--providers.file.directory={tmp_path}"]) as traefik:
        traefik.until(lambda data: "two@file" in data.get("routers", {}))
        assert {key: location(traefik.web_port, *key) for key in ANSWERS} == {
            key: f"http://{name}.test/" for key, name in ANSWERS.items()
        }
