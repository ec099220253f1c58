"""An override that names another project."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.deploy.backends.compose_cli import Stack
from edgegen.deploy.backends.compose_session import renamed


def stack(folder: Path, override: str) -> Stack:
    (folder / "docker-compose.yml").write_text("name: shop\n")
    (folder / "compose.override.yaml").write_text(override)
    return Stack.of(folder, folder / "docker-compose.yml")


@pytest.mark.parametrize("text", ["services: {}\nname: other\n", "name: ${X:-shop}\n", "a: !reset null\nname: 'b'\n"])
def test_another_name_is_a_problem_at_its_line(tmp_path: Path, text: str) -> None:
    (found,) = renamed(stack(tmp_path, text))
    assert "edge.yaml names it `shop`" in found.message
    assert found.where is not None
    assert text.splitlines()[found.where.line - 1].startswith("name:")


@pytest.mark.parametrize(
    "text", ["name: shop\n", "services: {web: {name: x}}\n", "", "- name\n", "name: [a]\n", "a: [\n", "[" * 5000]
)
def test_no_other_name(tmp_path: Path, text: str) -> None:
    assert list(renamed(stack(tmp_path, text))) == []


def test_no_override(tmp_path: Path) -> None:
    assert list(renamed(Stack(tmp_path, (tmp_path / "docker-compose.yml",), "shop"))) == []
