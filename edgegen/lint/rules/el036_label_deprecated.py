"""A label that Traefik 3 warns about or ignores.

What it does
    Reports options that Traefik 3 still reads: `ipwhitelist`, `rulesyntax`, `stripprefix.forceslash`,
    `contenttype.autodetect`, `forwardauth.tls.caoptional`, and the `ssl…` and `featurepolicy` options of `headers`,
    which do nothing.

Why
    Traefik warns at each start, or says nothing; a later version drops the container for them.

Example
    `traefik.http.middlewares.lan.ipwhitelist.sourcerange=10.0.0.0/8`

Instead
    `traefik.http.middlewares.lan.ipallowlist.sourcerange=10.0.0.0/8`
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from edgegen.core.finding import Severity
from edgegen.lint.edge import Defined, edge_of
from edgegen.lint.edits import fix, rename_label
from edgegen.lint.model import Project
from edgegen.lint.rule import Fix, Found, Rule

RULE = Rule("EL036", "label-deprecated", Severity.LOW)
_WARNED: Mapping[str, str] = {
    "ipwhitelist": "write `ipallowlist`, which has the same options",
    "rulesyntax": "write the rule in the syntax of Traefik 3, and remove this label",
    "stripprefix.forceslash": "remove it",
    "contenttype.autodetect": "write `contenttype=true`, or remove it",
    "forwardauth.tls.caoptional": "remove it",
}
_DEAD = {
    "headers.featurepolicy": "write `headers.permissionspolicy`",
    "headers.sslredirect": "use the entrypoint's redirection, or a `redirectscheme` middleware",
    "headers.ssltemporaryredirect": "use a `redirectscheme` middleware",
    "headers.sslhost": "use a `redirectregex` middleware",
    "headers.sslforcehost": "use a `redirectregex` middleware",
}


def check(project: Project) -> Iterator[Found]:
    """Routers and middlewares in labels."""
    version = project.version
    if version is not None and version.major < 3:
        return
    edge = edge_of(project)
    for item in (*edge.of("routers"), *edge.of("middlewares")):
        if item.item is not None:
            yield from _of_item(item)


def _of_item(item: Defined) -> Iterator[Found]:
    for option, (_, label) in item.item.options.items() if item.item else ():
        warned = _WARNED.get(option) or _WARNED.get(option.partition(".")[0])
        if warned:
            message = f"`{label}` is deprecated, and Traefik 3 warns about it"
            yield Found(item.owner, message, item.labels[label].spot.of_key, warned, fix=_fix(item, option, label))
        elif dead := _DEAD.get(option):
            message = f"`{label}` does nothing in Traefik 3"
            yield Found(item.owner, message, item.labels[label].spot.of_key, dead)


def _fix(item: Defined, option: str, label: str) -> Fix | None:
    """The allow list has another name and the same options."""
    if option.partition(".")[0] != "ipwhitelist":
        return None
    meant = re.sub(r"\.ipwhitelist\b", ".ipallowlist", label, flags=re.IGNORECASE)
    return fix(f"write `{meant}`", rename_label(item.labels[label], label, meant))
