"""Asking the DNS itself: many questions at once, each answer says what it is. dnspython does the wire's format."""

from __future__ import annotations

from edgegen.lookup.ask import ask, ask_all, ask_any, ask_through
from edgegen.lookup.authorities import authorities
from edgegen.lookup.model import DNS_PORT, TIMEOUT, Question, Reply, Server, Status
from edgegen.lookup.servers import parse_server, system_servers
from edgegen.net.deadline import Deadline

__all__ = [
    "DNS_PORT",
    "TIMEOUT",
    "Deadline",
    "Question",
    "Reply",
    "Server",
    "Status",
    "ask",
    "ask_all",
    "ask_any",
    "ask_through",
    "authorities",
    "parse_server",
    "system_servers",
]
