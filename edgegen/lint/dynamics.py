"""What rules ask of dynamic files: which files are in the same folder, and which Traefik reads them. Pure."""

from __future__ import annotations

from edgegen.lint.model import Dynamic, Project
from edgegen.traefik.file_words import FileFault, dynamic_faults
from edgegen.traefik.version import Version


def neighbours(project: Project, dynamic: Dynamic) -> list[Dynamic]:
    """The other files that are lost with this one."""
    if not dynamic.folder:
        return []
    traefik = next((item for item in project.traefiks if dynamic in item.dynamic and item.service), None)
    together = traefik.dynamic if traefik is not None else project.dynamic
    return [item for item in together if item is not dynamic and item.folder == dynamic.folder]


def version_for(project: Project, dynamic: Dynamic) -> Version | None:
    """The version of the Traefik that reads a file, as far as it is known."""
    owner = next((item.version for item in project.traefiks if dynamic in item.dynamic), None)
    return project.wanted or owner or project.version


def file_faults(project: Project, dynamic: Dynamic) -> tuple[FileFault, ...]:
    """What is wrong with the words of a dynamic file. Computed once for each file."""
    found: tuple[FileFault, ...] | None = dynamic.__dict__.get("_faults")
    if found is None:
        found = dynamic.__dict__["_faults"] = tuple(dynamic_faults(dynamic.data, version_for(project, dynamic)))
    return found
