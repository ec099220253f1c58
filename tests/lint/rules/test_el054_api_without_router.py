"""An API that nothing reaches: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.reader.whole import read_files
from edgegen.lint.rules import el054_api_without_router as rule
from tests.lint.edge_table import Row, differs, edge, said
from tests.lint.support import found
from tests.lint.text_disk import TextDisk

CAUGHT: list[tuple[Row, list[str]]] = [
    (
        (edge("--api=true", "--providers.docker=true"), {}),
        ["5 info the API and the dashboard are on, and no router leads to them"],
    ),
    ((edge("--api.insecure=false"), {}), ["5 info the API and the dashboard are on, and no router leads to them"]),
    ((edge("--api=true", "--api.dashboard=false"), {}), ["5 info the API is on, and no router leads to it"]),
]
PASSED: list[Row] = [
    (edge("--api.insecure=true"), {}),
    (
        edge("--api=true", "--providers.docker=true")
        + '  web:\n    image: app:1\n    labels: ["traefik.http.routers.a.rule=Host(`a.test`)", "traefik.http.routers.a.service=api@internal"]\n',
        {},
    ),
    (
        edge(
            "--api.dashboard=true",
            "--providers.file.directory=/dyn",
            more="volumes: ['data:/dyn']",
            top="volumes: {data: {}}",
        ),
        {},
    ),
    (edge("--ping"), {}),
]


@pytest.mark.parametrize(("row", "messages"), CAUGHT)
def test_it_is_found(row: Row, messages: list[str]) -> None:
    assert said("EL054", row) == messages


@pytest.mark.parametrize("row", PASSED)
def test_it_is_not_found(row: Row) -> None:
    assert said("EL054", row) == []


def test_a_file_by_itself_shows_no_labels() -> None:
    disk = TextDisk({"traefik.yml": "entryPoints: {web: {address: ':80'}}\napi: {dashboard: true}\n"})
    read = read_files(["traefik.yml"], disk, folder="site")
    assert read.has_one_traefik
    assert found(read, "EL054") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "is_on", lambda *_: False)
    assert differs("EL054", CAUGHT, PASSED)
