"""The lab's own namespaces: a machine in the machine, with its network, its /run and its DNS, gone without a trace.

Ports 80 and 443 are always free in there, an engine of the machine is never touched, and whatever happens to the
tests, everything ends when the pipe to the first process closes.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.lab.parts import program
from tests.lab.place import less_collected

ADDRESS = "10.99.0.1"
"""The lab's one public address: published ports, DNS and the ACME server answer here."""
_NEW_NET = 0x40000000  # CLONE_NEWNET


@dataclass(frozen=True, slots=True)
class Ground:
    """Running namespaces. `folder` is the same folder inside and outside; `pid` is their first process."""

    folder: Path
    pid: int
    address: str = ADDRESS

    @property
    def docker_host(self) -> str:
        """The engine's socket as it is reached from outside; inside it is the usual /var/run/docker.sock."""
        return f"unix://{self.folder}/run/docker.sock"

    @property
    def docker_settings(self) -> Path:
        """/etc/docker of the engine: `certs.d` belongs below it."""
        return self.folder / "etc-docker"

    def argv(self, words: Sequence[str | Path], cwd: Path | None = None) -> list[str]:
        """The command line that runs `words` inside."""
        enter = [str(program("nsenter")), "-t", str(self.pid), "-m", "-n", "-p", "-u"]
        return [*enter, "env", "-C", str(cwd or self.folder), *map(str, words)]

    def start(
        self, words: Sequence[str | Path], *, env: Mapping[str, str] | None = None, log: Path | None = None
    ) -> subprocess.Popen[bytes]:
        """A process that stays, in a process group of its own; `stop` ends it, and so does the end of the lab."""
        sink = log.open("wb") if log else None
        try:
            return subprocess.Popen(
                self.argv(words),
                env=environment(env),
                stdin=subprocess.DEVNULL,
                stdout=sink or subprocess.DEVNULL,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        finally:
            if sink:
                sink.close()

    def run(
        self,
        *words: str | Path,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        stdin: str = "",
        seconds: float = 120,
        check: bool = True,
    ) -> subprocess.CompletedProcess[str]:
        """Run to the end inside. With `check` an exit code other than 0 fails with everything that was said."""
        process = subprocess.Popen(
            self.argv(words, cwd),
            env=environment(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            out, err = process.communicate(stdin, timeout=seconds)
        except subprocess.TimeoutExpired:
            stop(process)
            out, err = process.communicate()
            raise AssertionError(f"{_line(words)}: no end after {seconds:.0f} s\n{out}\n{err}") from None
        if check and process.returncode:
            raise AssertionError(f"{_line(words)}: exit code {process.returncode}\n{out}\n{err}")
        return subprocess.CompletedProcess(list(map(str, words)), process.returncode, out, err)

    def connect(self, port: int, address: str = "", *, seconds: float = 10) -> socket.socket:
        """A TCP connection inside; a socket keeps the network in which it was made. Raises OSError."""
        result: list[socket.socket | OSError] = []

        def dial() -> None:
            try:
                _enter_network(self.pid)
                result.append(socket.create_connection((address or self.address, port), timeout=seconds))
            except OSError as error:
                result.append(error)

        thread = threading.Thread(target=dial)  # only a thread enters, and it ends here
        thread.start()
        thread.join()
        if isinstance(result[0], OSError):
            raise result[0]
        return result[0]


def stop(process: subprocess.Popen[bytes] | subprocess.Popen[str], seconds: float = 10) -> None:
    """End a process of `Ground.start` with its whole group."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(seconds)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
        else:
            return


def environment(extra: Mapping[str, str] | None) -> dict[str, str]:
    """That of this process without another engine's, and more."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DOCKER_")}
    return {**less_collected(), **kept, **(extra or {})}


def _line(words: Sequence[str | Path]) -> str:
    return " ".join(map(str, words))


def _enter_network(pid: int) -> None:
    handle = os.open(f"/proc/{pid}/ns/net", os.O_RDONLY)
    try:
        if ctypes.CDLL(None, use_errno=True).setns(handle, _NEW_NET):
            raise OSError(ctypes.get_errno(), "can't enter the lab's network")
    finally:
        os.close(handle)
