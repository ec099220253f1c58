"""The page of a rule or a check: what `edgegen rule ID` prints. It is the docstring of the module that judges."""

from __future__ import annotations

import inspect

from msgspec import Struct

LINE = f"\n\n{'-' * 72}\n\n"
"""Between two pages."""


class Page(Struct, frozen=True):
    """One rule or check, explained: what is wrong, why it matters, and what to write instead."""

    id: str
    name: str
    title: str
    body: str

    def __str__(self) -> str:
        return f"{self.id} {self.name}: {self.title}\n{self.body}"

    def part(self, heading: str) -> str:
        """The paragraphs under a heading, without their indentation."""
        lines: list[str] = []
        inside = False
        for line in self.body.splitlines():
            if line and not line.startswith(" "):
                inside = line == heading
            elif inside:
                lines.append(line)
        return inspect.cleandoc("\n" + "\n".join(lines)).strip()

    def as_json(self) -> dict[str, str]:
        """For `--json`."""
        return {"id": self.id, "name": self.name, "title": self.title, "page": self.body.strip("\n")}


def page(number: str, name: str, docstring: str | None) -> Page:
    """The page in a module's docstring."""
    title, _, body = inspect.cleandoc(docstring or "").partition("\n")
    return Page(number, name, title.rstrip("."), body)


def joined(pages: list[Page]) -> str:
    """Several pages as one text."""
    return LINE.join(map(str, pages)) + "\n"
