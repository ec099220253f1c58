"""The real Traefik complains of this.

What it does
    With `--with-traefik`, lint starts the real Traefik on the loopback, without an engine and without a network, with
    the stack's own configuration, labels and dynamic files. Every error and warning of its log, and every router,
    middleware and service that it switches off, is reported at the line that it is about. What a rule reports there,
    too, is one finding: the rule's, with a note that Traefik says so.

Why
    Rules can be wrong. What Traefik itself refuses is refused in production, too.

Example
    `traefik.http.routers.web.tls.certresolvers=le`: Traefik says `field not found, node: certresolvers`.

Instead
    Fix the line. If a rule of lint has reported nothing there, please report that too (EL902).
"""

from __future__ import annotations

from edgegen.core.finding import Severity
from edgegen.lint.rule import Rule

RULE = Rule("EL900", "traefik-says", Severity.HIGH)
