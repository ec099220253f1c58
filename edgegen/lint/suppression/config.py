"""`.edgegen-lint.yml`: which rules are off or matter more or less, which files, and what is known and accepted.

rules:
  EL012: off                  # or critical, high, medium, low, info
files: [compose.yaml, apps/*/compose.yaml]   # what `edgegen lint` takes when no file is named
exclude: [legacy/**]
ignore:
  - {paths: [compose.dev.yaml], rules: [EL060], reason: only on a laptop}
baseline:                     # of `edgegen lint --init`
  - {rule: EL001, file: compose.yaml, fingerprint: "9f…:1"}
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from edgegen.core.errors import Problem, SpecError, at_most
from edgegen.core.finding import Severity
from edgegen.core.location import Location, Path, path_text
from edgegen.core.show import shown
from edgegen.core.suggest import did_you_mean
from edgegen.lint.suppression.globs import matches
from edgegen.spec.source import Limits, Source, read_yaml

CONFIG_FILE = ".edgegen-lint.yml"
OFF = "off"
_KEYS = ("rules", "files", "exclude", "ignore", "baseline")
_IGNORE_KEYS = ("paths", "rules", "reason")
_BASELINE_KEYS = ("rule", "file", "fingerprint")
_LIMITS = Limits(max_bytes=4 << 20)


class IgnoreFiles(Struct, frozen=True):
    """Rules that don't count in some files. No rules: all of them."""

    paths: tuple[str, ...]
    rules: tuple[str, ...]
    reason: str
    where: Location

    def covers(self, rule: str, file: str) -> bool:
        """Whether a rule does not count in a file."""
        return (not self.rules or rule in self.rules) and any(matches(glob, file) for glob in self.paths)


class Known(Struct, frozen=True):
    """A finding of the baseline."""

    rule: str
    file: str
    fingerprint: str
    where: Location


class Config(Struct, frozen=True):
    """What a file says; without one, nothing."""

    severities: Mapping[str, Severity | None] = field(default_factory=dict)
    """By rule; None where it is off."""
    files: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    ignore: tuple[IgnoreFiles, ...] = ()
    baseline: tuple[Known, ...] = ()

    def excludes(self, file: str) -> bool:
        """Whether nothing in a file is reported."""
        return any(matches(glob, file) for glob in self.exclude)


def read_config(content: bytes, file: str, rules: Collection[str]) -> Config:
    """Parse it. Raises SpecError with every mistake: unknown keys, rules and severities, each with its place."""
    if all(not line.strip() or line.lstrip().startswith(b"#") for line in content.splitlines()):
        return Config()
    source = read_yaml(content, file, limits=_LIMITS, mapping=False)
    data = source.data if source.data is not None else {}
    reading = _Reading(source, rules)
    if not isinstance(data, dict):
        raise SpecError("expected `key: value` lines", where=Location(file, 1, 1), hint=f"keys are {', '.join(_KEYS)}")
    reading.known_keys(data, (), _KEYS)
    config = Config(
        dict(reading.severities(data.get("rules"))),
        tuple(reading.words(data.get("files"), ("files",))),
        tuple(reading.words(data.get("exclude"), ("exclude",))),
        tuple(reading.ignores(data.get("ignore"))),
        tuple(reading.baseline(data.get("baseline"))),
    )
    if reading.problems:
        raise SpecError(at_most(sorted(reading.problems, key=lambda item: item.where or Location(file))))
    return config


class _Reading:
    """Collects what is wrong."""

    def __init__(self, source: Source, rules: Collection[str]) -> None:
        self._source = source
        self._rules = rules
        self.problems: list[Problem] = []

    def wrong(self, path: Path, message: str, hint: str = "", *, key: bool = False) -> None:
        self.problems.append(Problem(message, self._source.locate(path, key=key), path_text(path), hint))

    def known_keys(self, data: Mapping[str, Any], path: Path, known: tuple[str, ...]) -> None:
        for key in data:
            if key not in known:
                hint = did_you_mean(key, known, f"keys are {', '.join(known)}")
                self.wrong((*path, key), f"unknown key `{shown(key)}`", hint, key=True)

    def severities(self, data: Any) -> Iterator[tuple[str, Severity | None]]:
        if data is None:
            return
        if not isinstance(data, dict):
            self.wrong(("rules",), "expected a mapping of rules", "write `EL012: off` or `EL012: low`")
            return
        words = (OFF, *(item.value for item in Severity))
        for name, word in data.items():
            self.rule(name, ("rules", name), key=True)
            said = OFF if word is False else str(word)
            if said not in words:
                hint = did_you_mean(said, words, f"write {', '.join(words)}")
                self.wrong(("rules", name), f"`{shown(word)}` is not a severity", hint)
            elif said == OFF:
                yield name, None
            else:
                yield name, Severity(said)

    def rule(self, name: Any, path: Path, *, key: bool = False) -> str:
        if name not in self._rules:
            hint = did_you_mean(str(name), self._rules, "`edgegen rules` lists them")
            self.wrong(path, f"there is no rule `{shown(name)}`", hint, key=key)
        return str(name)

    def items(self, data: Any, path: Path, hint: str) -> Iterator[tuple[Path, Any]]:
        """The items of a list with their places; nothing is an empty one."""
        if data is not None and not isinstance(data, list):
            self.wrong(path, "expected a list", hint)
        yield from (((*path, index), item) for index, item in enumerate(data if isinstance(data, list) else ()))

    def words(self, data: Any, path: Path) -> Iterator[str]:
        for place, item in self.items(data, path, f"write `{path[-1]}: [{shown(data)}]`"):
            if isinstance(item, str) and item:
                yield item
            else:
                self.wrong(place, "expected text")

    def entries(self, data: Any, name: str, keys: tuple[str, ...]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
        for path, item in self.items(data, (name,), f"write `- {{{keys[0]}: …}}` lines"):
            if isinstance(item, dict):
                self.known_keys(item, path, keys)
                yield path, item
            else:
                self.wrong(path, "expected a mapping", f"its keys are {', '.join(keys)}")

    def ignores(self, data: Any) -> Iterator[IgnoreFiles]:
        for path, item in self.entries(data, "ignore", _IGNORE_KEYS):
            paths = tuple(self.words(item.get("paths"), (*path, "paths")))
            rules = tuple(self.words(item.get("rules"), (*path, "rules")))
            for index, rule in enumerate(rules):
                self.rule(rule, (*path, "rules", index))
            if not paths:
                self.wrong(path, "the key `paths` is missing", 'for every file: paths: ["**"]')
            if not item.get("reason"):
                self.wrong(path, "the key `reason` is missing", "say why this is accepted")
            yield IgnoreFiles(paths, rules, str(item.get("reason") or ""), self._source.locate(path))

    def baseline(self, data: Any) -> Iterator[Known]:
        for path, item in self.entries(data, "baseline", _BASELINE_KEYS):
            missing = [key for key in _BASELINE_KEYS if not item.get(key)]
            for key in missing:
                self.wrong(path, f"the key `{key}` is missing", "`edgegen lint --init` writes these entries")
            if not missing:
                rule = self.rule(item["rule"], (*path, "rule"))
                yield Known(rule, str(item["file"]), str(item["fingerprint"]), self._source.locate(path))
