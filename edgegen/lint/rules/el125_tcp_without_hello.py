"""A TCP router with TLS for a protocol that does not begin with it.

What it does
    Reports a TCP router with TLS that leads to the usual port of FTP (21), SSH (22), SMTP (25, 587), POP3 (110), IMAP
    (143), MySQL (3306), RDP (3389) or VNC (5900).

Why
    With TLS Traefik waits for the hello of the client, and the client waits for the greeting of the server: it hangs
    until it gives up. Nor can Traefik tell hosts apart on such a port. Only a client that wraps the protocol in TLS
    (stunnel, `openssl s_client`) gets through.

Example
    ``traefik.tcp.routers.git.rule=HostSNI(`git.example.com`)`` with `tls=true`, to port 22

Instead
    ``HostSNI(`*`)`` without `tls`, on an entrypoint that only this service uses
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import Defined, Edge, edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.views.published import number_of
from edgegen.traefik.greeted import GREETED

RULE = Rule("EL125", "tcp-without-hello", Severity.MEDIUM, Confidence.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """TCP routers with TLS."""
    edge = edge_of(project)
    for router in edge.of("routers", "tcp"):
        if not (router.has_tls and router.known and router.whole and edge.takes(router)):
            continue
        port = next((port for port in _ports(edge, router) if port in GREETED), None)
        if port is not None:
            what = f"leads to port {port}, where {GREETED[port]} is usual: its clients don't begin with TLS, and hang"
            message = f"the TCP router `{shown(router.name)}` has TLS and {what}"
            hint = "write ``HostSNI(`*`)`` without `tls`, on a separate entrypoint"
            yield Found(router.owner, message, router.place("tls"), hint)


def _ports(edge: Edge, router: Defined) -> Iterator[int]:
    """The ports of the service that it leads to, as far as they are written."""
    for service in _services(edge, router):
        texts = [service.text("loadbalancer.server.port")]
        texts += [address.rpartition(":")[2] for address in service.below("loadbalancer.servers", "address")]
        yield from (number for text in texts if (number := number_of(text)) is not None)


def _services(edge: Edge, router: Defined) -> list[Defined]:
    if name := router.text("service"):
        return edge.find("tcp", "services", name, router.provider)
    return edge.of_service(router.service.name, "services", "tcp") if router.service is not None else []
