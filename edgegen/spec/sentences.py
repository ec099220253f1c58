"""The sentence and the hint for each kind of mistake that pydantic finds in a value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from edgegen.core.location import Path
from edgegen.core.pattern import late_pattern
from edgegen.core.redact import redacted_line
from edgegen.core.show import shown
from edgegen.core.suggest import suggest
from edgegen.spec.base import NAME_PATTERN, HintedError

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
_SEVERAL = {"host": "hosts", "path": "paths"}
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


def missing(path: Path) -> str:
    """Of the key that the path ends in."""
    return f"the key `{path[-1]}` is missing" if path else "a key is missing"


def did_you_mean(word: str) -> str:
    """The hint for a slip of the pen."""
    return f"did you mean `{word}`?"


def sentence(entry: Any, path: Path, model: type[BaseModel]) -> tuple[str, str]:
    """What is wrong, and how to fix it, for one of pydantic's errors. `model` is what the path begins in."""
    kind, value, context = entry["type"], entry["input"], entry.get("ctx", {})
    if kind == "missing":
        return missing(path), "add one, like `name: shop`: a-z, 0-9 and hyphens" if path == ("name",) else ""
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
        return f"`{shown(redacted_line(value))}` can't be used here", _hint_for_pattern(context["pattern"], value)
    if kind == "bool_type" and isinstance(value, Mapping) and path[-1:] == ("external",):
        return _SENTENCES[kind], "its name goes next to it: `external: true`, `name: …`"
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


def _hint_for_pattern(pattern: str, value: object) -> str:
    """What a pattern asks for; of a name also how Compose's `node_exporter` would be written."""
    hint = PATTERNS.get(pattern, "")
    if pattern != NAME_PATTERN or not isinstance(value, str) or not _FOREIGN_NAME.fullmatch(value):
        return hint
    return f"{hint}, like `{value.lower().translate(_HYPHENS)}`"


_FOREIGN_NAME = late_pattern(r"[a-zA-Z0-9]([a-zA-Z0-9_.-]{0,61}[a-zA-Z0-9])?", re.ASCII)
_HYPHENS = str.maketrans("_.", "--")


def _has_pairs(items: list[Any]) -> bool:
    """Whether a list that should be a mapping begins with a `NAME=VALUE`. What looks like a name may be a secret."""
    return bool(items) and isinstance(items[0], str) and "=" in items[0]


def hint_for_value(kind: str, value: object) -> str:
    """What to do about a value that pydantic calls an error of this type."""
    if value is None:
        return "the key has no value: remove it, or give it one"
    if kind.startswith("bool_") and isinstance(value, str) and value.lower() in _FLAGS:
        return f"`{shown(value)}` is text in YAML: write {_FLAGS[value.lower()]}"
    if kind.startswith("int_") and isinstance(value, str) and value.isascii() and value.isdecimal():
        return "remove the quotes"
    if kind == "string_type" and isinstance(value, bool | int | float):
        return "put it in quotes"
    return ""


_FLAGS = dict.fromkeys(("yes", "on", "y", "true"), "true") | dict.fromkeys(("no", "off", "n", "false"), "false")
_MEANT = late_pattern(r"[;.] [Dd]id you mean (`[^`]*`)\?$")


def split_hint(sentence: str) -> tuple[str, str]:
    """A validator's sentence and the hint that may be its end."""
    match = _MEANT.search(sentence)
    return (sentence[: match.start()], f"did you mean {match[1]}?") if match else (sentence, "")


PATTERNS = {
    NAME_PATTERN: "use 1 to 63 of a-z, 0-9 and inner hyphens",
    r"^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$": "use 1 to 32 of a-z, 0-9 and inner hyphens, starting with a letter",
    r"^[a-z0-9]((\.?[_-])*\.?[a-z0-9])*$": "use 1 to 64 of a-z, 0-9 and inner hyphens, `_` and single dots",
    r"^0?[46][04][04]$": 'use "0444", "0440" or "0400": a container only reads its secrets',
    r"^0?[0-7]{3}$": 'use three octal digits after a 0, in quotes, like "0440"',
    r"^[0-9]{1,10}$": "use a number: Compose doesn't accept names here",
    r"^[a-zA-Z0-9][a-zA-Z0-9_.-]*$": "use letters, digits, `_`, `.` and `-`, starting with a letter or digit",
    r"^[a-zA-Z0-9][a-zA-Z0-9_.-]+$": "use two or more of a-z, A-Z, 0-9, `_`, `.` and `-`; begin with a letter or digit",
    r"^[a-z0-9-]{1,32}$": "use 1 to 32 of a-z, 0-9 and hyphens",
    r"\$": "use a variable like `${NAME}`",
    r"^[0-9a-f]{32}$": "use the 32 hexadecimal digits that the provider shows",
    r"^[^=\x00-\x20]+$": "the name of a variable has no `=` and no white space",
    r"^(no|always|unless-stopped|on-failure(:[0-9]+)?)$": (
        'use "no", always, unless-stopped, on-failure or on-failure:5'
    ),
    r"^(always|never|build|missing|if_not_present|refresh|daily|weekly|every_([0-9]+[wdhms])+)$": (
        "use always, missing, never, build, daily, weekly or every_12h"
    ),
    r"^https?://[^\s/?#@]+/?$": "use a URL without a path, a user or a password, like https://registry.example.net",
    r"^https?://[^\s/?#@]+(/[^\s]*)?$": "use a URL without a user or a password, like https://s3.example.net",
    r"^https?://[^\s/?#@]+(/[^\s?#]*)?(\?[^\s#]*)?$": "use a URL, like https://www.example.com/path",
    r"^(https?|h2c)://[^\s/?#@]+/?$": "use http://, https:// or h2c:// without a path, like http://192.0.2.10:5000",
}
"""What each pattern of the models asks for, in words."""


def _not_one_of(value: object, expected: str) -> tuple[str, str]:
    words = [word.strip("'") for word in expected.replace(" or ", ", ").split(", ")]
    message = f"`{shown(value)}` is not one of {', '.join(words)}" if len(words) > 1 else f"expected `{words[0]}`"
    if str(value) in words:
        return f"expected a number, {' or '.join(words)}", "remove the quotes"
    near = suggest(str(value), words) if isinstance(value, str) else None
    return message, did_you_mean(near) if near else hint_for_value("", value)
