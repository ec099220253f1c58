"""Files of the host that hold secrets, as a project names them, and what they hold. Nothing of it is ever shown."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from msgspec import Struct

from edgegen.core.data import items, mapping
from edgegen.core.pattern import late_pattern
from edgegen.lint.model import Disk, Mount, Project, Service, Spot
from edgegen.lint.views.acme import stores
from edgegen.lint.views.mounted import mounts_naming
from edgegen.lint.views.paths import host_path, place_of

LIMIT = 1 << 20
_ENCRYPTED = (b"$ANSIBLE_VAULT", b"\x00GITCRYPT", b"age-encryption.org", b"ENC[AES256", b"-----BEGIN PGP MESSAGE")
_KEY = late_pattern(rb"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----|\"(?:PrivateKey|key)\"\s*:\s*\"[A-Za-z0-9+/=]{100}")
_NAME = late_pattern(r"(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|CREDENTIALS?)\Z", re.IGNORECASE)
_LINE = late_pattern(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=(.*)")
_PLACEHOLDER = late_pattern(
    r"change|example|placeholder|dummy|sample|secret\b|password|your|my[-_]|xxx|\*\*\*|todo|fixme|<|\.\.\.|test|replace|"
    r"insert|here|foo|bar|123456|abcdef",
    re.IGNORECASE,
)

_NAMES = ("htpasswd", "usersfile", ".key", "key.pem", "acme.json")
"""The name of a mounted file that counts as a secret contains one of these."""


class Holds(Enum):
    """What a file that may hold secrets holds."""

    NOTHING = "nothing"
    SECRETS = "secrets"
    KEYS = "keys"


class Secret(Struct, frozen=True):
    """One of these files. `kind`: `store`, `secret`, `htpasswd`, `key`, or `env`."""

    kind: str
    path: str
    what: str
    subject: str
    spot: Spot


def secrets_of(project: Project) -> Iterator[Secret]:
    """Every file of the host that is, by its use or its name, one with secrets."""
    for store in stores(project):
        if store.place and store.place.host:
            what, spot = "the certificate store of Traefik", store.place.mount.spot
            yield Secret("store", store.place.host, what, store.service.name, spot)
    for key, source in project.secrets.items():
        path = str(source.data.get("file") or "")
        if path and "$" not in path and not path.startswith("~"):
            yield Secret("secret", posixpath.normpath(path), f"the file of the secret `{key}`", key, source.spot)
    for service in project.services.values():
        for mount in mounts_naming(service, _NAMES):
            if mount.kind == "bind" and (secret := _of_mount(project, service.name, mount)):
                yield secret
        yield from _variables_of(service)
    yield from _keys_of_dynamic(project)
    if project.files and project.disk and project.disk.kind(".env") == "file":
        yield Secret("env", ".env", "the variables of this project", ".env", Spot(project.files[0]))


def _variables_of(service: Service) -> Iterator[Secret]:
    """The files of its `env_file`, which are seldom called `.env`."""
    named = service.data.get("env_file")
    for index, item in enumerate(named if isinstance(named, list) else [named]):
        path = item.get("path") if isinstance(item, dict) else item
        if isinstance(path, str) and path and "$" not in path and not path.startswith("~"):
            spot = service.spot.at("env_file", index) if isinstance(named, list) else service.spot.at("env_file")
            yield Secret("env", posixpath.normpath(path), "variables of its `env_file`", service.name, spot)


def _of_mount(project: Project, name: str, mount: Mount) -> Secret | None:
    path = host_path(project, mount)
    if path is None:
        return None
    last = posixpath.basename(path).lower()
    if last in ("htpasswd", ".htpasswd", "usersfile", "users.htpasswd") or last.endswith(".htpasswd"):
        return Secret("htpasswd", path, "a file of password hashes", name, mount.spot)
    if last.endswith((".key", "-key.pem", "privkey.pem", "key.pem")):
        return Secret("key", path, "a private key", name, mount.spot)
    if last == "acme.json":
        return Secret("store", path, "a certificate store of Traefik", name, mount.spot)
    return None


def _keys_of_dynamic(project: Project) -> Iterator[Secret]:
    """`tls.certificates[].keyFile`, seen through the mounts of Traefik."""
    for traefik, service in project.proxies:
        for dynamic in traefik.dynamic:
            for index, path in _key_files(dynamic.data):
                place = place_of(project, service, path)
                if place is not None and place.host:
                    spot = Spot(dynamic.file, ("tls", "certificates", index))
                    yield Secret("key", place.host, "a private key", service.name, spot)


def _key_files(data: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    for index, item in enumerate(items(data, "tls", "certificates")):
        path = mapping(item).get("keyFile")
        if isinstance(path, str) and path.startswith("/"):
            yield index, path


def holds(disk: Disk, secret: Secret) -> Holds | None:
    """What the file holds; None where it is not a secret: an encrypted file, or a `.env` of harmless values."""
    content = disk.read(secret.path, LIMIT)
    if content is None:
        # Larger than a secret is, or out of reach: a store of that size holds keys.
        return Holds.SECRETS if secret.kind == "store" and disk.kind(secret.path) == "file" else None
    if any(mark in content[:4096] for mark in _ENCRYPTED) or b'"sops"' in content or b"\nsops:" in content:
        return None
    if _KEY.search(content):
        return Holds.KEYS
    if secret.kind == "store":
        return Holds.SECRETS if b"Certificates" in content else Holds.NOTHING
    return Holds.SECRETS if _is_secret(secret.kind, content) else None


def _is_secret(kind: str, content: bytes) -> bool:
    """Of what has no private key: a `key` without one is a certificate."""
    text = content.decode("utf-8", "replace")
    is_filled = text.strip() not in ("", "{}", "null")
    return (
        (kind == "htpasswd" and is_filled)
        or (kind == "secret" and is_filled and not is_placeholder(text))
        or (kind == "env" and _has_secret(text))
    )


def _has_secret(text: str) -> bool:
    """Whether a name like `…_TOKEN` has a value that may be one."""
    for line in text.splitlines():
        match = _LINE.match(line)
        if match and _NAME.search(match[1]):
            value = match[2].partition(" #")[0].strip().strip("'\"")
            if len(value) >= 8 and "$" not in value and not value.startswith("/") and not is_placeholder(value):
                return True
    return False


def is_placeholder(text: str) -> bool:
    """Whether a text is a placeholder for a secret that somebody must fill in."""
    return len(text) < 512 and bool(_PLACEHOLDER.search(text))
