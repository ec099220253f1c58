"""A redirection that leads nowhere: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el047_redirect_to_nowhere as rule
from tests.lint.edge_table import Row, differs, edge, said

CAUGHT: list[tuple[Row, list[str]]] = [
    (
        (
            edge(
                "--entrypoints.web.address=:80",
                "--entrypoints.websecure.address=:443",
                "--entrypoints.web.http.redirections.entrypoint.scheme=https",
            ),
            {},
        ),
        ["7 high the redirection of `web` has no `to`: Traefik starts, and does not redirect"],
    ),
    (
        (
            edge(
                "--entrypoints.web.address=:80",
                "--entrypoints.websecure.address=:443",
                "--entrypoints.web.http.redirections.entrypoint.to=websecur",
            ),
            {},
        ),
        ["7 high there is no entrypoint `websecur`: Traefik starts, and does not redirect `web`"],
    ),
    (
        (
            edge(
                "--entrypoints.web.address=:80",
                "--entrypoints.websecure.address=:443",
                "--entrypoints.web.http.redirections.entrypoint.to=443",
            ),
            {},
        ),
        ["7 high there is no entrypoint `443`: Traefik starts, and does not redirect `web`"],
    ),
    (
        (
            edge(
                "--entrypoints.web.address=:80",
                "--entrypoints.websecure.address=:443",
                "--entrypoints.web.http.redirections.entrypoint.to=web",
            ),
            {},
        ),
        ["7 medium the entrypoint `web` redirects to itself: browsers give up after a few redirects"],
    ),
    (
        (
            edge(
                "--entrypoints.web.address=:80",
                "--entrypoints.websecure.address=:443",
                "--entrypoints.web.http.redirections.entrypoint.to=websecure",
                more="ports: ['80:80', '8443:443']",
            ),
            {},
        ),
        ["7 medium `websecure` listens on 443 and is published as 8443, but browsers are sent to port 443"],
    ),
]
PASSED: list[Row] = [
    (
        edge(
            "--entrypoints.web.address=:80",
            "--entrypoints.websecure.address=:443",
            "--entrypoints.web.http.redirections.entrypoint.to=websecure",
            more="ports: ['80:80', '443:443', '8443:443']",
        ),
        {},
    ),
    (
        edge(
            "--entrypoints.web.address=:80",
            "--entrypoints.websecure.address=:443",
            "--entrypoints.web.http.redirections.entrypoint.to=:8443",
            more="ports: ['8443:443']",
        ),
        {},
    ),
    (
        edge(
            "--entrypoints.web.address=:80",
            "--entrypoints.websecure.address=:443",
            "--entrypoints.web.http.redirections.entrypoint.to=${TO}",
        ),
        {},
    ),
    (
        edge(
            "--entrypoints.web.address=:80",
            "--entrypoints.websecure.address=:443",
            "--entrypoints.web.http.redirections.entrypoint.to=websecure",
            more="ports: ['443:443/udp', '443:443']",
        ),
        {},
    ),
    (
        edge(
            "--entrypoints.web.address=:80",
            "--entrypoints.websecure.address=:443",
            "--entrypoints.web.http.redirections.entrypoint.to=websecure",
            more="ports: ['${PORT}:443']",
        ),
        {},
    ),
]


@pytest.mark.parametrize(("row", "messages"), CAUGHT)
def test_it_is_found(row: Row, messages: list[str]) -> None:
    assert said("EL047", row) == messages


@pytest.mark.parametrize("row", PASSED)
def test_it_is_not_found(row: Row) -> None:
    assert said("EL047", row) == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_redirect", lambda *_: iter(()))
    assert differs("EL047", CAUGHT, PASSED)
