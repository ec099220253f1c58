"""pydantic's errors as problems of the spec: the user's path, a sentence, and a did-you-mean."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from msgspec import Struct, field
from pydantic import BaseModel, ValidationError

from edgegen.core.location import Path
from edgegen.core.show import shown
from edgegen.core.suggest import suggest
from edgegen.spec.base import HintedError


class Complaint(NamedTuple):
    """What is wrong at a path of the spec, and how to fix it."""

    path: Path
    message: str
    hint: str = ""
    at_key: bool = False
    """Whether it is the key itself that is wrong, not its value."""


_EXPECTED = "expected "
_UNDER_EXTRA = "a Compose key that edgegen has no opinion on goes under `extra:`"
_SEVERAL = {"host": "hosts", "path": "paths"}
_FEW = 10

_SENTENCES = {
    "string_type": "expected text",
    "int_type": "expected a whole number",
    "int_parsing": "expected a whole number",
    "int_from_float": "expected a whole number",
    "bool_type": "expected true or false",
    "bool_parsing": "expected true or false",
    "dict_type": "expected a mapping (`key: value` lines)",
    "model_type": "expected a mapping (`key: value` lines)",
    "float_type": "expected a number",
    "float_parsing": "expected a number",
    "list_type": "expected a list (`- item` lines)",
}
_PRIVATE = ("users", "environment", "secrets", "command", "entrypoint")
"""Keys whose values are not repeated in a hint."""
_SHAPES: dict[Path, str] = {
    ("domains",): "write `domains: {example.com: {addresses: [IP]}}`",
    ("services",): "each service is a name with its settings below: `web:`, without `- ` before it",
    ("middlewares",): "each is a name with its kind: `middlewares: {fast: {kind: compress}}`",
}
"""How a section of the spec looks."""
_ENTRIES = {
    "domains": "write its addresses, like `{addresses: [192.0.2.7]}`, or `{}` for a domain without records",
    "secrets": "write `{generate: 32}`, `{file: PATH}` or `{env: NAME}`: edge.yaml holds no secret values",
}
"""How one entry of a section looks."""


MOST = 100
"""Mistakes of a spec that are looked into: a did-you-mean takes its time. The others are only counted."""


class Complaints(Struct):
    """What is wrong with a spec, up to a bound."""

    found: list[Complaint] = field(default_factory=list)
    more: int = 0
    """How many more there are, at least."""

    @property
    def room(self) -> int:
        """How many more are looked into."""
        return max(0, MOST - len(self.found))

    def take(self, items: Iterable[Complaint]) -> None:
        """Add them as they come, and stop asking where there is no more room."""
        for item in items:
            if not self.room:
                self.more += 1
                return
            self.found.append(item)

    def take_error(self, error: ValidationError, data: Any, model: type[BaseModel], prefix: Path = ()) -> None:
        """Add all that pydantic found in `data`, one complaint a mistake, in the order of the fields."""
        room = self.room
        entries = error.errors(include_url=False, include_input=True)
        self.more += max(0, len(entries) - room)
        self.found += _complaints(entries[:room], data, model, prefix)


def _complaints(entries: Iterable[Any], data: Any, model: type[BaseModel], prefix: Path) -> Iterator[Complaint]:
    by_path: dict[Path, Complaint] = {}
    for entry in entries:
        found = _complaint(entry, _user_path(entry, data), model)
        before = by_path.get(found.path)
        by_path[found.path] = _either(before, found) if before else found
    above = {path[:depth] for path in by_path for depth in range(len(path))}
    meant = {(path[:-1], found.hint) for path, found in by_path.items() if found.hint}
    for path, complaint in by_path.items():
        if not _is_explained_by_another(complaint, above, meant):
            yield complaint._replace(path=(*prefix, *path))


def _either(first: Complaint, second: Complaint) -> Complaint:
    """One sentence for the branches of a union: "expected text, or a list"."""
    return first._replace(message=_joined(first.message, second.message), hint=first.hint or second.hint)


def _joined(first: str, second: str) -> str:
    if second in first:
        return first
    if first.startswith(_EXPECTED) and second.startswith(_EXPECTED):
        return f"{first}, or {second.removeprefix(_EXPECTED)}"
    return second if first.startswith(_EXPECTED) else first


def _is_explained_by_another(
    complaint: Complaint, above: Collection[Path], meant: Collection[tuple[Path, str]]
) -> bool:
    """Whether it only follows from another mistake.

    A branch of a union that was not meant complains about the whole value, where the branch that was meant knows the
    part (`above` has the paths that another complaint is below of); and a key that is "missing" may be there
    misspelt (`meant`: the hint of each complaint, and where).
    """
    path, message = complaint.path, complaint.message
    if message.startswith(_EXPECTED) and path in above:
        return True
    return bool(path) and message == _missing(path) and (path[:-1], _did_you_mean(str(path[-1]))) in meant


def _missing(path: Path) -> str:
    return f"the key `{path[-1]}` is missing" if path else "a key is missing"


def _did_you_mean(word: str) -> str:
    return f"did you mean `{word}`?"


def _user_path(entry: Any, data: Any) -> Path:
    """pydantic's `loc` without what is not in the user's data: union tags and `[key]` marks."""
    path: list[str | int] = []
    here = data
    for part in entry["loc"]:
        if _has(here, part):
            here = here[part]
            path.append(part)
    if entry["type"] == "missing":
        path.append(entry["loc"][-1])
    return tuple(path)


def _has(here: Any, part: str | int) -> bool:
    if isinstance(here, Mapping):
        return part in here
    return isinstance(here, list) and isinstance(part, int) and part < len(here)


def _complaint(entry: Any, path: Path, model: type[BaseModel]) -> Complaint:
    if entry["type"] == "extra_forbidden":
        return Complaint(
            path, f"unknown key `{shown(path[-1])}`", _hint_for_key(path, entry["loc"], model), at_key=True
        )
    message, hint = _sentence(entry, path, model)
    if isinstance(error := entry.get("ctx", {}).get("error"), HintedError) and error.key:
        path = (*path, error.key)
    return Complaint(path, message, hint, at_key=entry["loc"][-1:] == ("[key]",))


def _sentence(entry: Any, path: Path, model: type[BaseModel]) -> tuple[str, str]:
    kind, value, context = entry["type"], entry["input"], entry.get("ctx", {})
    if kind == "missing":
        return _missing(path), "add one, like `name: shop`: a-z, 0-9 and hyphens" if path == ("name",) else ""
    if kind in ("literal_error", "enum"):
        return _not_one_of(value, context["expected"])
    if kind == "value_error":
        error = context["error"]
        return (str(error), error.hint) if isinstance(error, HintedError) else split_hint(str(error))
    if hint := _hint_for_shape(kind, path, value):
        return _SENTENCES[kind], hint
    if kind == "dict_type" and isinstance(value, list) and _has_pairs(value):
        return _SENTENCES[kind], "write `NAME: VALUE` instead of `- NAME=VALUE`"
    if path[:1] == ("env_file",) and kind == "string_type" and isinstance(value, Mapping):
        return _SENTENCES[kind], "Compose's long form goes under `extra:`: `extra: {env_file: [{path: …}]}`"
    if kind in ("greater_than_equal", "less_than_equal"):
        return f"must be at {'least' if 'ge' in context else 'most'} {context.get('ge', context.get('le'))}", ""
    if kind in ("string_too_long", "too_long"):
        return f"`{shown(value)}` is too long", f"use at most {context['max_length']} characters"
    if kind == "string_pattern_mismatch":
        return f"`{shown(value)}` can't be used here", PATTERNS.get(context["pattern"], "")
    if kind == "string_type" and isinstance(value, list) and path and _SEVERAL.get(str(path[-1])) in model.model_fields:
        return _SENTENCES[kind], f"several of them are `{_SEVERAL[str(path[-1])]}: […]`"
    return _SENTENCES.get(kind, "this can't be used here"), hint_for_value(kind, value)


def _hint_for_shape(kind: str, path: Path, value: object) -> str:
    """What a section or a list looks like, for a value of another shape."""
    if kind == "list_type" and path:
        return _hint_for_list(str(path[-1]), value)
    if kind not in ("dict_type", "model_type"):
        return ""
    return _SHAPES.get(path, "") or (_ENTRIES.get(str(path[0]), "") if len(path) == 2 else "")


def _hint_for_list(key: str, value: object) -> str:
    if isinstance(value, Mapping) and key == "middlewares":
        from edgegen.traefik.middlewares import HTTP

        forms = [form for name, options in value.items() if (form := HTTP.in_place(str(name), options))]
        return f"write `[{', '.join(forms)}]`" if forms else "write `- ` before each"
    if isinstance(value, str) and key not in _PRIVATE and value.isprintable() and len(value) < 60:
        return f"write `[{shown(value)}]`"
    return "write `[NAME]`" if isinstance(value, str) and key == "users" else hint_for_value("", value)


def _has_pairs(items: list[Any]) -> bool:
    """Whether a list that should be a mapping begins with a `NAME=VALUE`. What looks like a name may be a secret."""
    return bool(items) and isinstance(items[0], str) and "=" in items[0]


def hint_for_value(kind: str, value: object) -> str:
    """What to do about a value that pydantic calls an error of this type."""
    if value is None:
        return "the key has no value: remove it, or give it one"
    if kind.startswith("bool_") and isinstance(value, str) and value.lower() in _FLAGS:
        return f"`{shown(value)}` is text in YAML: write {_FLAGS[value.lower()]}"
    if kind.startswith("int_") and isinstance(value, str) and value.isdecimal():
        return "remove the quotes"
    if kind == "string_type" and isinstance(value, bool | int | float):
        return "put it in quotes"
    return ""


_FLAGS = dict.fromkeys(("yes", "on", "y", "true"), "true") | dict.fromkeys(("no", "off", "n", "false"), "false")
_MEANT = re.compile(r"[;.] [Dd]id you mean (`[^`]*`)\?$")


def split_hint(sentence: str) -> tuple[str, str]:
    """A validator's sentence and the hint that may be its end."""
    match = _MEANT.search(sentence)
    return (sentence[: match.start()], f"did you mean {match[1]}?") if match else (sentence, "")


