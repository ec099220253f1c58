"""The real Traefik as the judge of dynamic files: one process takes one case after the other in its watched folder."""

from __future__ import annotations

import json
import os
import select
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.traefik import turn
from tests.traefik.process import free_port

PATIENCE = 60.0
"""Seconds for an answer that takes milliseconds on an idle machine."""
TAIL = 0.2
"""Seconds of silence after the sentinel: routers come in any order, so lines may follow it."""
_NOISE = (
    "encoded characters", "aliasHeadersStrategy", "Unable to obtain ACME", "is unsafe", "Error renewing",
    "acme", "ACME", "Unable to generate", "Health check", "health check",
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What Traefik made of a file."""

    refused: str = ""
    """Why it took nothing of the folder."""
    lines: tuple[str, ...] = ()
    """What it logged as an error or a warning."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """`/api/rawdata`."""

    @property
    def complaints(self) -> list[str]:
        """Everything that it reports."""
        return [*([self.refused] if self.refused else []), *self.lines, *self._of_items()]

    def _of_items(self) -> Iterator[str]:
        for group in self.data.values():
            for name, item in group.items():
                errors = item.get("error") or item.get("err") or []
                for error in [errors] if isinstance(errors, str) else errors:
                    yield f"{name}: {error}"


class FileJudge:
    """A running Traefik with a folder."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path, aside: Path, api: int) -> None:
        self._process = process
        self._folder = folder
        self._aside = aside
        self._api = api
        self._number = 0
        self._buffer = b""
        self._used = 0
        self._lines: list[dict[str, Any]] = []

    def ask(self, text: str, end: str = "yml") -> Answer:
        """What it says of a file with this text."""
        self._number += 1
        number = self._number
        case = f"case-{number}.{end}"
        for old in sorted(self._folder.iterdir()):  # the case before its sentinel: never a case without one
            old.rename(self._aside / f"{number}-{old.name}")
        self._put(case, text)
        name = f"sentinel-{number}"
        router = {"rule": "Host(`sentinel.invalid`)", "entryPoints": ["traefik"], "service": "noop@internal",
                  "tls": {"certResolver": name}}  # fmt: skip
        self._put(f"{name}.yml", json.dumps({"http": {"routers": {name: router}}}))
        return self._answer(case, name)

    def _put(self, name: str, text: str) -> None:
        (self._aside / name).write_text(text)
        (self._aside / name).rename(self._folder / name)

    def _answer(self, case: str, sentinel: str) -> Answer:
        lines: list[str] = []
        limit = time.monotonic() + PATIENCE
        done = False
        while line := self._line(limit, TAIL if done else PATIENCE):
            message = " ".join(str(line.get(key, "")) for key in ("message", "error", "routerName", "entryPointName",
                                                                  "middlewareName", "serviceName"))  # fmt: skip
            if line.get("certificateResolver") == sentinel:
                done = True
            elif "case-" in message and case not in message:
                continue  # what the case before left behind
            elif case in message and ("watcher callback" in message or "building configuration" in message.lower()):
                return Answer(message)  # it is said again with the sentinel beside it, and then left behind
            elif "sentinel" in json.dumps(line):
                continue
            elif line.get("level") in ("error", "warn", "fatal", "panic") and not any(
                word in message for word in _NOISE
            ):
                lines.append(message)
        return Answer("", tuple(dict.fromkeys(lines)), self._rawdata())

    def _line(self, limit: float, quiet: float) -> dict[str, Any] | None:
        out = self._process.stdout
        assert out is not None
        while b"\n" not in self._buffer:
            left = limit - time.monotonic()
            assert left > 0, "Traefik does not answer"
            ready, _, _ = select.select([out], [], [], min(left, quiet))
            if ready:
                read = os.read(out.fileno(), 1 << 16)
                assert read, "Traefik has ended"
                self._buffer += read
                self._used = turn.used(self._process.pid)
            elif quiet < PATIENCE and not turn.is_due(self._process.pid, self._used):
                return None
        raw, _, self._buffer = self._buffer.partition(b"\n")
        try:
            found = json.loads(raw)
        except ValueError:
            return {"level": "info", "message": raw.decode("utf-8", "replace")}
        return found if isinstance(found, dict) else {}

    def _rawdata(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self._api}/api/rawdata", timeout=PATIENCE) as answer:
            found: dict[str, Any] = json.loads(answer.read())
        return {
            group: {name: item for name, item in items.items() if not name.startswith("sentinel")}
            for group, items in found.items()
            if isinstance(items, dict)
        }


@contextmanager
def file_judge(binary: Path | str, folder: Path, more: Sequence[str] = ()) -> Iterator[FileJudge]:
    """A Traefik with entrypoints `web` and `websecure` and a resolver `le`, for the time of the block."""
    api, web, secure = free_port(), free_port(), free_port()
    watched, aside = folder / "watched", folder / "aside"
    watched.mkdir(parents=True)
    aside.mkdir()
    flags = [
        f"--entrypoints.traefik.address=127.0.0.1:{api}",
        f"--entrypoints.web.address=127.0.0.1:{web}",
        f"--entrypoints.websecure.address=127.0.0.1:{secure}",
        "--api.insecure=true",
        "--global.checknewversion=false",
        "--log.format=json",
        "--log.level=INFO",
        "--certificatesresolvers.le.acme.tlschallenge=true",
        f"--certificatesresolvers.le.acme.storage={folder}/acme.json",
        "--certificatesresolvers.le.acme.caserver=http://127.0.0.1:9/dir",
        "--providers.providersthrottleduration=0",
        f"--providers.file.directory={watched}",
        *more,
    ]
    with subprocess.Popen([str(binary), *flags], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=folder,
                          env={"PATH": os.environ["PATH"], "HOME": str(folder)}) as process:  # fmt: skip
        try:
            yield FileJudge(process, watched, aside, api)
        finally:
            process.kill()
