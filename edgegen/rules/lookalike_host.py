"""A host name that looks like another one.

What it does
    Warns of a name with letters of two scripts that are easily confused in one label (Latin, Cyrillic, Greek …), and of
    one whose letters all look Latin and aren't; the spec is rendered all the same.

Why
    It is another name than the one that people read and type. One letter from another keyboard layout makes one,
    unnoticed. Browsers show it as `xn--…`, and take it for phishing.

Example
    `host: сhat.commenthouse.com`, where the first letter is Cyrillic

Instead
    `host: chat.commenthouse.com`, typed again. A name in one script, like `bücher.commenthouse.com`, is fine.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from edgegen.core.finding import Severity
from edgegen.core.location import Path
from edgegen.core.lookalike import lookalike
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec

ID = "ER032"


def check(spec: Spec) -> Iterator[Violation]:
    """Domains, hosts and aliases; each deceptive label once."""
    told: set[str] = set()
    domains: Iterator[tuple[Path, str]] = ((("domains", name), name) for name in spec.domains)
    for path, host in chain(domains, spec.host_places()):
        why = lookalike(host)
        if why and why not in told:
            told.add(why)
            hint = "type the name again in letters of one script; if you intend this name, leave it"
            yield Violation(path, f"`{host}` {why}", hint, refused=False, severity=Severity.MEDIUM)
