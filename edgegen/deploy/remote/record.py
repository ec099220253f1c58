"""What edgegen has put into a folder of another host, and from where: kept there, in `.edgegen/remote.json`. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from msgspec import Struct, field

RECORD = ".edgegen/remote.json"
PENDING = ".edgegen/remote-pending.json"
"""The same during a copy: it has the digests before and after, and is gone afterwards."""

_VERSION = 1
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Record(Struct, frozen=True):
    """`copy` is a random name of the project folder that the files came from; machine and folder are for people."""

    project: str
    copy: str
    machine: str = ""
    folder: str = ""
    outputs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Path -> the digests that edgegen left there, or may have left."""

    def content(self) -> bytes:
        """The file."""
        data = {
            "schema_version": _VERSION,
            "project": self.project,
            "copy": self.copy,
            "machine": self.machine,
            "folder": self.folder,
            "outputs": {path: list(digests) for path, digests in sorted(self.outputs.items())},
        }
        return json.dumps(data, indent=1, ensure_ascii=True).encode() + b"\n"


def parse_record(content: bytes) -> Record | None:
    """None if it can't be read: its files then count as someone else's."""
    try:
        data = json.loads(content)
        if data["schema_version"] != _VERSION:
            return None
        outputs = {_path(path): tuple(map(_digest, digests)) for path, digests in data["outputs"].items()}
        project, copy, machine, folder = (_text(data[key]) for key in ("project", "copy", "machine", "folder"))
        return Record(project, copy, machine, folder, outputs)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def is_plain(path: str) -> bool:
    """Whether a path stays in the folder, and travels as one line."""
    parts = path.split("/")
    return path.isprintable() and "\\" not in path and not any(part in ("", ".", "..") for part in parts)


def _path(path: object) -> str:
    # Files named here may be removed: a forged record must not reach elsewhere.
    if not isinstance(path, str) or not is_plain(path):
        raise ValueError("not a path")
    return path


def _digest(value: object) -> str:
    if not isinstance(value, str) or not _SHA256.fullmatch(value):
        raise ValueError("not a SHA-256")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value
