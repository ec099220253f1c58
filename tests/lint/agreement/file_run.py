"""Dynamic files given to both: the real Traefik and lint."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from tests.lint.agreement.file_cases import Data, FileCase, at, changed, paths
from tests.lint.agreement.file_judge import Answer, FileJudge
from tests.lint.agreement.linted import Verdict, linted

FLAGS = (
    "--entrypoints.traefik.address=:8080", "--entrypoints.web.address=:80", "--entrypoints.websecure.address=:443",
    "--entrypoints.dns.address=:53/udp", "--certificatesresolvers.le.acme.tlschallenge=true",
    "--providers.file.directory=/dynamic", "--entrypoints.web.forwardedheaders.trustedips=10.0.0.0/8",
)  # fmt: skip
_UNKNOWN = re.compile(r"(?:field not found, node|invalid node|cannot be a standalone element).*")


@dataclass(frozen=True)
class FileCompared:
    """One case with both answers, each without what is usual."""

    case: FileCase
    complaints: tuple[str, ...]
    found: tuple[str, ...]
    high: tuple[str, ...]
    has_no_effect: bool
    """Traefik shows just what it shows of the file without the key: it passes it over in silence."""

    @property
    def missed(self) -> bool:
        """Traefik reports something, and lint says nothing."""
        return bool(self.complaints) and not self.found

    @property
    def alarmed(self) -> bool:
        """Lint is sure that it does not work, and Traefik takes it and does what it says."""
        return bool(self.high) and not self.complaints and not self.has_no_effect


class FileRun:
    """The good file of a version, and cases made of it."""

    def __init__(self, judge: FileJudge, version: str, good: Data) -> None:
        self._judge = judge
        self._version = version
        self.good = self._accepted(good)
        self._usual = self._judge.ask(FileCase("usual", self.good, "yml").text)
        self._usual_verdict = self._lint(FileCase("usual", self.good, "yml"))

    @property
    def usual(self) -> tuple[Answer, Verdict]:
        """Both answers to the good file."""
        return self._usual, self._usual_verdict

    def compare(self, cases: Iterable[FileCase]) -> Iterator[FileCompared]:
        """Each case given to both; lint's part while Traefik reads."""
        with ThreadPoolExecutor(1) as pool:
            for case in cases:
                future = pool.submit(self._judge.ask, case.text, case.end)
                verdict = self._lint(case)
                answer = future.result()
                usual = {_bare(line) for line in self._usual.complaints}
                complaints = tuple(line for line in answer.complaints if _bare(line) not in usual)
                found = tuple(item for item in verdict.found if item not in self._usual_verdict.found)
                high = tuple(item for item in verdict.high if item not in self._usual_verdict.high)
                yield FileCompared(case, complaints, found, high, self._is_silent(case, answer, complaints, high))

    def _is_silent(self, case: FileCase, answer: Answer, complaints: tuple[str, ...], high: tuple[str, ...]) -> bool:
        claimed = all("silently ignores" in item or "reads it as off" in item for item in high)
        return bool(high) and claimed and not complaints and self._passes_over(case, answer)

    def _passes_over(self, case: FileCase, answer: Answer) -> bool:
        """Whether nothing of what differs is in what Traefik understood, or only garbled. Asked where lint says so."""
        shown = json.dumps(answer.data, ensure_ascii=False)
        usual = json.dumps(self._usual.data, ensure_ascii=False)
        own = [word for word in _words(at(case.data, case.path)) if json.dumps(word) not in usual]
        if own:
            return "║" in shown or not any(json.dumps(word) in shown for word in own)
        return "║" in shown or self._judge.ask(case.without.text, case.end).data == answer.data or shown != usual

    def _lint(self, case: FileCase) -> Verdict:
        mounts = {f"/dynamic/case.{case.end}": (f"dynamic/case.{case.end}", case.text)}
        return linted(self._version, FLAGS, mounts=mounts)

    def _accepted(self, good: Data) -> Data:
        """Without what this version does not know, by its own word."""
        for _ in range(60):
            answer = self._judge.ask(FileCase("good", good, "yml").text)
            if not answer.refused:
                return good
            found = re.search(r"(?:field not found, node: |invalid node )(\w+)", answer.refused)
            assert found, answer.refused
            word = found[1]
            path = next(path for path in paths(good) if path[-1] == word and not isinstance(path[-1], int))
            assert at(good, path) is not None
            good = changed(good, path, lambda parent, key: parent.pop(key))
        raise AssertionError("this Traefik takes no file")


def _words(value: Any) -> Iterator[str | int]:
    if isinstance(value, str | int) and not isinstance(value, bool):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _words(item)


def _bare(line: str) -> str:
    return re.sub(r"\d+", "0", line)
