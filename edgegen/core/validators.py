"""Functions that look at a field's value before or after its type does, as marks of the field.

Like pydantic's `BeforeValidator` and `AfterValidator`, but only for functions of one value. pydantic's own inspect each
function's signature again in every model that uses it, which makes building models slower.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Annotated, Any

from pydantic_core import core_schema

from edgegen.core.json_schema import DEFINITION


class Before:
    """`check` gets the value as it was written, and gives what the type is to read."""

    __slots__ = ("check",)

    def __init__(self, check: Callable[[Any], Any]) -> None:
        self.check = check

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(self.check, handler(source))


class After:
    """`check` gets the value that the type has read, and gives the field's."""

    __slots__ = ("check",)

    def __init__(self, check: Callable[[Any], Any]) -> None:
        self.check = check

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))


class WhenMet:
    """The model of a field is built when a spec has a value for it: building takes its time, and most have none."""

    __slots__ = ()

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(source.model_validate)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        while "schema" in schema:  # of other marks of the field, which come after this one
            schema = schema["schema"]
        return {DEFINITION: schema["function"]["function"].__self__.__name__}


WHEN_MET = WhenMet()


class LateModel:
    """In the place of a model, of which even the module is loaded when a spec has a value for the field."""

    __slots__ = ("_module", "_name")

    def __init__(self, module: str, name: str) -> None:
        self._module = module
        self._name = name

    @property
    def model(self) -> Any:
        """The class itself."""
        return getattr(import_module(self._module), self._name)

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self._read)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return {DEFINITION: self.model.__name__}

    def _read(self, value: Any) -> Any:
        return self.model.model_validate(value)


def late_models(module: str, *names: str) -> tuple[Any, ...]:
    """A type for each of these models, which only `TYPE_CHECKING` imports."""
    return tuple(Annotated[Any, LateModel(module, name)] for name in names)


def no_items() -> list[Any]:
    """The default of a list. With `list` itself, pydantic parses its signature for every field."""
    return []


def no_keys() -> dict[Any, Any]:
    """The default of a mapping, for the same reason."""
    return {}
