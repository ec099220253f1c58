"""A container with TLS of its own, whose certificate Traefik is told not to check."""

from __future__ import annotations

from typing import Any

import pytest

from edgegen.compose.model import plain
from edgegen.core.errors import SpecError
from edgegen.desired.build import build
from edgegen.project.checked import checked
from edgegen.spec.load import load_text

SPEC = """\
name: a
{head}
services:
  web: {{image: "w:1", port: 8443, host: a.localhost, scheme: https, insecure_tls: true}}
  api: {{image: "w:1", port: 80, host: b.localhost}}
"""
LABEL = "traefik.http.services.{}.loadbalancer.serverstransport"


@pytest.mark.parametrize("target", ["compose", "swarm"])
def test_its_label_names_a_transport_of_a_file(target: str) -> None:
    desired = build(load_text(SPEC.format(head=f"target: {target}").encode()).spec)
    services: Any = plain(desired.file.data())["services"]  # type: ignore[index]
    labels = {name: services[name].get("labels") or services[name]["deploy"]["labels"] for name in ("web", "api")}
    assert labels["web"][LABEL.format("web")] == "web-any-certificate@file"
    assert LABEL.format("api") not in labels["api"]
    assert desired.dynamic["services.yml"] == {
        "http": {"serversTransports": {"web-any-certificate": {"insecureSkipVerify": True}}}
    }


def test_an_edge_of_another_project_has_no_such_file() -> None:
    with pytest.raises(SpecError, match=r"services\.web\.insecure_tls: ER019 `insecure_tls` needs a file of Traefik"):
        checked(load_text(SPEC.format(head="edge: {use: other}").encode()))


def test_without_an_edge_it_is_left_out() -> None:
    desired = build(load_text(SPEC.format(head="edge: none").encode()).spec)
    assert desired.dynamic == {}
