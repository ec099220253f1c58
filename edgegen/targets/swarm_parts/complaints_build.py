"""Images that only the machine which has built them knows."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.spec.edge import Spec
from edgegen.spec.layers import service_layers
from edgegen.spec.problems import Complaint
from edgegen.spec.variables import has_variables


def check(spec: Spec) -> Iterator[Complaint]:
    """Builds without an image that names a registry."""
    for layers in service_layers(spec, ("build", "image")).values():
        image = next((str(keys["image"]) for keys, _ in reversed(layers) if keys.get("image")), "")
        for keys, at in layers:
            if keys.get("build") and not names_registry(image):
                yield Complaint(
                    (*at, "build"),
                    _why(image),
                    "name the image with its registry, `image: r.example.com/web:1.4`: `up` builds it, pushes it there,"
                    " and deploys it by its digest",
                )


def _why(image: str) -> str:
    reason = f"`{image}` doesn't say of which registry" if image else "there is no `image`"
    return f"every node pulls the image that is built here, and {reason}"


def names_registry(image: str) -> bool:
    """Whether an image's reference begins with a registry, `r.example.com/` or `localhost:5000/`.

    A variable may hold one: what it says is known when it has a value.
    """
    first, slash, _ = image.partition("/")
    return has_variables(image) or (bool(slash) and ("." in first or ":" in first or first == "localhost"))
