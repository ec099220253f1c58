"""Variables of the files that have no value here, and those that Compose can't read. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from edgegen.core.pattern import late_pattern
from edgegen.lint.model import Disk, Gap, Remark
from edgegen.lint.reader.origin import Layer, Origin
from edgegen.spec.dollars import HASH, lost, variable_of
from edgegen.spec.variables import VariableError, evaluate

_USED = late_pattern(r"\$\{?([A-Za-z_]\w*)")
_UNUSUAL = late_pattern(r"\$\{(?![A-Za-z_]\w*\}|\{)")
"""Anything but `${NAME}`; `${{` is for another program to fill in."""
_INVALID = late_pattern(r"\$\{(?![A-Za-z_]\w*(?:\}|:?[-+?][^{}]*\})|\{)")
"""What may be a form that Compose refuses: no name, or not closed. A `$` before it may double it."""
_MANY, _SHOWN = 3, 8
"""Up to this many variables have a message each; of more than that, this many are named."""
_EXAMPLES = (".env.example", ".env.sample", ".env.template", ".env.dist", "env.example", "example.env", "sample.env")


def invalid(layers: Iterable[Layer]) -> list[Remark]:
    """Each text with a form like `${1}`, for which Compose refuses the file."""
    return [
        Remark(f"Compose can't read a variable here: {error}", origin.spot, hint="a `$` that is meant is written `$$`")
        for layer in layers
        if _UNUSUAL.search(layer.file.text)
        for text, origin in said(layer)
        if _INVALID.search(text) and (error := _error(text))
    ]


def _error(text: str) -> str:
    try:
        evaluate(text, {})
    except VariableError as error:
        return str(error)
    return ""


def unset(layers: Iterable[Layer], disk: Disk) -> list[Gap]:
    """One gap for each variable, at the first place that uses it; for many one. What is rather a part of a secret is
    none."""
    places: dict[str, list[Origin]] = {}
    required: set[str] = set()
    for layer in layers:
        # Most files name no variable without a value; then nothing has to be walked.
        if not isinstance(layer.data, dict) or set(_USED.findall(layer.file.text)) <= layer.values.keys():
            continue
        for text, origin in said(layer):
            try:
                outcome = evaluate(HASH.sub("", text), layer.values)
            except VariableError:
                continue
            names = dict.fromkeys(item.name for item in (*outcome.unset, *outcome.missing))
            parts = lost(*variable_of(origin.path, text), names)
            for name in names:
                if name not in parts:
                    places.setdefault(name, []).append(origin)
            required |= {item.name for item in outcome.missing}
    if not places:
        return []
    example = next((name for name in _EXAMPLES if disk.kind(name) == "file"), "") if disk.kind(".env") == "none" else ""
    first = f"copy `{example}` to `.env`, or set {{}} in the environment" if example else ""
    hint = first or "set {} in `.env` or in the environment"
    many = [name for name in places if name not in required]
    if len(many) <= _MANY:
        return [_gap(name, found, name in required, hint) for name, found in places.items()]
    stopping = [_gap(name, places[name], True, hint) for name in places if name in required]
    more = ", …" if len(many) > _SHOWN else ""
    message = f"{len(many)} variables have no value: {', '.join(many[:_SHOWN])}{more}"
    return [Gap(message, places[many[0]][0].spot, hint.format("them")), *stopping]


def said(layer: Layer) -> Iterator[tuple[str, Origin]]:
    """The texts of a file that Compose reads."""
    data = layer.data if isinstance(layer.data, dict) else {}
    return _texts({key: item for key, item in data.items() if key[:2] != "x-"}, Origin(layer))


def _texts(data: Any, origin: Origin) -> Iterator[tuple[str, Origin]]:
    if isinstance(data, str):
        if "$" in data:
            yield data, origin
    elif isinstance(data, (dict, list)):
        for key, item in data.items() if isinstance(data, dict) else enumerate(data):
            yield from _texts(item, origin.at(key))


def _gap(name: str, places: list[Origin], required: bool, hint: str) -> Gap:
    also = f" ({len(places)} places use it)" if len(places) > 1 else ""
    what = "is required and has no value" if required else "has no value"
    return Gap(f"the variable {name} {what}{also}", places[0].spot, hint.format("it"))
