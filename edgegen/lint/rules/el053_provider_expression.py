"""An expression of a provider that Traefik can't read: `constraints`, `defaultRule`.

What it does
    Parses `constraints` (`Label`, `LabelRegex`, `&&`, `||`, `!`) and the braces and quotes of `defaultRule`.

Why
    With a bad constraint the provider leaves out every container; with a bad default rule it does not start.

Example
    ``--providers.docker.constraints=Label(`a`)``

Instead
    ``--providers.docker.constraints=Label(`a`,`b`)``
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.statics import judged, known
from edgegen.traefik.constraints import lets_through
from edgegen.traefik.go_templates import template_fault

RULE = Rule("EL053", "provider-expression", Severity.HIGH)
_PROVIDERS = ("docker", "swarm", "consulcatalog", "nomad", "ecs")


def check(project: Project) -> Iterator[Found]:
    """The expressions of every provider."""
    for item in judged(project):
        for provider in _PROVIDERS:
            option = f"providers.{provider}.constraints"
            text = known(item.static, option)
            if text and lets_through(text, {}) is None:
                message = f"Traefik can't read the constraint `{shown(text, 120)}`, and leaves out every container"
                hint = "write ``Label(`key`,`value`)`` or ``LabelRegex(`key`,`regexp`)``"
                yield Found(item.subject, message, item.spot(option), hint)
            option = f"providers.{provider}.defaultrule"
            text = known(item.static, option)
            if text and (why := template_fault(text)):
                message = (
                    f"Traefik can't read the default rule `{shown(text, 120)}`: {why}; the provider does not start"
                )
                yield Found(item.subject, message, item.spot(option))
