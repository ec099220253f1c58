"""An image without a tag, or with `latest`.

What it does
    Reports it; the spec is rendered all the same.

Why
    Each pull may change the program, without anyone's decision.

Example
    `image: nginx`

Instead
    `image: nginx:1.27.3`, or a digest.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.names import ImageRef
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec
from edgegen.spec.variables import has_variables

ID = "ER015"


def check(spec: Spec) -> Iterator[Violation]:
    """Images that may change while their name stays the same."""
    images: list[tuple[tuple[str, ...], str]] = [
        (("edge", "image"), spec.edge.image),
        (("edge", "socket_proxy_image"), spec.edge.socket_proxy_image),
    ]
    images += [
        (("services", name, "image"), image) for name, service in spec.services.items() if (image := service.own_image)
    ]
    for path, image in images:
        if not has_variables(image) and not ImageRef(image).is_pinned:
            yield Violation(path, f"`{image}` is not pinned: every pull may bring another program",
                            "name a version", refused=False, severity=Severity.LOW)  # fmt: skip
