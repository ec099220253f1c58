"""README's quick start as it is typed, in the lab; and the pictures of a running edge say what edgegen says today."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.report.browser import opened, running
from tests.lab.clients import wait_for_certificate, worked
from tests.lab.ground import ADDRESS
from tests.lab.images import ensure
from tests.lab.live import TYPO, ZONE, Desk, desk, more_services
from tests.lab.override import Yaml
from tests.lab.stack import Stack
from tests.pictures.committed import same_words
from tests.pictures.png import with_text
from tests.pictures.scenes import PICTURES, ROOT
from tests.pictures.svg import svg
from tests.pictures.terminal import line_of

APP = "lab/app:1"
COLUMNS = 92
PAGE = 1160, 1000
"""Pixels of the report's first screen."""
SOURCE = "document.body.innerText + [...document.querySelectorAll('style')].map((item) => item.textContent).join()"


def quick_start() -> list[str]:
    """The lines of README's block."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## Quick start\n")[2]
    found = re.search(r"^```sh\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    assert found
    return found[1].splitlines()


def test_the_quick_start_of_readme_and_the_pictures(
    request: pytest.FixtureRequest, stack: Stack, tmp_path: Path
) -> None:
    with desk(stack, tmp_path) as user:
        screens = the_quick_start_leads_to_a_green_edge(user)
        an_image_is_pushed(user)
        same_words(request, PICTURES / "quick-start.svg", svg("quick start", screens, COLUMNS))
        two_things_go_wrong(user)
        rows = user.type("edgegen verify", code=1)
        same_words(request, PICTURES / "verify.svg", svg("edgegen verify", [("edgegen verify", rows)], COLUMNS))
        user.type("edgegen verify --html report.html", code=1)
        for scheme, picture in photographs(stack.folder / "report.html", tmp_path):
            same_words(request, PICTURES / f"report-{scheme}.png", picture)


def the_quick_start_leads_to_a_green_edge(user: Desk):
    lines = quick_start()
    assert [line.split()[:2] for line in lines] == [
        ["edgegen", "init"], ["export", "CLOUDFLARE_API_TOKEN=…"], ["edgegen", "dns"], ["edgegen", "up"],
        ["docker", "login"], ["edgegen", "verify"],
    ]  # fmt: skip
    init, export, sync, up, login, verify = lines
    said = "\n".join(map(line_of, user.type(f"{init} --address {ADDRESS}")))
    following = re.findall(r"^ +((?:export|edgegen|docker) .*)$", said.partition("\nNext:\n")[2], re.MULTILINE)
    assert following == lines[1:], "README shows the way that init prints"
    user.in_the_lab()
    user.type(export)
    screens = [(sync, user.type(sync))]
    user.publish()
    user.stack.write_override()  # asked for their health each second
    screens.append((up, user.type(up)))
    wait_for_certificate(user.stack.ground, ZONE)
    password = re.search(r"password (\S+)", said)
    assert password
    user.type(f"printf %s '{password[1]}' | {login} --password-stdin")
    screens.append((verify, user.type(verify)))
    return screens


def an_image_is_pushed(user: Desk) -> None:
    ensure(user.stack.ground, APP)
    worked(user.docker.run("tag", APP, f"{ZONE}/app:1"))
    worked(user.docker.run("push", f"{ZONE}/app:1"))


def two_things_go_wrong(user: Desk) -> None:
    """Three services more; the registry has lost its users, and a label of the blog is misspelt."""
    stack = user.stack
    more_services(stack.folder)
    user.type("edgegen dns sync")
    user.publish()
    user.in_the_lab()
    rendered = stack.compose["services"]["registry"]["environment"]
    no_users = {name: Yaml("!reset null") for name in rendered if name.startswith("REGISTRY_AUTH")}
    stack.overrides = {"registry": {"environment": no_users}, "blog": {"labels": {TYPO: "letsencrypt"}}}
    stack.write_override()
    user.type("edgegen up")
    user.until(
        lambda bad: "registry-open" in bad[ZONE] and "no-router" in bad[f"blog.{ZONE}"]
        and not bad[f"www.{ZONE}"] and not bad[f"old.{ZONE}"]
    )  # fmt: skip


def photographs(page: Path, folder: Path) -> Iterator[tuple[str, bytes]]:
    """The first screen of a page, in both schemes, each with the text of the whole page and its style sheet."""
    width, height = PAGE
    with running(folder, ["--hide-scrollbars"]) as browser:
        for scheme in ("light", "dark"):
            with opened(browser, page, width=width, height=height, dark=scheme == "dark") as tab:
                file = folder / f"{scheme}.png"
                tab.picture(file, whole=False)
                yield scheme, with_text(file.read_bytes(), tab.evaluate(SOURCE))
