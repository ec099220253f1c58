"""Values that Compose reads: they may be text with variables instead of their type, which only Compose replaces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError, ValidatorFunctionWrapHandler
from pydantic_core import core_schema

from edgegen.spec.variables import has_variables


class Resolved(str):
    """A text whose variables were replaced by their values. As in Compose, it may be a number or a flag."""

    __slots__ = ()


class _OrVariable:
    """The mark of a field. Only for values that are handed on: with a variable they are text, whatever their type."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_wrap_validator_function(
            _variable_or, handler(source), serialization=core_schema.plain_serializer_function_ser_schema(_dumped)
        )

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        inner: dict[str, Any] = handler(schema)
        if inner.get("type") == "string" and inner.keys() <= {"type", "pattern"}:
            return {**inner, "pattern": f"{inner['pattern']}|\\$"} if "pattern" in inner else inner
        return {"anyOf": [inner, {"type": "string", "pattern": r"\$"}]}


OR_VARIABLE = _OrVariable()


def _variable_or(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    if isinstance(value, Resolved):
        return _first_that_fits(value, handler)
    return value if isinstance(value, str) and has_variables(value) else handler(value)


def _first_that_fits(value: Resolved, handler: ValidatorFunctionWrapHandler) -> Any:
    for reading in _readings(value):
        try:
            return handler(reading)
        except ValidationError:
            continue
    return handler(str(value))


_FLAGS = {**dict.fromkeys(("true", "y", "yes", "on"), True), **dict.fromkeys(("false", "n", "no", "off"), False)}


def _readings(text: str) -> Iterator[str | int | float | bool]:
    yield str(text)
    if re.fullmatch(r"[-+]?[0-9]{1,18}", text):
        yield int(text)
    elif re.fullmatch(r"[0-9]{1,18}\.[0-9]{1,18}", text):
        yield float(text)
    if text.lower() in _FLAGS:
        yield _FLAGS[text.lower()]


def _dumped(value: Any) -> Any:
    return value.model_dump(exclude_none=True) if hasattr(value, "model_dump") else value


def pairs_map(value: object, what: str, one: str, without: str | None) -> object:
    """A list of `NAME=VALUE` as the mapping that it means; `without`: the value of a bare name.

    Raises ValueError where a name holds a variable: to Compose a mapping's key is not one.
    """
    if not isinstance(value, list):
        return value
    if not all(isinstance(item, str) for item in value):
        raise ValueError(f"{what} in list form must be `KEY=VALUE` strings")
    pairs = [item.partition("=") for item in value]
    if any("$" in name and has_variables(name) for name, _, _ in pairs):
        raise ValueError(f"a variable can't be used in the name of {one}: edgegen writes it as the key of a mapping")
    return {name: text if equals else without for name, equals, text in pairs}
