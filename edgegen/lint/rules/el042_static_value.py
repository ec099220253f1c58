"""A value of a static option that Traefik refuses or replaces.

What it does
    Checks values that are more than a word of their type: addresses and ports of entrypoints, CIDRs, log levels and
    formats, key types, durations of certificates, names of providers and strategies, and options that exclude each
    other.

Why
    Traefik exits (a bad CIDR, a port above 65535), leaves out what it can't use (a resolver, a filter of the access
    log), or takes another value and says so in one line: `ec256` becomes RSA4096.

Example
    `--entrypoints.web.address=80`, `--certificatesresolvers.le.acme.keytype=ec256`

Instead
    `--entrypoints.web.address=:80`, `--certificatesresolvers.le.acme.keytype=EC256`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edits import fix, rename_flag, set_label, set_scalar
from edgegen.lint.model import Project, Value
from edgegen.lint.rule import Fix, Found, Rule
from edgegen.lint.static_values import ValueFault, value_faults
from edgegen.lint.statics import Judged, judged, written

RULE = Rule("EL042", "static-value", Severity.HIGH)


def check(project: Project) -> Iterator[Found]:
    """Each value that is not taken as it is written."""
    for item in judged(project):
        for fault in value_faults(item.static.options, item.version):
            value = item.static.get(fault.option)
            if value is not None and value.known:
                said = f"`{shown(written(item, fault.option), 120)}`: {fault.why}"
                correction = _fix(item, fault, value) if fault.meant else None
                yield Found(item.subject, said, value.spot, fault.hint, fault.severity, fix=correction)


def _fix(item: Judged, fault: ValueFault, value: Value) -> Fix | None:
    """The value that was meant, in whatever the static configuration is written."""
    name, text, summary = written(item, fault.option), fault.meant, f"write `{fault.meant}`"
    if item.static.source == "file":
        return fix(summary, set_scalar(value.spot, text))
    if "$" in value.raw:
        return None
    if item.static.source == "environment":
        return fix(summary, set_label(value, name, text))
    return fix(summary, rename_flag(value, f"{name}={value.text}", f"{name}={text}"))
