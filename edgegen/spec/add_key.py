"""Adds one key to a user's edge.yaml: every other byte stays as it is, where possible."""

from __future__ import annotations

import io
from collections.abc import Iterator

from edgegen.core.errors import SpecError
from edgegen.spec.source import first_that_reads, read_yaml

Value = dict[str, str]


def with_section(text: bytes, file: str, section: str, value: Value, comment: str) -> bytes:
    """The spec with `section: {…value}` and a comment above it. Raises SpecError where the file takes no more keys.

    Each way is tried until the file says the same as before and the new key.
    """
    data = read_yaml(text, file).data
    present = data.get(section)
    wanted = {**data, section: {**(present if isinstance(present, dict) else {}), **value}}
    candidates = _candidates(text.decode("utf-8"), section, value, comment, is_new=section not in data)
    if (found := first_that_reads(candidates, file, wanted)) is not None:
        return found
    inside = ", ".join(f"{key}: {content}" for key, content in value.items())
    raise SpecError(
        f"`{section}` can't be written into this file", hint=f"write it yourself: `{section}: {{{inside}}}`"
    )


def _candidates(text: str, section: str, value: Value, comment: str, *, is_new: bool) -> Iterator[str]:
    if is_new:
        end = "\r\n" if "\r\n" in text else "\n"
        lines = [f"# {comment}", f"{section}:", *(f"  {key}: {content}" for key, content in value.items())]
        block = "".join(f"{line}{end}" for line in lines)
        whole = text if text.endswith("\n") else f"{text}{end}"
        yield f"{whole}{end}{block}"
        yield f"{whole}{block}"
    yield from _by_library(text, section, value, is_new=is_new)


def _by_library(text: str, section: str, value: Value, *, is_new: bool) -> Iterator[str]:
    """Comments stay; spaces may change. For files that can't take a key at their end."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 1 << 20
    yaml.allow_duplicate_keys = False
    out = io.StringIO()
    try:
        data = yaml.load(text)
        if is_new or not isinstance(data[section], dict):
            data[section] = dict(value)
        else:
            data[section].update(value)
        yaml.dump(data, out)
    except (YAMLError, ValueError, TypeError, KeyError, RecursionError):
        return
    yield out.getvalue()
