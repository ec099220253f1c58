"""pydantic's errors as problems of the spec: the user's path, a sentence, and a did-you-mean."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from edgegen.core.suggest import suggest

Path = tuple[str | int, ...]
Complaint = tuple[Path, str, str]
"""(path, what is wrong, how to mend it)"""

_SENTENCES = {
    "string_type": "expected text",
    "int_type": "expected a whole number",
    "int_parsing": "expected a whole number",
    "int_from_float": "expected a whole number",
    "bool_type": "expected true or false",
    "bool_parsing": "expected true or false",
    "dict_type": "expected a mapping (`key: value` lines)",
    "model_type": "expected a mapping (`key: value` lines)",
    "list_type": "expected a list (`- item` lines)",
}


def complaints(error: ValidationError, data: Any, model: type[BaseModel], prefix: Path = ()) -> Iterator[Complaint]:
    """All that pydantic found in `data`, one complaint a place, in the order of the fields."""
    by_path: dict[Path, Complaint] = {}
    for entry in error.errors(include_url=False, include_input=True):
        path = _user_path(entry["loc"], data)
        message, hint = _sentence(entry, path, model)
        if path in by_path:
            message, hint = _either(by_path[path][1], message), by_path[path][2] or hint
        by_path[path] = ((*prefix, *path), message, hint)
    yield from by_path.values()


def _either(first: str, second: str) -> str:
    """One sentence for the branches of a union: "expected text, or a list"."""
    if first == second or second in first:
        return first
    if first.startswith("expected ") and second.startswith("expected "):
        return f"{first}, or {second.removeprefix('expected ')}"
    return first if not first.startswith("expected ") else second


def _user_path(loc: tuple[str | int, ...], data: Any) -> Path:
    """pydantic's `loc` without what is not in the user's data: union tags and `[key]` marks."""
    path: list[str | int] = []
    here = data
    for index, part in enumerate(loc):
        if _has(here, part):
            here = here[part]
            path.append(part)
        elif index == len(loc) - 1 and isinstance(here, Mapping) and _is_field_name(part):
            path.append(part)  # a key that is missing
    return tuple(path)


def _has(here: Any, part: str | int) -> bool:
    if isinstance(here, Mapping):
        return part in here
    return isinstance(here, list) and isinstance(part, int) and part < len(here)


def _is_field_name(part: object) -> bool:
    return isinstance(part, str) and part.replace("_", "").isalnum() and part not in _TAGS


_TAGS = frozenset(
    {"registry", "registry-cache", "container", "redirect", "external", "tcp", "str", "SecretUse", "int", "bool"}
)


def _sentence(entry: Any, path: Path, model: type[BaseModel]) -> tuple[str, str]:
    kind, context = entry["type"], entry.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_key(path, entry["loc"], model)
    if kind == "missing":
        return f"the key `{path[-1]}` is missing" if path else "a key is missing", ""
    if kind == "union_tag_invalid":
        return _unknown_kind(entry["input"])
    if kind == "literal_error":
        return _not_one_of(entry["input"], context["expected"])
    if kind == "enum":
        return _not_one_of(entry["input"], context["expected"])
    if kind == "value_error":
        return _split_hint(str(context["error"]))
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = context.get("ge", context.get("le"))
        return f"must be at {'least' if 'ge' in context else 'most'} {bound}", ""
    if kind == "string_pattern_mismatch":
        return _bad_pattern(entry["input"], context["pattern"])
    return _SENTENCES.get(kind, entry["msg"][:1].lower() + entry["msg"][1:]), _null_hint(entry)


def _null_hint(entry: Any) -> str:
    return "the key has no value: remove it, or give it one" if entry["input"] is None else ""


def _split_hint(sentence: str) -> tuple[str, str]:
    return sentence, ""


_PATTERNS = {
    r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$": "use 1 to 63 of a-z, 0-9 and inner hyphens",
    r"^[0-9a-f]{32}$": "use the 32 hexadecimal digits that the provider shows",
}


def _bad_pattern(value: object, pattern: str) -> tuple[str, str]:
    return f"`{str(value)[:60]}` can't be used here", _PATTERNS.get(pattern, f"it must match {pattern}")


def _unknown_kind(value: Any) -> tuple[str, str]:
    kinds = ("registry", "registry-cache", "container", "redirect", "external", "tcp")
    kind = str(value.get("kind", "")) if isinstance(value, Mapping) else ""
    if not isinstance(value, Mapping):
        return "expected a service (`key: value` lines)", ""
    near = suggest(kind, kinds)
    return f"unknown kind `{kind[:60]}`", f"did you mean `{near}`?" if near else f"kinds are {', '.join(kinds)}"


def _not_one_of(value: object, expected: str) -> tuple[str, str]:
    words = [word.strip("'") for word in expected.replace(" or ", ", ").split(", ")]
    near = suggest(str(value), words)
    hint = f"did you mean `{near}`?" if near else ""
    return f"`{str(value)[:60]}` is not one of {', '.join(words)}", hint


def _unknown_key(path: Path, loc: tuple[str | int, ...], model: type[BaseModel]) -> tuple[str, str]:
    owner = _model_at(model, loc[:-1])
    known = list(owner.model_fields) if owner else []
    near = suggest(str(path[-1]), known) if path else None
    if near:
        return f"unknown key `{path[-1]}`", f"did you mean `{near}`?"
    hint = "a Compose key that edgegen has no opinion on goes under `extra:`" if "extra" in known else ""
    return f"unknown key `{str(path[-1])[:60]}`", hint


def _model_at(model: type[BaseModel], loc: tuple[str | int, ...]) -> type[BaseModel] | None:
    """The model whose field `loc` ends in; union tags and keys of mappings are steps of `loc` too."""
    found: type[BaseModel] | None = model
    annotation: Any = model
    for part in loc:
        annotation = _step(annotation, part)
        if annotation is None:
            return found
        candidate = next(_models(annotation), None)
        found = candidate or found
    return found


def _step(annotation: Any, part: str | int) -> Any:
    for candidate in _models(annotation):
        if isinstance(part, str) and part in candidate.model_fields:
            return candidate.model_fields[part].annotation
        if part == _tag(candidate):
            return candidate
    for origin, arguments in _containers(annotation):
        return arguments[1] if issubclass(origin, dict) else arguments[0]
    return None


def _tag(model: type[BaseModel]) -> str:
    kind = model.model_fields.get("kind")
    return next(iter(typing.get_args(kind.annotation)), "") if kind else model.__name__


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    for leaf in _leaves(annotation):
        if isinstance(leaf, type) and issubclass(leaf, BaseModel):
            yield leaf


def _containers(annotation: Any) -> Iterator[tuple[type, tuple[Any, ...]]]:
    for leaf in _leaves(annotation):
        origin = typing.get_origin(leaf)
        if origin in (dict, list):
            yield origin, typing.get_args(leaf)


def _leaves(annotation: Any) -> Iterator[Any]:
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        yield from _leaves(typing.get_args(annotation)[0])
    elif origin in (typing.Union, types.UnionType):
        for argument in typing.get_args(annotation):
            yield from _leaves(argument)
    else:
        yield annotation


Locate = Callable[[Path], Any]
