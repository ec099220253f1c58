"""What the files hold that services mount, for a target that names things by it. Pure: whoever reads files is above."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import ClassVar

from msgspec import field
from msgspec.structs import replace

from edgegen.core.errors import EdgegenError
from edgegen.core.unshown import Guarded
from edgegen.spec.source import UNLIMITED, read_yaml

HASH = 12
"""Characters of a hash in a name."""
UNKNOWN = "0" * HASH


class Contents(Guarded, frozen=True):
    """Files by their path in the project, without `./`."""

    unshown: ClassVar[frozenset[str]] = frozenset({"files", "key"})

    files: Mapping[str, bytes] = field(default_factory=dict)
    """Of secrets too."""
    key: bytes | None = None
    """The key of the project's names; without one, names of secrets are as `written`."""
    written: Mapping[str, str] = field(default_factory=dict)
    """Path of a secret -> the hash in its name in the file that was rendered before."""

    def config(self, path: str) -> str:
        """The hash of what a config holds, if that is not secret."""
        content = self.files.get(plain_path(path))
        return UNKNOWN if content is None else hashlib.sha256(content).hexdigest()[:HASH]

    def secret(self, path: str) -> str:
        """The same for a secret, with the key: the rendered file is committed, and short passwords could be guessed."""
        content = self.files.get(plain_path(path))
        if self.key is None or content is None:
            return self.written.get(plain_path(path), UNKNOWN)
        return hmac.new(self.key, content, hashlib.sha256).hexdigest()[:HASH]

    def below(self, folder: str) -> tuple[str, ...]:
        """The names of the known files of a folder."""
        start = f"{plain_path(folder)}/"
        return tuple(sorted(path.removeprefix(start) for path in self.files if path.startswith(start)))

    def and_texts(self, texts: Mapping[str, str]) -> Contents:
        """With files that were rendered."""
        return replace(self, files={**self.files, **{path: text.encode() for path, text in texts.items()}})


def text_path(name: str) -> str:
    """The file of a config whose text is in the spec. Git ignores its folder: the text has the values of variables."""
    return f".edgegen/configs/{name}"


def hashes_in(stack: bytes) -> dict[str, str]:
    """The hashes in the names of the secrets and configs of a rendered file, by their paths."""
    try:
        data = read_yaml(stack, "", limits=UNLIMITED).data
        found = [item for section in ("secrets", "configs") for item in data.get(section, {}).values()]
        return {plain_path(str(item["file"])): str(item["name"])[-HASH:] for item in found if "file" in item}
    except (EdgegenError, AttributeError, KeyError, TypeError):
        return {}  # edited by hand: that is reported elsewhere


def plain_path(path: str) -> str:
    """A path as it is known here."""
    return path.removeprefix("./")
