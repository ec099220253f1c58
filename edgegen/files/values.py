"""Where the values of variables come from: the environment, then `.env` in the project directory, as in Compose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path

from edgegen.system.read import read_bounded

FILE = ".env"
MAX_BYTES = 1 << 20


class Values(Mapping[str, str]):
    """The environment's value, or else the file's. The file is only read if the environment lacks a name.

    Reading raises SpecError for a file that Compose refuses, and LocalIOError for one that can't be read.
    """

    def __init__(self, project: Path, environ: Mapping[str, str]) -> None:
        self._project = project
        self._environ = environ

    def __getitem__(self, name: str) -> str:
        return self._environ[name] if name in self._environ else self._file[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._file, **self._environ})

    def __len__(self) -> int:
        return len({**self._file, **self._environ})

    def is_from_file(self, name: str) -> bool:
        """Whether this value comes from `.env`."""
        return name not in self._environ and name in self._file

    @cached_property
    def _file(self) -> dict[str, str]:
        path = self._project / FILE
        if not path.exists() or path.is_dir():  # a folder of that name is a virtual environment; Compose ignores it
            return {}
        from edgegen.spec.dotenv import parse

        text = read_bounded(path, MAX_BYTES).decode("utf-8", "surrogateescape")
        return parse(text, self._environ, FILE)
