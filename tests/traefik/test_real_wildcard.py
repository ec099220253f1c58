"""A wildcard's rule, in the spelling of this Traefik and in the one that older ones know, before the real Traefik."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from edgegen.traefik.rules import host_rule
from tests.traefik.process import running

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
