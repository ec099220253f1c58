"""What Traefik made of a question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

Data = dict[str, Any]


class Answer(Struct, frozen=True):
    """Keys are `name@provider`; Traefik's own (`@internal`) are only in `internal_routers`."""

    http_routers: Mapping[str, Data] = field(default_factory=dict)
    tcp_routers: Mapping[str, Data] = field(default_factory=dict)
    udp_routers: Mapping[str, Data] = field(default_factory=dict)
    middlewares: Mapping[str, Data] = field(default_factory=dict)
    services: Mapping[str, Data] = field(default_factory=dict)
    internal_routers: Mapping[str, Data] = field(default_factory=dict)
    log_lines: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    """Lines of the log, without those that are only this oracle's doing."""
    warnings: tuple[str, ...] = ()
    exit_code: int | None = None
    """Where Traefik did not even stay up."""
    is_complete: bool = True
    """False where a provider had not delivered in time."""
    unasked: tuple[str, ...] = ()
    """Sections of the static configuration that were left out, and dynamic files (`file NAME`)."""
    ports: Mapping[str, int] = field(default_factory=dict)
    """Where each entrypoint listened."""

    @property
    def routers(self) -> dict[str, Data]:
        """Of all protocols; a name of several has several, so HTTP's goes last and stays."""
        return {**self.udp_routers, **self.tcp_routers, **self.http_routers}


def errors_of(item: Mapping[str, Any]) -> list[str]:
    """What Traefik says against a router, a middleware or a service."""
    found = item.get("error") or item.get("err") or []
    return [found] if isinstance(found, str) else list(found)
