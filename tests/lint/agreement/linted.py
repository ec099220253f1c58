"""What lint says of the same text that a judge is given: the project as its user would have it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from edgegen.core.finding import Outcome, Severity
from edgegen.lint.engine import lint
from edgegen.lint.reader.whole import read_files
from edgegen.traefik.version import Version
from tests.lint.text_disk import TextDisk

_OF_THE_ENGINE = ("EL114", "EL120")
"""That there is no Docker socket: neither has the judge one. And it is no container: its servers are at 127.0.0.1."""
_REPORTED = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW)


@dataclass(frozen=True)
class Verdict:
    """What lint finds."""

    found: tuple[str, ...]
    """All above `info`."""
    high: tuple[str, ...]


def linted(version: str, command: Sequence[str] = (), environment: Mapping[str, str] | None = None,
           mounts: Mapping[str, tuple[str, str]] | None = None) -> Verdict:  # fmt: skip
    """A project with one Traefik. `mounts`: path in the container -> name and text of a file of the project."""
    mounts = mounts or {}
    service = {
        "image": f"traefik:v{version}",
        "command": [word.replace("$", "$$") for word in command],
        "environment": {name: value.replace("$", "$$") for name, value in (environment or {}).items()},
        "volumes": [f"./{name}:{target}" for target, (name, _) in mounts.items()],
    }
    compose = json.dumps({"services": {"edge": {key: value for key, value in service.items() if value}}})
    files = {"compose.yml": compose, **dict(mounts.values())}
    project = read_files(["compose.yml"], TextDisk(files), wanted=Version(*map(int, version.split("."))))
    assert len(project.traefiks) == 1
    found_here = (item.finding for item in lint(project) if item.finding.id not in _OF_THE_ENGINE)
    results = [finding for finding in found_here if finding.outcome is Outcome.FAIL]
    found = [f"{item.id} {item.severity.value} {item.message}" for item in results if item.severity in _REPORTED]
    return Verdict(tuple(found), tuple(item for item in found if item.split()[1] in ("critical", "high")))
