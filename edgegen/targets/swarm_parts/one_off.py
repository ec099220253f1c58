"""Which services do their work and end, like a migration.

Swarm takes a task that ends while an update is watched for a failed one, whatever its exit code: the update would be
rolled back, and the migration of the release before would run again.
"""

from __future__ import annotations

from edgegen.compose.model import Data, File
from edgegen.core.data import mapping

RESTARTS = {"no": "none", "always": "any", "unless-stopped": "any", "on-failure": "on-failure"}
"""Compose's words for when a container is started again, in Swarm's."""
_DONE = "service_completed_successfully"


def is_one_off(name: str, whole: Data, file: File, *, is_routed: bool) -> bool:
    """Whether a service is to end, and nothing says that it serves. `whole`: the service with its `extra`.

    With `on-failure` it is more often a worker, unless another service waits for its end.
    """
    said = mapping(mapping(whole.get("deploy")).get("restart_policy")).get("condition")
    condition = said or RESTARTS.get(str(whole.get("restart") or "").partition(":")[0])
    check = mapping(whole.get("healthcheck"))
    if is_routed or whole.get("ports") or whole.get("expose") or (check and not check.get("disable")):
        return False
    return condition == "none" or (condition == "on-failure" and _is_waited_for(name, file))


def _is_waited_for(name: str, file: File) -> bool:
    uses = (mapping(mapping(other.depends_on).get(name)) for other in file.services.values())
    return any(use.get("condition") == _DONE for use in uses)
