"""Complaints of Traefik that are only this oracle's doing, and what it would say that the oracle has hidden."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from edgegen.oracle import sentinel
from edgegen.oracle.answer import Data, errors_of
from edgegen.oracle.disk import Disk
from edgegen.oracle.static import Static

_ALWAYS = (
    # Nothing listens behind the containers, so no health check can pass.
    r"WRN Health check failed\. error=\"?(checking HTTP health: )?.* dial tcp 127\.\d+\.\d+\.\d+:\d+: connect: ",
    r"WRN Health check failed.*127\.\d+\.\d+\.\d+:\d+",
    # What this oracle waits for.
    sentinel.NAME,
    # Every start of a version writes these, whatever it is given.
    r"aliasHeadersStrategy is not configured",
    r"Traefik can reject some encoded characters",
)
_INTERNAL_API = ("api@internal", "dashboard@internal")
_LEVEL = re.compile(r"\S+ (TRC|DBG|INF|WRN|ERR|FTL|PNC) ")
_JSON_LEVELS = {"error": "ERR", "fatal": "FTL", "panic": "PNC", "warn": "WRN"}


def level(line: str) -> str:
    """The level of a line; before logging is set up Traefik writes JSON, or plain text, and only when it fails."""
    if found := _LEVEL.match(line):
        return found.group(1)
    if line.startswith("{"):
        try:
            return _JSON_LEVELS.get(str(json.loads(line).get("level")), "INF")
        except (ValueError, AttributeError, RecursionError):
            return "INF"
    return "ERR" if "traefik error" in line or "panic:" in line else "INF"


class Aside(Struct, frozen=True):
    """What is set aside for one question. `closed`: the port of no ACME server."""

    static: Static
    disk: Disk
    closed: int
    left_out: Sequence[str]

    def drops(self, line: str) -> bool:
        """Whether a line of the log says nothing about the stack."""
        return bool(self._pattern.search(line)) or self.disk.lacks(line)

    @property
    def _pattern(self) -> re.Pattern[str]:
        acme = rf"127\.0\.0\.1:{self.closed}\b.*connection refused"
        return re.compile("|".join([acme, *_ALWAYS, *self._hidden()]))

    def _hidden(self) -> list[str]:
        """What is missing because a section was left out."""
        providers = [name.partition(".")[2] for name in self.static.unasked if name.startswith("providers.")]
        suffixes = ["file"] * bool(self.left_out) + ["kubernetescrd" if name == "kubernetescrd" else name
                                                      for name in providers]  # fmt: skip
        found = [rf"[^\s\"]+@{re.escape(suffix)}\b.* does not exist" for suffix in suffixes]
        found += [rf"unknown TLS options: [^\s\"]+@{re.escape(suffix)}" for suffix in suffixes]
        return found + [rf"unknown plugin type: {re.escape(name)}|plugin: .*{re.escape(name)}"
                        for name in self.static.plugins]  # fmt: skip

    def forgiven(self, item: Data) -> Data:
        """A router, middleware or service without such complaints."""
        errors = errors_of(item)
        kept = [line for line in errors if not self.drops(line)]
        if not errors or kept:
            return item
        return {key: value for key, value in item.items() if key not in ("error", "err")} | {"status": "enabled"}

    def without_api(self, item: Data) -> Data:
        """A router to Traefik's own API, which this oracle needs and has switched on, where the stack has none."""
        name = str(item.get("service"))
        if self.static.has_api or name not in _INTERNAL_API:
            return item
        return {**item, "status": "disabled", "error": [f'the service "{name}" does not exist']}


def own(items: Mapping[str, Data] | None, aside: Aside) -> dict[str, Data]:
    """What is the stack's."""
    return {
        name: aside.without_api(aside.disk.undone(aside.forgiven(item)))
        for name, item in (items or {}).items()
        if not name.endswith("@internal") and sentinel.NAME not in name
    }
