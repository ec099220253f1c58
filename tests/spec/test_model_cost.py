"""What pydantic would do again and again while it builds the models: most of a small render's time went there."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, BeforeValidator, Field

import edgegen.spec.deploy
import edgegen.spec.edge  # Spec and what it holds
import edgegen.traefik.middlewares.redis  # noqa: F401
from edgegen.core.validators import After, Before, no_items
from edgegen.spec.base import SpecModel
from edgegen.spec.kinds import KINDS, service_class
from edgegen.traefik.middlewares import NAMED, Middleware
from edgegen.traefik.middlewares.base import Options


def models(base: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for model in base.__subclasses__():
        if model.__module__.startswith("edgegen."):
            yield model
            yield from models(model)


@pytest.fixture(scope="module")
def all_models() -> list[type[BaseModel]]:
    for kind in KINDS:
        service_class(kind)
    assert NAMED.models()
    found = [*models(SpecModel), *models(Middleware), *models(Options)]
    assert len(found) > 60
    return found


def evaluated_late(model: type[BaseModel]) -> list[str]:
    """Fields whose annotation is a text, which pydantic parses in the model and again in each of its subclasses."""
    return [name for name, hint in inspect.get_annotations(model).items() if isinstance(hint, str)]


def inspected(model: type[BaseModel]) -> list[str]:
    """Fields with a function whose signature pydantic reads at length."""
    return [
        name
        for name, field in model.model_fields.items()
        if field.default_factory is list or any(isinstance(mark, BeforeValidator) for mark in field.metadata)
    ]


def test_no_model_has_annotations_as_text(all_models: list[type[BaseModel]]) -> None:
    assert {model.__name__: late for model in all_models if (late := evaluated_late(model))} == {}


def test_no_model_has_functions_that_pydantic_inspects(all_models: list[type[BaseModel]]) -> None:
    assert {model.__name__: seen for model in all_models if (seen := inspected(model))} == {}


def test_both_would_be_noticed() -> None:
    class Late(BaseModel):
        names: list[str] = Field(default_factory=list)
        one: Annotated[str, BeforeValidator(str)]

    assert evaluated_late(Late) == ["names", "one"]  # this module has the future import
    assert inspected(Late) == ["names", "one"]


def test_marks_do_what_those_of_pydantic_do() -> None:
    class Marked(BaseModel):
        before: Annotated[int, Before(lambda value: value.strip())]
        after: Annotated[int, After(lambda value: value + 1)]
        items: list[str] = Field(default_factory=no_items)

    def refused(value: Any) -> Any:
        raise ValueError(f"no {value}")

    class Refusing(BaseModel):
        one: Annotated[int, Before(refused)]
        two: Annotated[int, After(refused)]

    read = Marked.model_validate({"before": " 1 ", "after": "2"})
    assert (read.before, read.after, read.items) == (1, 3, [])
    assert Marked(before=" 1 ", after=2).items is not read.items  # type: ignore[arg-type]  # what is written is text
    with pytest.raises(ValueError, match="no x") as caught:
        Refusing.model_validate({"one": "x", "two": "2"})
    found = [(item["loc"], item["msg"], item["input"]) for item in caught.value.errors()]  # type: ignore[attr-defined]
    assert found == [(("one",), "Value error, no x", "x"), (("two",), "Value error, no 2", "2")]
