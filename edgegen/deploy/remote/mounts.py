"""Which files of this machine a Compose project makes the engine open, and which of them can be copied. Pure.

A file that containers only read is copied. What they write is not: it would be data of two hosts.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from edgegen.core.errors import Problem
from edgegen.deploy.model import CONFIG, entries
from edgegen.traefik import store


class Mount(Struct, frozen=True):
    """A path that the engine opens: `source` as Compose resolved it, `written` as the file has it."""

    owner: str
    source: str
    written: str
    read_only: bool = True

    def within(self, root: str) -> str | None:
        """The path relative to the project; None if it is outside."""
        if self.source == root:
            return ""
        return self.source.removeprefix(f"{root}/") if self.source.startswith(f"{root}/") else None


def mounts(resolved: Mapping[str, Any], written: Mapping[str, Any]) -> Iterator[Mount]:
    """All of them. The two are the same project, with and without its paths resolved.

    Raises OutsideError for what Compose would not print.
    """
    for name, body in entries(resolved, "services").items():
        raw = {_target(mount): mount for mount in _volumes(entries(written, "services").get(name))}
        for mount in _volumes(body):
            if mount.get("type") == "bind":
                source = _source(mount)
                as_written = _source(raw.get(_target(mount), mount))
                yield Mount(f"services.{name}", source, as_written, bool(mount.get("read_only")))
    for section, name, body in _files(resolved):
        raw_file = entries(written, section).get(name, body).get("file")
        yield Mount(f"{section}.{name}", _plain(body["file"]), _plain(raw_file))


def _files(data: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Section, name and entry of each secret and config that is a file, except for the secrets of builds."""
    built = build_secrets(data)
    for section in ("secrets", "configs"):
        for name, body in entries(data, section).items():
            if "file" in body and not (section == "secrets" and name in built):
                yield section, name, body


def build_secrets(resolved: Mapping[str, Any]) -> frozenset[str]:
    """Secrets that a build reads: Compose opens their files here."""
    found = set()
    for body in entries(resolved, "services").values():
        build = CONFIG.mapping(body.get("build"), "build")
        found |= {str(item.get("source")) for item in CONFIG.mappings(build.get("secrets"), "build.secrets")}
    return frozenset(found)


def mounted_build_secrets(resolved: Mapping[str, Any]) -> Iterator[Problem]:
    """A secret for a build and for a container would have to be on both hosts, under one path."""
    built = build_secrets(resolved)
    for name, body in entries(resolved, "services").items():
        for item in CONFIG.mappings(body.get("secrets"), "secrets"):
            secret = str(item.get("source"))
            file = entries(resolved, "secrets").get(secret, {}).get("file")
            if secret in built and file:
                yield Problem(
                    f"mounts the secret `{secret}`, which a build reads too: one is on this machine, the other is not",
                    path=f"services.{name}.secrets",
                    hint="declare it twice, under two names",
                )


def refusals(found: Iterable[Mount], root: str, host: str) -> Iterator[Problem]:
    """Mounts whose files can't be right on the other host."""
    for mount in found:
        path = mount.within(root)
        if path is None and not mount.written.startswith("/"):
            yield Problem(
                f"uses {mount.written}, which is outside the project folder and is not copied to {host}",
                path=mount.owner,
                hint="move it into the project folder, or write the absolute path that it has on that host",
            )
        elif path == "":
            yield Problem(
                f"mounts the whole project folder, with its secrets, which is not copied to {host}",
                path=mount.owner,
                hint="mount a folder of it, or build it into an image",
            )
        elif path is not None and not mount.read_only and path not in (store.FOLDER, store.PATH):
            yield Problem(
                f"may write to {mount.written}: such a folder is not copied to {host}, where it would change",
                path=mount.owner,
                hint="mount it read-only (`:ro`), use a named volume, build it into an image, "
                "or write the absolute path that it has on that host",
            )


def relocated(resolved: Mapping[str, Any], root: str, there: str) -> str:
    """The project with its mounted files at their paths there, as text for Compose's stdin.

    `root` and `there` are the project's folder here and there, both absolute. Compose still runs here: the contexts of
    builds, their secrets and all variables are read from this machine. The project has the same configuration hashes
    as if it were started in its folder there. It may have secrets in it (`config` includes what env files say): it is
    never written to a file.
    """
    data = copy.deepcopy(dict(resolved))
    for service in (data.get("services") or {}).values():
        for mount in service.get("volumes") or ():
            if mount.get("type") == "bind":
                mount["source"] = _moved(mount["source"], root, there)
    for _, _, body in _files(data):
        body["file"] = _moved(body["file"], root, there)
    return json.dumps(data)


def _moved(path: str, root: str, there: str) -> str:
    plain = path.replace("$$", "$")
    return (there + plain.removeprefix(root)).replace("$", "$$") if plain.startswith(f"{root}/") else path


def _volumes(body: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    return CONFIG.mappings((body or {}).get("volumes"), "volumes")


def _target(mount: Mapping[str, Any]) -> str:
    return CONFIG.text(mount.get("target"), "target")


def _source(mount: Mapping[str, Any]) -> str:
    return _plain(mount.get("source"))


def _plain(value: object) -> str:
    """`config` doubles each dollar."""
    return CONFIG.text(value, "source").replace("$$", "$")
