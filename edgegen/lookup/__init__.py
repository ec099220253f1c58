"""DNS queries: many at once, each with a status. dnspython handles the wire format."""

from __future__ import annotations

from edgegen.lookup.ask import ask_all, ask_any, ask_through, authorities
from edgegen.lookup.model import DNS_PORT, TIMEOUT, Question, Reply, Server, Status
from edgegen.lookup.servers import parse_server, system_servers

__all__ = [
    "DNS_PORT", "TIMEOUT", "Question", "Reply", "Server", "Status", "ask_all", "ask_any", "ask_through", "authorities",
    "parse_server", "system_servers",
]  # fmt: skip
