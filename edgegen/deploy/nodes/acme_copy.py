"""Carrying acme.json from one node's volume to another's, through this process and never on a disk in between.

A container that is never started opens the volume; `docker cp` reads and writes it as a tar archive.
"""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct

from edgegen.compose.swarm_names import NAMESPACE_LABEL
from edgegen.core.errors import OutsideError
from edgegen.deploy.command import Result
from edgegen.deploy.container_file import MOST_BYTES, is_missing
from edgegen.deploy.engine import list_names
from edgegen.deploy.nodes.session import Session
from edgegen.deploy.terminal_text import tail
from edgegen.traefik.store import FILE, FOLDER

_FOLDER = f"/{FOLDER}"
_PULL = 600.0
"""Seconds: the image may not be on that node yet."""


class Volume(Struct, frozen=True):
    """A stack's volume on the node of one host. `image` is one that the edge uses, so it is there or can be pulled."""

    host: str
    name: str
    stack: str
    image: str


class Stored(Struct, frozen=True):
    """acme.json as a tar archive, which keeps its mode and owner. Its text is never shown."""

    archive: str = ""

    def __repr__(self) -> str:
        return f"Stored({self.certificates} certificates)"

    def checked(self) -> Stored:
        """Itself. Raises OutsideError if it is not what Traefik writes: such a file is carried nowhere."""
        self._resolvers()
        return self

    @property
    def certificates(self) -> int:
        """How many certificates it holds. Raises OutsideError as `checked` does."""
        return sum(len(certificates) for certificates in self._resolvers())

    @property
    def content(self) -> bytes:
        """The file's bytes. Raises OutsideError for an archive that has no such file."""
        try:
            with tarfile.open(fileobj=io.BytesIO(self.archive.encode())) as opened:
                file = opened.extractfile(FILE)
                return file.read() if file else b""
        except (tarfile.TarError, KeyError) as error:
            raise OutsideError(f"`docker cp` gave no archive with {FILE} in it: {error}") from None

    def _resolvers(self) -> list[list[object]]:
        """The certificates of each."""
        try:
            found = json.loads(self.content or b"{}")
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict) or not all(isinstance(value, dict) for value in found.values()):
            raise _strange()
        held = [value.get("Certificates") or [] for value in found.values()]
        if not all(isinstance(certificates, list) for certificates in held):
            raise _strange()
        return held


def _strange() -> OutsideError:
    return OutsideError(f"{FILE} can't be read: it is not what Traefik writes")


def read(session: Session, volume: Volume) -> Stored | None:
    """What is stored in a volume; None if there is no volume or no file in it. Raises OutsideError."""
    found = _fetched(session, volume)
    return found if found is None or session.dry_run else found.checked()


def count(session: Session, volume: Volume) -> int:
    """How many certificates a volume holds; 0 if its file is damaged: Traefik can't use it. Raises OutsideError."""
    found = _fetched(session, volume)
    if found is None or session.dry_run:
        return 0
    try:
        return found.certificates
    except OutsideError:
        return 0


def _fetched(session: Session, volume: Volume) -> Stored | None:
    if volume.name not in list_names(session.engines(volume.host), "volume"):
        return None
    with _opened(session, volume) as container:
        result = session.order(volume.host, "docker", "cp", f"{container}:{_FOLDER}/{FILE}", "-", most=MOST_BYTES)
    if result.ok:
        return Stored(result.stdout)
    if is_missing(result):
        return None
    raise OutsideError(f"{FILE} on {volume.host or 'this engine'} could not be read: {tail(result.stderr, 2)}")


def write(session: Session, volume: Volume, stored: Stored) -> None:
    """Store it in a volume, which is created as the stack would create it, and read it back. Raises OutsideError."""
    label = f"{NAMESPACE_LABEL}={volume.stack}"
    _must(session.order(volume.host, "docker", "volume", "create", "--label", label, volume.name), volume)
    with _opened(session, volume) as container:
        words = ("docker", "cp", "--archive", "-", f"{container}:{_FOLDER}")
        session.begin(f"began to write {FILE} on the new node")
        _must(
            session.order(volume.host, *words, stdin=stored.archive, reads="the output of the `docker cp` before"),
            volume,
        )
    if session.dry_run:
        return
    there = read(session, volume)
    if there is None or there.content != stored.content:
        raise OutsideError(f"{FILE} on {volume.host} is not the one that was sent")
    session.done(f"copied {FILE} with {stored.certificates} certificates to the new node")


@contextmanager
def _opened(session: Session, volume: Volume) -> Iterator[str]:
    """The id of a container that has the volume at /acme, and is removed again."""
    words = ("docker", "create", "--network", "none", "--volume", f"{volume.name}:{_FOLDER}", volume.image)
    made = session.order(volume.host, *words, timeout=_PULL)
    _must(made, volume)
    container = "CONTAINER" if session.dry_run else made.stdout.strip().rpartition("\n")[2]
    try:
        yield container
    finally:
        session.order(volume.host, "docker", "rm", "--force", "--volumes", container)


def _must(result: Result, volume: Volume) -> None:
    if not result.ok:
        where = volume.host or "this engine"
        raise OutsideError(f"{FILE} could not be copied, by {where}: {tail(result.stderr, 2)}")
