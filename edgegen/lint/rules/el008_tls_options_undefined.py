"""TLS options that nobody defines.

What it does
    Looks up the `tls.options` that routers name. Only dynamic files can define them; `default` always exists.

Why
    Traefik disables the router, and every TLS handshake with its host fails.

Example
    `traefik.http.routers.web.tls.options=modern`, or `default@file`

Instead
    Define `modern` in a dynamic file and write `modern@file`; for the default options write `default`, or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import Edge, edge_of
from edgegen.lint.model import Project
from edgegen.lint.references import OF_LABELS, Use, in_a_file, reported
from edgegen.lint.rule import Found, Rule

RULE = Rule("EL008", "tls-options-undefined", Severity.HIGH)
_OPTION = "tls.options"
_DEFAULT = "default@file"


def check(project: Project) -> Iterator[Found]:
    """TLS options of routers."""
    edge = edge_of(project)
    uses = list(_uses(edge))
    for use in uses:
        if use.provider in OF_LABELS:
            message = f"there are no TLS options `{shown(use.name)}`: labels can't define any, and {_effect(use)}"
            yield Found(use.user.owner, message, use.user.place(_OPTION), in_a_file(edge, "options", use, "them"))
        elif use.name == _DEFAULT:
            message = f"there are no TLS options `{shown(use.name)}`: the default ones have no provider, and "
            yield Found(use.user.owner, message + _effect(use), use.user.place(_OPTION), "write `default`")
    in_files = (use for use in uses if use.provider not in OF_LABELS and use.name != _DEFAULT)
    yield from reported(edge, "options", "TLS option set", in_files, _effect)


def _uses(edge: Edge) -> Iterator[Use]:
    for router in edge.of("routers"):
        if (name := router.text(_OPTION)) and name != "default":
            yield Use(router, _OPTION, name)


def _effect(use: Use) -> str:
    return f"Traefik disables the router `{shown(use.user.name)}`"
