"""What is in an image of the lab: copies of this machine's files, written texts, and a Dockerfile's instructions."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import tarfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import IO

from tests.lab.parts import program

_PATH = "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_APPLETS = (
    "sh cat chmod cp df echo env grep head hostname httpd id ip kill ls mkdir mv nc ps rm sed sleep test timeout touch "
    "wc wget"
)


@dataclass(frozen=True)
class Image:
    """What is in an image. `files` are copies of this machine's, `texts` are written; `changes` are a Dockerfile's."""

    files: Mapping[str, Path] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    changes: tuple[str, ...] = ()
    stop_signal: str = ""
    """`docker import` does not know it: it takes a layer of its own."""

    def digest(self) -> str:
        """A digest of everything that is in it."""
        total = hashlib.sha256(
            json.dumps([*self.texts.items(), *self.links.items(), self.changes, self.stop_signal]).encode()
        )
        for target, source in self.files.items():
            seen = source.stat()
            total.update(f"{target} {_file_digest(source, seen.st_mtime_ns, seen.st_size)}".encode())
        return total.hexdigest()

    def write(self, sink: IO[bytes]) -> None:
        """The root folder as a tar archive."""
        with tarfile.open(fileobj=sink, mode="w|", format=tarfile.GNU_FORMAT) as tar:
            for folder, mode in (("tmp", 0o1777), ("run", 0o755), ("etc", 0o755), ("var/run", 0o755)):
                tar.addfile(_entry(folder, tarfile.DIRTYPE, mode))
            for target, source in self.files.items():
                entry = _entry(target, tarfile.REGTYPE, 0o755)
                entry.size = source.stat().st_size
                with source.open("rb") as opened:
                    tar.addfile(entry, opened)
            for target, text in self.texts.items():
                entry = _entry(target, tarfile.REGTYPE, 0o755 if text.startswith("#!") else 0o644)
                entry.size = len(text.encode())
                tar.addfile(entry, io.BytesIO(text.encode()))
            for target, to in self.links.items():
                entry = _entry(target, tarfile.SYMTYPE, 0o777)
                entry.linkname = to
                tar.addfile(entry)


@cache
def _file_digest(source: Path, changed: int, size: int) -> str:
    """Of a file as it is at this moment: they are hundreds of megabytes, and every start of a stack asks."""
    with source.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def with_shell(files: Mapping[str, Path], texts: Mapping[str, str], *changes: str, applets: str = "") -> Image:
    """An image with the common tools beside its own programs; `applets` are more of BusyBox's."""
    links = {f"/bin/{applet}": "/bin/busybox" for applet in f"{_APPLETS} {applets}".split()}
    return Image({**linked("/bin/busybox", program("busybox")), **files}, texts, links, (_PATH, *changes))


def linked(target: str, source: Path) -> dict[str, Path]:
    """A program with the libraries that it is linked to, each at the path where the loader looks for it."""
    return {target: source.resolve(), **{library: Path(library).resolve() for library in _libraries(source)}}


def in_place(*programs: Path) -> dict[str, Path]:
    """Programs and shared objects with their libraries, at the paths that they have on this machine."""
    return {target: source for path in programs for target, source in linked(str(path), path).items()}


def tree(target: str, folder: Path, *, without: Iterable[str] = ()) -> dict[str, Path]:
    """All files below a folder of this machine but `without` and what is below; a link to nowhere is left out."""
    left_out = {folder / path for path in without}
    found: list[Path] = []
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if Path(parent, name) not in left_out]
        found += [path for name in names if (path := Path(parent, name)) not in left_out and path.is_file()]
    return {f"{target}/{path.relative_to(folder).as_posix()}": path.resolve() for path in sorted(found)}


@cache
def _libraries(source: Path) -> tuple[str, ...]:
    """What a program is linked to; each image asks again for the same few programs."""
    said = subprocess.run([program("ldd"), source], capture_output=True, text=True, check=False).stdout
    return tuple(re.findall(r"(?:=> |^\s+)(/\S+) \(0x", said, re.MULTILINE))


def _entry(target: str, kind: bytes, mode: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(target.lstrip("/"))
    entry.type, entry.mode = kind, mode
    return entry
