"""Traefik's files: which key makes it refuse one, and which one it passes over.

A dynamic file that is refused takes every other file of its folder with it; a static one keeps Traefik from starting.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from edgegen.traefik.file_check import below, no_such_word
from edgegen.traefik.file_fault import FileEffect, FileFault, Path
from edgegen.traefik.grammar import Type, dynamic_type, static_file_type
from edgegen.traefik.grammar.history import too_new_or_removed
from edgegen.traefik.static_gone import why_gone
from edgegen.traefik.version import Version

__all__ = ["FileEffect", "FileFault", "Path", "dynamic_faults", "static_file_faults"]


def dynamic_faults(data: Mapping[str, Any], version: Version | None = None) -> list[FileFault]:
    """What is wrong with the parsed data of one dynamic file (YAML or TOML), in its order.

    `FileEffect.REFUSES`: this file's routes are gone, and those of every other file of its folder.
    """
    return [_with_history(fault, version) for fault in _root(data, dynamic_type(version))]


def static_file_faults(data: Mapping[str, Any], version: Version | None = None) -> list[FileFault]:
    """What is wrong with the parsed data of a static file, in its order. `REFUSES`: Traefik ends with exit code 1.

    What only Traefik 2 knew stops Traefik 3 even at the root, where other unknown words are passed over.
    """
    found = []
    for fault in _root(data, static_file_type(version)):
        gone = why_gone(_dotted(fault.path), version) if fault.word == str(fault.path[-1]) else ""
        stops = gone and (version is None or version.major >= 3) and "last" in gone
        effect = FileEffect.REFUSES if stops else fault.effect
        found.append(replace(fault, effect=effect, why=gone, meant="") if gone else fault)
    return found


def _root(data: Mapping[str, Any], kind: Type) -> Iterator[FileFault]:
    """At the root Traefik passes over what it does not know."""
    for key, value in data.items():
        if kind.word(str(key)) is None:
            if value is not None:
                yield no_such_word((key,), kind, FileEffect.IGNORES)
        else:
            yield from below({key: value}, kind, ())


def _with_history(fault: FileFault, version: Version | None) -> FileFault:
    """A word that another Traefik knows was not misspelt."""
    if fault.word != str(fault.path[-1]) or "unknown" not in fault.why:
        return fault
    history = too_new_or_removed("dynamic", _dotted(fault.path), version, "file")
    return replace(fault, why=f"{fault.why}: {history}", meant="") if history else fault


def _dotted(path: Path) -> str:
    """`("a", 0, "b")` -> `a[0].b`; a name with a dot in it counts as one word."""
    found = ""
    for key in path:
        found += f"[{key}]" if isinstance(key, int) else "." * bool(found) + str(key).replace(".", "_")
    return found
