"""Traefik's own view: its API, asked for the routers of one host and what is behind them.

It is reached where `--traefik-api` says, or through the dashboard's own host with its user and password.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from msgspec import Struct, field

from edgegen.core.data import mapping
from edgegen.core.errors import UsageError
from edgegen.core.secret import Credentials
from edgegen.core.show import shown
from edgegen.endpoints import Endpoint
from edgegen.net.answer import Failure, in_words
from edgegen.net.conversation import Conversation, origin
from edgegen.net.deadline import Deadline
from edgegen.net.request import Stream
from edgegen.net.tcp import dial
from edgegen.net.tls import Line, Refused, shake
from edgegen.traefik.rule_hosts import rule_names
from edgegen.verify.detours import target
from edgegen.verify.look.echo import without_echo
from edgegen.verify.look.names import SharedNames, look_up
from edgegen.verify.look.trust import Trust
from edgegen.verify.settings import Settings

_PORTS = {"http": 80, "https": 443}


class Door(Struct, frozen=True):
    """Where the API answers. Credentials are sent only over verified TLS."""

    scheme: str
    host: str
    port: int
    base: str = ""
    credentials: Credentials | None = None

    @classmethod
    def parse(cls, url: str, credentials: Credentials | None = None) -> Door:
        """From `http://127.0.0.1:8080`. Raises UsageError for anything else; never shows a password that is in it."""
        hint = "write it like `--traefik-api http://127.0.0.1:8080`"
        try:
            parts = urlsplit(url)
            port = parts.port or _PORTS[parts.scheme]
            host = parts.hostname or ""
        except (ValueError, KeyError):
            raise UsageError("--traefik-api: not an http:// or https:// URL", hint=hint) from None
        if "@" in parts.netloc or not host or not url.isprintable() or " " in url:
            raise UsageError("--traefik-api: a URL with a host and without a user is expected", hint=hint)
        return cls(parts.scheme, host, port, parts.path.rstrip("/").removesuffix("/api"), credentials)

    @property
    def shown(self) -> str:
        """As a person writes it."""
        return shown(origin(self.scheme, self.host, self.port) + self.base)


class RouterSeen(Struct, frozen=True):
    """A router that names the host. `status`: enabled, warning or disabled."""

    name: str
    rule: str
    status: str
    errors: tuple[str, ...] = ()
    entrypoints: tuple[str, ...] = ()
    servers: Mapping[str, str] = field(default_factory=dict)
    """URL of each server of its service -> UP or DOWN."""


class TraefikSeen(Struct, frozen=True):
    """What the API says of one host. With `trouble` it did not say."""

    routers: tuple[RouterSeen, ...] = ()
    read_timeouts: Mapping[str, str] = field(default_factory=dict)
    """Entrypoint -> how long a whole request may take, as Go writes it: `1m0s`."""
    trouble: str = ""


class _SilentError(Exception):
    """The API gave no answer that could be used."""


def look_at_api(door: Door, host: str, settings: Settings, trust: Trust, *, section: str = "http") -> TraefikSeen:
    """The routers of `host` and their services; `section` is http or tcp. What the network does never raises."""
    talk = Conversation(
        origin(door.scheme, door.host, door.port),
        _Way(door, settings, trust, deadline := Deadline.after(settings.timeout)).connect,
        deadline,
        takes_credentials=door.scheme == "https",
    )
    api = _Api(talk, f"{door.base}/api", _headers(door), section)
    try:
        return TraefikSeen(api.routers(host), api.read_timeouts())
    except _SilentError as error:
        return TraefikSeen(trouble=str(error))
    finally:
        talk.close()


def _headers(door: Door) -> Mapping[str, str]:
    from edgegen.verify.look.registry_token import basic

    return {"Authorization": basic(door.credentials)} if door.credentials and door.scheme == "https" else {}


class _Way(Struct, frozen=True):
    """How the door is connected to."""

    door: Door
    settings: Settings
    trust: Trust
    deadline: Deadline

    def connect(self) -> Stream | Failure:
        address, port = target(self.settings, self.door.host, self.door.port, self._address())
        if self.door.scheme == "http":
            return dial(address, port, self.deadline)
        stream = shake(self.trust.verified, Line(self.door.host, address, port, self.deadline))
        return stream.failure if isinstance(stream, Refused) else stream

    def _address(self) -> str:
        """By the run's resolvers; names that only this machine knows (`localhost`) by its own."""
        names = look_up(Endpoint(self.door.host, self.door.host, port=self.door.port), self.settings, SharedNames())
        if found := names.detour or next(iter(names.addresses), ""):
            return found
        try:
            return str(socket.getaddrinfo(self.door.host, None, type=socket.SOCK_STREAM)[0][4][0])
        except (OSError, UnicodeError):
            return self.door.host


class _Api(Struct, frozen=True):
    talk: Conversation
    base: str
    headers: Mapping[str, str]
    section: str

    def routers(self, host: str) -> tuple[RouterSeen, ...]:
        """A wildcard's rule does not contain the host itself, so it is searched for by what follows the star."""
        above = f"*.{host.partition('.')[2]}"
        bodies = [
            body for word in (host, above) for body in self._list(f"/{self.section}/routers?search={quote(word)}")
        ]
        found = {str(body.get("name", "")): body for body in bodies if rule_names(str(body.get("rule", "")), host)}
        return tuple(self._router(name, body) for name, body in found.items())

    def read_timeouts(self) -> Mapping[str, str]:
        return {
            str(body.get("name", "")): str(
                mapping(mapping(body.get("transport")).get("respondingTimeouts")).get("readTimeout", "0")
            )
            for body in self._list("/entrypoints?")
        }

    def _router(self, name: str, body: Mapping[str, Any]) -> RouterSeen:
        service = str(body.get("service", ""))
        provider = name.rpartition("@")[2]
        return RouterSeen(
            name,
            str(body.get("rule", "")),
            str(body.get("status", "")),
            _words(body.get("error")),
            _words(body.get("entryPoints")),
            self._servers(service if "@" in service else f"{service}@{provider}"),
        )

    def _servers(self, service: str) -> Mapping[str, str]:
        """None of them where the service does not exist: then its router says so."""
        try:
            body = self._get(f"/{self.section}/services/{quote(service, safe='@')}")
        except _SilentError:
            return {}
        return {str(url): str(word) for url, word in mapping(mapping(body).get("serverStatus")).items()}

    def _list(self, path: str) -> list[Mapping[str, Any]]:
        body = self._get(f"{path}&per_page=100")
        return [item for item in body if isinstance(item, dict)] if isinstance(body, list) else []

    def _get(self, path: str) -> Any:
        answer = without_echo(self.talk.ask("GET", self.base + path, self.headers), self.headers)
        if answer.failure:
            raise _SilentError(in_words(answer.failure))
        if answer.status == 401:
            raise _SilentError("it asks for a password: EDGEGEN_DASHBOARD_USER and EDGEGEN_DASHBOARD_PASSWORD")
        if answer.status != 200:
            raise _SilentError(f"it answers {answer.status}")
        try:
            return json.loads(answer.body)
        except (ValueError, RecursionError):
            raise _SilentError("what answers is not Traefik's API") from None


def _words(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()
