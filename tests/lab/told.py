"""Whether a user is told of something before it happens: when `up` says it, and when a container ends."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime

from tests.lab.engine import docker
from tests.lab.ground import Ground
from tests.lab.stack import Stack


def told_at(stack: Stack, said: str, *words: str) -> datetime:
    """Run a command of edgegen to its good end; the moment at which it has said this on stderr."""
    line = (sys.executable, "-m", "edgegen", *words, "-C", stack.folder)
    found = None
    with subprocess.Popen(stack.ground.argv(list(map(str, line))), stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        lines = []
        for item in process.stderr:
            lines.append(item)
            if found is None and said in item:
                found = datetime.now(UTC)
    assert process.returncode == 0, "".join(lines)
    assert found is not None, "".join(lines)
    return found


def ended_at(ground: Ground, container: str, seconds: float = 60) -> datetime:
    """When a container has ended, which it may be about to do."""
    end = time.monotonic() + seconds
    form = "{{.State.Running}} {{.State.FinishedAt}}"
    while (state := docker(ground, "inspect", "-f", form, container).split())[0] == "true":
        assert time.monotonic() < end, f"{container} still runs"
        time.sleep(0.1)
    return datetime.fromisoformat(state[1])
