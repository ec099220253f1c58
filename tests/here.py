"""edgegen in the process of the test itself: `make quick` takes it in place of a fork, which costs more than the test.

Streams, environment, folder, umask and handlers of signals are those of the run, and then the test's own again. What
a run leaves in the memory of its process is there for the next one: `make test` runs the same tests in processes.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from tests.zygote import Ran, is_of_the_start, opened_streams, run_whole, text_of

STREAMS = ("stdin", "stdout", "stderr")
HANDLED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_here(
    words: Sequence[str | Path],
    *,
    env: Mapping[str, str],
    cwd: Path | str | None = None,
    stdin: str = "",
    umask: int = -1,
    seconds: float = 60.0,
    merged: bool = False,
) -> Ran:
    """As `Zygote.run`. Nothing ends a run that takes too long."""
    if any(map(is_of_the_start, env.items())):
        return run_whole(words, env, cwd, stdin, umask, seconds)
    with ExitStack() as opened:
        said = [opened.enter_context(os.fdopen(os.memfd_create(name), "w+b")) for name in STREAMS]
        said[0].write(stdin.encode("utf-8", "surrogateescape"))
        said[0].seek(0)
        with _streams([said[0], said[1], said[1] if merged else said[2]]), _place(env, cwd, umask), _handlers():
            code = _code(list(map(str, words)))
        for stream in said:
            stream.seek(0)
        return Ran(code, text_of(said[1]), text_of(said[2]))


def _code(argv: list[str]) -> int:
    from edgegen.cli.app import run
    from edgegen.cli.console import Console

    Console.quiet = Console.verbose = Console.as_json = False
    return run(argv)


@contextmanager
def _streams(streams: Sequence[BinaryIO]) -> Iterator[None]:
    """The three of this process, and of its children, are these."""
    python = [getattr(sys, name) for name in STREAMS]
    for stream in python[1:]:
        stream.flush()
    kept = [os.dup(number) for number in range(3)]
    try:
        for number, stream in enumerate(streams):
            os.dup2(stream.fileno(), number)
        ours = opened_streams(closefd=False)
        for name, stream in zip(STREAMS, ours, strict=True):
            setattr(sys, name, stream)
        yield
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    finally:
        for name, stream in zip(STREAMS, python, strict=True):
            setattr(sys, name, stream)
        for number, copy in enumerate(kept):
            os.dup2(copy, number)
            os.close(copy)


@contextmanager
def _place(env: Mapping[str, str], cwd: Path | str | None, umask: int) -> Iterator[None]:
    """The environment, the folder and the umask."""
    argv, environ, folder, mask = sys.argv, dict(os.environ), os.open(".", os.O_RDONLY), os.umask(0)
    try:
        os.umask(mask if umask < 0 else umask)
        os.chdir(cwd or ".")
        _become(env)
        sys.argv = ["edgegen"]
        yield
    finally:
        sys.argv = argv
        _become(environ)
        os.fchdir(folder)
        os.close(folder)
        os.umask(mask)


def _become(environ: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environ)


@contextmanager
def _handlers() -> Iterator[None]:
    """A command sets some of these and leaves them, as its process ends."""
    before: dict[Any, Any] = {number: signal.getsignal(number) for number in HANDLED}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
