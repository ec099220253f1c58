"""A plan as a file, to which `dns sync --plan` is limited.

The file contains no secret, so anybody who can write it can compute its digest. That is why the digest is computed from
the part that people read, and compared with that of the new plan: nothing is done that was not shown.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from edgegen.core.errors import Problem, RefusedError, SpecError
from edgegen.core.location import Location
from edgegen.dns.jobs import Choices, PlannedZone
from edgegen.dns.plan import digest_of
from edgegen.system.read import read_bounded

MAX_BYTES = 64 << 20
SCHEMA_VERSION = 2
_KEYS = {"schema_version", "digest", "adopt", "prune", "allow_apex", "plans"}


class PlanFile(Struct, frozen=True):
    """What a plan file allows a run to do. `digest` is that of its readable part."""

    digest: str
    adopt: tuple[str, ...]
    prune: bool
    allow_apex: bool


def plan_file(planned: Sequence[PlannedZone], choices: Choices) -> bytes:
    """The plan as a file."""
    plans = [item.plan.as_json() for item in planned]
    allowed = {"adopt": sorted(choices.adopt), "prune": choices.prune, "allow_apex": choices.allow_apex}
    return _written(
        {"schema_version": SCHEMA_VERSION, "digest": _digest({**allowed, "plans": plans}), **allowed, "plans": plans}
    )


def is_plan_file(content: bytes) -> bool:
    """Whether `dns plan -o` wrote it, in any version, even if it was changed since."""
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(body, dict) and {"schema_version", "digest", "plans"} <= body.keys()


def read_plan_file(path: Path) -> PlanFile:
    """Read a plan file. Raises SpecError if it is not one, RefusedError if it was changed since edgegen wrote it."""
    text = read_bounded(path, MAX_BYTES)
    try:
        body: Any = json.loads(text)
        if body["schema_version"] != SCHEMA_VERSION:
            raise SpecError(f"`{path}` was created by another version of edgegen", hint="create a new plan")
        held = PlanFile(_digest(body), tuple(body["adopt"]), body["prune"] is True, body["allow_apex"] is True)
        is_whole = body.keys() == _KEYS and held.digest == body["digest"] and _counts_are_right(body["plans"])
        # Byte for byte: two values for one key, or a page of blank lines, would mislead a reader.
        if is_whole and _written(body) == text:
            return held
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise SpecError(f"`{path}` is not a plan of `edgegen dns plan -o`") from None
    raise RefusedError(
        Problem("the plan was changed after edgegen wrote it", Location(str(path)), hint="create a new plan")
    )


def _digest(body: Mapping[str, Any]) -> str:
    adopt = body["adopt"]
    if not all(isinstance(name, str) for name in adopt):
        raise TypeError(adopt)
    return digest_of(body["plans"], adopt=adopt, prune=body["prune"], allow_apex=body["allow_apex"])


def _counts_are_right(plans: Sequence[Mapping[str, Any]]) -> bool:
    return all(plan["counts"] == Counter(change["action"] for change in plan["changes"]) for plan in plans)


def _written(body: Mapping[str, Any]) -> bytes:
    # ASCII only: characters that change the text direction could make the readable part look different.
    return (json.dumps(body, indent=2) + "\n").encode()
