"""Blocks that are data or pictures: each kind is read by a parser of that kind."""

from __future__ import annotations

import configparser
import json
import re
import tomllib

from tests.docs.blocks import Step
from tests.docs.dry import check_script
from tests.docs.story import Story
from tests.docs.wrong import Wrong

WIDEST = 110
"""Columns of a picture: more can't be seen next to the menu."""
_PICTURE = re.compile(r"[─│┌└├▶▼→↓]|-->|--+|\s{3,}")
_CRON = re.compile(r"\s*((?:[\d*/,-]+\s+){5}|@\w+\s+)(.*)")


def kept(step: Step, story: Story) -> None:
    """Write it under its name, for the blocks after it."""
    if name := step.words.keys.get("file"):
        story.write(name, step.text)


def run_json(step: Step, story: Story) -> None:
    """JSON; `…` stands for what a page leaves out."""
    try:
        json.loads(re.sub(r",?\s*…", "", step.text))
    except ValueError as error:
        raise Wrong(f"{step.place}: {error}") from None
    kept(step, story)


def run_toml(step: Step, story: Story) -> None:
    """TOML."""
    try:
        tomllib.loads(step.text)
    except tomllib.TOMLDecodeError as error:
        raise Wrong(f"{step.place}: {error}") from None
    kept(step, story)


def run_ini(step: Step, story: Story) -> None:
    """Sections and keys, as systemd's units have them."""
    try:
        configparser.ConfigParser(strict=False, interpolation=None).read_string(step.text)
    except configparser.Error as error:
        raise Wrong(f"{step.place}: {error}") from None
    kept(step, story)


def run_dotenv(step: Step, story: Story) -> None:
    """Lines NAME=value."""
    for line in step.lines:
        if line.strip() and not re.match(r"#|[A-Za-z_]\w*=", line):
            raise Wrong(f"{step.place}: `{line}` is not NAME=value")
    kept(step, story)


def run_cron(step: Step, story: Story) -> None:
    """Lines of a crontab: five fields or @daily, then a command that is checked like one of a script."""
    for line in step.lines:
        if not line.strip() or line.lstrip().startswith("#") or re.match(r"[A-Z_]+=", line):
            continue
        found = _CRON.match(line)
        if not found:
            raise Wrong(f"{step.place}: `{line}` is not a line of a crontab")
        command = re.sub(r"^root\s+", "", found[2]).replace("\\%", "%")
        check_script(step, command)
    kept(step, story)


def run_dockerfile(step: Step, story: Story) -> None:
    """Instructions that begin with FROM."""
    words = "from arg run copy add workdir user cmd entrypoint env expose healthcheck label stopsignal volume shell"
    known = rf"(?i)({'|'.join(words.split())})\s"
    said = [line for line in step.text.replace("\\\n", " ").splitlines() if line.strip() and not line.startswith("#")]
    wrong = [line for line in said if not re.match(known, line)]
    if wrong or not re.match(r"(?i)(from|arg)\s", said[0]):
        raise Wrong(f"{step.place}: `{(wrong or said)[0]}` is not an instruction that can stand there")
    kept(step, story)


def run_text(step: Step, story: Story) -> None:
    """A picture or a file of plain text: never something to type, and not too wide."""
    if any(re.match(r"\$ |edgegen |docker |sudo ", line) for line in step.lines):
        raise Wrong(f"{step.place}: commands are `console` or `sh` blocks: those run")
    if any(len(line) > WIDEST for line in step.lines):
        raise Wrong(f"{step.place}: wider than {WIDEST} columns")
    if "file" not in step.words.keys and not _PICTURE.search(step.text):
        raise Wrong(f"{step.place}: neither a picture nor a file: give its name (`file=`), or another language")
    kept(step, story)
