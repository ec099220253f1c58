"""Which password a registry gets: from the environment, or from `docker login`.

In Docker's order: the registry's own credential helper, else the credentials store, else `auths`.
Source: docker/cli, cli/config/configfile and cli/config/credentials.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from edgegen.core.data import mapping
from edgegen.core.errors import EdgegenError, UsageError
from edgegen.core.secret import Credentials, Secret
from edgegen.deploy.command import Command
from edgegen.system.read import read_bounded

if TYPE_CHECKING:
    from edgegen.deploy.runner import Executor

USER = "EDGEGEN_REGISTRY_USER"
PASSWORD = "EDGEGEN_REGISTRY_PASSWORD"  # noqa: S105 - the name of a variable
HELPER_TIMEOUT = 10.0
"""Seconds that a credential helper may take; one that waits for someone to unlock a keychain never ends."""
TOKEN_USER = "<token>"  # noqa: S105 - Docker's own word for "this is an identity token"
_MOST = 1024 * 1024


class Logins(Struct, frozen=True):
    """Registry host (with `:port` where it is not 443) -> its credentials; and what went wrong while looking."""

    credentials: Mapping[str, Credentials] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def find(
    registries: Iterable[str],
    environment: Mapping[str, str],
    home: Path,
    executor: Executor,
    *,
    meant: Collection[str] | None = None,
) -> Logins:
    """The credentials of each registry that has some. Credential helpers are run through `executor`.

    `meant`: the registries whose login the environment's is; None: all of them are. The others have what Docker
    knows. Raises UsageError when only one of the two variables is set, or a user that HTTP has no way to say.
    """
    names = tuple(dict.fromkeys(registries))
    own = _from_environment(environment)
    theirs = {name: own for name in names if own and (meant is None or name in meant)}
    others = [name for name in names if name not in theirs]
    if not others:
        return Logins(theirs)
    folder = environment.get("DOCKER_CONFIG")
    found = _Docker(Path(folder) if folder else home / ".docker", executor).find(others)
    kept_back = [
        f"{USER} and {PASSWORD} are not shown to {name}, which is not the only registry: see `docker login`"
        for name in others
        if own and name not in found.credentials
    ]
    return Logins({**theirs, **found.credentials}, (*found.warnings, *kept_back))


def _from_environment(environment: Mapping[str, str]) -> Credentials | None:
    user, password = environment.get(USER, ""), environment.get(PASSWORD, "")
    if not user and not password:
        return None
    if not user or not password:
        missing, there = (USER, PASSWORD) if not user else (PASSWORD, USER)
        raise UsageError(f"{there} is set and {missing} is not", hint="set both, or none of them")
    if ":" in user:
        raise UsageError(f"{USER}: a user's name holds no colon")
    return Credentials(user, Secret(password), USER)


class _Docker:
    """Docker's configuration folder, read once."""

    def __init__(self, folder: Path, executor: Executor) -> None:
        self._file = folder / "config.json"
        self._executor = executor
        self._warnings: list[str] = []

    def find(self, registries: Iterable[str]) -> Logins:
        config = self._read()
        found = {name: login for name in registries if (login := self._login(config, name))}
        return Logins(found, tuple(dict.fromkeys(self._warnings)))

    def _read(self) -> Mapping[str, Any]:
        try:
            self._file.stat()
            config = json.loads(read_bounded(self._file, _MOST))
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except (OSError, EdgegenError) as error:
            why = error.problems[0].message if isinstance(error, EdgegenError) else error.strerror
            self._warnings.append(f"{self._file} can't be read: {why}")
            return {}
        except (ValueError, RecursionError):
            self._warnings.append(f"{self._file} is not JSON: no password was read from it")
            return {}
        return mapping(config)

    def _login(self, config: Mapping[str, Any], registry: str) -> Credentials | None:
        helper = mapping(config.get("credHelpers")).get(registry) or config.get("credsStore")
        login = self._ask(helper, registry) if isinstance(helper, str) and helper else None
        return login or self._stored(mapping(config.get("auths")), registry)

    def _ask(self, helper: str, registry: str) -> Credentials | None:
        """`docker-credential-NAME get`, with the registry's name on its standard input."""
        if not re.fullmatch(r"[\w.-]{1,64}", helper, re.ASCII):
            self._warnings.append(f"{self._file} names a credential helper that is not a program's name")
            return None
        program = f"docker-credential-{helper}"
        try:
            result = self._executor.run(Command((program, "get"), stdin=registry, timeout=HELPER_TIMEOUT))
        except EdgegenError as error:
            self._warnings.append(f"no password for {registry}: {error.problems[0].message}")
            return None
        if not result.ok:
            # The helper's output is not repeated: a third-party program may print anything.
            if "credentials not found" not in result.stdout + result.stderr:
                self._warnings.append(f"no password for {registry}: `{program} get` failed ({result.returncode})")
            return None
        return self._answer(result.stdout, program, registry)

    def _answer(self, text: str, program: str, registry: str) -> Credentials | None:
        try:
            answer = mapping(json.loads(text))
        except (ValueError, RecursionError):
            answer = {}
        user, secret = answer.get("Username"), answer.get("Secret")
        if not isinstance(user, str) or not isinstance(secret, str) or not _is_text(user + secret):
            self._warnings.append(f"no password for {registry}: `{program} get` gave no answer that can be read")
            return None
        return _credentials(user, secret, program)

    def _stored(self, auths: Mapping[str, Any], registry: str) -> Credentials | None:
        entries = [mapping(auths[key]) for key in auths if _is_key(key, registry)]
        return next((login for entry in entries if (login := self._entry(entry, registry))), None)

    def _entry(self, entry: Mapping[str, Any], registry: str) -> Credentials | None:
        try:
            user, password = _pair(entry)
            if not _is_text(user + password):
                raise ValueError
        except (ValueError, binascii.Error):
            self._warnings.append(f"{self._file}: the entry of {registry} can't be read")
            return None
        return _credentials(user, password, str(self._file))


def _is_key(key: str, registry: str) -> bool:
    """Whether a key of `auths` means a registry: `host`, `host:port`, `https://host`, `https://host/v1/` …"""
    host = re.sub(r"^https?://", "", key).partition("/")[0]
    return host.lower().removesuffix(":443") == registry.lower().removesuffix(":443")


def _pair(entry: Mapping[str, Any]) -> tuple[str, str]:
    """User and password, "" where there are none. Raises ValueError for anything but base64 of `user:password`."""
    token, auth = entry.get("identitytoken"), entry.get("auth")
    if isinstance(token, str) and token:
        return TOKEN_USER, token
    if isinstance(auth, str) and auth:
        name, colon, secret = base64.b64decode(auth, validate=True).decode().partition(":")
        if not colon or not name:
            raise ValueError("no user")
        return name, secret.strip("\0")  # as Docker does
    user, password = entry.get("username"), entry.get("password")
    return (user, password) if isinstance(user, str) and isinstance(password, str) else ("", "")


def _is_text(text: str) -> bool:
    """JSON can say halves of characters, which no encoding has."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _credentials(user: str, password: str, source: str) -> Credentials | None:
    if not user or not password:
        return None
    return Credentials(user, Secret(password), source, token=user == TOKEN_USER)
