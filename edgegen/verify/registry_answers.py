"""How to recognise a registry's answers, and what their errors say. Pure."""

from __future__ import annotations

import json
import re
from typing import Any

from edgegen.core.pattern import late_pattern
from edgegen.net.answer import Response

_CODE = late_pattern(r"[A-Z][A-Z0-9_]{1,63}", re.ASCII)
_MOST_CODES = 8


def is_registry(response: Response) -> bool:
    """Whether a registry itself has answered: by its own header, or by the JSON that only a registry sends on /v2/."""
    if response.header("docker-distribution-api-version"):
        return True
    told = _json(response.body)
    return told == {} if response.status == 200 else bool(error_codes(response.body))


def error_codes(body: bytes) -> tuple[str, ...]:
    """The codes of a registry's JSON error: `UNAUTHORIZED`, `BLOB_UPLOAD_UNKNOWN` … () for anything else."""
    told = _json(body)
    errors = told.get("errors") if isinstance(told, dict) else None
    found = [error.get("code") for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []
    return tuple(code for code in found if isinstance(code, str) and _CODE.fullmatch(code))[:_MOST_CODES]


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