PATTERNS = {
    r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$": "use 1 to 63 of a-z, 0-9 and inner hyphens",
    r"^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$": "use 1 to 32 of a-z, 0-9 and inner hyphens, starting with a letter",
    r"^[a-z0-9]((\.?[_-])*\.?[a-z0-9])*$": "use 1 to 64 of a-z, 0-9 and inner hyphens, `_` and single dots",
    r"^0?[46][04][04]$": 'use "0444", "0440" or "0400": a container only reads its secrets',
    r"^0?[0-7]{3}$": 'use three octal digits after a 0, in quotes, like "0440"',
    r"^\d{1,10}$": "use a number: Compose doesn't accept names here",
    r"^[a-zA-Z0-9][a-zA-Z0-9_.-]*$": "use letters, digits, `_`, `.` and `-`, starting with a letter or digit",
    r"^[a-z0-9-]{1,32}$": "use 1 to 32 of a-z, 0-9 and hyphens",
    r"\$": "use a variable like `${NAME}`",
    r"^[0-9a-f]{32}$": "use the 32 hexadecimal digits that the provider shows",
    r"^[^=\x00-\x20]+$": "the name of a variable has no `=` and no white space",
    r"^(no|always|unless-stopped|on-failure(:\d+)?)$": 'use "no", always, unless-stopped, on-failure or on-failure:5',
    r"^https?://[^\s/?#@]+/?$": "use a URL without a path, a user or a password, like https://registry.example.net",
    r"^https?://[^\s/?#@]+(/[^\s]*)?$": "use a URL without a user or a password, like https://s3.example.net",
    r"^https?://[^\s/?#@]+(/[^\s?#]*)?(\?[^\s#]*)?$": "use a URL, like https://www.example.com/path",
    r"^(https?|h2c)://[^\s/?#@]+/?$": "use a URL without a path, like http://192.0.2.10:5000",
}
"""What each pattern of the models asks for, in words."""


