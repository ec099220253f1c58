"""A folder that has never rendered a stack which runs: a clone, or one that was restored without its secrets."""

from __future__ import annotations

from pathlib import Path

from edgegen.compose.swarm_names import OWNER_LABEL
from edgegen.core.errors import RefusedError
from edgegen.deploy.runner import Executor
from edgegen.project.naming import KEY
from edgegen.secrets.generated import path as secret_path
from edgegen.spec.load import LoadedSpec


def refuse_lost_secrets(project: Path, loaded: LoadedSpec, runner: Executor) -> None:
    """Before anything is rendered: a secret that is generated a second time is another one, and a database that exists
    goes on with the first. Git has none of these files.

    Raises RefusedError for a stack that runs with such secrets. Nobody is asked where nothing is missing.
    """
    spec = loaded.spec
    lost = [
        name for name, source in spec.secrets.items() if source.generate and not (project / secret_path(name)).exists()
    ]
    if spec.target != "swarm" or not lost or (project / KEY).exists():
        return
    from edgegen.deploy.swarm.nodes import membership
    from edgegen.deploy.swarm.services import services
    from edgegen.deploy.swarm.talk import Talk

    talk = Talk(runner)
    if not membership(talk).is_manager:
        return  # the preflight says so
    own = (None, "", spec.dns.owner)
    running = [one for one in services(talk, spec.name) if one.labels.get(OWNER_LABEL) in own]
    used = {secret.rpartition("-")[0] for service in running for secret in service.secrets}
    if found := [name for name in lost if f"{spec.name}-{name}" in used]:
        files = " and ".join(f"`{secret_path(name)}`" for name in found)
        raise RefusedError(
            f"the stack `{spec.name}` runs with {files} of another folder, and this one, which has no `{KEY}` either, "
            "would generate other values: a database that exists does not take a new password",
            where=loaded.locate(("secrets", found[0])),
            hint=f"copy `secrets/` and `{KEY}` from the folder that deployed the stack; a container that mounts one "
            f"shows its value (`cat /run/secrets/{found[0]}`); for new values run `edgegen render` first",
        )
