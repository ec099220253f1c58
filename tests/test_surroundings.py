"""Whoever starts the tests: what they start has the same environment and the same umask."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.surroundings import SAME, make_same

STRANGE = {
    "COMPOSE_FILE": "other.yml", "COMPOSE_PROJECT_NAME": "other", "DOCKER_HOST": "tcp://127.0.0.1:9", "NO_COLOR": "1",
    "FORCE_COLOR": "1", "COLUMNS": "40", "TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONUNBUFFERED": "1",
    "GIT_DIR": "/nowhere", "CLOUDFLARE_API_TOKEN": "x", "EDGEGEN_REGISTRY_PASSWORD": "x", "XDG_CONFIG_HOME": "/nowhere",
    "GITHUB_ACTIONS": "true",
}  # fmt: skip
KEPT = {
    "PATH": "/bin", "HOME": "/home/a", "PYTHONPATH": "/x", "PIP_CERT": "/ca.pem", "GIT_SSL_CAINFO": "/ca.pem",
    "XDG_CACHE_HOME": "/cache", "https_proxy": "http://proxy:3128", "EDGEGEN_PROOF": "1", "TRAEFIK_VERSIONS": "all",
    "CI": "true", "TMPDIR": "/var/tmp",
}  # fmt: skip


def test_what_changes_a_programs_ways_is_gone() -> None:
    environ = {**STRANGE, **KEPT, "TERM": "dumb", "LANG": "de_DE.UTF-8", "no_proxy": "internal.example"}
    assert not {*SAME} & {*KEPT}
    make_same(environ)
    ours = "127.0.0.1,localhost,::1,.test"
    assert environ == {
        **KEPT, **SAME, "no_proxy": f"internal.example,{ours}", "NO_PROXY": ours,
    }  # fmt: skip


def test_here_it_is_so() -> None:
    assert {*STRANGE} & {*os.environ} == set()
    assert time.timezone == 0
    umask = os.umask(0o022)
    assert umask == 0o022


@pytest.mark.slow
def test_in_a_run_that_was_started_in_a_strange_place() -> None:
    """The test before this one, in a pytest of its own."""
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", __file__, "-k", "here"]
    done = subprocess.run(
        words, cwd=Path(__file__).parent.parent, env={**os.environ, **STRANGE}, umask=0o077, capture_output=True,
        text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout.replace("\x1b[1m", "")
