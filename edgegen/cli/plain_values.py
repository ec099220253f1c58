"""Texts, defaults and what has its own parser, without pydantic: Typer loads it for any value, 75 ms for nothing.

Only what needs no conversion is taken here, as Typer's own adapter would give it back; the rest goes its usual way.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

_ANY_PATH = {
    "exists": False, "file_okay": True, "dir_okay": True, "writable": False, "readable": True, "resolve_path": False,
    "allow_dash": False, "path_type": None, "parser": None,
}  # fmt: skip
"""What Typer checks of a path without further options."""


def without_adapters(command: Any) -> None:
    """Let the parameters of a command (and its subcommands) pass plain texts through."""
    for parameter in getattr(command, "params", ()):
        _take(parameter)
        if getattr(parameter, "param_type_name", "") == "argument":
            parameter.display_type_rich = _untyped
    _take_help(command)
    for inner in getattr(command, "commands", {}).values():
        without_adapters(inner)


def _untyped(ctx: Any) -> str:
    """In `--help`, a name says more than `<list[str]>` behind it."""
    return ""


def _take(parameter: Any) -> None:
    # Names of Typer's own inside: where they are missing, everything goes its usual way.
    annotation = getattr(getattr(parameter, "type_descriptor", None), "annotation", None)
    is_known = annotation in (str, Path, bool, int, float) or get_origin(annotation) in (list, Literal)
    if is_known and getattr(parameter, "_runtime_param", 0) is None:
        parameter._runtime_param = _Plain(annotation, parameter)


def _take_help(command: Any) -> None:
    """`--help` is made when it is asked for."""
    made = getattr(command, "get_help_option", None)
    if made is None:
        return

    def get_help_option(ctx: Any) -> Any:
        option = made(ctx)
        _take(option)
        return option

    command.get_help_option = get_help_option


class _Plain:
    """In the place of Typer's `RuntimeParam`."""

    def __init__(self, annotation: Any, parameter: Any) -> None:
        self._annotation = annotation
        self._parameter = parameter

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        if value is None:
            return () if param.multiple or param.nargs == -1 else None
        found = _read(self._annotation, value, param)
        if found is not _OTHER:
            return found
        self._parameter._runtime_param = None
        return self._parameter.get_runtime_param().coerce(value, param=param, ctx=ctx)


_OTHER = object()
"""What is not read here."""


def _read(annotation: Any, value: Any, parameter: Any) -> Any:
    info = getattr(getattr(parameter, "type_descriptor", None), "parameter_info", None)
    if (parser := getattr(info, "parser", None)) is not None:
        return _parsed(annotation, value, parser)
    if annotation in (str, int, float) and type(value) is annotation:
        return value  # of numbers, the default: what was typed is text
    if annotation == list[str] and type(value) in (list, tuple) and all(type(item) is str for item in value):
        return list(value)
    if get_origin(annotation) is Literal and type(value) is str and value in get_args(annotation):
        return value
    if annotation is Path and (path := _path(value, parameter)) is not None:
        return path
    return _OTHER


def _parsed(annotation: Any, value: Any, parser: Any) -> Any:
    """By the option's own parser. What it refuses with a ValueError, Typer puts into its own words."""
    if get_origin(annotation) is list:
        return _OTHER
    try:
        return parser(value)
    except (ValueError, AssertionError):
        return _OTHER


def _path(value: Any, parameter: Any) -> Path | None:
    """The path, where the parameter has only the usual checks and they pass; else None."""
    info = getattr(getattr(parameter, "type_descriptor", None), "parameter_info", None)
    if any(getattr(info, name, None) is not usual for name, usual in _ANY_PATH.items()):
        return None
    if value is getattr(parameter, "default", None) and value == Path():
        return Path()
    if type(value) is not str:
        return None
    path = Path(value)
    try:
        path.stat()
    except OSError:
        return path
    return path if os.access(path, os.R_OK) else None
