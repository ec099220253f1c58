"""What rules ask of dynamic files: which files are in the same folder, and which Traefik reads them. Pure."""

from __future__ import annotations

from edgegen.core.location import path_text
from edgegen.core.show import shown
from edgegen.lint.model import Dynamic, Project, Spot
from edgegen.lint.rule import Found
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


def of_fault(dynamic: Dynamic, fault: FileFault, effect: str) -> Found:
    """A fault of its words as a finding."""
    spot = Spot(dynamic.file, fault.path, fault.word == str(fault.path[-1]))
    hint = f"did you mean `{fault.meant}`?" if fault.meant else ""
    message = f"`{shown(path_text(fault.path), 120)}`: {fault.why}; {effect}"
    return Found(dynamic.file.name, message, spot, hint)


def file_faults(project: Project, dynamic: Dynamic) -> tuple[FileFault, ...]:
    """What is wrong with the words of a dynamic file. Computed once for each file."""
    found: tuple[FileFault, ...] | None = dynamic.__dict__.get("_faults")
    if found is None:
        found = dynamic.__dict__["_faults"] = tuple(dynamic_faults(dynamic.data, version_for(project, dynamic)))
    return found
