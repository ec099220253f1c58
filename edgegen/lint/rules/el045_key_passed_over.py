"""A top-level key of a file that Traefik ignores.

What it does
    Reports keys at the top of a static or dynamic file that Traefik does not have there: misspelt ones, routers in the
    static file, entrypoints in a dynamic one, and a second YAML document.

Why
    Below the top an unknown key is an error; at the top Traefik silently ignores it with everything below it. The two
    kinds of files are easy to mix up.

Example
    `http: {routers: …}` in `traefik.yml`, or `entryPoint: {web: …}`

Instead
    Routers, services, middlewares and `tls` are dynamic: they belong in a file of `providers.file`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from edgegen.core.finding import Severity
from edgegen.core.location import Location
from edgegen.core.show import shown
from edgegen.core.suggest import suggest
from edgegen.lint.model import Project, Spot
from edgegen.lint.rule import Found, Rule
from edgegen.lint.sources import Document
from edgegen.lint.statics import judged
from edgegen.traefik.grammar import dynamic_type, static_file_type
from edgegen.traefik.static_gone import why_gone
from edgegen.traefik.static_of_version_1 import instead, replaced
from edgegen.traefik.version import Version

RULE = Rule("EL045", "key-passed-over", Severity.HIGH)
_STATIC = "static configuration (flags, or Traefik's own file)"
_DYNAMIC = "dynamic configuration: it belongs in a file of `providers.file`"


def check(project: Project) -> Iterator[Found]:
    """Keys at the top of all of Traefik's files."""
    for item in judged(project):
        document = item.static.document
        if document is not None:
            known = static_file_type(item.version).fields
            other = dynamic_type(item.version).fields
            yield from _passed_over(document, known, other, _DYNAMIC, item.version)
            yield from _second(document)
    for dynamic in project.dynamic:
        if dynamic.named and dynamic.document is not None:
            known = dynamic_type(project.version).fields
            other = static_file_type(project.version).fields
            # Traefik's own file in a folder of dynamic ones does no harm: it is read as what it is from elsewhere.
            alone = bool(dynamic.folder) and not _words(dynamic.document.data, known)
            yield from _passed_over(dynamic.document, known, other, _STATIC, None, harmless=alone)
            yield from _second(dynamic.document)


def _passed_over(
    document: Document,
    known: Iterable[str],
    other: Iterable[str],
    belongs: str,
    version: Version | None,
    *,
    harmless: bool = False,
) -> Iterator[Found]:
    read = _words(document.data, known)
    old = {str(key): found for key, value in document.data.items()
           if value is not None and belongs == _DYNAMIC and (found := replaced(str(key), ""))}  # fmt: skip
    if old:
        yield _of_version_1(document, old)
    for key, value in document.data.items():
        word = str(key).lower()
        if word in known or value is None or str(key) in old or (version and why_gone(str(key), version)):
            continue
        spot = Spot(document.file, (key,), True)
        name = shown(str(key))
        if word in other:
            message, hint = f"Traefik silently ignores `{name}` in this file", f"`{name}` is {belongs}"
            yield Found(document.file.name, message, spot, hint, Severity.LOW if harmless else None)
            continue
        near = suggest(word, known)
        severity = Severity.HIGH if near or not read else Severity.LOW if word.startswith("x-") else Severity.MEDIUM
        hint = f"did you mean `{near}`?" if near else ""
        yield Found(
            document.file.name, f"Traefik silently ignores `{name}` and everything below it", spot, hint, severity
        )


def _of_version_1(document: Document, old: Mapping[str, tuple[str, str]]) -> Found:
    """All of them are one finding: the file was written for Traefik 1."""
    first, others = next(iter(old)), len(old) - 1
    what = f"`{shown(first)}`, an option of Traefik 1,"
    if others:
        what = f"`{shown(first)}` and {others} other option{'s' * (others > 1)} of Traefik 1"
    spot = Spot(document.file, (first,), True)
    message = f"Traefik silently ignores {what} with everything below {'them' if others else 'it'}"
    return Found(document.file.name, message, spot, instead(old.values()))


def _words(data: Mapping[str, Any], known: Iterable[str]) -> list[str]:
    return [str(key) for key, value in data.items() if str(key).lower() in known and value is not None]


def _second(document: Document) -> Iterator[Found]:
    if document.more is not None:
        spot = Spot(document.file)
        where: Location = document.more
        message = (
            f"Traefik reads only the first document of a file, and ignores the one that starts in line {where.line}"
        )
        yield Found(document.file.name, message, spot, "put it in a separate file")
