"""The table of "The state of the Traefik edge", made anew: `python -m tests.lint.state FOLDER [--every N] [--write]`.

FOLDER (or EDGEGEN_WILD) holds one folder for each repository. Its files are looked at where they are, and never
committed; the page has numbers only. The real Traefik is asked about every file with a finding of severity high that
denies a label, and about one in N of the others.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from edgegen.core.errors import EdgegenError
from edgegen.core.finding import Outcome, Severity
from edgegen.lint.engine import lint
from edgegen.lint.model import Project
from edgegen.lint.own.el900_traefik_says import RULE as SAYS
from edgegen.lint.pages import pages
from edgegen.lint.results import Result
from edgegen.lint.rules import rules
from edgegen.oracle.binaries import Binary, installed
from edgegen.project.asking import Asked, ask_about
from edgegen.project.lint import projects
from tests.lint.wild import files_under

PAGE = Path(__file__).parents[2] / "docs/state-of-the-edge.md"
BEGIN, END = "<!-- made by `python -m tests.lint.state`: begin -->\n", "<!-- end -->\n"
_TRAEFIK = re.compile(rb"traefik\.(?:http|tcp|udp|enable|docker|swarm|frontend)\b|image:.*traefik")
_TEMPLATE = re.compile(rb"\(@|\{%|<%")
"""Another program makes a Compose file of it."""
LABELS_UP_TO = "EL040"
"""Rules before this one are about labels."""
SECURITY = "EL060"
"""Rules from this one on are about what Traefik has no opinion on."""
SILENT = frozenset({"EL002", "EL004", "EL012", "EL013", "EL016", "EL024", "EL026", "EL027"})
"""What they find Traefik takes without a word: it has no opinion that they could deny."""
Ask = Callable[[Project, Sequence[Result]], Asked]


@dataclass
class Judged:
    """One file: what lint finds, and what Traefik says."""

    file: Path
    repository: str
    results: list[Result] = field(default_factory=list)
    has_proxy: bool = False
    asked: Asked | None = None
    refused: str = ""

    @property
    def rules(self) -> set[str]:
        """The rules that find a fault; what could not be seen is none."""
        return {item.finding.id for item in self.results if item.finding.outcome is Outcome.FAIL}

    @property
    def denials(self) -> list[Result]:
        """Findings of severity high that deny a label."""
        return [item for item in self.results if item.finding.outcome is Outcome.FAIL
                and item.finding.severity is Severity.HIGH and item.finding.id < LABELS_UP_TO
                and item.finding.id not in SILENT]  # fmt: skip

    @property
    def reported(self) -> bool:
        """Whether a rule about labels, options or dynamic files finds a fault of severity high."""
        return any(item.finding.outcome is Outcome.FAIL and item.finding.severity is Severity.HIGH
                   and item.finding.id < SECURITY for item in self.results)  # fmt: skip

    @property
    def was_asked(self) -> bool:
        return self.asked is not None and self.asked.was_asked

    @property
    def complaints(self) -> list[str]:
        """What the real Traefik refuses."""
        return [item.finding.message for item in self._said if item.finding.outcome is Outcome.FAIL
                and item.finding.severity is Severity.HIGH]  # fmt: skip

    @property
    def is_clean(self) -> bool:
        """Whether Traefik has no word to say, not even of names that another file may define."""
        return self.was_asked and not self._said

    @property
    def _said(self) -> list[Result]:
        return [item for item in (self.asked.results if self.asked else ()) if item.finding.id == SAYS.id]


def look(folder: Path) -> Iterator[tuple[Judged, Project | None]]:
    """Every file with a Traefik or labels for one."""
    for file in files_under(folder):
        content = file.read_bytes()
        if not _TRAEFIK.search(content) or _TEMPLATE.search(content):
            continue
        judged = Judged(file, file.relative_to(folder).parts[0])
        try:
            (project,) = projects([str(file)], [], Path())
        except EdgegenError as error:
            judged.refused = str(error)
            yield judged, None
            continue
        judged.results, judged.has_proxy = lint(project), bool(project.traefiks)
        yield judged, project


def judge(folder: Path, *, every: int, ask: Ask, jobs: int = 2) -> list[Judged]:
    """All files, with Traefik's word on those it is asked about."""
    seen = list(look(folder))
    chosen = [(judged, project) for index, (judged, project) in enumerate(seen)
              if project is not None and (judged.denials or index % every == 0)]  # fmt: skip
    with ThreadPoolExecutor(jobs) as pool:
        answers = pool.map(lambda pair: ask(pair[1], pair[0].results), chosen)
        for (judged, _), asked in zip(chosen, answers, strict=True):
            judged.asked = asked
    return [judged for judged, _ in seen]


