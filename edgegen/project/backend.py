"""Which backend a command talks to, and whether the stack of another target still runs."""

from __future__ import annotations

import os
from pathlib import Path

from edgegen.core.errors import EdgegenError, RefusedError, UsageError
from edgegen.deploy.backends import BACKENDS, Backend, Place, backend_of
from edgegen.deploy.runner import Executor
from edgegen.files import last_render
from edgegen.files.values import Values
from edgegen.spec.load import LoadedSpec
from edgegen.target_names import DEFAULT, TARGETS
from edgegen.targets import target_of


def rendered_backend(project: Path, runner: Executor, *, quiet: bool = False, host: str = "") -> Backend:
    """What runs the stack that was rendered last. `host` is what `--host` says.

    Raises UsageError where nothing is rendered, RefusedError for a target that this version does not run.
    """
    last = last_render(project)
    name = (last.targets or (DEFAULT,))[-1]
    if not _is_run(name):
        raise RefusedError(
            f"{project} was last rendered for target `{name}`, which this version of edgegen does not run",
            hint="use the version that rendered it, or `edgegen render` for another target",
        )
    file = project / target_of(name).file_name
    values = Values(project, os.environ)
    place = Place(
        project, file, runner, quiet, last.name, values, host=host, names=lambda: _names(project), owner=last.owner
    )
    if not place.file.is_file():
        raise UsageError(
            f"{place.file} does not exist: nothing has been rendered here",
            hint="`edgegen up` renders and starts; `-C DIR` names another project directory",
        )
    return backend_of(name, place)


def refuse_running_elsewhere(project: Path, loaded: LoadedSpec, runner: Executor) -> None:
    """Before anything is rendered: two stacks of one project would hold the same ports and names.

    Raises RefusedError where the stack of a target that the folder was rendered for before still runs.
    """
    spec, rendered = loaded.spec, last_render(project).targets
    for name in rendered:
        if name == spec.target or not _is_run(name):
            continue
        place = Place(project, project / target_of(name).file_name, runner, name=spec.name)
        if left := backend_of(name, place).running(spec.name):
            back = "" if name == rendered[-1] else f"set `target: {name}` again, run `edgegen render`, and then "
            raise RefusedError(
                f"the stack of target `{name}` still runs ({', '.join(left[:3])}), and `target: {spec.target}` would "
                "start a second one",
                where=loaded.locate(("target",)),
                hint=f"{back}`edgegen down` stops it; volumes and certificates stay",
            )


def _names(project: Path) -> frozenset[str]:
    """The names that edge.yaml gives the project in its environments; none of a file that can't be read."""
    from edgegen.spec.load import load

    try:
        spec = load(project).spec
    except EdgegenError:
        return frozenset()
    named = (overlay.get("name") for overlay in spec.environments.values() if overlay)
    return frozenset({spec.name, *(str(name) for name in named if name)})


def _is_run(name: str) -> bool:
    return bool(TARGETS.get(name)) and name in BACKENDS
