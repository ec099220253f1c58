"""A static option that the new Traefik does not know.

What it does
    Reports each flag, variable or key of the static configuration that the old Traefik knows and the new one does
    not. With `--fix` an option that has become needless is removed (`experimental.http3`, `pilot`), and a renamed one
    renamed. Options whose purpose has to be met in another way (`tracing.jaeger`) are only reported.

Why
    Traefik ends with exit code 1, and with it every route.

Example
    `--experimental.http3=true`

Instead
    Only `--entrypoints.websecure.http3=true`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.edits import fix
from edgegen.lint.model import Static
from edgegen.lint.rule import Fix, Found, Rule
from edgegen.lint.statics import Judged, judged, written
from edgegen.lint.upgrade.options import remove, rename
from edgegen.lint.upgrade.way import Way
from edgegen.traefik.label_fault import Effect
from edgegen.traefik.static_words import static_faults
from edgegen.traefik.version import Version

RULE = Rule("EL202", "option-gone", Severity.CRITICAL)
_OF_SWARM_MODE = "providers.docker.swarmmode"
"""Has its own step."""
_NEEDLESS = re.compile(r"pilot(\..*)?|experimental\.(http3|kubernetesgateway)|.*\.tls\.caoptional")
_RENAMED = re.compile(r"(providers\.(?:consul|consulcatalog|nomad))\.namespace")


def check(way: Way) -> Iterator[Found]:
    """Each option that stops the new Traefik and not the old one."""
    for item in judged(way.project):
        options = {name: value.text for name, value in item.static.options.items() if value.known}
        before = _stopping(options, way.old)
        for option, why in _stopping(options, way.new).items():
            if option not in before and not option.lower().startswith(_OF_SWARM_MODE):
                yield _found(way, item, option, why)


def _found(way: Way, item: Judged, option: str, why: str) -> Found:
    message = f"`{written(item, option)}` keeps Traefik {way.new} from starting: {why}"
    return Found(item.subject, message, item.spot(option), fix=_fix(item.static, option))


def _stopping(options: dict[str, str], version: Version) -> dict[str, str]:
    return {fault.label: fault.why for fault in static_faults(options, version) if fault.effect is Effect.STOPS}


def _fix(static: Static, option: str) -> Fix | None:
    name = option.lower()
    if _NEEDLESS.fullmatch(name):
        return fix("remove the option: it is not needed any more", remove(static, name))
    if _RENAMED.fullmatch(name):
        return fix("write the option's new name", rename(static, name, name, f"{name}s"))
    return None
