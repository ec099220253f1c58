"""Options of mounts that a stack can't say, or that `docker stack` silently drops."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.show import shown
from edgegen.spec.edge import Spec
from edgegen.spec.problems import Complaint
from edgegen.spec.volume_mounts import Mount
from edgegen.targets.swarm_parts.memory import lost_options


def check(spec: Spec) -> Iterator[Complaint]:
    """Every `tmpfs` that would be another one on a swarm, and every folder that nobody would relabel."""
    for name, service in spec.containers.items():
        for index, text in enumerate(service.tmpfs):
            if lost := lost_options(text):
                yield Complaint(
                    ("services", name, "tmpfs", index),
                    f"a stack can't say `{shown(lost[0])}`: of the options of a `tmpfs` it has only the size",
                    "write only the path and a size, e.g. `/run:size=64m`: everybody may write to it (mode 1777), and"
                    " nothing in it can be executed",
                )
        for index, mount in enumerate(service.volumes):
            if isinstance(mount, Mount) and mount.bind and mount.bind.selinux:
                message = f"`{mount.bind.selinux}` would be ignored: Swarm relabels nothing for SELinux"
                hint = "remove it, and label the folder on its node: `chcon -Rt container_file_t FOLDER`"
                yield Complaint(("services", name, "volumes", index), message, hint)
