"""A plugin of mypy: functions of `dataclasses` don't take a Struct.

To mypy a Struct is a dataclass in all but name: `dataclasses.replace` passes there, and raises TypeError when it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mypy.plugin import FunctionContext, Plugin
from mypy.types import CallableType, Instance, Type, TypeType, TypeVarType, UnionType, get_proper_type

_FUNCTIONS = {f"dataclasses.{name}" for name in ("replace", "asdict", "astuple", "fields")}


class Structs(Plugin):
    """Looks at each call of these functions."""

    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        """mypy asks for every function that is called."""
        return _judged if fullname in _FUNCTIONS else None


def _judged(call: FunctionContext) -> Type:
    given = call.arg_types[0] if call.arg_types else []
    for instance in (found for one in given for found in _instances(one)):
        if instance.type.has_base("msgspec.Struct"):
            said = f"{instance.type.name} is a Struct: this function is in msgspec.structs, too"
            call.api.fail(said, call.context)
    return call.default_return_type


def _instances(some: Type) -> Iterator[Instance]:
    """The classes that a value may be of; a class stands for its values."""
    match get_proper_type(some):
        case Instance() as instance:
            yield instance
        case UnionType(items=items):
            for item in items:
                yield from _instances(item)
        case TypeVarType(upper_bound=inner) | TypeType(item=inner) | CallableType(ret_type=inner):
            yield from _instances(inner)


def plugin(_version: str) -> type[Plugin]:
    """What mypy loads."""
    return Structs
