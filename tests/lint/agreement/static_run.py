"""Static cases given to both: the real Traefik and lint."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.lint.agreement.linted import Verdict, linted
from tests.lint.agreement.static_cases import Case, base, known
from tests.lint.agreement.static_judge import SENTINEL, Start, start
from tests.traefik.process import free_port

_ROUTERS = {
    SENTINEL: {"rule": "Host(`s.invalid`)", "entryPoints": ["traefik"], "service": "noop@internal",
               "tls": {"certResolver": SENTINEL}},
    "other": {"rule": "Host(`o.invalid`)", "service": "noop@internal", "entryPoints": ["web", "websecure"]},
}  # fmt: skip
SENTINEL_FILE = json.dumps(
    {
        "http": {"routers": _ROUTERS, "middlewares": {"good": {"stripPrefix": {"prefixes": ["/x"]}}}},
        "tls": {"options": {"good": {"minVersion": "VersionTLS12"}}},
    }
)
QUIET_FILE = SENTINEL_FILE.replace(f', "tls": {{"certResolver": "{SENTINEL}"}}', "")
"""What lint is shown: without the router that only ends the judge's waiting."""


LATER = "gets no certificate"
"""What Traefik only says when it has asked an authority for the first certificate."""


@dataclass(frozen=True)
class Compared:
    """One case with both answers."""

    case: Case
    start: Start
    complaints: tuple[str, ...]
    """What is not said of the usual configuration, too."""
    verdict: Verdict
    usual: Verdict
    has_no_effect: bool
    """Traefik understood the same as without it."""

    @property
    def found(self) -> list[str]:
        """What lint finds beyond the usual."""
        return [item for item in self.verdict.found if item not in self.usual.found]

    @property
    def high(self) -> list[str]:
        """Of that, what it is sure of."""
        return [item for item in self.verdict.high if item not in self.usual.high]

    @property
    def judged(self) -> bool:
        """Whether its answer is about the configuration's text, and not about a server that can't be reached."""
        return self.start.ended or not self.case.is_outside

    @property
    def missed(self) -> bool:
        """Traefik reports something, and lint says nothing."""
        return self.judged and bool(self.complaints) and not self.found

    @property
    def alarmed(self) -> bool:
        """Lint is sure that it does not work, and Traefik takes it. What it ignores in silence it does not take."""
        sure = [item for item in self.high if not ("ignores" in item and self.has_no_effect) and LATER not in item]
        return self.judged and bool(sure) and not self.complaints


class StaticRun:
    """A place to start Traefiks in, one after the other, each language's usual answer known."""

    def __init__(self, binary: Path | str, version: str, folder: Path) -> None:
        self.binary = binary
        self.version = version
        self._folder = folder
        self._sentinel = folder / "sentinel.yml"
        self._sentinel.write_text(SENTINEL_FILE)
        words = known(binary)
        self.base = {
            option: value
            for option, value in base((free_port(), free_port(), free_port()), self._sentinel).items()
            if option in words or _any_name(option) in words
        }
        self._usual: dict[str, tuple[Start, Verdict]] = {}

    def usual(self, language: str) -> tuple[Start, Verdict]:
        """Both answers to the configuration that nothing is wrong with."""
        if language not in self._usual:
            case = Case("usual", language, self.base)
            self._usual[language] = self._start(case), self.verdict(case)
        return self._usual[language]

    def compare(self, cases: Iterable[Case]) -> Iterator[Compared]:
        """Each case given to both; lint's part while the next Traefik starts."""
        cases = list(cases)
        for language in {case.language for case in cases}:
            self.usual(language)
        with ThreadPoolExecutor(1) as pool:
            waiting = [(case, pool.submit(self._start, case)) for case in cases]
            for case, future in waiting:
                verdict = self.verdict(case)
                found = future.result()
                complaints = tuple(self._complaints(case, found))
                same = found.configuration == self.usual(case.language)[0].configuration
                yield Compared(case, found, complaints, verdict, self.usual(case.language)[1], same)

    def _complaints(self, case: Case, found: Start) -> list[str]:
        return found.complaints(self.usual(case.language)[0])

    def _start(self, case: Case) -> Start:
        match case.language:
            case "flags":
                return start(self.binary, self._folder, flags=case.flags)
            case "environment":
                return start(self.binary, self._folder, variables=case.variables)
        return start(self.binary, self._folder, file=(_file(case), case.text()))

    def verdict(self, case: Case) -> Verdict:
        """What lint says of the same."""
        mounts = {str(self._sentinel): ("sentinel.yml", QUIET_FILE)}
        match case.language:
            case "flags":
                return linted(self.version, case.flags, mounts=mounts)
            case "environment":
                return linted(self.version, environment=case.variables, mounts=mounts)
        file = _file(case)
        return linted(self.version, mounts={**mounts, f"/etc/traefik/{file}": (file, case.text())})


def _file(case: Case) -> str:
    return "traefik.toml" if case.language == "toml" else "traefik.yml"


def _any_name(option: str) -> str:
    words = option.split(".")
    if words[0] in ("entrypoints", "certificatesresolvers"):
        words[1] = "<name>"
    return ".".join(words)
