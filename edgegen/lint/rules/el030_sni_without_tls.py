"""A TCP router that matches a host name without TLS.

What it does
    Reports a TCP router without `tls` whose rule has a `HostSNI` other than ``HostSNI(`*`)``.

Why
    Without TLS no connection names a host. Traefik disables the router.

Example
    ``traefik.tcp.routers.db.rule=HostSNI(`db.example.com`)`` without `tls`

Instead
    Add `traefik.tcp.routers.db.tls=true` (or `tls.passthrough=true`), or match every connection: ``HostSNI(`*`)``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.pattern import late_pattern
from edgegen.core.show import shown
from edgegen.lint.edge import edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule

RULE = Rule("EL030", "sni-without-tls", Severity.HIGH)
_NAMES = late_pattern(r"\bHostSNI\(\s*[`\"](?!\*[`\"])", re.IGNORECASE)
_PATTERNS = late_pattern(r"\bHostSNIRegexp\(", re.IGNORECASE)
"""Traefik takes these, and no connection matches."""


def check(project: Project) -> Iterator[Found]:
    """TCP routers without TLS."""
    for router in edge_of(project).of("routers", "tcp"):
        if router.has_tls or not router.whole:
            continue
        if _NAMES.search(router.text("rule")):
            message = f"Traefik disables the TCP router `{shown(router.name)}`: it matches a host, and has no TLS"
            hint = f"add `traefik.tcp.routers.{shown(router.name)}.tls=true`, or write ``HostSNI(`*`)``"
            yield Found(router.owner, message, router.place("rule"), hint)
        elif _PATTERNS.search(router.text("rule")):
            message = f"no connection matches the TCP router `{shown(router.name)}`: without TLS none names a host"
            hint = f"add `traefik.tcp.routers.{shown(router.name)}.tls=true`"
            yield Found(router.owner, message, router.place("rule"), hint, Severity.MEDIUM)
