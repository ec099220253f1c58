"""An override of Compose beside a stack: nobody reads it, and `render` says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.compose.model import OVERRIDES
from tests.conftest import Edgegen

SPEC = "name: a\nedge: none\ntarget: %s\nservices: {web: {image: 'w:1@sha256:" + "0" * 64 + "'}}\n"
SAID = "stack.yml is deployed without this file"


@pytest.mark.quick(1)
@pytest.mark.parametrize("name", OVERRIDES)
def test_a_swarm_does_not_read_it(name: str, edgegen: Edgegen, tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(SPEC % "swarm")
    assert SAID not in edgegen("render", cwd=tmp_path).err
    (tmp_path / name).write_text("services: {web: {environment: {A: b}}}\n")
    done = edgegen("render", cwd=tmp_path)
    assert (done.code, f"{name}: {SAID}" in done.err) == (0, True), done.err


def test_compose_reads_it(edgegen: Edgegen, tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(SPEC % "compose")
    (tmp_path / OVERRIDES[0]).write_text("services: {web: {environment: {A: b}}}\n")
    done = edgegen("render", cwd=tmp_path)
    assert (done.code, "without this file" in done.err) == (0, False)
