"""Findings that say the same of several subjects, together: the worst first. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from edgegen.core.finding import NOT_SEEN, Finding, Outcome, Severity
from edgegen.core.grade import Grade, grade
from edgegen.core.pattern import late_pattern

HOST = "HOST"
"""A sentence about several hosts has this in place of their names."""

_NAME = late_pattern(r"[\w-]+(\.[\w-]+)*")


class Part(Struct, frozen=True):
    """Findings in the same words. Each has its subject and its line of the spec."""

    message: str
    hint: str
    findings: tuple[Finding, ...]


class Group(Struct, frozen=True):
    """All findings of one grade with one verdict."""

    grade: Grade
    id: str
    name: str
    """The verdict, where it says more than the check's name."""
    parts: tuple[Part, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All of them, part by part."""
        return tuple(finding for part in self.parts for finding in part.findings)

    @property
    def subjects(self) -> tuple[str, ...]:
        """Each once."""
        return tuple(dict.fromkeys(finding.subject for finding in self.findings))


def groups(findings: Iterable[Finding]) -> list[Group]:
    """The worst first; of those that are equally bad, the one with the most subjects."""
    found: dict[tuple[Grade, str, str], list[Finding]] = {}
    for finding in findings:
        found.setdefault((grade(finding), finding.id, name_of(finding)), []).append(finding)
    made = [Group(*key, tuple(_parts(members))) for key, members in found.items()]
    return sorted(made, key=_order)


def _order(group: Group) -> tuple[int, int, int]:
    severity = min(list(Severity).index(finding.severity) for finding in group.findings)
    return -group.grade.rank, severity, -len(group.subjects)


def name_of(finding: Finding) -> str:
    """The verdict, where it says more than the check's name."""
    return finding.name if finding.outcome is Outcome.PASS or finding.verdict in ("", NOT_SEEN) else finding.verdict


def _parts(findings: Sequence[Finding]) -> Iterator[Part]:
    """By their words, in which only the host may differ."""
    messages = _words(findings, lambda item: item.message)
    hints = _words(findings, lambda item: item.hint)
    found: dict[tuple[str, str], list[Finding]] = {}
    for finding, message, hint in zip(findings, messages, hints, strict=True):
        found.setdefault((message, hint), []).append(finding)
    for (message, hint), members in found.items():
        alone = members[0] if len(members) == 1 else None
        yield Part(alone.message if alone else message, alone.hint if alone else hint, tuple(members))


def _words(findings: Sequence[Finding], part: Callable[[Finding], str]) -> list[str]:
    """A part of each. If they are not all the same, without the host."""
    words = [part(finding) for finding in findings]
    return words if len(set(words)) == 1 else list(map(_anonymous, words, findings))


def _anonymous(text: str, finding: Finding) -> str:
    host = finding.subject.partition("/")[0].partition(":")[0]
    return _NAME.sub(lambda found: HOST if found[0] == host else found[0], text) if host and host in text else text
