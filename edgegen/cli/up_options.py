"""The options of `up`, and the start that they mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from msgspec import Struct

from edgegen.cli.commands import option
from edgegen.cli.options import Host
from edgegen.cli.seconds import whole_time_option
from edgegen.core.errors import UsageError
from edgegen.core.names import duration_text
from edgegen.deploy.backends.base import WAIT_TIMEOUT, Asked, Start
from edgegen.deploy.shared_edge import Wish


class Wanted(Struct, frozen=True):
    """Where the project starts, and how."""

    host: Host = ""
    remote_dir: Annotated[
        str,
        option(
            "--remote-dir",
            "The project's folder on the host of --host ssh://…; by default edgegen/NAME in the home folder.",
            "DIR",
        ),
    ] = ""
    wait: Annotated[
        int, whole_time_option("--wait", "How long to wait for health.", show_default=duration_text(WAIT_TIMEOUT))
    ] = WAIT_TIMEOUT
    no_build: Annotated[bool, option("--no-build", "Don't build; start the existing images.")] = False
    edge_node: Annotated[str, option("--edge-node", "Swarm: the manager that runs the edge, of several.", "HOST")] = ""
    volume_node: Annotated[
        list[str] | None,
        option("--volume-node", "Swarm: the node that keeps a volume; may be repeated.", "VOLUME=HOST"),
    ] = None
    prune: Annotated[
        bool, option("--prune", "Swarm: remove all secrets and configs of the stack that no service uses.")
    ] = False

    def start(self) -> Start:
        """How."""
        return Start(self.wait, not self.no_build, self.prune)

    def asked(self) -> Asked:
        """Where. Raises UsageError for volumes without a node, and for a folder that can't be one."""
        from edgegen.deploy.remote.far import check_folder

        if self.remote_dir:
            check_folder(self.remote_dir)
        return Asked(self.host, Wish(), self.edge_node, _pairs(self.volume_node or ()), self.remote_dir)


def _pairs(words: Sequence[str]) -> dict[str, str]:
    """`VOLUME=HOST` words. Raises UsageError for any other form."""
    for word in words:
        if not all(word.partition("=")):
            raise UsageError(f"--volume-node {word}: a volume and its node are expected", hint="write VOLUME=HOST")
    return {volume: host for volume, _, host in (word.partition("=") for word in words)}


def refuse_swarm_options(target: str, asked: Asked, how: Start) -> None:
    """Raises UsageError for options that mean nothing to this target."""
    from edgegen.targets import target_of

    given = {"--edge-node": asked.edge_node, "--volume-node": asked.volume_nodes, "--prune": how.prune}
    if asked.remote_dir and target_of(target).files_are_sent:
        raise UsageError(f"--remote-dir: not for `target: {target}`, whose files are sent to the engine itself")
    if target != "swarm" and (named := [option for option, value in given.items() if value]):
        raise UsageError(f"{', '.join(named)}: only for `target: swarm`, and this is `target: {target}`")
