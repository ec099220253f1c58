"""A word of a dynamic file that Traefik 3 warns about or ignores.

What it does
    Reports middlewares and options in dynamic files that Traefik 3 still takes from version 2: `ipWhiteList`,
    `ruleSyntax`, `stripPrefix.forceSlash`, `contentType.autoDetect`, the headers' `ssl…` options.

Why
    The next version may not know them, and then refuses the file with its whole folder. Some have no effect already.

Example
    `ipWhiteList: {sourceRange: [10.0.0.0/8]}`

Instead
    `ipAllowList: {sourceRange: [10.0.0.0/8]}`
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.dynamics import version_for
from edgegen.lint.edge import Defined, edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule

RULE = Rule("EL059", "file-word-deprecated", Severity.LOW)
_WARNED: Mapping[str, Mapping[str, str]] = {
    "middlewares": {
        "ipwhitelist": "write `ipAllowList`, which has the same options",
        "stripprefix.forceslash": "remove it",
        "contenttype.autodetect": "write `contentType: {}`, or remove it",
        "forwardauth.tls.caoptional": "remove it",
    },
    "routers": {"rulesyntax": "write the rule in the syntax of Traefik 3, and remove it"},
}
_DEAD = {
    "headers.featurepolicy": "write `permissionsPolicy`",
    "headers.sslredirect": "use the entrypoint's redirection, or a `redirectScheme` middleware",
    "headers.ssltemporaryredirect": "use a `redirectScheme` middleware",
    "headers.sslhost": "use a `redirectRegex` middleware",
    "headers.sslforcehost": "use a `redirectRegex` middleware",
}


def check(project: Project) -> Iterator[Found]:
    """Routers and middlewares of all dynamic files that are read by Traefik 3."""
    files = {id(item.file): item for item in project.dynamic if item.named}
    for item in edge_of(project).defined:
        dynamic = files.get(id(item.spot.file)) if item.provider == "file" else None
        version = version_for(project, dynamic) if dynamic else None
        if dynamic is not None and (version is None or version.major >= 3):
            yield from _of_item(item)


def _of_item(item: Defined) -> Iterator[Found]:
    for option, hint in _WARNED.get(item.kind, {}).items():
        if item.has(option):
            message = f"`{option}` of `{shown(item.name)}` is deprecated, and Traefik 3 warns about it"
            yield Found(item.owner, message, item.place(option).of_key, hint)
    for option, hint in _DEAD.items() if item.kind == "middlewares" else ():
        if item.has(option):
            message = f"`{option}` of `{shown(item.name)}` does nothing in Traefik 3"
            yield Found(item.owner, message, item.place(option).of_key, hint)
