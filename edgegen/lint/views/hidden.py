"""Whether some of a service's environment is out of sight."""

from __future__ import annotations

from edgegen.lint.model import Project, Service


def environment_is_hidden(project: Project, service: Service) -> bool:
    """A part of the service is missing, one of its `env_file`s is, or an entrypoint of its own may set more."""
    if service.partial or service.entrypoint:
        return True
    if any(value is not None and not value.name_known for value in service.environment.values()):
        return True
    named = service.data.get("env_file")
    listed = named if isinstance(named, list) else [named]
    paths = [item.get("path") if isinstance(item, dict) else item for item in listed]
    return any(project.disk is None or project.disk.kind(str(path)) != "file" for path in paths if path)
