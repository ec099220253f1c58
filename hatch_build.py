"""Hatchling's hook: a wheel gets edgegen's own templates compiled, besides their texts (edgegen/render/compiled.py)."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Templates(BuildHookInterface[Any]):
    """Not in a checkout, whose templates are edited: there Jinja2 compiles what it renders."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        sys.path.insert(0, self.root)
        from edgegen.render.compiled import PACKAGE, modules

        self._folder = TemporaryDirectory()
        for name, text in modules(Path(self.root) / "templates"):
            file = Path(self._folder.name) / name
            file.write_text(text, encoding="utf-8")
            build_data["force_include"][str(file)] = f"{PACKAGE.replace('.', '/')}/{name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002  # theirs
        if version != "editable":
            self._folder.cleanup()
