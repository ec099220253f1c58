"""edgegen on a ground: a process in its namespaces that has all imports forks for each command (`tests/zygote.py`).

In the proof every command starts Python itself, and so it does wherever a second command runs at the same time.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CompletedProcess

from tests.lab.ground import Ground, environment
from tests.sizes import is_proof
from tests.zygote import ROOT, ZYGOTE, Zygote, is_of_the_start


def edgegen(
    ground: Ground, *words: str | Path, env: Mapping[str, str] | None = None, seconds: float = 240
) -> CompletedProcess[str]:
    """Run a command of edgegen on a ground, whatever its exit code."""
    given = environment(env)
    forking = _FORKING.setdefault(ground, _Forking(ground))
    if is_proof() or any(map(is_of_the_start, given.items())) or not forking.free.acquire(blocking=False):
        return as_a_process(ground, *words, env=env, seconds=seconds)
    try:
        ran = forking.zygote.run(words, env=given, cwd=ground.folder, seconds=seconds)
    except TimeoutError as error:
        raise AssertionError(f"{' '.join(map(str, words))}: {error}") from None
    finally:
        forking.free.release()
    return CompletedProcess(list(map(str, words)), ran.code, ran.out, ran.err)


def as_a_process(
    ground: Ground, *words: str | Path, env: Mapping[str, str] | None = None, seconds: float = 240
) -> CompletedProcess[str]:
    """The same from the start of Python on, with a command line that everybody on the machine can read."""
    return ground.run(sys.executable, "-m", "edgegen", *words, env=env, seconds=seconds, check=False)


def beside(*words: str | Path, **variables: str) -> CompletedProcess[str]:
    """Run a command of edgegen on this machine, on no ground, with nothing but these variables and the PATH."""
    ran = ZYGOTE.run(words, env={"PATH": environment(None)["PATH"], **variables}, seconds=120)
    return CompletedProcess(list(map(str, words)), ran.code, ran.out, ran.err)


class _OnGround(Zygote):
    """Its forks have numbers of the ground, which are no numbers outside."""

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground.argv((), ROOT))
        self._ground = ground

    def kill(self, pid: int) -> None:
        self._ground.run("kill", "-KILL", str(pid))


@dataclass
class _Forking:
    """The process of one ground, and whether somebody waits for it."""

    ground: Ground
    free: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.zygote = _OnGround(self.ground)


_FORKING: dict[Ground, _Forking] = {}
"""They end with their grounds."""
