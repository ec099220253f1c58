"""Does the real Traefik take a dynamic file? One process with a watched folder is asked about one after the other."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests.traefik.process import BINARY, Traefik, running

PATIENCE = 60.0


class FileOracle:
    """A Traefik and its folder."""

    def __init__(self, traefik: Traefik, folder: Path) -> None:
        self._traefik = traefik
        self._folder = folder
        self._number = 0

    def refuses(self, data: Mapping[str, Any]) -> str:
        """Its complaint about a file of this data; empty where it took it: a router of the same file is there then."""
        self._number += 1
        name, sentinel = f"case-{self._number}.yml", f"s{self._number}"
        draft = self._folder.with_name("draft")
        draft.write_text(yaml.safe_dump({**data, **_beside(data, sentinel)}))
        for old in self._folder.iterdir():
            old.unlink()
        draft.rename(self._folder / name)

        def complaint() -> str:
            return next((line for line in self._traefik.log if f"/{name}" in line and " ERR " in line), "")

        seen = self._traefik.until(
            lambda found: bool(complaint()) or f"{sentinel}@file" in json.dumps(found), seconds=PATIENCE
        )
        assert complaint() or f"{sentinel}@file" in json.dumps(seen), f"no answer about {dict(data)}"
        return complaint()


def _beside(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A router in a section that the data does not touch."""
    if any(key.lower() == "udp" for key in data):
        return {"http": {"routers": {name: {"rule": "Host(`s`)", "service": "noop@internal"}}}}
    servers = {"loadBalancer": {"servers": [{"address": "127.0.0.1:9"}]}}
    return {"udp": {"routers": {name: {"service": name, "entryPoints": ["web"]}}, "services": {name: servers}}}


@contextmanager
def file_oracle(binary: Path = BINARY) -> Iterator[FileOracle]:
    """For the time of the block."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "watched"
        folder.mkdir()
        with running([f"--providers.file.directory={folder}"], binary=binary) as traefik:
            traefik.until(lambda data: "routers" in data)
            yield FileOracle(traefik, folder)
