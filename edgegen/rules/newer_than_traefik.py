"""Options that the pinned Traefik does not have yet.

What it does
    Refuses a middleware, or an option of one, that is newer than the image. If the image can't leave query strings
    out of its access log, a remark reports that the paths are left out as well.

Why
    Traefik drops the whole container, or every dynamic file, because of one unknown word.

Example
    `edge: {image: "traefik:v3.6.2"}` with `{kind: retry, attempts: 3, status: ["503"]}`

Instead
    The image that the message names, or a middleware without the option.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.location import Path
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec
from edgegen.traefik.middlewares import Middleware
from edgegen.traefik.since import QUERY_PARAMETERS, flag_since, needed, option_since
from edgegen.traefik.version import Version, is_at_least, version_of

ID = "ER014"


def check(spec: Spec) -> Iterator[Violation]:
    """Everything in the spec that its Traefik does not have."""
    version = version_of(spec.edge.image)
    if version is None or spec.edge.use:  # the image of another project's edge is not known here
        return
    for path, _, middleware in spec.middleware_places():
        yield from _unknown(path, middleware, version)
    if spec.edge.access_log and not is_at_least(version, *flag_since(QUERY_PARAMETERS)):
        message = (
            f"Traefik {version} can't leave query strings, which may hold secrets, out of its access log: "
            "requests are logged without their path"
        )
        hint = f"use {needed(version, flag_since(QUERY_PARAMETERS))} or later, like `traefik:v3.7`"
        yield Violation(("edge", "image"), message, hint, refused=False, severity=Severity.LOW)


def _unknown(path: Path, middleware: Middleware, version: Version) -> Iterator[Violation]:
    """The whole kind, or the options that are set."""
    kind = middleware.traefik_name
    if not is_at_least(version, *option_since(kind)):
        yield _violation(path, f"the middleware `{middleware.kind}`", version, option_since(kind))
        return
    for option in sorted(middleware.model_fields_set - {"kind"}):
        if not is_at_least(version, *option_since(kind, middleware.spelled(option))):
            since = option_since(kind, middleware.spelled(option))
            yield _violation((*path, option), f"`{option}` of `{middleware.kind}`", version, since)


def _violation(path: Path, what: str, version: Version, since: tuple[Version, ...]) -> Violation:
    message = f"{what} needs Traefik {needed(version, since)} or later, and `edge.image` is {version}"
    return Violation(path, message, "use a newer image, like `traefik:v3.7`, or remove it")
