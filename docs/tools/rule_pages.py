"""A page for each rule of lint, rule about edge.yaml and check of verify, and a list of each family."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass

from docs.tools.markdown import code, prose, table
from edgegen.core.page import Page
from edgegen.project.rule_pages import all_pages


@dataclass(frozen=True)
class Family:
    """The rules whose ids begin alike."""

    letters: str
    folder: str
    title: str
    about: str


FAMILIES = (
    Family(
        "EL", "lint", "Lint rules",
        "`edgegen lint` finds these in Compose and stack files, and in Traefik's own configuration. "
        "To accept one in a certain place, write `# edgegen: ignore[EL001] reason` there.",
    ),
    Family(
        "ER", "rules", "Rules about edge.yaml",
        "`edgegen render` and every command that renders refuse an edge.yaml that breaks one of these, or warn. "
        "They concern what no single section can know: DNS, edge, services and target together.",
    ),
    Family(
        "EV", "checks", "Checks of verify",
        "`edgegen verify` looks at every host from the outside and judges it by these. A check that could not look "
        "says `unknown`, which never counts as good.",
    ),
)  # fmt: skip


def rule_pages() -> Iterator[tuple[str, str]]:
    """Path and text of each."""
    pages = all_pages()
    folders = {page.id: family.folder for family in FAMILIES for page in pages if page.id.startswith(family.letters)}
    for family in FAMILIES:
        members = [page for page in pages if folders[page.id] == family.folder]
        yield f"reference/{family.folder}/index.md", _list(family, members)
        for page in members:
            yield f"reference/{family.folder}/{page.id}.md", _page(page, family, folders)


def _list(family: Family, pages: list[Page]) -> str:
    rows = ([f"[{page.id}]({page.id}.md)", code(page.name), prose(page.title)] for page in pages)
    shown = f"`edgegen rule {pages[0].id}` prints one of these pages in the terminal."
    return f"# {family.title}\n\n{family.about} {shown}\n\n{table(['id', 'name', 'what'], rows)}"


def _page(page: Page, family: Family, folders: dict[str, str]) -> str:
    sections = "\n".join(_section(heading, text) for heading, text in _sections(page.body))
    linked = _linked(sections, page.id, folders)
    back = f"[All {family.title[0].lower()}{family.title[1:]}](index.md)"
    return f"# {page.id} {page.name}\n\n**{prose(page.title)}.**\n\n{linked}\n{back}\n"


def _sections(body: str) -> Iterator[tuple[str, str]]:
    """Heading and text of each part: headings begin a line, text is indented."""
    heading, lines = "", list[str]()
    for line in [*body.splitlines(), "\0"]:
        if line and not line.startswith(" "):
            if heading:
                yield heading, inspect.cleandoc("\n" + "\n".join(lines)).strip()
            heading, lines = line, []
        else:
            lines.append(line)


def _section(heading: str, text: str) -> str:
    shown = {"Verdicts": _verdicts, "Severities": _severities}.get(heading, prose)(text)
    return f"## {heading}\n\n{shown}\n"


def _verdicts(text: str) -> str:
    """One a line, `word: what it means`; a line that is no such thing goes on with the one above."""
    items: list[str] = []
    for line in text.splitlines():
        if re.match(r"[a-z0-9-]+: ", line):
            items.append(line)
        elif items:
            items[-1] += f" {line.strip()}"
    pairs = (item.partition(": ") for item in items)
    return "".join(f"- {code(word)}: {prose(meaning)}\n" for word, _, meaning in pairs)


def _severities(text: str) -> str:
    """`word (severity), …`, as a list."""
    found = re.findall(r"([\w-]+) \((\w+)\)", text)
    return table(["verdict", "severity"], ([code(word), severity] for word, severity in found))


def _linked(text: str, own: str, folders: dict[str, str]) -> str:
    """Other ids in the text as links."""

    def link(match: re.Match[str]) -> str:
        number = match.group()
        known = number in folders and number != own
        return f"[{number}](../{folders[number]}/{number}.md)" if known else number

    outside_code = re.split(r"(`+[^`]*`+)", text)
    return "".join(part if part.startswith("`") else re.sub(r"\bE[LRV]\d{3}\b", link, part) for part in outside_code)
