"""The real `docker-compose` and `docker stack` as parsers: what they themselves read in a file."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.lab.parts import program

COMPOSE = Path(sys.executable).parent / "docker-compose"


class RefusedByComposeError(Exception):
    """Compose does not take the file; the text is its own."""


class RefusedByStackError(Exception):
    """`docker stack` does not take the file; the text is its own."""


def compose_config(path: Path) -> dict[str, Any]:
    """The file as Compose understands it: merged, interpolated, every path absolute, every network with its name.

    Compose prints a literal `$` as `$$`, so that what it prints can be read again; here it is one `$`. Raises
    RefusedByComposeError. The variables of this process are out of reach: a file must stand by itself.
    """
    data: dict[str, Any] = _undoubled(json.loads(_run(path, "--format", "json")))
    return data


def compose_accepts(path: Path) -> None:
    """`config -q`. Raises RefusedByComposeError."""
    _run(path, "-q")


class _Texts(yaml.CBaseLoader):
    """Plain and quoted scalars alike as text, but for a plain null."""


_NULL = "tag:yaml.org,2002:null"
_Texts.add_implicit_resolver(_NULL, re.compile(r"(?:null|~|)\Z"), ["n", "~", ""])
_Texts.add_constructor(_NULL, lambda *_: None)


def stack_config(path: Path, variables: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A stack file as `docker stack` understands it: interpolated, its files' paths absolute. No engine is asked.

    Every scalar but null is the text that docker prints, quoted or not: numbers and flags are its own affair. Raises
    RefusedByStackError, also where docker only warns.
    """
    done = subprocess.run(
        [program("docker"), "stack", "config", "-c", path.name],
        cwd=path.parent,
        env={"PATH": "/usr/bin:/bin", "HOME": str(path.parent), **(variables or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode or done.stderr.strip():
        raise RefusedByStackError(done.stderr.strip() or f"exit {done.returncode}")
    data: dict[str, Any] = yaml.load(done.stdout, _Texts)
    return data


def _run(path: Path, *options: str) -> str:
    argv = [str(COMPOSE), "-f", path.name, "config", *options]
    done = subprocess.run(
        argv,
        cwd=path.parent,
        env={"PATH": "/usr/bin:/bin", "HOME": str(path.parent)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode or done.stderr.strip():
        raise RefusedByComposeError(done.stderr.strip() or f"exit {done.returncode}")
    return done.stdout


def _undoubled(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("$$", "$")
    if isinstance(value, list):
        return [_undoubled(item) for item in value]
    if isinstance(value, dict):
        return {key: _undoubled(item) for key, item in value.items()}
    return value
