"""What a file is: a Compose file, Traefik's static configuration, or a dynamic file. Its content decides."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from enum import Enum
from typing import Any

from edgegen.core.pattern import late_pattern
from edgegen.core.suggest import suggest
from edgegen.lint.reader.documents import language_of, read_document
from edgegen.lint.sources import Document
from edgegen.traefik.grammar import static_file_type


class FileKind(Enum):
    """Who reads a file."""

    COMPOSE = "compose"
    STATIC = "static"
    DYNAMIC = "dynamic"


_COMPOSE = frozenset({"services", "include"})
_COMPOSE_LINE = late_pattern(rb"^[\"']?(?:services|include)[\"']?\s*:", re.MULTILINE)
_SURE = frozenset({"entrypoints", "providers", "certificatesresolvers"})
_DYNAMIC = frozenset({"http", "tcp", "udp", "tls"})
_DYNAMIC_LINE = late_pattern(r"^(?:http|tcp|udp|tls):|^\[+(?:http|tcp|udp|tls)[.\]]", re.MULTILINE)


def looks_composed(content: bytes) -> bool:
    """Whether a key that only Compose files have is at its top: told without reading what may be large."""
    return bool(_COMPOSE_LINE.search(content))


def kind_of(name: str, path: str, content: bytes) -> tuple[FileKind, Document | None]:
    """What a file is, and what it holds where it is one of Traefik's."""
    if looks_composed(content):
        return FileKind.COMPOSE, None
    document = read_document(name, path, content)
    kind = _kind(path, document)
    if kind is FileKind.COMPOSE:
        return kind, None
    return kind, read_document(name, path, content, templates=kind is FileKind.DYNAMIC)


def _kind(name: str, document: Document) -> FileKind:
    if document.data:
        return _by_words(name, document.data)
    if (document.problem or document.unsure) and _DYNAMIC_LINE.search(document.file.text):
        return FileKind.DYNAMIC
    return _by_name(name)


def _by_words(name: str, data: Mapping[str, Any]) -> FileKind:
    words = {str(key).lower() for key in data}
    static = frozenset(static_file_type().fields)
    if words & _COMPOSE:
        return FileKind.COMPOSE
    # Of a file with words of both kinds those of one are a mistake.
    if words & _DYNAMIC and not (words & static and ("providers" in words or _by_name(name) is FileKind.STATIC)):
        return FileKind.DYNAMIC
    if words & static:
        return FileKind.STATIC
    near = any(suggest(word, _SURE) for word in words) and _by_name(name) is not FileKind.COMPOSE
    return FileKind.STATIC if near else _by_name(name)


def _by_name(name: str) -> FileKind:
    base = posixpath.basename(name).lower()
    if base.startswith("traefik.") and language_of(base):
        return FileKind.STATIC
    return FileKind.DYNAMIC if language_of(base) == "toml" else FileKind.COMPOSE
