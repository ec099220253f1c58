"""Flags and variables as the tree that a file of the same static configuration would be.

Traefik takes every value of a file as text too, and a list as text with commas: one reader serves all three forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from edgegen.oracle.question import ConfigFile, Flags, StaticSource, Variables

Tree = dict[str, Any]
_PREFIX = "TRAEFIK_"
_PART = re.compile(r"([^.\[\]]+)|\[(\d{1,3})\]")
_DEEPEST = 64
NAMED = ("entrypoints", "certificatesresolvers", "plugins", "localplugins")
"""What follows is a name of the user's, whose case counts."""
_LISTS = ("middlewares", "domains", "sans", "trustedips", "rootcas", "cacertificates", "resolvers", "emailaddresses")
"""Options that are lists, of those that are kept here."""


def tree_of(source: StaticSource) -> Tree:
    """The configuration as nested mappings. Options of flags are in lower case, names as they are written."""
    if isinstance(source, ConfigFile):
        return {str(key): _copied(item) for key, item in source.data.items()}
    pairs = _flag_pairs(source) if isinstance(source, Flags) else _variable_pairs(source)
    top: Tree = {}
    for path, value in pairs:
        _put(top, path, value)
    return {key: _with_lists(value) if isinstance(value, dict) else value for key, value in top.items()}


def _flag_pairs(source: Flags) -> Iterable[tuple[list[str], str]]:
    words = list(source.words)
    while words:
        word = words.pop(0)
        if not word.startswith("-"):
            continue
        key, equals, value = word.lstrip("-").partition("=")
        if not equals:
            # Traefik takes `--key value` too, where the option is not a boolean; a bare one is true.
            value = words.pop(0) if words and not words[0].startswith("-") else "true"
        yield _parts(key), value


def _variable_pairs(source: Variables) -> Iterable[tuple[list[str], str]]:
    for name, value in source.values.items():
        if name.upper().startswith(_PREFIX):
            parts = [part for part in name[len(_PREFIX) :].lower().split("_") if part]
            yield (
                [f"[{part}]" if part.isdigit() and parts[at - 1] in _LISTS else part for at, part in enumerate(parts)],
                value,
            )


def _parts(key: str) -> list[str]:
    parts = [name or f"[{index}]" for name, index in _PART.findall(key)][:_DEEPEST]
    return [part if at and parts[at - 1].lower() in NAMED else part.lower() for at, part in enumerate(parts)]


def _put(top: Tree, path: list[str], value: str) -> None:
    if not path:
        return
    for part in path[:-1]:
        inner = top.get(part)
        if not isinstance(inner, dict):
            # `providers.docker=true` next to `providers.docker.endpoint=…`
            inner = top[part] = {"": inner} if inner is not None else {}
        top = inner
    last = top.get(path[-1])
    if isinstance(last, dict):
        last[""] = value
    elif last is not None and path[-1] in _LISTS:
        top[path[-1]] = f"{last},{value}"  # a list that is said twice is one list
    else:
        top[path[-1]] = value


def _with_lists(tree: Tree) -> Any:
    own = tree.pop("", None)
    if own is not None and str(own).lower() == "false":
        return "false"
    items = {key: _with_lists(value) if isinstance(value, dict) else value for key, value in tree.items()}
    if items and all(key.startswith("[") for key in items):
        return [items[key] for key in sorted(items, key=lambda key: int(key.strip("[]")))]
    return items


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _copied(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_copied(item) for item in value]
    return value
