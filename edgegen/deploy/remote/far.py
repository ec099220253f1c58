"""The conversation with `far.sh` on the other host: one ssh connection, from the first look to the end of `up`."""

from __future__ import annotations

import base64
import importlib.resources
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from msgspec import Struct

from edgegen.core.errors import LockedError, OutsideError, PartialError, Problem, RefusedError, UsageError
from edgegen.core.location import Location
from edgegen.core.show import shown
from edgegen.deploy.dialogue import Dialogue, EndedError
from edgegen.deploy.host import BY_HAND
from edgegen.deploy.remote.address import ssh_command
from edgegen.deploy.remote.record import is_plain
from edgegen.deploy.remote.seen import Above, Seen, parse_above, parse_looks, unreadable
from edgegen.deploy.runner import Runner
from edgegen.system.flock import in_words, signature

_LOGIN = 120.0
"""Seconds for the first answer: ssh may ask for a password."""
_ANSWER = 60.0
_COMMIT = 300.0
"""Seconds; a disk that is busy takes its time to sync."""
_NOISE = 200
"""Lines that a login shell may print before the script starts."""
_USER = re.compile(r"[0-9]{1,10}")


class Entered(Struct, frozen=True):
    """The folder there. `exists` is False only without `create`."""

    path: str
    exists: bool = True
    is_empty: bool = True
    above: tuple[Above, ...] = ()


class Far:
    """The script on the other host. Raises OutsideError when the connection ends or the script fails."""

    def __init__(self, dialogue: Dialogue, host: str) -> None:
        self._dialogue = dialogue
        self.host = host
        self._committing = self._begun = False
        self.user = self._greet()

    def enter(self, folder: str, *, create: bool) -> Entered:
        """Go to the folder of the project."""
        self._send(f"enter {int(create)} {folder}")
        above = []
        while (line := self._line()).startswith("above "):
            above.append(parse_above(line))
        word, _, rest = line.partition(" ")
        if word == "absent":
            return Entered(rest, exists=False)
        state, _, path = rest.partition(" ")
        if word != "at" or not above or above[0].path != path:
            raise unreadable(line)
        return Entered(path, True, state == "empty", tuple(above))

    def lock(self, machine: str) -> None:
        """Hold the lock until the connection ends. Raises LockedError naming the holder."""
        self._send(f"lock {signature(machine)}")
        self._expect("ok")

    def look(self, paths: Iterable[str]) -> dict[str, Seen]:
        """What each path is; paths that begin with `/` are the host's own."""
        wanted = list(paths)
        if not wanted:
            return {}
        self._send("look", *(path if path.startswith("/") else f"./{path}" for path in wanted), ".")
        found = parse_looks(self._list())
        if missing := [path for path in wanted if path not in found]:
            raise unreadable(f"nothing about {missing[0]}")
        return {path: found[path] for path in wanted}

    def text(self, path: str) -> bytes | None:
        """A file of edgegen's own; None if there is none."""
        self._send(f"text ./{path}")
        lines = list(self._list())
        try:
            return base64.b64decode("".join(lines), validate=True) if lines else None
        except ValueError:
            raise unreadable(lines[0]) from None

    def ports(self) -> dict[str, list[str]]:
        """The kernel's tables of sockets: `tcp`, `tcp6`, `udp`, `udp6`."""
        self._send("ports")
        found: dict[str, list[str]] = {}
        rows: list[str] = []
        for line in self._list():
            if line.startswith("table "):
                rows = found.setdefault(line.removeprefix("table "), [])
            else:
                rows.append(line)
        return found

    def stage(self, name: str, content: bytes) -> None:
        """A file without a name in the project yet: nothing that is there changes."""
        self._write(f"stage {name}\n".encode() + base64.encodebytes(content) + b".\n")

    def check(self) -> None:
        """Wait until everything that was staged is complete, and on the disk there."""
        self._send("check")
        self._expect("ok", _COMMIT)

    def commit(self) -> list[str]:
        """Carry out the plan; gives the backups. Raises PartialError once something may have been changed."""
        self._committing = True
        self._send("commit")
        self._expect("begun", _COMMIT)
        self._begun = True
        backups = []
        while (line := self._line(_COMMIT)) != "done":
            backups.append(line.removeprefix("backup ./"))
        self._committing = self._begun = False
        return backups

    def _greet(self) -> int:
        script = far_script()
        self._write(f"{len(script)}\n".encode() + script, _LOGIN)
        for _ in range(_NOISE):
            line = self._heard(_LOGIN)
            if line.startswith("edgegen 1 "):
                return self._user(line)
        raise unreadable(line)

    def _user(self, greeting: str) -> int:
        user = greeting.split(" ")[2]
        if _USER.fullmatch(user):
            return int(user)
        if not user:
            self._line()  # the script says why
        raise unreadable(greeting)

    def _send(self, *lines: str) -> None:
        self._write("".join(f"{line}\n" for line in lines).encode())

    def _write(self, data: bytes, seconds: float = _ANSWER) -> None:
        try:
            self._dialogue.send(data, seconds)
        except EndedError as error:
            for line in error.rest:
                self._judge(line)
            self._refuse(error)
        except OutsideError as error:
            self._refuse(error)

    def _line(self, seconds: float = _ANSWER) -> str:
        line = self._heard(seconds)
        self._judge(line)
        return line

    def _heard(self, seconds: float) -> str:
        try:
            return self._dialogue.line(seconds)
        except OutsideError as error:
            self._refuse(error)

    def _list(self) -> Iterator[str]:
        while (line := self._line()) != ".":
            yield line

    def _expect(self, word: str, seconds: float = _ANSWER) -> None:
        if (line := self._line(seconds)) != word:
            raise unreadable(line)

    def _judge(self, line: str) -> None:
        """Raise the error that a line reports."""
        word, _, rest = line.partition(" ")
        if word == "fail":
            self._committing = self._begun  # before it begins, nothing is changed
            self._refuse(OutsideError(shown(rest, 300)))
        if word == "locked":
            raise LockedError(
                Problem(
                    f"another edgegen works on this project there ({in_words(rest)})",
                    Location(self.host),
                    hint="wait until it has finished; a lost connection ends it within a minute or two",
                )
            )
        if word == "missing":
            raise RefusedError(
                f"{self.host} has no {', '.join(rest.split())}", hint="install coreutils and util-linux there"
            )

    def _refuse(self, error: OutsideError) -> NoReturn:
        said = error.problems[0]
        if self._committing:
            raise PartialError(
                Problem(
                    f"{self.host}: {said.message}; some files may have been replaced",
                    hint="run the command again, which completes them",
                )
            ) from None
        hint = said.hint or BY_HAND
        raise OutsideError(Problem(f"{self.host}: {said.message}", hint=hint)) from None


def far_script() -> bytes:
    """What runs on the other host."""
    return importlib.resources.files("edgegen.deploy.remote").joinpath("far.sh").read_bytes()


@contextmanager
def connected(runner: Runner, host: str) -> Iterator[Far]:
    """A connection. Raises OutsideError if the host can't be reached."""
    with runner.talk(ssh_command(host)) as dialogue:
        yield Far(dialogue, host)


def check_folder(folder: str) -> str:
    """A folder there as the user names it; `~/` is the home folder. Raises UsageError for what can't be one."""
    plain = folder.removeprefix("~/").rstrip("/")
    if not plain or not is_plain(plain.removeprefix("/")) or plain.startswith(("~", "-")):
        raise UsageError(
            f"--remote-dir {shown(folder)}: not a folder", hint="write it like /srv/shop, or shop in the home folder"
        )
    return plain
