"""Protocols in which the client waits for the server's greeting: it never begins with the TLS hello."""

from __future__ import annotations

GREETED = {
    21: "FTP", 22: "SSH", 25: "SMTP", 110: "POP3", 143: "IMAP", 587: "SMTP", 3306: "MySQL", 3389: "RDP", 5900: "VNC",
}  # fmt: skip
"""Usual port -> protocol. PostgreSQL begins without TLS, too, but Traefik knows its way to start it."""
