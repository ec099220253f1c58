"""Run the code blocks of pages: `python -m tests.docs.run docs/quick-start.md …`, or all of them without a name."""

from __future__ import annotations

import contextlib
import os
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.docs.blocks import Step, steps_of_file
from tests.docs.console import run_console, run_script
from tests.docs.data_blocks import run_cron, run_dockerfile, run_dotenv, run_ini, run_json, run_text, run_toml
from tests.docs.engine import install_engine
from tests.docs.story import DOMAIN, Story, environment, path_of
from tests.docs.wrong import Wrong
from tests.docs.yaml_blocks import run_yaml
from tests.fakes.cloudflare import TOKEN, Asked, in_thread

ROOT = Path(__file__).parents[2]
KINDS: dict[str, Callable[[Step, Story], None]] = {
    "console": run_console,
    "sh": run_script,
    "bash": run_script,
    "yaml": run_yaml,
    "json": run_json,
    "toml": run_toml,
    "ini": run_ini,
    "dotenv": run_dotenv,
    "cron": run_cron,
    "dockerfile": run_dockerfile,
    "text": run_text,
}
"""Language of a block -> what runs or checks it. Another language fails."""


def pages() -> list[Path]:
    """Every page with code blocks that people read."""
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def run_step(step: Step, story: Story) -> None:
    """One block, with what its comment says before it."""
    if project := step.words.keys.get("project"):
        story.start(project, step.place)
    for command in step.words.commands:
        said = story.type(command)
        if said.code:
            raise Wrong(f"{step.place}: hidden `{command}`: exit {said.code}\n{said.text}")
    if step.is_block:
        if step.language not in KINDS:
            raise Wrong(f"{step.place}: nothing runs a block of `{step.language}`: use one of {', '.join(KINDS)}")
        KINDS[step.language](step, story)


def run_page(path: Path, story: Story) -> int:
    """All steps in order; gives how many blocks were run or checked."""
    steps = steps_of_file(ROOT, path)
    for step in steps:
        run_step(step, story)
    return sum(step.is_block for step in steps)


@contextlib.contextmanager
def a_story(home: Path, fake: Asked) -> Iterator[Story]:
    """A terminal with a Cloudflare that has the reader's zones, and an engine on which everything starts."""
    programs = install_engine(home / "bin")
    given = environment(home, path_of(programs), CLOUDFLARE_BASE_URL=fake.url, CLOUDFLARE_API_TOKEN=TOKEN)
    yield Story(home / "stories", {"CLOUDFLARE_API_TOKEN": TOKEN}, given)


@contextlib.contextmanager
def a_cloudflare() -> Iterator[Asked]:
    """With the two zones that pages use."""
    with in_thread() as fake:
        for name in (DOMAIN, "example.com"):
            fake.ask("zone", name=name)
        yield fake


def main(names: list[str]) -> int:
    """Run pages and report each."""
    os.environ["PATH"] = path_of(Path(sysconfig.get_path("scripts")))
    wrong = 0
    for path in [Path(name).resolve() for name in names] or pages():
        with tempfile.TemporaryDirectory() as home, a_cloudflare() as fake, a_story(Path(home), fake) as story:
            try:
                print(f"{path.relative_to(ROOT)}: {run_page(path, story)} blocks ran")
            except Wrong as error:
                wrong += 1
                print(f"{path.relative_to(ROOT)}: {error}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
