"""A newcomer follows CONTRIBUTING in a copy of the source: so many files, one line, and the command line knows it."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from tests.zygote import Ran, Zygote

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
NEWCOMERS = Path(__file__).parent / "newcomers"
LINES = {
    "a kind of service": ("kind", '"echo": Kind("edgegen.spec.echo:Echo", "edgegen.kinds.echo:build"),'),
    "a check of `verify`": ("check", '"teapot",'),
    "a cross-domain rule": ("rule", '"shouting",'),
    "a rule of `lint`": ("lint-rule", '"el990_loud_service": "",'),
    "a DNS provider": ("provider", '"jsonfile": Entry("edgegen.dns.providers.jsonfile:opened", options=("indent",)),'),
    "a middleware": ("middleware", '"demo": "demo:Demo",'),
}
"""What is added (a row of CONTRIBUTING) -> the folder with its files, and the line that registers it."""


@dataclass(frozen=True)
class Row:
    """A row of CONTRIBUTING's table."""

    files: tuple[str, ...]
    """Patterns of the new files, relative to the source tree."""
    registry: str
    file: str


@dataclass(frozen=True)
class Source:
    """A copy of edgegen's source."""

    root: Path

    @cached_property
    def zygote(self) -> Zygote:
        """Of the source as it is when it is first asked."""
        return Zygote(source=self.root)

    def run(self, project: Path, *words: str) -> Ran:
        done = self.zygote.run(words, cwd=project, env={"PATH": os.environ["PATH"], "HOME": str(project)})
        assert done.code != 70, done.err
        return done

    def files(self) -> dict[str, str]:
        found = (file for file in self.root.rglob("*.py"))
        return {str(file.relative_to(self.root)): file.read_text(encoding="utf-8") for file in found}