def _not_one_of(value: object, expected: str) -> tuple[str, str]:
    words = [word.strip("'") for word in expected.replace(" or ", ", ").split(", ")]
    message = f"`{shown(value)}` is not one of {', '.join(words)}" if len(words) > 1 else f"expected `{words[0]}`"
    if str(value) in words:
        return f"expected a number, {' or '.join(words)}", "remove the quotes"
    near = suggest(str(value), words) if isinstance(value, str) else None
    return message, _did_you_mean(near) if near else hint_for_value("", value)


def _hint_for_key(path: Path, loc: Path, model: type[BaseModel]) -> str:
    owner = _model_at(model, loc[:-1])
    known = list(owner.model_fields) if owner else []
    if hint := _hint_for_habit(path, known):
        return hint
    if near := suggest(str(path[-1]), known):
        return _did_you_mean(near)
    if "extra" in known:
        return _UNDER_EXTRA
    if {"kind", "extra"} <= model.model_fields.keys() and all(isinstance(part, str) for part in path):
        inside = " ".join(f"{{{part}:" for part in path)
        return f"{_UNDER_EXTRA}, here `extra: {inside} …{'}' * len(path)}`"
    return f"keys here are {', '.join(known)}" if known and len(known) <= _FEW else ""


def _hint_for_habit(path: Path, known: Collection[str]) -> str:
    """What Compose calls by this key; a likeness to another key would only mislead."""
    if path == ("version",):
        return "delete it: Compose no longer reads it"
    if path == ("email",):
        return "it belongs under `acme:`: `acme: {email: …}`"
    if path[-1] == "tls" and "port" in known:
        return "delete it: every `host` gets a certificate by itself"
    if (meant := _MEANT_BY.get(str(path[-1]))) and meant in known and str(path[-1]) not in known:
        return _did_you_mean(meant)
    if path[-1] == "environment" and path[0] == "secrets" and "env" in known:
        return _did_you_mean("env")
    return _UNDER_EXTRA if path[-1] in ("develop", "network_mode") and "extra" in known else ""


_MEANT_BY = {
    "env": "environment",
    "domain": "host",
    "url": "host",
    "hostnames": "hosts",
    "healthcheck_path": "health_path",
}
"""What others call a key that is not similar to ours."""


def _model_at(model: type[BaseModel], loc: Path) -> type[BaseModel] | None:
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
        if part == candidate.__name__:
            return candidate
    for origin, arguments in _containers(annotation):
        return arguments[1] if issubclass(origin, dict) else arguments[0]
    return None


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
