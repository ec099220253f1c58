"""A record of what edgegen wrote: the manifest of the last complete render, and the pending one during a render.

Both identify files by the SHA-256 of their content. A file whose hash is in neither was changed by someone else.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from edgegen.core.errors import EdgegenError
from edgegen.files.output import STATE_DIRECTORY, Output
from edgegen.files.safe_open import ProjectDirectory
from edgegen.target_names import DEFAULT

MANIFEST = "manifest.json"
PENDING = "pending.json"

_SCHEMA_VERSION = 1
_SHA256 = re.compile(r"[0-9a-f]{64}")


class Manifest(Struct, frozen=True):
    """One complete render: the hash of each output, the paths that are kept, and what it was made from."""

    generation: int
    version: str
    spec_hash: str
    environment: str | None
    targets: tuple[str, ...]
    """Every target that the folder was rendered for, the last one last."""
    outputs: Mapping[str, str]
    kept: tuple[str, ...]
    name: str = ""
    """The project's name; "" in manifests of before it was kept."""
    owner: str | None = None
    """`dns.owner`, or ""; None in manifests of before it was kept."""

    def to_bytes(self) -> bytes:
        """The manifest's file."""
        return _dump(
            {
                "schema_version": _SCHEMA_VERSION,
                "generation": self.generation,
                "edgegen": self.version,
                "spec_sha256": self.spec_hash,
                "environment": self.environment,
                "name": self.name,
                "owner": self.owner,
                "targets": list(self.targets),
                "outputs": dict(self.outputs),
                "kept": list(self.kept),
            }
        )


_NO_RENDER = Manifest(0, "", "", None, (), {}, ())


class State(Struct, frozen=True):
    """What earlier runs left: the manifest, and the hashes of an interrupted render."""

    manifest: Manifest | None
    manifest_bytes: bytes
    pending: Mapping[str, tuple[str, ...]] | None
    environment: str | None = None
    """The environment of the last render, complete or interrupted; None for the spec without an overlay, or for no
    render."""
    warnings: tuple[str, ...] = ()

    @property
    def was_interrupted(self) -> bool:
        """True if the last render did not finish."""
        return self.pending is not None

    @property
    def paths(self) -> frozenset[str]:
        """Every path that edgegen wrote and would replace."""
        return frozenset(self.manifest.outputs if self.manifest else ()) | frozenset(self.pending or ())

    def hashes(self, path: str) -> frozenset[str]:
        """The hashes of the content that edgegen itself left at this path, or may have left."""
        written = self.manifest.outputs.get(path) if self.manifest else None
        return frozenset((self.pending or {}).get(path, ())) | (frozenset({written}) if written else frozenset())


def sha256(content: bytes) -> str:
    """The hash for the manifest."""
    return hashlib.sha256(content).hexdigest()


def pending_bytes(pending: Mapping[str, tuple[str, ...]], environment: str | None) -> bytes:
    """The file that is written before the first rename: outputs and environment of the render."""
    outputs = {path: list(pending[path]) for path in pending}
    return _dump({"schema_version": _SCHEMA_VERSION, "environment": environment, "outputs": outputs})


def read_state(root: ProjectDirectory) -> State:
    """Reads both files. An invalid one counts as absent, with a warning."""
    warnings: list[str] = []
    manifest_bytes = _read(root, MANIFEST) or b""
    manifest, pending = None, None
    try:
        manifest = _parse_manifest(manifest_bytes) if manifest_bytes else None
    except (ValueError, TypeError, KeyError, RecursionError, EdgegenError):
        warnings.append(f"{STATE_DIRECTORY}/{MANIFEST} is invalid; existing files count as someone else's")
    environment = manifest.environment if manifest else None
    try:
        content = _read(root, PENDING)
        if content is not None:
            data = _load(content)
            pending, environment = _parse_pending(data["outputs"]), _environment(data.get("environment", environment))
    except (ValueError, TypeError, KeyError, RecursionError, EdgegenError):
        pending = {}
        warnings.append(f"{STATE_DIRECTORY}/{PENDING} is invalid and is ignored")
    return State(manifest, manifest_bytes, pending, environment, tuple(warnings))


def last_environment(project: Path) -> str | None:
    """The environment of the last render, also of an interrupted one; None for edge.yaml without an overlay, or where
    nothing says which."""
    return _state(project).environment


def last_render(project: Path) -> Manifest:
    """The last complete render, or an empty one without a target if the folder has no record of any."""
    return _state(project).manifest or _NO_RENDER


def _state(project: Path) -> State:
    if not project.is_dir():
        return State(None, b"", None)
    with ProjectDirectory(project) as root:
        return read_state(root)


def _read(root: ProjectDirectory, name: str) -> bytes | None:
    seen = root.see((STATE_DIRECTORY, name))
    return None if seen is None else seen.content


def _dump(data: Mapping[str, object]) -> bytes:
    return json.dumps(data, indent=1, sort_keys=True, ensure_ascii=True).encode() + b"\n"


def _load(content: bytes) -> dict[str, object]:
    data = json.loads(content)
    if not isinstance(data, dict) or data.get("schema_version") != _SCHEMA_VERSION:
        raise ValueError("not a file of this version")
    return data


def _parse_manifest(content: bytes) -> Manifest:
    data = _load(content)
    environment, outputs, kept, generation = data["environment"], data["outputs"], data["kept"], data["generation"]
    targets = data.get("targets", [DEFAULT])  # before targets were kept there was only this one
    if not (isinstance(outputs, dict) and isinstance(kept, list) and isinstance(targets, list)):
        raise TypeError("wrong shape")
    if not isinstance(generation, int):
        raise TypeError("wrong shape")
    return Manifest(
        generation=generation,
        version=str(data["edgegen"]),
        spec_hash=str(data["spec_sha256"]),
        environment=_environment(environment),
        targets=tuple(str(name) for name in targets),
        outputs={_path(path): _hash(value) for path, value in outputs.items()},
        kept=tuple(_path(path) for path in kept),
        name=str(data.get("name", "")),
        owner=None if data.get("owner") is None else str(data["owner"]),
    )


def _parse_pending(outputs: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(outputs, dict):
        raise TypeError("wrong shape")
    return {_path(path): tuple(_hash(value) for value in values) for path, values in outputs.items()}


def _environment(value: object) -> str | None:
    return None if value is None else str(value)


def _path(path: object) -> str:
    # Files named here may be removed: a forged manifest must not reach outside the project.
    return Output(str(path), b"").path


def _hash(value: object) -> str:
    if not isinstance(value, str) or not _SHA256.fullmatch(value):
        raise ValueError("not a SHA-256")
    return value
