"""The strings under a model's fields, as descriptions and examples for the JSON Schema.

pydantic can collect them itself, but then every start of edgegen would read and parse its own source (35 ms).
"""

from __future__ import annotations

import ast
import inspect
import itertools
import re
import textwrap
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from pydantic import BaseModel

_EXAMPLE = re.compile(r"\s*\bExample: `(?P<yaml>.*)`\.?\s*\Z", re.DOTALL)


class FieldText(NamedTuple):
    """What is said about a field."""

    description: str
    example: Any = None
    """The value that the text ends with, ``Example: `VALUE```, as YAML reads it."""


def field_texts(model: type[BaseModel]) -> dict[str, FieldText]:
    """Field name -> the string literal that follows it; a subclass's own wins over its parent's."""
    found: dict[str, FieldText] = {}
    for parent in reversed(model.__mro__):
        if issubclass(parent, BaseModel) and parent is not BaseModel:
            found.update({name: _split(text) for name, text in _of_class(parent).items()})
    return {name: text for name, text in found.items() if name in model.model_fields}


def _split(text: str) -> FieldText:
    """Line breaks of the source are spaces: an editor shows the text in a window of its own width."""
    match = _EXAMPLE.search(text)
    if not match:
        return FieldText(" ".join(text.split()))
    from edgegen.spec.source import read_yaml

    value = read_yaml(f"example: {match['yaml']}\n".encode(), "<example>").data["example"]
    return FieldText(" ".join(text[: match.start()].split()), _plain(value))


def _plain(value: Any) -> Any:
    """Numbers as JSON has them, whatever way they were written in."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return int(value) if isinstance(value, int) else float(value)
    return value


@cache
def _of_class(model: type[BaseModel]) -> Mapping[str, str]:
    """Parsed once for all of its subclasses."""
    body = ast.parse(textwrap.dedent(inspect.getsource(model))).body[0]
    statements = body.body if isinstance(body, ast.ClassDef) else []
    pairs = itertools.pairwise(statements)
    return {
        field.target.id: text.value.value
        for field, text in pairs
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }
