"""A program of the host itself behind the edge: Traefik gets a name for the host, and only then."""

from __future__ import annotations

from typing import Any

import pytest

from edgegen.compose.model import plain
from edgegen.desired.build import build
from edgegen.spec.load import load_text


def traefik(url: str, more: str = "") -> dict[str, Any]:
    text = f"name: a\nservices: {{h: {{kind: external, host: h.x.test, url: '{url}'{more}}}}}\n"
    return dict(plain(build(load_text(text.encode()).spec).file.data())["services"]["traefik"])


def test_the_name_leads_to_the_host() -> None:
    assert traefik("http://host.docker.internal:8123")["extra_hosts"] == ["host.docker.internal=host-gateway"]


@pytest.mark.parametrize("url", ["http://192.0.2.10:8123", "http://minio:9001", "https://host.docker.internal.x.test"])
def test_no_other_needs_one(url: str) -> None:
    assert "extra_hosts" not in traefik(url)


def test_who_asks_it_for_a_login_needs_the_name_too() -> None:
    auth = ", middlewares: [{kind: forward-auth, address: 'http://host.docker.internal:4181/verify'}]"
    assert traefik("http://192.0.2.10:8123", auth)["extra_hosts"] == ["host.docker.internal=host-gateway"]
