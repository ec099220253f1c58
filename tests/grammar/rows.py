"""A binary's structs as rows of the grammar: each path, and how Traefik reads what is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.grammar.go_types import Field, Program

Rows = dict[tuple[str, ...], str]
"""Path -> kind and marks, in the order of the structs."""

ROOTS = {
    "dynamic": ("dynamic.Configuration",),
    "static": ("cmd.TraefikCmdConfiguration",),
    "provider": ("docker.labelConfiguration", "docker.configuration"),
}
"""A root, and the struct that is decoded; of several names the first that is there."""
DURATIONS = ("types.Duration", "time.Duration")
_SINGLE = {
    "string": "text", "bool": "flag", "struct": "struct", "float64": "decimal", "int": "number", "int64": "number",
    "int32": "int32", "uint32": "number", "interface": "text",
}  # fmt: skip
"""The last two only occur where nothing is read."""
_LISTS = {"string": "list", "int": "numbers", "float64": "decimals"}


def rows(binary: Path, root: str) -> Rows:
    """All rows of one root."""
    program = Program(binary)
    name = next(name for name in ROOTS[root] if program.has(name))
    return dict(_below(program, program.struct(name), ()))


def _below(program: Program, type_: int, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    assert len(path) < 16, path
    for field in program.fields(type_):
        inner = _bare(program, field.type)
        if not field.exported or program.kind(inner) in ("func", "chan"):
            continue
        if field.embedded and program.kind(field.type) == "struct":
            yield from _below(program, inner, path)
        elif not field.embedded:
            yield from _field(program, field, inner, path)


def _field(program: Program, field: Field, type_: int, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    here = (*path, _spelled(field))
    if program.kind(field.type) == "ptr" and program.kind(type_) in ("map", "slice"):
        yield here, " ".join(["text", *_marks(field)])  # a pointer to one takes no word below it
        return
    yield here, " ".join([_kind(program, type_), *_marks(field)])
    yield from _inside(program, type_, here)


def _inside(program: Program, type_: int, here: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    kind = _kind(program, type_)
    if kind == "struct":
        yield from _below(program, type_, here)
    elif kind == "structs":
        yield from _below(program, _bare(program, program.element(type_)), here)
    elif kind == "mapping":
        item = _bare(program, program.element(type_))
        kind = _kind(program, item)
        yield (*here, "*"), "text ." if kind == "text" and _takes_dots(program) else kind
        yield from _inside(program, item, (*here, "*"))


def _takes_dots(program: Program) -> bool:
    """From this version of its parser on, a name in a mapping of texts may have dots in it."""
    return program.uses("github.com/traefik/paerser") >= (0, 2, 2)


def _bare(program: Program, type_: int) -> int:
    while program.kind(type_) == "ptr":
        type_ = program.element(type_)
    return type_


def _kind(program: Program, type_: int) -> str:
    kind = program.kind(type_)
    if program.name(type_) in DURATIONS:
        return "duration"
    if kind in ("slice", "map"):
        item = _bare(program, program.element(type_))
        inner = program.kind(item)
        if kind == "map":
            return "raw" if inner == "interface" else "mapping"
        return "structs" if inner == "struct" else _LISTS[inner]
    return _SINGLE[kind]


def _spelled(field: Field) -> str:
    """As the reference spells it in YAML; the word counts, whatever its case."""
    given = _tag(field, "yaml").partition(",")[0]
    return given if given.lower() == field.name.lower() else _camel(field.name)


def _camel(name: str) -> str:
    """`LBSwarm` -> `lbSwarm`, `Enable` -> `enable`, `URL` -> `url`."""
    found = re.match(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]+$|[A-Z]", name)
    assert found, name
    return found.group().lower() + name[found.end() :]


def _marks(field: Field) -> list[str]:
    found = []
    for tag in ("label", "file"):
        value = _tag(field, tag)
        found += {"allowEmpty": [f"?{tag}"], "-": [f"-{tag}"]}.get(value, [])
    if found == ["?label", "?file"]:
        found = ["?"]
    if single := _tag(field, "label-slice-as-struct"):
        found.append(f"={single}")
    return found


def _tag(field: Field, name: str) -> str:
    found = re.search(rf'(?:^|\s){name}:"([^"]*)"', field.tag)
    return found.group(1) if found else ""
