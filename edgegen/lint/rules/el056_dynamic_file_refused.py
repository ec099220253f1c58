"""A dynamic file that Traefik refuses.

What it does
    Reads each dynamic file as Traefik of the project's version does: YAML or TOML, every key, the type of every value.

Why
    One bad word takes the whole file out, and with it every other file of the folder, folders below included. What was
    loaded before stays until Traefik is restarted; then everything `@file` is gone.

Example
    `middlewares: {auth: {basicauth: {user: […]}}}`

Instead
    `middlewares: {auth: {basicAuth: {users: […]}}}`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.dynamics import file_faults, neighbours, of_fault
from edgegen.lint.model import Dynamic, Project, Spot
from edgegen.lint.rule import Found, Rule
from edgegen.traefik.file_fault import FileEffect

RULE = Rule("EL056", "dynamic-file-refused", Severity.HIGH)


def check(project: Project) -> Iterator[Found]:
    """Each key and value for which Traefik refuses a file."""
    for dynamic in project.dynamic:
        if dynamic.named:
            yield from _of_file(project, dynamic)


def _of_file(project: Project, dynamic: Dynamic) -> Iterator[Found]:
    effect = _effect(project, dynamic)
    document = dynamic.document
    if document is not None and document.problem is not None:
        place = document.problem.where
        where = f" (line {place.line})" if place is not None and place.line else ""
        yield Found(dynamic.file.name, f"{document.problem.message}{where}: {effect}", Spot(dynamic.file))
    for fault in file_faults(project, dynamic):
        if fault.effect is FileEffect.REFUSES:
            yield of_fault(dynamic, fault, effect)


def _effect(project: Project, dynamic: Dynamic) -> str:
    others = len(neighbours(project, dynamic))
    if not others:
        return "Traefik refuses the file"
    files = "the other file" if others == 1 else f"the {others} other files"
    return f"Traefik refuses the file, and {files} of its folder with it"
