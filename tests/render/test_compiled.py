"""Templates that were compiled ahead: the same output, and only where they are what would be compiled now."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import jinja2
import pytest

import edgegen
from edgegen.render import compiled
from edgegen.render.environment import builtin_templates, environment

HEADER = "partials/header.j2"
CONTEXT = {"digest": "0" * 64, "version": "1", "environment": None, "name": "stack", "override": "", "own": True}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The package that a wheel has, made here."""
    folder = tmp_path / "_compiled"
    folder.mkdir()
    for name, text in compiled.modules(builtin_templates()):
        (folder / name).write_text(text)
    monkeypatch.setattr(edgegen, "__path__", [*edgegen.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    yield importlib.import_module(compiled.PACKAGE)
    for name in [name for name in sys.modules if name.startswith(compiled.PACKAGE)]:
        del sys.modules[name]
    vars(edgegen).pop("_compiled", None)


@pytest.fixture
def compiles(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the templates that Jinja2 compiles."""
    names: list[str] = []
    real = jinja2.Environment.compile

    def compile_(self: jinja2.Environment, source: str, name: str, *rest: object) -> object:
        names.append(name)
        return real(self, source, name, *rest)  # type: ignore[call-overload]

    monkeypatch.setattr(jinja2.Environment, "compile", compile_)
    return names


def fresh() -> jinja2.Environment:
    """An environment that has loaded nothing yet."""
    made: jinja2.Environment = environment.__globals__["_made"](())
    return made


def test_every_template_of_a_render_is_what_the_real_environment_compiles(package: ModuleType) -> None:
    root = builtin_templates()
    wanted = {path.relative_to(root).as_posix() for path in (root / "project").rglob("*.j2")}
    assert wanted | {HEADER, "partials/frame.j2"} == set(package.TEMPLATES)
    for name, (module, _) in package.TEMPLATES.items():
        (folder,) = package.__path__
        now = fresh().compile((root / name).read_text(), name, raw=True)
        assert (Path(folder) / f"{module}.py").read_text() == f"{now}\n"


def test_a_template_that_was_compiled_ahead_is_not_compiled_again(package: ModuleType, compiles: list[str]) -> None:
    ahead = fresh().get_template(HEADER)
    assert compiles == []
    vars(package)["TEMPLATES"] = {}
    now = fresh().get_template(HEADER)
    assert compiles == [HEADER]
    assert ahead.render(CONTEXT) == now.render(CONTEXT) != ""
    assert (ahead.name, ahead.filename, ahead.debug_info) == (now.name, now.filename, now.debug_info)


def test_a_template_with_another_text_is_compiled(package: ModuleType, compiles: list[str], tmp_path: Path) -> None:
    own = tmp_path / "own" / HEADER
    own.parent.mkdir(parents=True)
    own.write_text("# mine {{ digest }}\n")
    mine = environment([tmp_path / "own"])
    assert mine.get_template(HEADER).render(CONTEXT) == f"# mine {'0' * 64}\n"
    assert compiles == [HEADER]
    mine.get_template(f"builtin/{HEADER}")  # the original, which extends below it may name
    assert compiles == [HEADER]


def test_another_jinja2_compiles_for_itself(package: ModuleType, compiles: list[str]) -> None:
    vars(package)["JINJA2"] = "3.0.0"
    fresh().get_template(HEADER)
    assert compiles == [HEADER]


def test_a_jinja2_that_does_not_say_its_version_gets_no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(jinja2, "__version__")
    assert list(compiled.modules(builtin_templates())) == []


def test_a_checkout_has_none_and_compiles(compiles: list[str]) -> None:
    fresh().get_template(HEADER)
    assert compiles == [HEADER]
