"""A reader's terminal: a folder, what was exported, and commands one after the other."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.docs.wrong import Wrong
from tests.zygote import ZYGOTE

ROOT = Path(__file__).parents[2]
DOMAIN = "commenthouse.com"
SECONDS = 60.0
_OF_A_SHELL = re.compile(r"[|&;<>()$`*?~]")
"""A command with any of these is for bash; others need no shell."""
_OUTSIDE = re.compile(r"\bedgegen (verify(?! --(checks|help))|explain|dns status|cert list|dns sync.* --wait)\b")
"""What would leave this machine."""


@dataclass(frozen=True)
class Said:
    """What a command did: its exit code, and both of its streams as a terminal shows them."""

    code: int
    text: str


@dataclass
class Story:
    """One page from its beginning: each block finds what the ones before it left."""

    home: Path
    secrets: Mapping[str, str]
    """What only the reader has: values for `export NAME=…`."""
    environment: dict[str, str]
    number: int = 0
    folder: Path = field(init=False)
    typed: list[tuple[str, Said]] = field(default_factory=list)
    """Every command so far, with what it did."""

    def __post_init__(self) -> None:
        self._new_folder()

    def start(self, project: str, place: str) -> None:
        """A new folder: with a starter project, a copy of an example, or empty."""
        self._new_folder()
        if project.startswith("examples/"):
            for file in ("edge.yaml", "edge.dev.yaml"):
                if (ROOT / project / file).is_file():
                    shutil.copy(ROOT / project / file, self.folder)
            if not any(self.folder.iterdir()):
                raise Wrong(f"{place}: there is no {project}/edge.yaml")
        elif project != "empty":
            said = self.type(f"edgegen init {project} {DOMAIN} --email ops@{DOMAIN} --address 157.245.51.137 -q")
            if said.code:
                raise Wrong(f"{place}: project={project}: exit {said.code}\n{said.text}")

    def _new_folder(self) -> None:
        self.number += 1
        self.folder = self.home / str(self.number) / "project"
        self.folder.mkdir(parents=True)

    def type(self, command: str) -> Said:
        """One command."""
        said = self._type(command)
        self.typed.append((command, said))
        return said

    def _type(self, command: str) -> Said:
        words = _words(command)
        if words[:1] == ["export"]:
            self._export(words[1:])
            return Said(0, "")
        if words[:1] == ["cd"] and len(words) == 2:
            self.folder = (self.folder / words[1]).resolve()
            return Said(0 if self.folder.is_dir() else 1, "")
        if asked := _OUTSIDE.search(command):
            raise Wrong(f"`{asked.group()}` asks the DNS and servers of the internet: write `no=outside`")
        if words[:1] == ["edgegen"] and not _OF_A_SHELL.search(command):
            ran = ZYGOTE.run(words[1:], env=self.environment, cwd=self.folder, seconds=SECONDS, merged=True)
            return Said(ran.code, ran.out)
        return self.bash(command)

    def bash(self, script: str) -> Said:
        """What needs a shell."""
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script],
            cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=SECONDS, check=False,
        )  # fmt: skip
        return Said(done.returncode, done.stdout)

    def write(self, name: str, text: str) -> Path:
        """A file that the page shows."""
        file = self.folder / name
        if not file.resolve().is_relative_to(self.folder.resolve()):
            raise Wrong(f"{name} is outside the project")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def _export(self, words: list[str]) -> None:
        for word in words:
            name, _, value = word.partition("=")
            self.environment[name] = self.secrets.get(name, "placeholder") if value == "…" else value


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command, comments=True)
    except ValueError:
        return []


def environment(home: Path, path: str, **more: str) -> dict[str, str]:
    """What a reader's terminal has before they export anything."""
    return {"PATH": path, "HOME": str(home), "COLUMNS": "100", "LANG": "C.UTF-8", "TERM": "dumb", **more}


def path_of(*folders: Path) -> str:
    """The programs of these folders before those of the machine."""
    return os.pathsep.join([*map(str, folders), os.environ["PATH"]])
