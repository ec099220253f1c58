"""What became of each mutant, read from mutmut's own files."""

from __future__ import annotations

import ast
import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_NOT_TRIED = (None, 2, 34)
"""mutmut's exit codes for: not reached yet, interrupted, excluded by a pragma."""
_BY_TYPES = 37
_SURVIVED = (0, 5, 33)
"""The tests passed, or no test reaches the line at all: a mutant that nobody looks at has survived."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one line. `code` is the exit code that mutmut recorded for it."""

    name: str
    module: str
    code: int | None
    folder: Path = Path()
    """Where mutmut ran."""

    @property
    def survived(self) -> bool:
        return self.code in _SURVIVED

    @property
    def tried(self) -> bool:
        return self.code not in _NOT_TRIED

    @property
    def by_types(self) -> bool:
        return self.code == _BY_TYPES

    @property
    def standing(self) -> str:
        """`noticed`, `survived` or `not tried`."""
        if not self.tried:
            return "not tried"
        return "survived" if self.survived else "noticed"

    @property
    def function(self) -> str:
        """`safety._apex` or `lock.Lock.take`: stable while the function keeps its name."""
        plain = self.name.rpartition("__mutmut_")[0].removeprefix("edgegen.")
        return plain.replace("xǁ", "").replace("ǁ", ".").replace(".x_", ".")

    def change(self) -> str:
        """The lines that go and the lines that come, without their places."""
        functions = _functions(self.folder / "mutants" / f"{self.module.replace('.', '/')}.py")
        broken = self.name.rpartition(".")[2]
        before = functions[f"{broken.rpartition('__mutmut_')[0]}__mutmut_orig"]
        lines = difflib.unified_diff(before, functions[broken], lineterm="", n=0)
        return "\n".join(line for line in lines if line[:3] not in ("+++", "---") and line[:1] in "+-")


@lru_cache(maxsize=4)
def _functions(file: Path) -> dict[str, list[str]]:
    """Every function of a file that mutmut wrote, without the line that names it. Its own way takes seconds each."""
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines()
    return {
        node.name: lines[node.lineno : node.end_lineno]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def read_mutants(folder: Path) -> Iterator[Mutant]:
    """Every mutant that mutmut has made under `folder`."""
    for file in sorted(folder.rglob("*.py.meta")):
        module = ".".join(file.relative_to(folder).with_suffix("").with_suffix("").parts)
        for name, code in json.loads(file.read_text())["exit_code_by_key"].items():
            yield Mutant(name, module, code, folder.parent)
