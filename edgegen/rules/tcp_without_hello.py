"""A tcp service of a protocol in which nobody sends a TLS hello first.

What it does
    Reports `kind: tcp` where the container's port, or the public one, is the usual port of FTP (21), SSH (22), SMTP
    (25, 587), POP3 (110), IMAP (143), MySQL (3306), RDP (3389) or VNC (5900). The spec is rendered all the same.

Why
    Traefik finds a tcp service by the name in the TLS hello, with which the client has to begin. In these protocols
    the client waits for the server's greeting, or starts TLS only later or never: it hangs, or gets an error.
    PostgreSQL begins without TLS, too, but Traefik knows its way to start it.

Example
    `ssh: {kind: tcp, image: "gitea/gitea:1.23.8", host: git.example.com, entrypoint: ssh, listen: 2222, port: 22}`

Instead
    `ports: ["0.0.0.0:2222:22"]` of the container, past the edge; for mail, the ports that begin with TLS: 465, 993,
    995. A client that wraps it in TLS (stunnel) works as it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec
from edgegen.traefik.greeted import GREETED

ID = "ER036"


def check(spec: Spec) -> Iterator[Violation]:
    """Every tcp service."""
    for name, service in spec.services.items():
        if service.own_entrypoint is None or service.as_container is None:
            continue
        inside, public = service.as_container.port, service.own_entrypoint[1]
        for key, port in (("port", inside), ("listen", public)):
            if port in GREETED:
                what = GREETED[port]
                message = (
                    f"{port} is the port of {what}, whose clients don't begin with a TLS hello: Traefik can't "
                    "tell which service they want"
                )
                hint = f'publish it past the edge: `ports: ["0.0.0.0:{public}:{inside}"]`, without `kind: tcp`'
                yield Violation(("services", name, key), message, hint, refused=False, severity=Severity.MEDIUM)
                break
