"""Volumes that exist and are not what the file says: the engine silently goes on using them."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.compose.swarm_names import volume_node_label
from edgegen.core.errors import Problem
from edgegen.deploy.answers import Reader
from edgegen.deploy.engine import list_names
from edgegen.deploy.runner import Executor
from edgegen.deploy.swarm.asking import inspected
from edgegen.deploy.swarm.pins import Pins
from edgegen.deploy.swarm.stack_file import StackFile, VolumeDriver, volume_driver

_VOLUME = Reader("docker volume inspect")
_FORMAT = '{"name":{{json .Name}},"driver":{{json .Driver}},"options":{{json .Options}}}'


def volume_problems(runner: Executor, stack: StackFile) -> Iterator[Problem]:
    """Those of the engine's own node: no manager sees the volumes of another. Raises OutsideError."""
    wanted = {stack.volumes[key]: (key, driver) for key, driver in stack.drivers.items()}
    for row in inspected(runner, list(wanted), _FORMAT, _VOLUME, "volume", "inspect"):
        name = _VOLUME.text(row.get("name"), "name")
        present = volume_driver(_VOLUME, row.get("driver"), row.get("options"))
        key, driver = wanted.get(name, ("", present))
        if driver != present:
            yield _other(name, key, driver, present)


def left_behind(runner: Executor, stack: StackFile, pinned: Pins, here: str) -> Iterator[str]:
    """Volumes of the engine's own node (`here`) whose services are about to start on another one, without the data."""
    new = {item.name for item in pinned.missing if item.kind == "label"}
    labels = {volume_node_label(stack.name, key): name for key, name in stack.volumes.items()}
    away = {labels[label]: pinned.nodes[label] for label in sorted(new & labels.keys())}
    moved = {name: node for name, node in away.items() if node.id != here}
    for name in sorted(moved.keys() & list_names(runner, "volume") if moved else ()):
        yield (
            f"volume `{name}` exists on this node, and node `{moved[name].hostname}`, which keeps it from now on, gets "
            "a new one: what this one holds stays here until you copy it"
        )


def _other(name: str, key: str, wanted: VolumeDriver, present: VolumeDriver) -> Problem:
    differing = [option for option in wanted.options if wanted.options[option] != present.options.get(option)]
    what = f"the driver `{present.name}`" if wanted.name != present.name else "other options"
    which = f" ({', '.join(differing)})" if differing and wanted.name == present.name else ""
    return Problem(
        f"volume `{name}` exists on this node with {what}{which}, and the engine would go on using it as it is",
        path=f"volumes.{key}",
        hint=f"copy what it holds, run `edgegen down` and then `docker volume rm {name}`; or give the volume another "
        "name under `volumes:`",
    )
