"""A changed edge.yaml: checked as a whole before anyone sees it, and written only over the file that it was made of."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from edgegen.core.errors import EdgegenError, LockedError, Problem, RefusedError, SpecError
from edgegen.core.pattern import late_pattern
from edgegen.files import lock, read_project_file, rewrite_file
from edgegen.project.checked import checked
from edgegen.spec import SPEC_FILE
from edgegen.spec.edge import Spec
from edgegen.spec.load import LoadedSpec, load, load_text
from edgegen.spec.source import first_that_reads, read_yaml
from edgegen.system.stop import when_stopped

_BOM = "\ufeff"
_EMPTY = late_pattern(r"^(\ufeff?)services:(?:[ \t]+(?:~|null))?", re.MULTILINE)


class Present(Struct, frozen=True):
    """edge.yaml as it is."""

    text: bytes
    loaded: LoadedSpec
    data: dict[str, Any]
    """What is written, without overlays."""
    begun: bytes = b""
    """The text with `services: {}`, where it has the section and nothing in it."""

    @property
    def source(self) -> str:
        """Its text, without a byte order mark."""
        return (self.begun or self.text).decode("utf-8").removeprefix(_BOM)

    def encoded(self, source: str) -> bytes:
        """A changed text as the file has it."""
        return f"{_BOM if self.text.startswith(_BOM.encode()) else ''}{source}".encode()


class Edit(Struct, frozen=True):
    """A new edge.yaml, checked and not yet written."""

    before: bytes
    after: bytes
    spec: Spec
    warnings: list[Problem]

    @property
    def is_new(self) -> bool:
        """Whether anything changes."""
        return self.before != self.after


def present(project: Path, environment: str | None = None) -> Present:
    """The spec of a project. Raises SpecError where it is missing or wrong: what is broken is not extended."""
    loaded = load(project, environment)
    text = read_project_file(project, SPEC_FILE)
    if text is None:
        raise SpecError(f"`{SPEC_FILE}` no longer exists")
    return Present(text, loaded, read_yaml(text, SPEC_FILE).data)


def present_for_services(project: Path) -> Present:
    """The same for a command that adds services: the section may be there, and be empty."""
    text = read_project_file(project, SPEC_FILE)
    begun = _begun(text) if text else None
    if text is None or begun is None:
        return present(project)
    return Present(text, load_text(begun), read_yaml(begun, SPEC_FILE).data, begun)


def _begun(text: bytes) -> bytes | None:
    """The file with `services: {}` for `services:`; None where it has some, or can't be read."""
    with suppress(SpecError):
        data = read_yaml(text, SPEC_FILE).data
        if "services" in data and data["services"] is None:
            changed = _EMPTY.sub(r"\1services: {}", text.decode("utf-8"), count=1)
            return first_that_reads([changed], SPEC_FILE, {**data, "services": {}})
    return None


def unchanged(now: Present) -> Edit:
    """Nothing to do."""
    return Edit(now.text, now.text, now.loaded.spec, [])


def checked_edit(now: Present, source: str) -> Edit:
    """The edit, if the spec and all its environments are still right. Raises RefusedError with what would be wrong."""
    after = now.encoded(source)
    environments = [None, *now.loaded.spec.environments]
    for environment in environments:
        if environment is None or _is_right(now.begun or now.text, environment):
            _refuse_wrong(after, environment)
    loaded = load_text(after)
    return Edit(now.text, after, loaded.spec, _new(checked(loaded), now))


def _is_right(text: bytes, environment: str | None) -> bool:
    try:
        checked(load_text(text, SPEC_FILE, environment))
    except EdgegenError:
        return False
    return True


def _refuse_wrong(text: bytes, environment: str | None) -> None:
    try:
        checked(load_text(text, SPEC_FILE, environment))
    except SpecError as error:
        within = f" in the environment `{environment}`" if environment else ""
        # Their lines are those of a file that is never written.
        raise RefusedError(
            [replace(item, message=f"with this change{within}: {item.message}", where=None) for item in error.problems]
        ) from None


def _new(found: list[Problem], now: Present) -> list[Problem]:
    """Warnings that the spec did not have before."""
    try:
        known = {item.message for item in checked(now.loaded)}
    except SpecError:
        known = set()
    return [item for item in found if item.message not in known]


def write_edit(project: Path, edit: Edit) -> None:
    """Write edge.yaml. Raises LockedError if it is no longer the file that the edit was made of."""
    with lock(project), when_stopped("edge.yaml may have been changed: look at it before you run the command again"):
        if read_project_file(project, SPEC_FILE) != edit.before:
            raise LockedError(f"`{SPEC_FILE}` was changed at the same time", hint="run the command again")
        rewrite_file(project, SPEC_FILE, edit.after)
