"""A host that looks like another one.

What it does
    Reports a router's host in its `xn--` form, where one label mixes letters of scripts that are easily confused
    (Latin, Cyrillic, Greek …), or where all of its letters look Latin and aren't.

Why
    It is another name than the one that people read and type: they never reach this router. A letter from another
    keyboard layout makes one unnoticed. Browsers take such names for phishing.

Example
    ``traefik.http.routers.chat.rule=Host(`xn--hat-3ed.example.com`)``, which is `сhat` with a Cyrillic `с`

Instead
    ``traefik.http.routers.chat.rule=Host(`chat.example.com`)``
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.lookalike import lookalike
from edgegen.core.show import shown
from edgegen.lint.edge import edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.traefik.rule_hosts import hosts_of

RULE = Rule("EL109", "lookalike-host", Severity.LOW, Confidence.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Each router's first such host. Traefik refuses names that are not ASCII: that is EL018's."""
    for router in edge_of(project).of("routers"):
        hosts = [host for host in hosts_of(router.text("rule")) if host.isascii()]
        if odd := next(filter(lookalike, hosts), None):
            message = f"`{shown(odd)}` in the rule of `{shown(router.name)}` {lookalike(odd)}"
            yield Found(router.owner, message, router.place("rule"), "type the name again in letters of one script")
