"""Pages whose blocks ran, with everything that they left behind: for those who judge it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.docs.run import ROOT, a_cloudflare, a_story, run_page
from tests.docs.story import Said

Record = dict[str, Any]


@dataclass(frozen=True)
class Typed:
    """What a page left: how many blocks ran, its folders, what each command did, and Cloudflare's records."""

    blocks: int
    home: Path
    typed: tuple[tuple[str, Said], ...]
    records: tuple[Record, ...]

    def file(self, path: str) -> Path:
        """The newest of that name in the page's folders."""
        found = sorted(self.home.glob(f"*/project/{path}"), key=lambda file: int(file.relative_to(self.home).parts[0]))
        assert found, f"the page left no {path}"
        return found[-1]

    def of(self, name: str) -> list[Record]:
        """The records of a name."""
        return [record for record in self.records if record["name"] == name]

    def said(self, command: str) -> str:
        """What a command printed the last time."""
        found = [said for typed, said in self.typed if typed == command]
        assert found, f"nobody typed `{command}`"
        return found[-1].text

    def copied(self, to: Path) -> Typed:
        """For a test that spoils it."""
        shutil.copytree(self.home, to, symlinks=True, ignore=shutil.ignore_patterns("*.sock"))
        return replace(self, home=to)


@dataclass
class Pages:
    """Runs each page once."""

    home: Path
    done: dict[str, Typed] = field(default_factory=dict)

    def __call__(self, page: str) -> Typed:
        if page not in self.done:
            home = self.home / page.replace("/", "-")
            shutil.rmtree(home, ignore_errors=True)  # of a run that failed
            home.mkdir()
            with a_cloudflare() as fake, a_story(home, fake) as story:
                blocks = run_page(ROOT / page, story)
                zones = fake.ask("state")["zones"]
            records = tuple(record for zone in zones.values() for record in zone)
            self.done[page] = Typed(blocks, story.home, tuple(story.typed), records)
        return self.done[page]