def rows() -> dict[str, Row]:
    """The rows of CONTRIBUTING that this test plays."""
    found = {}
    for line in (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").splitlines():
        what, files, registration = ([*(part.strip() for part in line.strip("| ").split(" | ")), "", ""])[:3]
        if what in LINES:
            registry, file = re.findall(r"`([^`]+)`", registration)
            found[what] = Row(tuple(re.findall(r"`([^`]+)`", files)), registry, file)
    return found


def copied(folder: Path) -> Source:
    for name in ("edgegen", "templates"):
        shutil.copytree(ROOT / name, folder / name)  # with what Python has compiled, which would take seconds
    return Source(folder)


def added(source: Source, what: str) -> tuple[list[str], list[tuple[str, str]]]:
    """Do what CONTRIBUTING says: the new files, and (file, line) of every line that came to another one."""
    folder, line = LINES[what]
    row = rows()[what]
    before = source.files()
    shutil.copytree(NEWCOMERS / folder, source.root, dirs_exist_ok=True)
    registry = source.root / row.file
    text = registry.read_text(encoding="utf-8")
    begins = re.search(rf"^{row.registry}\b.* = [({{]\n", text, re.MULTILINE)
    assert begins, f"{row.file} has no registry `{row.registry}`"
    registry.write_text(f"{text[: begins.end()]}    {line}\n{text[begins.end() :]}", encoding="utf-8")
    return changed(before, source.files())


def changed(before: dict[str, str], after: dict[str, str]) -> tuple[list[str], list[tuple[str, str]]]:
    """New files, and (file, line) of every line that came to another one."""
    lines = [
        (file, line.strip())
        for file, text in before.items()
        if after[file] != text
        for line in after[file].splitlines()
        if line not in text.splitlines()
    ]
    return sorted(after.keys() - before.keys()), lines


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Source:
    return copied(tmp_path_factory.mktemp("source"))


@pytest.fixture
def source(pristine: Source) -> Iterator[Source]:
    """A copy in which a test may change what it wants."""
    before = pristine.files()
    yield pristine
    for file, text in pristine.files().items():
        if file not in before:
            (pristine.root / file).unlink()
        elif text != before[file]:
            (pristine.root / file).write_text(before[file], encoding="utf-8")


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """The source with everything that a newcomer adds."""
    source = copied(tmp_path_factory.mktemp("grown"))
    for what in LINES:
        added(source, what)
    return source


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    return tmp_path / "project"


@pytest.fixture
def closed() -> Iterator[int]:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        yield sock.getsockname()[1]


@pytest.mark.parametrize("what", LINES)
def test_it_took_as_many_files_as_contributing_says_and_one_line(source: Source, what: str) -> None:
    files, lines = added(source, what)
    row = rows()[what]
    patterns = [
        re.sub(r"<\w+>", r"[a-z0-9_]+", re.escape(item).replace(r"\<", "<").replace(r"\>", ">")) for item in row.files
    ]
    assert len(files) == len(patterns) == (2 if what == "a kind of service" else 1)
    assert all(any(re.fullmatch(pattern, file) for file in files) for pattern in patterns)
    assert lines == [(row.file, LINES[what][1])]


SPEC = """\
name: shop
acme: {email: ops@example.com}
domains: {example.com: {provider: zonefile, addresses: [192.0.2.1]}}
services:
"""


def offline(closed: int, host: str) -> list[str]:
    ports = [f"--connect-to={host}:{port}:127.0.0.1:{closed}" for port in (80, 443)]
    return ["--timeout=1", f"--resolver=127.0.0.1:{closed}", *ports]


def test_a_kind(grown: Source, project: Path, closed: int) -> None:
    spec = project / "edge.yaml"
    echo = 'kind: echo, host: e.example.com, aliases: [f.example.com], text: "hello"'
    spec.write_text(f'{SPEC}  it: {{{echo}}}\n  after: {{image: "a:1", depends_on: [it]}}\n')
    assert grown.run(project, "render").code == 0
    rendered = (project / "docker-compose.yml").read_text()
    assert "# echo: https://e.example.com" in rendered
    assert 'traefik.http.routers.it-https.rule: "Host(`e.example.com`)"' in rendered
    exported = grown.run(project, "dns", "export", "example.com").out
    assert [name in exported for name in ("e.example.com. 300 IN A", "f.example.com. 300 IN A")] == [True, True]
    seen = grown.run(project, "verify", "--json", *offline(closed, "e.example.com"), "e.example.com")
    assert {item["verdict"] for item in json.loads(seen.out)["findings"]} >= {"refused"}
    walked = grown.run(project, "explain", "https://e.example.com/", "--json", *offline(closed, "e.example.com"))
    assert {item["link"]: item["state"] for item in json.loads(walked.out)["links"]}["tcp"] == "broken"
    schema = "from edgegen.spec.schema import json_schema; print(*json_schema()['$defs'])"
    command, env = [sys.executable, "-c", schema], {"PYTHONPATH": str(grown.root)}
    listed = subprocess.run(command, cwd=project, env=env, capture_output=True, text=True, check=True).stdout
    assert "Echo" in listed.split()


@pytest.mark.parametrize(
    ("service", "said"),
    [
        ("kind: echoo, host: e.example.com", "did you mean `echo`?"),
        ("kind: echo, host: e.example.com", "the key `text` is missing"),
        ("kind: echo, host: e.example.com, txt: a", "did you mean `text`?"),
        ("kind: echo, host: e.example.com, text: a, token: {secret: nowhere}", "there is no secret `nowhere`"),
        ("kind: echo, host: e.example.com, text: a, middlewares: [{kind: rate-limt}]", "did you mean `rate-limit`?"),
        ("kind: echo, host: e.example.com, text: a, middlewares: [nowhere]", "there is no middleware `nowhere`"),
    ],
)
def test_a_wrong_service_of_that_kind(grown: Source, project: Path, service: str, said: str) -> None:
    (project / "edge.yaml").write_text(f"{SPEC}  it: {{{service}}}\n")
    refused = grown.run(project, "render")
    assert refused.code == 2
    assert "edge.yaml:5:" in refused.err
    assert said.lower() in refused.err.lower()


def test_a_check(grown: Source, project: Path, closed: int) -> None:
    host = "teapot.example.com"
    (project / "edge.yaml").write_text(f'{SPEC}  it: {{image: "a:1", port: 80, host: {host}}}\n')
    assert "EV900 teapot: Hosts that are teapots" in grown.run(project, "verify", "--checks").out
    seen = grown.run(project, "verify", "--json", *offline(closed, host))
    (found,) = [item for item in json.loads(seen.out)["findings"] if item["id"] == "EV900"]
    assert (found["verdict"], found["subject"]) == ("is-a-teapot", host)
    walked = grown.run(project, "explain", f"https://{host}/", "--json", *offline(closed, host))
    links = {item["link"]: item for item in json.loads(walked.out)["links"]}
    assert (links["entrypoint"]["state"], links["entrypoint"]["message"]) == ("broken", "it is a teapot")


def test_a_rule(grown: Source, project: Path) -> None:
    (project / "edge.yaml").write_text(f'{SPEC}  loud: {{image: "a:1"}}\n')
    refused = grown.run(project, "render")
    assert refused.code == 2
    assert "edge.yaml:5:9 services.loud: ER900 this service shouts\n" in refused.err
    assert "= Give it another name\n" in refused.err


def test_a_rule_of_lint(grown: Source, project: Path) -> None:
    (project / "compose.yaml").write_text('services:\n  loud: {image: "a:1"}\n  calm: {image: "a:1"}\n')
    seen = grown.run(project, "lint")
    assert seen.code == 1
    assert seen.out.startswith("medium EL990 loud-service: this service shouts\n --> compose.yaml:2:3\n")
    assert seen.out.endswith("\n1 finding in 1 file: 1 medium\n")
    assert "EL990 loud-service: Services with a loud name" in grown.run(project, "rule", "EL990").out
    assert "EL990  loud-service " in grown.run(project, "rules").out


def test_a_provider(grown: Source, project: Path) -> None:
    spec = SPEC.replace("provider: zonefile", "provider: {kind: jsonfile, indent: 3}, ttl: auto")
    (project / "edge.yaml").write_text(f'{spec}  it: {{image: "a:1", port: 80, host: it.example.com}}\n')
    synced = grown.run(project, "dns", "sync")
    assert (synced.code, synced.out) == (0, "example.com: 1 change made\n")
    text = (project / "dns/example.com.json").read_text()
    assert text.startswith('{\n   "')
    ((name, kind, content, ttl, _, _),) = json.loads(text).values()
    assert (name, kind, content, ttl) == ("it.example.com", "A", "192.0.2.1", 300)  # it knows no `auto`
    assert grown.run(project, "dns", "sync").out == "example.com: in step, nothing to do\n"
    (project / "edge.yaml").write_text(spec.replace("indent", "indnt") + "  {}\n")
    refused = grown.run(project, "dns", "plan")
    assert refused.code == 2
    assert "jsonfile has no option `indnt`\n" in refused.err
    assert "= Did you mean `indent`?\n" in refused.err


def test_a_middleware(grown: Source, project: Path) -> None:
    uses = "middlewares: [{kind: demo, header: x}]"
    (project / "edge.yaml").write_text(f'{SPEC}  it: {{image: "a:1", port: 80, host: it.example.com, {uses}}}\n')
    assert grown.run(project, "render").code == 0
    rendered = (project / "docker-compose.yml").read_text()
    assert "traefik.http.middlewares.it-demo.plugin.demo.header: x" in rendered
    assert '"--experimental.plugins.demo.modulename=github.com/traefik/plugindemo"' in rendered
    (project / "edge.yaml").write_text(
        f'{SPEC}  it: {{image: "a:1", port: 80, host: it.example.com, {uses.replace("header", "hedaer")}}}\n'
    )
    assert "Did you mean `header`?" in grown.run(project, "render").err


def test_a_second_line_and_a_second_file_would_be_noticed(source: Source) -> None:
    before = source.files()
    (source.root / "edgegen/rules/violation.py").write_text(before["edgegen/rules/violation.py"] + "SHOUTING = True\n")
    (source.root / "edgegen/rules/more.py").write_text("")
    assert changed(before, source.files()) == (
        ["edgegen/rules/more.py"],
        [("edgegen/rules/violation.py", "SHOUTING = True")],
    )
