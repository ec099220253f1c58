"""What a spec means, whatever its file looks like: the digest in the header of each rendered file."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from typing import Any

from pydantic import BaseModel

from edgegen.spec.edge import Spec


def digest(spec: Spec) -> str:
    """sha256 in hex of the spec as its models have it: after the overlay, without the other environments.

    Comments, quotes, the order of keys and defaults that are written out change nothing; the order of lists does.
    """
    meant = {key: value for key, value in _meant(spec).items() if key != "environments"}
    return hashlib.sha256(json.dumps(meant, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _meant(value: Any) -> Any:
    if isinstance(value, BaseModel):
        # A kind is kept even where it is the default: without options nothing else tells two kinds apart.
        kind = {"kind": value.kind} if "kind" in type(value).model_fields and hasattr(value, "kind") else {}
        set_ = ((name, getattr(value, name), _default(type(value), name)) for name in value.model_fields_set)
        # Without what is at its default: a key that a later version adds changes no digest of today.
        return kind | {name: _meant(item) for name, item, default in set_ if item != default}
    if isinstance(value, dict):
        return {str(key): _meant(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_meant(item) for item in value]
    return value


@cache
def _default(model: type[BaseModel], name: str) -> Any:
    """The default of a field, which is only compared: making it again takes pydantic 0.1 ms."""
    field = model.model_fields.get(name)
    return _NO_FIELD if field is None else field.get_default(call_default_factory=True)


_NO_FIELD = object()
