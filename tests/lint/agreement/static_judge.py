"""The real Traefik as the judge of static configurations: one start for each, from flags, variables, YAML or TOML."""

from __future__ import annotations

import json
import os
import re
import select
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.traefik import turn

PATIENCE = 60.0
QUIET = 1.5
"""Seconds without a line after which a Traefik that shows no sentinel counts as running."""
TAIL = 0.5
"""The same after the sentinel: routers come in any order, and those of the last configuration may come after it."""
SENTINEL = "sentinel"
_NOISE = (
    "encoded characters", "aliasHeadersStrategy", "Testing certificate renew",
    "No domain found", "Unable to generate", "dial unix /var/run/docker.sock",
    "Provider error, retrying", "Cannot retrieve data", "version check", "latest version",
)  # fmt: skip
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_TEXT = re.compile(r"^\S+ (ERR|WRN|FTL|PNC|INF|DBG) ")


@dataclass(frozen=True)
class Start:
    """How a Traefik started."""

    ended: bool
    lines: tuple[str, ...] = ()
    """Errors and warnings."""
    configuration: Mapping[str, Any] = field(default_factory=dict)
    """What it says that it understood."""

    def complaints(self, usual: Start) -> list[str]:
        """Everything that it reports, and did not report of `usual`."""
        before = {_bare(line) for line in usual.lines}
        return [*(["it ended"] if self.ended else []), *(line for line in self.lines if _bare(line) not in before)]


def _bare(line: str) -> str:
    return re.sub(r"\d+", "0", line)


def start(
    binary: Path | str,
    folder: Path,
    *,
    flags: Sequence[str] = (),
    variables: Mapping[str, str] | None = None,
    file: tuple[str, str] | None = None,
) -> Start:
    """Start a Traefik, and stop it as soon as it has said what it makes of its configuration.

    `file`: name and text; a Traefik finds `traefik.yml` and `traefik.toml` in the folder that it starts in.
    """
    if file is not None:
        (folder / file[0]).write_text(file[1])
    command = [str(binary), *flags]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=folder,
                          env={"PATH": os.environ["PATH"], **(variables or {})}) as process:  # fmt: skip
        try:
            return _listened(process)
        finally:
            process.kill()
            if file is not None:
                (folder / file[0]).unlink()


def _listened(process: subprocess.Popen[bytes]) -> Start:
    hearing = _Hearing()
    for line in _lines(process, hearing):
        hearing.hear(line)
    ended = not hearing.silent and process.wait(timeout=PATIENCE) != 0
    return Start(ended, tuple(dict.fromkeys(hearing.lines)), hearing.configuration)


class _Hearing:
    """What was heard so far. The last configuration counts: the first may come before the files are read."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.configuration: dict[str, Any] = {}
        self.silent = False
        self._received: set[str] = set()
        self._last = False
        self._done = False

    @property
    def patience(self) -> float:
        """How long to wait for the next line."""
        return TAIL if self._done else QUIET

    def hear(self, line: dict[str, Any]) -> None:
        message = " ".join(str(line.get(key, "")) for key in ("message", "error", "entryPointName", "routerName"))
        if "staticConfiguration" in line:
            self.configuration = line["staticConfiguration"]
        if line.get("certificateResolver") == SENTINEL:
            self._done = self._last
        elif "Configuration received" in message:
            self._received.add(str(line.get("providerName")))
        elif "No default certificate" in message and self._received >= {"internal", "file"}:
            self._last = True
            self.lines = [item for item in self.lines if "@" not in item]  # what is wrong with routers is said again
        elif line.get("level") in ("error", "warn", "fatal", "panic") and not any(word in message for word in _NOISE):
            self.lines.append(message)


def _lines(process: subprocess.Popen[bytes], hearing: _Hearing) -> Iterator[dict[str, Any]]:
    """Each line as it is said, until it ends or says nothing more."""
    out = process.stdout
    assert out is not None
    buffer, used = b"", 0
    limit = time.monotonic() + PATIENCE
    said = False
    while True:
        while b"\n" in buffer:
            raw, _, buffer = buffer.partition(b"\n")
            said = True
            yield _parsed(raw)
        wait = hearing.patience if said else PATIENCE
        left = max(0.0, limit - time.monotonic())
        ready, _, _ = select.select([out], [], [], min(wait, left))
        if not ready:
            if left and turn.is_due(process.pid, used):
                continue
            hearing.silent = True
            return
        read = os.read(out.fileno(), 1 << 16)
        if not read:
            return
        buffer += read
        used = turn.used(process.pid)


def _parsed(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except ValueError:
        text = _COLOURS.sub("", raw.decode("utf-8", "replace"))
        level = _TEXT.match(text)
        words = {"ERR": "error", "WRN": "warn", "FTL": "fatal", "PNC": "panic"}
        return {"level": words.get(level.group(1), "info") if level else "info", "message": text[25:]}
    return found if isinstance(found, dict) else {}
