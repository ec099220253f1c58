"""`lint --with-traefik` and `lint --upgrade` as a user runs them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Edgegen

STACK = """\
name: site
services:
  proxy:
    image: traefik:{version}
    command:
      - --providers.docker=true
      - --providers.docker.endpoint=tcp://192.0.2.7:2375
      - --providers.docker.exposedbydefault=false
      - --entrypoints.web.address=:80
  web:
    image: nginx
    labels:
      - traefik.enable=true
      - {label}
"""


def stack(
    folder: Path, version: str = "v3.7.15", label: str = "traefik.http.routers.site-web.rule=Host(`a.test`)"
) -> Path:
    (folder / "compose.yaml").write_text(STACK.format(version=version, label=label))
    return folder


@pytest.mark.slow
def test_a_sound_stack(tmp_path: Path, edgegen: Edgegen) -> None:
    done = edgegen("lint", "--with-traefik", "-C", stack(tmp_path))
    assert done.code == 0, done.out + done.err
    assert "asked Traefik 3.7.15" in done.err


@pytest.mark.slow
def test_what_traefik_says_is_reported_in_every_format(tmp_path: Path, edgegen: Edgegen) -> None:
    stack(tmp_path, label="traefik.http.routers.site-web.tls.certresolvers=le")
    done = edgegen("lint", "--with-traefik", "-C", tmp_path, "--json")
    assert done.code == 1
    (found,) = [item for item in json.loads(done.out)["findings"] if item["id"] in ("EL001", "EL900")]
    assert found["id"] == "EL001" and found["where"].endswith("compose.yaml:14:9")
    assert found["hint"].endswith(" Traefik 3.7.15 says so, too: field not found, node: certresolvers")
    assert "EL902" not in done.out and "EL900" not in done.out
    stack(tmp_path, label="traefik.http.routers.site-web.tls.certresolvers=le # edgegen: ignore[EL001] not yet")
    done = edgegen("lint", "--with-traefik", "-C", tmp_path, "--json")
    (found,) = [item for item in json.loads(done.out)["findings"] if item["id"] in ("EL001", "EL900")]
    assert found["id"] == "EL900" and "certresolvers" in found["message"]
    sarif = edgegen("lint", "--with-traefik", "-C", tmp_path, "--format", "sarif")
    assert "EL900" in {rule["id"] for rule in json.loads(sarif.out)["runs"][0]["tool"]["driver"]["rules"]}


@pytest.mark.slow
def test_without_a_traefik_it_exits_with_4_and_says_the_rest(
    tmp_path: Path, edgegen: Edgegen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the extra there is one beside this Python, but none of version 2."""
    stack(tmp_path, "v2.11", "traefik.http.routers.site-web.tls.certresolvers=le")
    done = edgegen("lint", "--with-traefik", "-C", tmp_path)
    assert done.code == 4
    assert "EL001" in done.out and "EL901" in done.out
    assert "--upgrade 3.7" in done.out


@pytest.mark.slow
def test_what_would_be_fixed_is_asked_about_as_it_is(tmp_path: Path, edgegen: Edgegen) -> None:
    stack(tmp_path, label="traefik.http.routers.site-web.tls.certresolvers=le")
    done = edgegen("lint", "--with-traefik", "--diff", "-C", tmp_path)
    assert done.code == 1 and "asked Traefik" in done.err
    stack(tmp_path, "v2.11")
    assert edgegen("lint", "--with-traefik", "--diff", "-C", tmp_path).code == 4


def test_every_rule_has_its_page(edgegen: Edgegen) -> None:
    for rule in ("EL200", "EL204", "EL900", "EL901", "EL902"):
        done = edgegen("rule", rule)
        assert done.code == 0 and "Instead" in done.out, done.err


@pytest.mark.slow
def test_an_upgrade_is_shown_and_done(tmp_path: Path, edgegen: Edgegen) -> None:
    stack(tmp_path, "v2.11", "traefik.http.routers.site-web.rule=Host(`a.test`,`b.test`)")
    before = (tmp_path / "compose.yaml").read_text()
    shown = edgegen("lint", "--upgrade", "3.7", "-C", tmp_path)
    assert shown.code == 1 and "EL200" in shown.out and "EL201" in shown.out
    diff = edgegen("lint", "--upgrade", "3.7", "--diff", "-C", tmp_path)
    assert "+      - traefik.http.routers.site-web.priority=23" in diff.out
    assert (tmp_path / "compose.yaml").read_text() == before
    done = edgegen("lint", "--upgrade", "3.7", "--fix", "--with-traefik", "-C", tmp_path)
    assert done.code == 0, done.out + done.err
    again = edgegen("lint", "--upgrade", "3.7", "--fix", "--traefik-version", "2.11", "-C", tmp_path)
    assert again.code == 0 and (tmp_path / "compose.yaml").read_text().count("priority") == 1


@pytest.mark.parametrize("goal", ["2.11", "newest", "v"])
def test_a_goal_that_is_none(goal: str, tmp_path: Path, edgegen: Edgegen) -> None:
    done = edgegen("lint", "--upgrade", goal, "-C", stack(tmp_path))
    assert done.code == 2 and "--upgrade" in done.err


def test_a_way_from_nowhere_is_unknown(tmp_path: Path, edgegen: Edgegen) -> None:
    stack(tmp_path, "latest")
    done = edgegen("lint", "--upgrade", "3.7", "-C", tmp_path)
    assert done.code == 0 and "--traefik-version" in done.out
    assert edgegen("lint", "--upgrade", "3.7", "--strict", "-C", tmp_path).code == 4


@pytest.mark.slow
def test_ctrl_c_leaves_no_traefik(tmp_path: Path) -> None:
    """A Traefik that never answers, and an impatient user."""
    binaries = tmp_path / "bin"
    binaries.mkdir()
    pid = tmp_path / "pid"
    fake = binaries / "traefik"
    fake.write_text(
        "#!/bin/sh\n"
        "case $1 in version) echo 'Version: 3.99.0';; healthcheck) echo 'enable `ping`';; "
        f"*) mkfifo {pid}.in; echo $$ > {pid}.new; mv {pid}.new {pid}; read x < {pid}.in;; esac\n"
    )
    fake.chmod(0o755)
    process = subprocess.Popen(
        [sys.executable, "-m", "edgegen", "lint", "--with-traefik", "-C", str(stack(tmp_path, "v3.99"))],
        env={**os.environ, "PATH": f"{binaries}:{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    watch(pid, process)
    child = os.pidfd_open(int(pid.read_text()))
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 130, out
    import select

    assert select.select([child], [], [], 60)[0]
    os.close(child)


def watch(file: Path, process: subprocess.Popen[bytes]) -> None:
    """Wait for a file by the clock of the process: it ends within a minute, or makes the file."""
    import time

    deadline = time.monotonic() + 60
    while not file.exists():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.02)