def false_alarms(judged: Sequence[Judged]) -> list[Judged]:
    """Files that Traefik finds clean, and in which lint denies a label."""
    return [item for item in judged if item.is_clean and item.denials]


def table(judged: Sequence[Judged]) -> str:
    """The figures as Markdown."""
    read = [item for item in judged if not item.refused]
    proxies = [item for item in read if item.has_proxy]
    asked = [item for item in read if item.was_asked]
    bad = [item for item in asked if item.complaints]
    clean = sum(item.is_clean for item in asked)
    alarms = len(false_alarms(asked))
    lines = [
        f"{len(judged)} files of {_repositories(judged)} repositories name a Traefik or have labels for one; "
        f"{len(proxies)} files of {_repositories(proxies)} repositories run a Traefik. "
        f"{len(judged) - len(read)} are not YAML.",
        "",
        f"The real Traefik ({_version(asked)}) was asked about {len(asked)} of them. It refuses something in "
        f"{len(bad)}; lint reports a fault of severity high in {sum(item.reported for item in bad)} of "
        f"these. It says nothing at all about {clean}; lint denies a label with severity high in {alarms} of these.",
        "",
        "| rule | what | severity | files | repositories |",
        "| --- | --- | --- | --: | --: |",
    ]
    titles = {page.id: page.title for page in pages()}
    for rule, _ in rules():
        found = [item for item in read if rule.id in item.rules]
        if found:
            lines.append(
                f"| {rule.id} | {titles[rule.id]} | {_worst(found, rule.id)} | {len(found)} | {_repositories(found)} |"
            )
    return "\n".join(lines) + "\n"


def _worst(found: Sequence[Judged], rule: str) -> str:
    severities = {result.finding.severity for item in found for result in item.results
                  if result.finding.id == rule and result.finding.outcome is Outcome.FAIL}  # fmt: skip
    return next(severity.value for severity in Severity if severity in severities)


def _repositories(judged: Sequence[Judged]) -> int:
    return len({item.repository for item in judged})


def _version(asked: Sequence[Judged]) -> str:
    versions = {str(item.asked.binary.version) for item in asked if item.asked and item.asked.binary}
    return ", ".join(sorted(versions - {"0"})) or "none"


def _asker() -> Ask:
    binaries: tuple[Binary, ...] = tuple(installed())

    def ask(project: Project, results: Sequence[Result]) -> Asked:
        return ask_about([project], lambda _: results, binaries=binaries)[0]

    return ask


def write(text: str, page: Path = PAGE) -> None:
    """Put the table between the page's marks."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(before + BEGIN + "\n" + text + "\n" + END + after, encoding="utf-8")


def main(words: Sequence[str] | None = None) -> int:
    """0 where at most 1 % of the files that Traefik finds clean have a label denied."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=os.environ.get("EDGEGEN_WILD"))
    parser.add_argument("--every", type=int, default=10, help="ask Traefik about one file in so many")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", action="store_true", help=f"into {PAGE.name}")
    options = parser.parse_args(words)
    judged = judge(options.folder, every=options.every, ask=_asker(), jobs=options.jobs)
    for item in false_alarms(judged):
        denied = (f"    {one.finding.where}: {one.finding.id} {one.finding.message}" for one in item.denials)
        print(f"{item.file}: Traefik finds it clean", *denied, sep="\n")
    for item in judged:
        if item.complaints and not item.reported:
            print(f"{item.file}: lint reports nothing", *(f"    {text}" for text in item.complaints), sep="\n")
    text = table(judged)
    print(text)
    if options.write:
        write(text)
    clean = sum(item.is_clean for item in judged)
    return 1 if len(false_alarms(judged)) * 100 > clean else 0


if __name__ == "__main__":
    sys.exit(main())
