"""Two projects of one name and one zone, as their users run them: whose a record is, and who may move it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.cloudflare import TOKEN, Asked, in_thread
from tests.zygote import ZYGOTE

pytestmark = pytest.mark.slow

HOST = "commenthouse.com"
FIRST, SECOND = "157.245.51.137", "34.102.136.180"


@pytest.fixture
def cloudflare() -> Iterator[Asked]:
    with in_thread() as fake:
        fake.ask("zone", name=HOST)
        yield fake


def edgegen(project: Path, *words: str, url: str = "") -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith("CLOUDFLARE")}
    env |= {"CLOUDFLARE_BASE_URL": url, "CLOUDFLARE_API_TOKEN": TOKEN}
    ran = ZYGOTE.run([*words, "-C", project], env=env)
    done = subprocess.CompletedProcess(words, ran.code, ran.out, ran.err)
    assert "Traceback" not in done.stderr
    assert TOKEN not in done.stdout + done.stderr
    return done


def rows(fake: Asked) -> list[tuple[str, str, str, str]]:
    return sorted((r["type"], r["name"], r["content"], r["comment"]) for r in fake.ask("state")["zones"][HOST])


def writes(fake: Asked) -> int:
    return sum(entry["method"] != "GET" for entry in fake.ask("state")["log"])


def two_projects(tmp_path: Path) -> tuple[Path, Path]:
    """A registry and a web site for one domain, in two folders, by `init`: both are named `commenthouse`."""
    one, two = tmp_path / "one", tmp_path / "two"
    assert edgegen(one, "init", "registry", HOST, "--address", FIRST).returncode == 0
    assert edgegen(two, "init", "web", HOST, "--address", SECOND).returncode == 0
    return one, two


def without_owner(project: Path) -> None:
    """The spec as the version before wrote it."""
    file = project / "edge.yaml"
    lines = file.read_text().splitlines(keepends=True)
    start = next((number for number, line in enumerate(lines) if line.startswith("dns:")), None)
    if start is not None:
        end = next(number for number in range(start + 1, len(lines)) if not lines[number].startswith(" "))
        del lines[start:end]
    file.write_text("".join(lines))


@pytest.mark.parametrize("old", [False, True], ids=["owners", "names"])
@pytest.mark.parametrize("words", [("sync",), ("sync", "--prune")])
def test_a_second_project_of_that_name_is_a_conflict(
    cloudflare: Asked, tmp_path: Path, words: tuple[str, ...], *, old: bool
) -> None:
    one, two = two_projects(tmp_path)
    if old:
        without_owner(one)
        without_owner(two)
    assert edgegen(one, "dns", "sync", url=cloudflare.url).returncode == 0
    before = rows(cloudflare)
    cloudflare.ask("forget")
    done = edgegen(two, "dns", *words, url=cloudflare.url)
    assert done.returncode == 3, done.stdout + done.stderr
    assert HOST in done.stderr
    assert (writes(cloudflare), rows(cloudflare)) == (0, before)
    assert edgegen(one, "dns", "plan", "--detailed", url=cloudflare.url).returncode == 0


def test_an_old_project_is_told_once_and_gets_its_owner(cloudflare: Asked, tmp_path: Path) -> None:
    one, two = two_projects(tmp_path)
    without_owner(one)
    without_owner(two)
    assert "dns own" not in edgegen(one, "render").stderr
    told = edgegen(one, "dns", "plan", url=cloudflare.url)
    assert told.stderr.count("owns its DNS records only by its name, `commenthouse`") == 1
    assert "`edgegen dns own`" in told.stderr
    quiet = edgegen(one, "dns", "sync", url=cloudflare.url)
    assert (quiet.returncode, quiet.stderr) == (0, "")
    assert edgegen(one, "render").stderr.count("`edgegen dns own`") == 1

    refused = edgegen(two, "dns", "own", url=cloudflare.url)
    assert refused.returncode == 3
    assert f"--adopt {HOST}" in refused.stderr
    assert all("o=commenthouse;" in comment for *_, comment in rows(cloudflare))

    done = edgegen(one, "dns", "own", "--json", url=cloudflare.url)
    body = json.loads(done.stdout)
    assert (done.returncode, body["command"], body["ok"], body["made"], body["written"]) == (
        0,
        "dns own",
        True,
        1,
        True,
    )
    assert re.fullmatch(r"commenthouse-[a-z0-9]{8}", body["owner"])
    assert all(f"o={body['owner']};" in comment for *_, comment in rows(cloudflare))
    assert f"  owner: {body['owner']}\n" in (one / "edge.yaml").read_text()
    assert "dns own" not in edgegen(one, "dns", "plan", url=cloudflare.url).stderr
    assert "dns own" not in edgegen(one, "render").stderr
    again = edgegen(one, "dns", "own", url=cloudflare.url)
    assert again.stdout == f"0 records marked with the owner `{body['owner']}`; it is already in edge.yaml\n"


def test_with_an_owner_a_checkout_goes_on_without_any_state(cloudflare: Asked, tmp_path: Path) -> None:
    one, checkout = tmp_path / "one", tmp_path / "checkout"
    edgegen(one, "init", "web", HOST, "--address", FIRST)
    edgegen(one, "dns", "sync", url=cloudflare.url)
    checkout.mkdir()
    (checkout / "edge.yaml").write_text((one / "edge.yaml").read_text().replace(FIRST, SECOND))
    done = edgegen(checkout, "dns", "sync", "--prune", url=cloudflare.url)
    assert (done.returncode, done.stdout) == (0, f"{HOST}: 2 changes made\n")
    assert {content for _, _, content, _ in rows(cloudflare)} == {SECOND}
    assert not cloudflare.ask("state")["wrong"]


@pytest.mark.parametrize(
    ("fault", "code", "said"),
    [
        ({"kind": "status", "status": 403, "method": "POST", "phase": "before"}, 4, "no change is visible"),
        ({"kind": "status", "status": 500, "method": "GET", "phase": "before", "nth": 0}, 4, "nothing was changed"),
    ],
)
def test_what_the_outside_refuses_leaves_edge_yaml_as_it_was(
    cloudflare: Asked, tmp_path: Path, fault: dict[str, object], code: int, said: str
) -> None:
    one = tmp_path / "one"
    edgegen(one, "init", "web", HOST, "--address", FIRST)
    without_owner(one)
    edgegen(one, "dns", "sync", url=cloudflare.url)
    text = (one / "edge.yaml").read_bytes()
    cloudflare.ask("fault", **fault)
    done = edgegen(one, "dns", "own", url=cloudflare.url)
    assert (done.returncode, (one / "edge.yaml").read_bytes()) == (code, text), done.stderr
    assert said in done.stderr
    cloudflare.ask("calm")
    assert edgegen(one, "dns", "own", url=cloudflare.url).returncode == 0
