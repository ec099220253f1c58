"""Debian's docker-registry as a process of its own, over TLS: the real thing to push to.

with real_registry(tmp_path, root.issue("registry.test"), users={"ci": "secret"}, deletes=True) as registry:
    registry.port, registry.files()
"""

from __future__ import annotations

import json
import re
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import bcrypt

from tests.fakes.authority_of_tests import Issued
from tests.lab.parts import program


@dataclass
class RealRegistry:
    """One that runs."""

    port: int
    storage: Path
    log: list[str] = field(default_factory=list)

    def files(self, kind: str = "data") -> list[Path]:
        """Files of its storage by their name: `data` are blobs, `link` are what refers to them."""
        return sorted(path for path in self.storage.rglob(kind) if path.is_file())

    def uploads(self) -> list[Path]:
        """Upload sessions that are open."""
        return [path for folder in self.storage.rglob("_uploads") for path in folder.iterdir()]


@contextmanager
def real_registry(
    folder: Path,
    certificate: Issued | None,
    *,
    users: Mapping[str, str] | None = None,
    deletes: bool = False,
    read_only: bool = False,
    relative: bool = False,
    host: str = "",
    secret: str = "of these tests",
) -> Iterator[RealRegistry]:
    """A registry on 127.0.0.1; without `users` it asks for no password. `host` is what its Locations begin with.

    Without a certificate it speaks plain HTTP, as behind an edge.
    """
    settings = _settings(folder, certificate, users, deletes=deletes, read_only=read_only)
    more = {"relativeurls": relative, "secret": secret, **({"host": host} if host else {})}
    settings["http"] |= more  # type: ignore[operator]
    config = folder / f"registry-{secret}.yml"
    config.write_text(json.dumps(settings))  # JSON is YAML, too
    command = [str(program("docker-registry")), "serve", str(config)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        log: list[str] = []
        try:
            yield RealRegistry(_port(process, log), folder / "storage", log)
        finally:
            process.kill()


def _port(process: subprocess.Popen[str], log: list[str]) -> int:
    """Where it listens, as it says itself; what it says after that is read, or it would block."""
    assert process.stdout is not None
    for line in process.stdout:
        log.append(line)
        if found := re.search(r"listening on [^ ]*:(\d+)", line):
            threading.Thread(target=_read, args=(process.stdout, log), daemon=True).start()
            return int(found[1])
    raise AssertionError("docker-registry did not start:\n" + "".join(log))


def _read(stream: IO[str], log: list[str]) -> None:
    with suppress(ValueError):  # closed: the test is over
        log.extend(stream)


def _settings(
    folder: Path, certificate: Issued | None, users: Mapping[str, str] | None, *, deletes: bool, read_only: bool
) -> dict[str, object]:
    storage: dict[str, object] = {
        "filesystem": {"rootdirectory": str(folder / "storage")},
        "delete": {"enabled": deletes},
        "maintenance": {"uploadpurging": {"enabled": False}, "readonly": {"enabled": read_only}},
        "cache": {"blobdescriptor": "inmemory"},
    }
    tls: dict[str, str] = {}
    if certificate is not None:
        (folder / "cert.pem").write_bytes(certificate.pem)
        (folder / "key.pem").write_bytes(certificate.key_pem)
        tls = {"certificate": str(folder / "cert.pem"), "key": str(folder / "key.pem")}
    settings: dict[str, object] = {
        "version": 0.1,
        "log": {"level": "info"},
        "storage": storage,
        "http": {"addr": "127.0.0.1:0", "tls": tls},
    }
    if users is not None:
        lines = [f"{name}:{bcrypt.hashpw(word.encode(), bcrypt.gensalt(4)).decode()}" for name, word in users.items()]
        (folder / "htpasswd").write_text("\n".join(lines) + "\n")
        settings["auth"] = {"htpasswd": {"realm": "Registry", "path": str(folder / "htpasswd")}}
    return settings
