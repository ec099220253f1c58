"""What must be accepted: the page that promises the spec, YAML's traps read right, and every spelling of Compose."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from edgegen.spec.load import load_text
from tests.conftest import Edgegen

PROMISED = sorted((Path(__file__).parent / "promised").glob("*.yaml"))


@pytest.mark.quick(1)
@pytest.mark.parametrize("file", PROMISED, ids=[file.stem for file in PROMISED])
def test_the_promised_specs_load_and_render(edgegen: Edgegen, tmp_path: Path, file: Path) -> None:
    (tmp_path / "edge.yaml").write_bytes(file.read_bytes())
    environments = [None, *load_text(file.read_bytes()).spec.environments]
    for environment in environments:
        done = edgegen("render", *(["-e", environment] if environment else []), cwd=tmp_path)
        assert (done.code, "error" in done.err) == (0, False), done.err


def web(line: str, more: str = "") -> Any:
    text = f'name: a\nservices:\n  db: {{image: "d:1"}}\n  web: {{image: "w:1", {line}}}\n{more}'
    return load_text(text.encode()).spec.services["web"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("no", "no"),
        ("22:22", "22:22"),
        ("1_000", "1_000"),
        ("2026-01-01", "2026-01-01"),
        ("1.10", "1.10"),
        ("0o644", "0o644"),
        ("1e3", "1e3"),
        ("true", "true"),
        ("True", "true"),
        ("3000", "3000"),
        ('"$x"', "$x"),
        ("~", None),
        ('""', ""),
    ],
)
def test_a_variable_is_what_its_author_wrote(written: str, read: str | None) -> None:
    assert web(f"environment: {{A: {written}}}").environment == {"A": read}


@pytest.mark.parametrize("line", ["environment: {A: b, C: null}", "environment: [A=b, C]", 'environment: ["A=b", "C"]'])
def test_both_spellings_of_an_environment(line: str) -> None:
    assert web(line).environment == {"A": "b", "C": None}


def test_both_spellings_of_dependencies_networks_volumes_secrets() -> None:
    more = "networks: {n: {}}\nvolumes: {v: {}}\nsecrets: {s: {generate: 32}}\n"
    assert web("depends_on: [db]") == web("depends_on: {db: {condition: service_started}}")
    assert web("networks: [n]", more) == web("networks: {n: }", more) == web("networks: {n: {}}", more)
    assert web("volumes: ['v:/v:ro']", more) == web(
        "volumes: [{type: volume, source: v, target: /v, read_only: true}]", more
    )
    assert web("secrets: [s]", more) == web("secrets: [{source: s}]", more)
    assert web("configs: [c.x]", "configs: {c.x: {content: x}}") == web(
        "configs: [{source: c.x}]", "configs: {c.x: {content: x}}"
    )
    assert web("labels: ['a=b']") == web("labels: {a: b}")
    assert web("build: .") == web("build: {context: .}")


@pytest.mark.parametrize(
    "port", ["80", '"80"', '"8080:80"', '"127.0.0.1:8080:80/udp"', '"[::1]:80:80"', '"1-3:4-6"', "22:22"]
)
def test_published_ports(port: str) -> None:
    assert web(f"ports: [{port}]").ports == [port.strip('"')]


def test_an_empty_section_is_an_empty_mapping_where_compose_says_so() -> None:
    spec = load_text(b"name: a\nvolumes:\n  data:\nnetworks:\n  back:\nenvironments:\n  production:\n").spec
    assert (list(spec.volumes), list(spec.networks), list(spec.environments)) == (["data"], ["back"], ["production"])
