"""Which findings count, which are suppressed and why, and which suppressions suppress nothing. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from edgegen.core.finding import Outcome
from edgegen.core.location import Location
from edgegen.core.suggest import did_you_mean
from edgegen.lint.own import UNUSED
from edgegen.lint.results import Result, stated
from edgegen.lint.suppression.comments import Ignore, ignores
from edgegen.lint.suppression.config import Config


class Suppressed(Struct, frozen=True):
    """A finding that does not count."""

    result: Result
    fingerprint: str
    by: str
    """`comment`, `config` or `baseline`."""
    reason: str


class Sifted(Struct, frozen=True):
    """Findings, each with its fingerprint, and what was suppressed."""

    results: tuple[tuple[Result, str], ...]
    suppressed: tuple[Suppressed, ...]


def sift(
    results: Sequence[tuple[Result, str]],
    texts: Mapping[str, str],
    config: Config,
    rules: Collection[str],
    short: Callable[[str], str] = str,
) -> Sifted:
    """Apply the comments of the files, then the configuration, then its baseline. `texts`: file -> its text.

    `short`: a file's name as the configuration has it.
    """
    sieve = _Sieve(texts, config, short)
    kept: list[tuple[Result, str]] = []
    suppressed: list[Suppressed] = []
    for result, fingerprint in results:
        if (severity := config.severities.get(result.finding.id, result.finding.severity)) is None:
            continue
        result = replace(result, finding=replace(result.finding, severity=severity))  # noqa: PLW2901  # as configured
        if config.excludes(short(_file(result))):
            continue
        if found := sieve.why(result, fingerprint):
            suppressed.append(Suppressed(result, fingerprint, *found))
        else:
            kept.append((result, fingerprint))
    if config.severities.get(UNUSED.id, UNUSED.severity) is not None:
        kept += ((result, "") for result in sieve.unused(rules))
    return Sifted(tuple(kept), tuple(suppressed))


class _Sieve:
    """Remembers what has suppressed something."""

    def __init__(self, texts: Mapping[str, str], config: Config, short: Callable[[str], str]) -> None:
        self._short = short
        self._texts = texts
        self._config = config
        self._comments = {file: ignores(text) for file, text in texts.items()}
        self._used: set[object] = set()

    def why(self, result: Result, fingerprint: str) -> tuple[str, str] | None:
        """By what it is suppressed, and the reason."""
        finding = result.finding
        line = finding.where.line if finding.where else 0
        for comment in self._comments.get(_file(result), ()):
            if finding.id in comment.ids and comment.applies in (0, line):
                self._used.add((_file(result), comment.line, comment.column, finding.id))
                return "comment", comment.reason
        for entry in self._config.ignore:
            if entry.covers(finding.id, self._short(_file(result))):
                self._used.add(entry.where)
                return "config", entry.reason
        for known in self._config.baseline:
            if (known.rule, known.fingerprint, known.file) == (finding.id, fingerprint, self._short(_file(result))):
                self._used.add(known.where)
                return "baseline", "in the baseline"
        return None

    def unused(self, rules: Collection[str]) -> Iterator[Result]:
        """What has suppressed nothing, of what is about these files."""
        for file, comments in self._comments.items():
            if self._config.excludes(self._short(file)):
                continue
            for comment in comments:
                yield from self._of_comment(file, comment, rules)
        for entry in self._config.ignore:
            looked_at = any(
                entry.covers(rule, self._short(file)) for file in self._texts for rule in entry.rules or rules
            )
            if entry.where not in self._used and looked_at:
                yield _unused("this entry ignores nothing", entry.where)
        for known in self._config.baseline:
            if known.where not in self._used and known.file in map(self._short, self._texts):
                yield _unused(f"the finding of {known.rule} in `{known.file}` is gone", known.where)

    def _of_comment(self, file: str, comment: Ignore, rules: Collection[str]) -> Iterator[Result]:
        where = Location(file, comment.line, comment.column)
        if not comment.ids:
            yield _unused("`ignore[]` names no rule", where, "write `# edgegen: ignore[EL001] reason`")
        for rule in comment.ids:
            if rule not in rules:
                hint = did_you_mean(rule, rules, "`edgegen rules` lists them")
                yield _unused(f"there is no rule `{rule[:40]}`", where, hint)
            elif (file, comment.line, comment.column, rule) not in self._used:
                yield _unused(f"there is no finding of {rule} here to ignore", where)


def _file(result: Result) -> str:
    return result.finding.where.file if result.finding.where else ""


def _unused(message: str, where: Location, hint: str = "remove it") -> Result:
    return stated(UNUSED, Outcome.FAIL, where.file, message, where, hint=hint)
