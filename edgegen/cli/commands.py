"""How functions become commands. A parameter that is a Struct is a group: its fields are options, in their order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from inspect import Parameter, Signature, signature
from typing import Any, TypeVar

import typer
from msgspec import NODEFAULT, Struct
from msgspec.structs import fields
from typer.core import TyperGroup

Run = TypeVar("Run", bound=Callable[..., int])
_WHOLE = 10_000
"""Letters of a subcommand's first sentence: Typer would cut it at 45."""


def option(names: str, about: str, takes: str | None = None, **more: Any) -> Any:
    """An option by its names, `-o --output`; `takes` is what the help calls its value."""
    return typer.Option(*names.split(), help=about, metavar=takes, **more)


class _Group(TyperGroup):
    """Lists its commands with their whole first sentences."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        found = {name: self.get_command(ctx, name) for name in self.list_commands(ctx)}
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.get_short_help_str(_WHOLE)) for name, one in found.items() if one])


class Commands(typer.Typer):
    """A command with subcommands."""

    def __init__(self, about: str) -> None:
        super().__init__(
            no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False,
            help=about, cls=_Group,
        )  # fmt: skip

    def command(self, name: str | None = None, **more: Any) -> Callable[[Run], Run]:
        """As Typer's own, for a function that takes groups."""
        register = super().command(name, **more)

        def registered(function: Run) -> Run:
            register(expanded(function))
            return function

        return registered


def expanded(function: Callable[..., int]) -> Callable[..., int]:
    """The function as Typer reads it: with the fields of its groups for its parameters."""
    parameters = signature(function, eval_str=True).parameters
    groups = {name: kind for name, item in parameters.items() if (kind := _group(item))}

    def command(**values: Any) -> int:
        for name, kind in groups.items():
            values[name] = kind(**{field: values.pop(field) for field in kind.__struct_fields__})
        return function(**values)

    command.__name__, command.__doc__, command.__annotations__ = function.__name__, function.__doc__, {}
    options = [option for item in parameters.values() for option in _options(item)]
    command.__signature__ = Signature(options)  # type: ignore[attr-defined]  # what inspect looks for first
    return command


def _group(parameter: Parameter) -> type[Struct] | None:
    kind = parameter.annotation
    return kind if isinstance(kind, type) and issubclass(kind, Struct) else None


def _options(parameter: Parameter) -> Iterator[Parameter]:
    group = _group(parameter)
    if group is None:
        yield parameter.replace(kind=Parameter.KEYWORD_ONLY)
        return
    for field in fields(group):
        default = Parameter.empty if field.default is NODEFAULT else field.default
        yield Parameter(field.name, Parameter.KEYWORD_ONLY, default=default, annotation=field.type)
