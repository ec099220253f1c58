"""A library that takes long to load, loaded when it is first asked.

`jsonschema` imports `rfc3987_syntax` for the format `iri`: 38 grammars, nearly two seconds in each worker, where hardly
a schema has that format.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType

NAME = "rfc3987_syntax"


def is_valid_syntax(*words: str) -> bool:
    """The library's own, in whose place it stands."""
    if isinstance(sys.modules.get(NAME), Late):
        del sys.modules[NAME]
    answer: bool = importlib.import_module(NAME).is_valid_syntax(*words)
    return answer


class Late(ModuleType):
    """Stands for the library until somebody asks it."""

    is_valid_syntax = staticmethod(is_valid_syntax)


def load_late() -> None:
    """Before `jsonschema` is imported."""
    sys.modules.setdefault(NAME, Late(NAME))
