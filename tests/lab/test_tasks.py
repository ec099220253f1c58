"""Tasks of a new user, done by the lines of the cookbook and nothing else, on a real engine with Traefik and Pebble.

What a person puts in is put in here: the server's own address for the one of the page, and passwords at prompts.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.lab.clients import wait_for_certificate
from tests.lab.ground import ADDRESS
from tests.lab.live import Desk, desk
from tests.lab.stack import Stack
from tests.pictures.terminal import line_of
from tests.sizes import sized

COOKBOOK = Path(__file__).parents[2] / "docs" / "cookbook"
DOMAIN = "example.com"
_BLOCK = re.compile(r"(?P<before>[^\n]*)\n```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_PASSWORD = re.compile(r"user (\S+), password (\S+)")


@dataclass
class Reader:
    """Somebody who has the page, and types what it shows."""

    user: Desk
    page: str
    passwords: dict[str, str] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return (COOKBOOK / self.page).read_text(encoding="utf-8")

    def section(self, heading: str) -> str:
        """What is between a heading and the next one."""
        found = self.text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
        assert found, f"{self.page} has no `{heading}`"
        return found

    def copy_the_spec(self) -> None:
        """The page's whole edge.yaml, with the address of this server."""
        spec = _BLOCK.search(self.section("The whole edge.yaml"))
        assert spec
        assert spec["text"].startswith("# edge.yaml\n")
        (self.user.stack.folder / "edge.yaml").write_text(spec["text"].replace("203.0.113.10", ADDRESS))

    def lines(self, heading: str) -> Iterator[tuple[str, list[str]]]:
        """Each command of a section, with the output that the page shows below it."""
        for block in _BLOCK.finditer(self.section(heading)):
            if block["language"] == "console" and "no=engine" not in block["before"]:  # needs the real images
                for command in block["text"].removeprefix("$ ").split("\n$ "):
                    line, _, output = command.partition("\n")
                    yield line, output.splitlines()

    def follow(self, heading: str, *, only: str = "", but: str = "-e dev") -> None:
        """Type the commands of a section, and compare what the page says of them. `-e dev` is for the laptop."""
        for line, output in self.lines(heading):
            if (only in line and but not in line) or line.startswith("export "):
                self.type(line, [] if "…" in "".join(output) else output)

    def type(self, line: str, output: list[str]) -> None:
        """One line. Certificates take a moment after `up`, as the page says."""
        self.typed.append(line)
        if re.search(r"edgegen\b.* up\b|edgegen up\b", line):
            environment = re.search(r" -e (\w+)", line)
            variables = dict(re.findall(r"\b([A-Z]+)=(\S+)", line))
            self.user.in_the_lab(*(("-e", environment[1]) if environment else ()), **variables)
            self.user.stack.write_override()
        said = [line_of(row) for row in self.user.type(self.with_passwords(line))]
        for user, password in _PASSWORD.findall("\n".join(said)):
            self.passwords.setdefault(user, password)  # alice has one for each middleware: the page uses her first
        if "dns sync" in line:
            self.user.publish()
        if output:
            # The terminal shows spaces for a tab.
            assert [text.split() for text in said if text.strip()] == [text.split() for text in output], line

    def with_passwords(self, line: str) -> str:
        """What the program asks for at its prompt."""
        if line.startswith("docker login"):
            name = shlex.split(line)[-1]
            return f"printf %s {self.passwords[name]} | {line} --password-stdin"
        return re.sub(r"-u (\w+)", lambda found: f"-u {found[1]}:{self.passwords[found[1]]}", line)


def registry(reader: Reader) -> None:
    """A registry on a subdomain: an image goes up and comes down."""
    reader.user.docker.trust("registry.example.com", reader.user.stack.root)
    reader.follow("Commands", only="edgegen")
    wait_for_certificate(reader.user.stack.ground, "registry.example.com")
    reader.type("docker login registry.example.com -u ci", [])
    reader.type("edgegen verify --push --wait 120", [])


def three_environments(reader: Reader) -> None:
    """The part for production; the laptop's needs a Dockerfile of the reader's own."""
    reader.follow("Commands", only="-e production")
    reader.follow("What to check", only="-e production")


def all_of_it(reader: Reader) -> None:
    """All lines of the page."""
    reader.follow("Commands")
    reader.follow("What to check")


TASKS: dict[str, Callable[[Reader], None]] = {
    "registry.md": registry,
    "two-apps-and-www.md": all_of_it,
    "wordpress.md": all_of_it,
    "basic-auth.md": all_of_it,
    "three-environments.md": three_environments,
}

USUAL = ("two-apps-and-www.md", "basic-auth.md")
"""Other tests start a registry, WordPress and three environments in the usual run: `test_whole_way` and others."""


@pytest.mark.parametrize("page", sized(USUAL, tuple(TASKS)))
def test_the_page_leads_to_a_green_edge(page: str, stack: Stack, tmp_path: Path) -> None:
    with desk(stack, tmp_path, DOMAIN) as user:
        reader = Reader(user, page)
        reader.copy_the_spec()
        TASKS[page](reader)
        print(f"{page}: {len(reader.typed)} commands")
        assert any("edgegen verify" in line for line in reader.typed)
