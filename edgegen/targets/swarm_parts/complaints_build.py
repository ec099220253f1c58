"""Images that only the machine which has built them knows."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.names import ImageRef
from edgegen.spec.edge import Spec
from edgegen.spec.layers import service_layers
from edgegen.spec.problems import Complaint
from edgegen.spec.variables import has_variables


def check(spec: Spec) -> Iterator[Complaint]:
    """Builds without an image that names a registry."""
    for layers in service_layers(spec, ("build", "image")).values():
        image = next((str(keys["image"]) for keys, _ in reversed(layers) if keys.get("image")), "")
        for keys, at in layers:
            # A variable may hold a registry: what it says is known when it has a value.
            if keys.get("build") and not has_variables(image) and not ImageRef(image).registry:
                reason = f"`{image}` doesn't say of which registry" if image else "there is no `image`"
                yield Complaint(
                    (*at, "build"),
                    f"every node pulls the image that is built here, and {reason}",
                    "name the image with its registry, `image: r.example.com/web:1.4`: `up` builds it, pushes it there,"
                    " and deploys it by its digest",
                )
