"""A Compose file on the disk -> its documents, and what is odd about its form."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from edgegen.lint.model import Character, Disk, File, Remark
from edgegen.spec.lenient import LIMITS, Document, read_documents


class Read(Struct, frozen=True):
    """One document of a file that was read."""

    file: File
    document: Document

    @property
    def remarks(self) -> Iterator[Remark]:
        """What is odd about its form."""
        for item in self.document.remarks:
            yield Remark(item.message, Character(self.file, character=item.index), item.refused)


def read(path: str, disk: Disk) -> list[Read] | None:
    """The documents of a file; None where it isn't there. Raises SpecError for what is not YAML."""
    content = disk.read(path, LIMITS.max_bytes)
    if content is None:
        return None
    name = disk.shown(path)
    documents = read_documents(content, name)
    return [Read(File(name, path, item.text.characters, item), item) for item in documents]
