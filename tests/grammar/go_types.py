"""The Go types inside a binary: what `reflect` knows of them, which a stripped program must keep.

Traefik decodes labels, flags and files by reflection over its structs, so these are its grammar, word for word.
Source: Go's internal/abi (type.go), for 64 bits; Go 1.22 to 1.26 lay them out alike.
"""

from __future__ import annotations

import mmap
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_STAR, _TAGGED, _EMBEDDED, _EXPORTED = 2, 2, 8, 1
_POINTER, _STRUCT = 22, 25
KINDS = {
    1: "bool", 2: "int", 3: "int8", 4: "int16", 5: "int32", 6: "int64", 7: "uint", 8: "uint8", 9: "uint16",
    10: "uint32", 11: "uint64", 13: "float32", 14: "float64", 17: "array", 18: "chan", 19: "func", 20: "interface",
    21: "map", _POINTER: "ptr", 23: "slice", 24: "string", _STRUCT: "struct", 26: "unsafe",
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """A field of a struct."""

    name: str
    tag: str
    embedded: bool
    exported: bool
    type: int


class Program:
    """An ELF binary of Go. A type is the address of its description."""

    def __init__(self, binary: Path) -> None:
        with binary.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._sections = self._read_sections()
        self._placed = [(address, offset, size) for address, offset, size in self._sections.values() if address]
        self._base = self._sections[".rodata"][0]
        _, offset, size = self._sections[".typelink"]
        self._types = [self._base + at for (at,) in struct.iter_unpack("<i", self._bytes[offset : offset + size])]

    def _read_sections(self) -> dict[str, tuple[int, int, int]]:
        start = self._unpack("<Q", 0x28)
        size, count, names = struct.unpack_from("<HHH", self._bytes, 0x3A)
        headers = [struct.unpack_from("<IIQQQQ", self._bytes, start + index * size) for index in range(count)]
        text = headers[names][4]
        return {self._until_zero(text + name): (address, at, length) for name, _, _, address, at, length in headers}

    def _until_zero(self, at: int) -> str:
        return self._bytes[at : self._bytes.find(b"\0", at)].decode()

    def _unpack(self, form: str, at: int) -> int:
        (found,) = struct.unpack_from(form, self._bytes, at)
        return int(found)

    def _at(self, address: int) -> int:
        for start, offset, size in self._placed:
            if start <= address < start + size:
                return address - start + offset
        raise ValueError(f"nothing lies at {address:#x}")

    def _word(self, address: int) -> int:
        return self._unpack("<Q", self._at(address))

    def _name(self, address: int) -> tuple[int, str, str]:
        """Its marks, the name and the tag."""
        at = self._at(address)
        marks = self._bytes[at]
        name, at = self._counted(at + 1)
        tag, _ = self._counted(at) if marks & _TAGGED else ("", at)
        return marks, name, tag

    def _counted(self, at: int) -> tuple[str, int]:
        length = shift = 0
        while True:
            byte = self._bytes[at]
            at, length, shift = at + 1, length | (byte & 0x7F) << shift, shift + 7
            if byte < 0x80:
                return self._bytes[at : at + length].decode(), at + length

    def uses(self, module: str) -> tuple[int, ...]:
        """The version of a module that it was built with."""
        return self._modules[module]

    @cached_property
    def _modules(self) -> dict[str, tuple[int, ...]]:
        start = self._bytes.find(b"\ndep\t")
        text = self._bytes[start : self._bytes.find(b"\nbuild\t", start)].decode()
        found = re.findall(r"^dep\t(\S+)\tv(\d+)\.(\d+)\.(\d+)", text, re.MULTILINE)
        return {name: tuple(map(int, version)) for name, *version in found}

    def struct(self, name: str) -> int:
        """The struct of this name (`package.Type`). Raises KeyError where there is none, or more than one."""
        found = self._structs.get(name, [])
        if len(found) != 1:
            raise KeyError(f"{len(found)} types are called {name}")
        return found[0]

    def has(self, name: str) -> bool:
        """Whether there is just one struct of this name."""
        return len(self._structs.get(name, [])) == 1

    @cached_property
    def _structs(self) -> dict[str, list[int]]:
        """Pointers are listed, and with them what they point to."""
        found: dict[str, list[int]] = {}
        for item in self._types:
            if self._code(item) == _POINTER and self._code(pointed := self.element(item)) == _STRUCT:
                found.setdefault(self.name(pointed), []).append(pointed)
        return found

    def _code(self, type_: int) -> int:
        return self._bytes[self._at(type_) + 23] & 31

    def kind(self, type_: int) -> str:
        return KINDS.get(self._code(type_), "?")

    def name(self, type_: int) -> str:
        at = self._at(type_)
        _, name, _ = self._name(self._base + self._unpack("<i", at + 40))
        return name[1:] if self._bytes[at + 20] & _STAR else name

    def element(self, type_: int) -> int:
        """What a pointer points to, or a slice or a map holds."""
        return self._word(type_ + (56 if self.kind(type_) == "map" else 48))

    def fields(self, type_: int) -> Iterator[Field]:
        """Those of a struct."""
        start, count = self._word(type_ + 56), self._word(type_ + 64)
        for at in range(start, start + count * 24, 24):
            marks, name, tag = self._name(self._word(at))
            yield Field(name, tag, bool(marks & _EMBEDDED), bool(marks & _EXPORTED), self._word(at + 8))
