"""The Traefiks of a project with their static configuration and the dynamic files that they read."""

from __future__ import annotations

from collections.abc import Mapping

from edgegen.lint.model import Disk, File, Gap, Service, Source, Static, Traefik
from edgegen.lint.reader.container import Container
from edgegen.lint.reader.dynamic import dynamic_of
from edgegen.lint.reader.static_meant import as_meant
from edgegen.lint.reader.static_sources import static_of
from edgegen.traefik.settings import is_traefik
from edgegen.traefik.version import Version, version_of


def traefiks_of(
    services: Mapping[str, Service],
    disk: Disk,
    *,
    secrets: Mapping[str, Source],
    configs: Mapping[str, Source],
    values: Mapping[str, str],
    wanted: Version | None,
) -> tuple[tuple[Traefik, ...], tuple[File, ...], tuple[Gap, ...]]:
    """Each service that is a Traefik, by its image's name or its flags; their files; and what could not be seen."""
    traefiks: list[Traefik] = []
    gaps: list[Gap] = []
    for service in services.values():
        image = service.image.text if service.image else ""
        if not is_traefik(image, [word.text for word in (*service.entrypoint, *service.command)]):
            continue
        container = Container(service, disk, secrets, configs, values)
        version = version_of(image)
        static = as_meant(static_of(container, wanted or version), wanted or version)
        found = dynamic_of(container, static)
        spot = service.image.spot if service.image else service.spot
        traefiks.append(Traefik(service, static, version, spot, found.files, found.place, found.hidden))
        gaps += [*_gaps(static), *found.gaps]
    return tuple(traefiks), _files(traefiks), tuple(gaps)


def _gaps(static: Static) -> list[Gap]:
    document = static.document
    if document is not None and document.unsure is not None:
        return [Gap(f"edgegen can't read it: {document.unsure.message}", where=document.unsure.where)]
    if document is None and static.source == "file" and static.spot is not None:
        path = static.mount.path if static.mount and static.mount.path else "in a volume, or outside of this project"
        spot = static.mount.mount.spot if static.mount and static.mount.mount else static.spot
        return [Gap(f"Traefik's configuration file could not be read: it is {path}", spot)]
    return []


def _files(traefiks: list[Traefik]) -> tuple[File, ...]:
    found: dict[str, File] = {}
    for traefik in traefiks:
        documents = [traefik.static.document, *(item.document for item in traefik.dynamic)]
        for document in documents:
            if document is not None:
                found.setdefault(document.file.path, document.file)
    return tuple(found.values())
