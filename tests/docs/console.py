"""`console` blocks: commands after `$ `, each with what it prints. `sh` blocks: a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.docs.blocks import Step
from tests.docs.compare import difference
from tests.docs.dry import check_script
from tests.docs.story import ROOT, Story
from tests.docs.wrong import Wrong


@dataclass(frozen=True)
class Typed:
    """A command and the lines under it."""

    command: str
    shown: tuple[str, ...]


def run_console(step: Step, story: Story) -> None:
    """Each command exits 0 (`exit=N`: the last one with N) and prints what is shown; nothing shown is not compared."""
    typed = list(_typed(step))
    if "no" in step.words.keys:
        check_script(step, "\n".join(item.command for item in typed))
        if file := step.words.keys.get("seen"):
            _check_seen(step, file, typed[-1].shown)
        return
    for item in typed:
        said = story.type(item.command)
        wanted = int(step.words.keys.get("exit", 0)) if item is typed[-1] else 0
        if said.code != wanted:
            raise Wrong(f"{step.place}: `{item.command}`: exit {said.code}, not {wanted}\n{said.text}")
        if item.shown and (found := difference(item.shown, said.text)):
            raise Wrong(f"{step.place}: `{item.command}` prints something else:\n{found}")


def _check_seen(step: Step, file: str, shown: tuple[str, ...]) -> None:
    """What the last command prints is a part of a golden file, which another test keeps true."""
    golden = ROOT / "tests" / file
    if not shown or not golden.is_file():
        raise Wrong(f"{step.place}: seen={file}: there is no such file in tests/, or no output to compare with it")
    if found := difference(("…", *shown, "…"), golden.read_text(encoding="utf-8")):
        raise Wrong(f"{step.place}: not what {file} has:\n{found}")


def _typed(step: Step) -> Iterator[Typed]:
    """A command goes on in the next line after `\\`, and through a here-document."""
    if not step.lines or not step.lines[0].startswith("$ "):
        raise Wrong(f"{step.place}: a `console` block begins with `$ ` and a command; a script is `sh`")
    lines = list(step.lines)
    while lines:
        command = [lines.pop(0).removeprefix("$ ")]
        end = re.search(r"<<-?\s*['\"]?(\w+)['\"]?", command[0])
        while lines and (command[-1].endswith("\\") or (end and command[-1].strip() != end[1])):
            command.append(lines.pop(0).removeprefix("> "))
        shown = []
        while lines and not lines[0].startswith("$ "):
            shown.append(lines.pop(0))
        yield Typed("\n".join(command), tuple(shown) if any(line.strip() for line in shown) else ())


def run_script(step: Step, story: Story) -> None:
    """A script for bash: line after line in the reader's terminal, or only read if it can't run here."""
    check_script(step, step.text)
    if "no" in step.words.keys:
        return
    for command in _commands(step.text):
        said = story.type(command)
        if said.code != int(step.words.keys.get("exit", 0)):
            raise Wrong(f"{step.place}: `{command}`: exit {said.code}\n{said.text}")


def _commands(script: str) -> Iterator[str]:
    """`export` and `cd` last beyond the block, so simple lines are typed one by one; anything longer is one script."""
    joined = script.replace("\\\n", " ")
    lines = [line for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if any(re.match(r"(if|for|while|case|function|\{|\()\b|.*<<", line) or line[0] in " \t" for line in lines):
        yield script
    else:
        yield from lines
