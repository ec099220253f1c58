"""The registry of middlewares names every file of its folder, and every file has a test."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import edgegen.traefik.middlewares as room
from edgegen.traefik.middlewares import HTTP, MIDDLEWARES, TCP, TCP_MIDDLEWARES, parse_middleware

FOLDER = Path(room.__file__).parent
SHARED = {"__init__", "base", "client_tls", "condition", "redis", "source", "user_lines", "users", "values"}
KINDS = {path.stem for path in FOLDER.glob("*.py")} - SHARED


def test_every_file_is_registered() -> None:
    registered = {place.partition(":")[0] for place in [*MIDDLEWARES.values(), *TCP_MIDDLEWARES.values()]}
    assert registered == KINDS


def test_every_file_has_a_test_and_a_page() -> None:
    tested = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    assert tested >= KINDS
    for path in FOLDER.glob("*.py"):
        assert ast.get_docstring(ast.parse(path.read_text())), path


def test_shared_files_are_imported_by_kinds() -> None:
    """A file of a new kind can't hide among the shared ones."""
    for name in SHARED - {"__init__"}:
        assert "Middleware):" not in (FOLDER / f"{name}.py").read_text() or name in ("users",)


@pytest.mark.parametrize("kind", MIDDLEWARES)
def test_names_fit(kind: str) -> None:
    model = HTTP.model(kind)
    assert model.model_fields["kind"].default == kind
    assert model.traefik_name
    assert not model.is_tcp


@pytest.mark.parametrize("kind", TCP_MIDDLEWARES)
def test_names_for_tcp_fit(kind: str) -> None:
    model = TCP.model(kind)
    assert model.model_fields["kind"].default == kind
    assert model.is_tcp


def test_HTTP_are_in_the_schema_by_different_names() -> None:
    names = [model.__name__ for model in HTTP.models()]
    assert len(set(names)) == len(names) == len(MIDDLEWARES)


def test_unknown_kinds() -> None:
    with pytest.raises(KeyError):
        HTTP.model("frobnicate")
    with pytest.raises(ValueError, match="did you mean `rate-limit`"):
        parse_middleware({"kind": "ratelimit"})
    with pytest.raises(ValueError, match="did you mean `rate-limit`"):
        parse_middleware({"kind": "rate_limit"})
    with pytest.raises(ValueError, match="needs its `kind`"):
        parse_middleware({"average": 1})
    with pytest.raises(ValueError, match="unknown middleware"):
        parse_middleware({"kind": ["rate-limit"]})
    with pytest.raises(ValueError, match="is for TCP services"):
        parse_middleware({"kind": "in-flight-conn"})
    with pytest.raises(ValueError, match="is for HTTP services"):
        TCP.parse({"kind": "compress"})


def test_models_are_frozen() -> None:
    middleware = parse_middleware({"kind": "retry", "attempts": 1})
    with pytest.raises(ValueError, match="frozen"):
        setattr(middleware, "kind", "x")  # noqa: B010  # an assignment is what type checkers refuse already
