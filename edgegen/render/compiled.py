"""Templates compiled ahead of time: a wheel also has edgegen's own as Python, so that Jinja2 need not compile them.

`hatch_build.py` puts them there. They are used for exactly the texts and the Jinja2 that they were made with; for
anything else (a template of the user's, another Jinja2, a checkout) Jinja2 compiles when it renders, as always.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import CodeType
from typing import Any

import jinja2
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from jinja2.sandbox import ImmutableSandboxedEnvironment

PACKAGE = "edgegen._compiled"
SYNTAX: Mapping[str, Any] = {"trim_blocks": True, "lstrip_blocks": True, "keep_trailing_newline": True}
"""How templates are parsed. What only matters while they are rendered is set elsewhere."""
FILTERS = ("yaml", "literal_yaml", "comment")
"""edgegen's own filters. Compiling a template only needs their names."""
RENDERED = ("project/**/*.j2", "partials/header.j2", "partials/frame.j2")
"""The templates that a render uses. Starters and reports are needed too rarely to be worth it."""


class Compiled(BytecodeCache):
    """Gives Jinja2 the code of templates that were compiled ahead, and keeps nothing itself."""

    def get_bucket(self, environment: Any, name: str, filename: str | None, source: str) -> Bucket:
        bucket = super().get_bucket(environment, name, filename, source)
        if (code := _code(name, source)) is not None:
            bucket.code = code.replace(co_filename=filename or name)  # as the template's name for its own file
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        """Nothing is looked up by the bucket's key: it holds the folder of this installation."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Nothing is written: a render leaves no files but those of the project."""


def _code(name: str, source: str) -> CodeType | None:
    try:
        index = import_module(PACKAGE)
    except ModuleNotFoundError:
        return None
    module, digest = index.TEMPLATES.get(name, ("", ""))
    if digest != _digest(source) or _version() != index.JINJA2:
        return None
    spec = find_spec(f"{PACKAGE}.{module}")
    code: CodeType | None = getattr(spec.loader, "get_code", lambda _: None)(spec.name) if spec else None
    return code


def modules(templates: Path) -> Iterator[tuple[str, str]]:
    """File and text of each module of the package. Empty with a Jinja2 that doesn't say its version."""
    environment = ImmutableSandboxedEnvironment(**SYNTAX)
    environment.filters.update(dict.fromkeys(FILTERS, str))
    index: dict[str, tuple[str, str]] = {}
    for path in sorted({path for pattern in RENDERED for path in templates.glob(pattern)} if _version() else ()):
        name = path.relative_to(templates).as_posix()
        module = f"template_{len(index)}"
        source = path.read_text(encoding="utf-8")
        yield f"{module}.py", f"{environment.compile(source, name, raw=True)}\n"
        index[name] = (module, _digest(source))
    if index:
        yield "__init__.py", f'"""Compiled templates."""\n\nJINJA2 = {_version()!r}\nTEMPLATES = {index!r}\n'


def _digest(source: str) -> str:
    return hashlib.sha256(source.encode()).hexdigest()


def _version() -> str:
    return str(getattr(jinja2, "__version__", ""))
