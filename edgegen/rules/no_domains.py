"""A spec with public names and without `domains`.

What it does
    Reports it once; the spec is rendered, and `verify` checks its names.

Why
    Without `domains` edgegen doesn't manage DNS records, and can't check whether a name answers with the right address.

Example
    `services: {web: {image: "nginx:1.27.3", port: 80, host: www.commenthouse.com}}` and no `domains:`

Instead
    `domains: {commenthouse.com: {addresses: [157.245.51.137]}}`; with `provider: none` if its DNS is kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.reserved import is_reserved
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec

ID = "ER021"


def check(spec: Spec) -> Iterator[Violation]:
    """Public names in no domain at all, reported once. Reserved names have no public DNS."""
    places = [(path, host) for path, host in spec.host_places() if not is_reserved(host)]
    if spec.domains or not places:
        return
    (path, host), *others = places
    more = f" and {len(others)} more" if others else ""
    message = f"the spec has no `domains`: no DNS records are kept for `{host}`{more}"
    hint = "add its domain under `domains:`; with `provider: none` if its DNS is kept elsewhere"
    yield Violation(path, message, hint, refused=False, severity=Severity.LOW)
