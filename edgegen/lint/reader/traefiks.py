"""The Traefiks of a project with their static configuration and the dynamic files that they read."""

from __future__ import annotations

from collections.abc import Mapping

from edgegen.lint.model import Disk, Service, Static, Traefik, Value
from edgegen.traefik.settings import is_traefik
from edgegen.traefik.version import version_of


def traefiks_of(services: Mapping[str, Service], disk: Disk) -> tuple[Traefik, ...]:  # noqa: ARG001
    """Each service that is a Traefik, by its image's name or its flags."""
    found = []
    for service in services.values():
        image = service.image.text if service.image else ""
        if is_traefik(image, [word.text for word in service.command]):
            spot = service.image.spot if service.image else service.spot
            found.append(Traefik(service, _static(service), version_of(image), spot))
    return tuple(found)


def _static(service: Service) -> Static:
    options: dict[str, Value] = {}
    for word in service.command:
        if word.text.startswith("--"):
            name, equals, text = word.text[2:].partition("=")
            options[name.lower()] = Value(text if equals else "true", word.spot, word.raw, word.unset)
    return Static("flags" if options else "none", options, spot=service.spot)
