"""Kinds, targets and middlewares: every file is registered, and each kind of the spec has one that builds it."""

from __future__ import annotations

import pkgutil
from pathlib import Path
from typing import Literal

import pytest

import edgegen.kinds
import edgegen.targets
import edgegen.traefik.middlewares
from edgegen.core.errors import BugError
from edgegen.deploy.backends import BACKENDS
from edgegen.spec.kinds import KINDS
from edgegen.target_names import DEFAULT, TARGETS
from edgegen.targets import find_target, target_of
from edgegen.traefik.middlewares import MIDDLEWARES, TCP_MIDDLEWARES

TESTS = Path(__file__).parents[1]


def files(module: object, *helpers: str) -> set[str]:
    folder = Path(str(getattr(module, "__file__", ""))).parent
    return {file.stem for file in folder.glob("*.py")} - {"__init__", *helpers}


def test_every_kind_of_the_spec_is_built_by_a_file_of_its_name() -> None:
    for name, kind in KINDS.items():
        assert kind.build == f"edgegen.kinds.{name.replace('-', '_')}:build"
        assert pkgutil.resolve_name(kind.build).__module__ == kind.build.partition(":")[0]
        assert pkgutil.resolve_name(kind.model).model_fields["kind"].annotation == Literal[name]  # type: ignore[valid-type]
    assert files(edgegen.kinds, "parts", "middlewares", "routing", "composed") == {
        name.replace("-", "_") for name in KINDS
    }


def test_every_target_is_registered() -> None:
    rendered = {name: place for name, place in TARGETS.items() if place}
    assert files(edgegen.targets, "base", "contents") == set(rendered)
    assert DEFAULT in rendered
    for name, place in rendered.items():
        assert place.partition(":")[0] == f"edgegen.targets.{name}"
        assert find_target(name) is target_of(name)


def test_a_target_that_is_not_rendered_is_none_and_never_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TARGETS, "cloud", "")  # type: ignore[arg-type]
    assert find_target("cloud") is None
    with pytest.raises(BugError, match="`cloud` is not rendered"):
        target_of("cloud")


def test_every_middleware_is_registered_under_its_own_name() -> None:
    for kinds, prefix in ((MIDDLEWARES, ""), (TCP_MIDDLEWARES, "tcp_")):
        for kind, place in kinds.items():
            assert place.partition(":")[0] == prefix + kind.replace("-", "_")


def test_every_file_of_edgegen_says_what_it_is() -> None:
    for file in (TESTS.parent / "edgegen").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert text.lstrip("r").startswith('"""'), file
        assert "TODO" not in text, file


def test_every_target_that_is_rendered_has_a_backend() -> None:
    assert set(BACKENDS) == {name for name, place in TARGETS.items() if place}
    for name, place in BACKENDS.items():
        assert place.partition(":")[0] == f"edgegen.deploy.backends.{name}"
