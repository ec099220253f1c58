"""The command to run after `verify`: it looks closer at the worst that was found, and changes nothing. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from edgegen.cli.report.model import Report, Row
from edgegen.cli.report.text import faults_of
from edgegen.core.finding import Finding
from edgegen.core.grade import Grade, grade
from edgegen.verify.checks.check import Hop
from edgegen.verify.diagnosis import hop_of

_NO_LOGIN = "registry-no-credentials"
_RESOLVER = "EV001"


_PROJECT = ("-C", "-e")
_ASKING = ("--resolver", "--authority-port")
_LOOKING = ("--timeout", "--ca-file", "--connect-to", "--allow-private", "--cf-ranges", *_ASKING)


class Asked(Struct, frozen=True):
    """The words of the run: what it looked at, and each option -> its words."""

    names: Sequence[str] = ()
    options: Mapping[str, Sequence[str]] = {}

    def words(self, names: Iterable[str]) -> list[str]:
        """Of these options, those that were given."""
        return [word for name in names for word in self.options.get(name, ())]


def next_look(report: Report, how: Asked) -> str:
    """A command, or "" where all is good."""
    for group in faults_of(report):
        for finding in group.findings:
            for row in report.rows:
                if finding in row.findings:
                    return shlex.join(_words(finding, row, how))
    return ""


def _words(finding: Finding, row: Row, how: Asked) -> list[str]:
    endpoint = row.endpoint
    if grade(finding) is Grade.REMARK:
        return ["edgegen", "rule", finding.id]
    if finding.verdict == _NO_LOGIN:
        return ["docker", "login", endpoint.authority]
    if finding.id == _RESOLVER and grade(finding) is Grade.UNKNOWN:
        others = how.words(name for name in how.options if name != "--resolver")
        return ["edgegen", "verify", *how.names, *others, "--resolver", "1.1.1.1"]
    if hop_of(finding) is Hop.DNS and endpoint.zone:
        return ["edgegen", "dns", "status", *how.words((*_PROJECT, *_ASKING))]
    return ["edgegen", "explain", endpoint.url, *how.words((*_PROJECT, *_LOOKING))]
