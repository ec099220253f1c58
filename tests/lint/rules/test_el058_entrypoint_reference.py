"""A name in the static configuration that nobody defines: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el058_entrypoint_reference as rule
from tests.lint.edge_table import Row, differs, edge, said

CAUGHT: list[tuple[Row, list[str]]] = [
    (
        (
            edge(
                "--entrypoints.web.address=:80",
                "--entrypoints.web.http.middlewares=good@file,god@file",
                "--providers.file.directory=/dyn",
                more="volumes: ['./dyn:/dyn']",
            ),
            {"dyn/a.yml": "http: {middlewares: {good: {compress: {}}}}\ntls: {options: {good: {sniStrict: true}}}\n"},
        ),
        ["6 high there is no middleware `god@file`: Traefik disables every router of the entrypoint"],
    ),
    (
        (
            edge(
                "--entrypoints.web.address=:80",
                "--entrypoints.web.http.middlewares=good",
                "--providers.file.directory=/dyn",
                more="volumes: ['./dyn:/dyn']",
            ),
            {"dyn/a.yml": "http: {middlewares: {good: {compress: {}}}}\ntls: {options: {good: {sniStrict: true}}}\n"},
        ),
        ["6 low `good` has no provider: it means another middleware for each router's provider"],
    ),
    (
        (
            edge(
                "--entrypoints.web.address=:80",
                "--entrypoints.web.http.tls.options=nope@file",
                "--providers.file.directory=/dyn",
                more="volumes: ['./dyn:/dyn']",
            ),
            {"dyn/a.yml": "http: {middlewares: {good: {compress: {}}}}\ntls: {options: {good: {sniStrict: true}}}\n"},
        ),
        ["6 high there are no TLS options `nope@file`: Traefik disables every router of the entrypoint"],
    ),
    (
        (
            edge(
                "--entrypoints.web.address=:80",
                "--entrypoints.web.http.tls.certresolver=el",
                "--certificatesresolvers.le.acme.tlschallenge=true",
            ),
            {},
        ),
        ["6 high there is no certificates resolver `el`: the routers of `web` get no certificate"],
    ),
    (
        (edge("--entrypoints.web.address=:80", "--ping.entrypoint=wep"), {}),
        ["6 high there is no entrypoint `wep`, so `ping` answers nowhere"],
    ),
]
PASSED: list[Row] = [
    (
        edge(
            "--entrypoints.web.address=:80",
            "--entrypoints.web.http.middlewares=good@file",
            "--entrypoints.web.http.tls.options=good@file",
            "--providers.file.directory=/dyn",
            more="volumes: ['./dyn:/dyn']",
        ),
        {"dyn/a.yml": "http: {middlewares: {good: {compress: {}}}}\ntls: {options: {good: {sniStrict: true}}}\n"},
    ),
    (
        edge(
            "--entrypoints.web.address=:80",
            "--entrypoints.web.http.middlewares=x@docker,y@file",
            "--providers.file.directory=/dyn",
            more="volumes: ['data:/dyn']",
            top="volumes: {data: {}}",
        ),
        {},
    ),
    (
        edge("--entrypoints.web.address=:80", "--entrypoints.web.http.tls.certresolver=${R}", "--ping.entrypoint=web"),
        {},
    ),
    (edge("--entrypoints.web.address=:80", "--ping=true", "--ping.entrypoint=traefik"), {}),
]


@pytest.mark.parametrize(("row", "messages"), CAUGHT)
def test_it_is_found(row: Row, messages: list[str]) -> None:
    assert said("EL058", row) == messages


@pytest.mark.parametrize("row", PASSED)
def test_it_is_not_found(row: Row) -> None:
    assert said("EL058", row) == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_is_missing", lambda *_: False)
    assert differs("EL058", CAUGHT, PASSED)
