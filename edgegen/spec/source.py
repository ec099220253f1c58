"""Text -> plain data, with every place at hand. Bounded: nothing that a user writes makes it slow, large or crash."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from edgegen.core.errors import SpecError
from edgegen.core.location import Location, Path
from edgegen.spec.outline import Outline, Places
from edgegen.spec.positions import Text
from edgegen.spec.yaml_reader import DEFAULT, UNLIMITED, Limits, Reader

__all__ = ["DEFAULT", "UNLIMITED", "Limits", "Source", "check_size", "first_that_reads", "read_yaml"]


class Source(Struct, frozen=True, eq=False, dict=True):
    """A file that was read: its data, and where each part of it is."""

    filename: str
    data: Any
    text: Text
    outline: Outline

    def locate(self, path: Path, *, key: bool = False) -> Location:
        """Where the value at `path` (or its key) starts; the nearest existing parent's place if there is none.

        Lines and columns count from 1, columns in characters. What is asked about is read a second time.
        """
        with no_garbage_collection():
            found = self.text.location(self._places.index(path, key=key))
        is_there = bool(path) and isinstance(self.data, dict) and path[0] in self.data
        # What is missing altogether has a place, the file's first line; but a mark under that would mislead.
        return found if is_there else replace(found, text="")

    @cached_property
    def _places(self) -> Places:
        return Places(self.text, self.outline)


def check_size(size: int, filename: str, limits: Limits = DEFAULT) -> None:
    """Raise SpecError for a file of more than `limits.max_bytes`. Call it with fstat's size before reading."""
    if size > limits.max_bytes:
        raise SpecError(
            f"the file has {size:,} bytes, and at most {limits.max_bytes:,} are read: move bulk data out of it",
            where=Location(filename),
        )


def read_yaml(data: bytes, filename: str, *, limits: Limits = DEFAULT, mapping: bool = True) -> Source:
    """Read one YAML document into dict, list, str, int, float, bool and None.

    Keys are their source text. With `mapping` the top level must be a mapping. Raises SpecError with the place
    of each problem; the recoverable ones (duplicate keys, refused scalars and tags) are reported together.
    """
    check_size(len(data), filename, limits)
    text = Text(utf8(data, filename), filename)
    reader = Reader(text, limits)
    with no_garbage_collection():
        value = reader.read()
    if mapping and type(value) is not dict:
        raise SpecError("expected `key: value` lines at the top of the file", where=Location(filename, 1, 1))
    return Source(filename, value, text, reader.outline)


def first_that_reads(candidates: Iterable[str], filename: str, wanted: Any) -> bytes | None:
    """The first of the texts that reads as `wanted`, keys in their order; None if there is none."""
    expected = repr(wanted)
    for candidate in candidates:
        with suppress(SpecError):
            if repr(read_yaml(text := candidate.encode(), filename).data) == expected:
                return text
    return None


@contextmanager
def no_garbage_collection() -> Iterator[None]:
    # Millions of young, acyclic objects: the collector would walk them again and again (2.8 times slower at 8 MB).
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def utf8(data: bytes, filename: str) -> bytes:
    where = Location(filename)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise SpecError("the file is UTF-16 (byte offset 0): save it as UTF-8", where=where)
    if (nul := data.find(b"\x00")) >= 0:
        raise SpecError(f"NUL at byte offset {nul}: the file is not UTF-8 text", where=where)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = data[error.start]
        what = "half of a surrogate pair" if data[error.start : error.start + 2] >= b"\xed\xa0" and byte == 0xED else ""
        raise SpecError(
            f"byte 0x{byte:02x} at byte offset {error.start} is {what or 'not UTF-8'}: save the file as UTF-8",
            where=where,
        ) from None
    return data.removeprefix(b"\xef\xbb\xbf")
