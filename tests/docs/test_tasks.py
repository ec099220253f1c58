"""A new user begins at README, follows links, types what the pages say, and has what they came for."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.docs.judges import lab_types
from tests.docs.story import ROOT
from tests.docs.tasks import TASKS, Fault, Task
from tests.docs.typed import Pages, Typed

Read = Callable[[str], str]
MOST_CLICKS = 3
JUDGED = [task for task in TASKS if task.outcome]
IN_THE_LAB = [task for task in TASKS if not task.outcome]


def page_text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def dead_clicks(task: Task, read: Read = page_text) -> Iterator[str]:
    """Links of the way that the page before doesn't have, and headings that the page after doesn't have."""
    at = "README.md"
    for click in task.clicks:
        links = re.findall(r"\]\(([^)\s]+)\)", re.sub(r"(?ms)^```.*?^```", "", read(at)))
        if click not in {os.path.normpath(Path(at).parent / link) for link in links}:
            yield f"{at} has no link to {click}"
        at, _, anchor = click.partition("#")
        headings = {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles(read(at))}
        if anchor and anchor not in headings:
            yield f"{at} has no heading #{anchor}"


def titles(text: str) -> list[str]:
    return re.findall(r"(?m)^#+ (.*)$", re.sub(r"(?ms)^```.*?^```", "", text))


def shown(text: str) -> set[str]:
    """The lines that a page tells to type: after `$ `, or in a script; what follows two spaces and # is a remark."""
    blocks = re.findall(r"(?ms)^```(console|sh)\n(.*?)^```", text)
    lines = [line for kind, block in blocks for line in block.splitlines() if kind == "sh" or line.startswith("$ ")]
    return {re.split(r"\s{2,}#", line.removeprefix("$ "))[0].strip() for line in lines}


def unsaid(task: Task, read: Read = page_text) -> list[str]:
    """Commands that no page of the way shows."""
    pages = ["README.md", *(click.partition("#")[0] for click in task.clicks)]
    there = set().union(*(shown(read(page)) for page in pages))
    return [command for command in task.commands if command not in there]


def with_another(page: str, old: str, new: str) -> Read:
    """The pages as they would be with a fault in one."""

    def read(asked: str) -> str:
        text = page_text(asked)
        assert asked != page or old in text, (page, old)
        return text.replace(old, new) if asked == page else text

    return read


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.question)
def test_the_way_and_the_words_are_on_the_pages(task: Task) -> None:
    assert not list(dead_clicks(task))
    assert not unsaid(task)
    assert len(task.clicks) <= MOST_CLICKS
    assert task.commands


@pytest.mark.slow  # runs pages; those of test_blocks.py are the same runs
@pytest.mark.parametrize("task", JUDGED, ids=lambda task: task.question)
def test_the_outcome_is_there(task: Task, typed_pages: Pages) -> None:
    assert task.outcome
    task.outcome(typed_pages(task.page))


@pytest.mark.parametrize("task", IN_THE_LAB, ids=lambda task: task.question)
def test_the_lab_does_the_others(task: Task) -> None:
    lab_types(task.page)


def test_the_table_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert (len(TASKS), len(JUDGED), len({task.question for task in TASKS})) == (20, 15, 20)
    with capsys.disabled():
        print(f"\n20 tasks: {sum(len(t.clicks) for t in TASKS)} clicks, {sum(len(t.commands) for t in TASKS)} commands")


@pytest.mark.slow
@pytest.mark.parametrize("task", JUDGED, ids=lambda task: task.question)
def test_an_outcome_that_is_not_there_is_noticed(task: Task, typed_pages: Pages, tmp_path: Path) -> None:
    spoilt = with_fault(typed_pages(task.page).copied(tmp_path / "pages"), task.fault)
    assert task.outcome
    with pytest.raises(AssertionError):
        task.outcome(spoilt)


def with_fault(ran: Typed, fault: Fault) -> Typed:
    if fault.record:
        assert ran.of(fault.record)
        return replace(ran, records=tuple(record for record in ran.records if record["name"] != fault.record))
    file = ran.file(fault.file)
    text = file.read_text(encoding="utf-8")
    assert fault.old in text
    file.chmod(0o600)
    file.write_text(text.replace(fault.old, fault.new), encoding="utf-8")
    return ran


@pytest.mark.parametrize(
    ("page", "old", "new", "said"),
    [
        ("README.md", "(docs/cookbook/index.md)", "(docs/faq.md)", "README.md has no link to docs/cookbook/index.md"),
        ("docs/cookbook/index.md", "(registry.md#", "(gitlab.md#", "docs/cookbook/index.md has no link to docs/cookb"),
        ("docs/cookbook/registry.md", "## Users, and lost", "## Users, lost", "docs/cookbook/registry.md has no headi"),
    ],
)
def test_a_way_that_is_gone_is_noticed(page: str, old: str, new: str, said: str) -> None:
    task = next(task for task in TASKS if task.clicks[-1].endswith("#users-and-lost-passwords"))
    found = list(dead_clicks(task, with_another(page, old, new)))
    assert [text for text in found if text.startswith(said)] == found != []


def test_a_command_that_no_page_has_is_noticed() -> None:
    task = next(task for task in TASKS if task.clicks[-1].endswith("#users-and-lost-passwords"))
    read = with_another("docs/cookbook/registry.md", "registry user passwd ci", "registry user password ci")
    assert unsaid(task, read) == ["edgegen registry user passwd ci"]
