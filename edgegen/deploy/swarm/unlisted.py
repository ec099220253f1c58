"""What a start does on a swarm besides what its dry run lists: that depends on what runs, and nobody is asked. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from edgegen.compose.swarm_names import volume_node_label
from edgegen.deploy.swarm.stack_file import defined_middlewares, labels_in
from edgegen.traefik.version import is_called_traefik


def unlisted(name: str, data: Mapping[str, Any]) -> Iterator[str]:
    """One sentence for each, from the rendered file as it is."""
    labels: set[str] = set()
    for service, body in (data.get("services") or {}).items():
        deploy = body.get("deploy") or {}
        asked = labels_in((deploy.get("placement") or {}).get("constraints") or ())
        labels |= {label for label in asked if label.startswith(volume_node_label(name, ""))}
        if is_called_traefik(str(body.get("image") or "")) and any(defined_middlewares(deploy.get("labels") or {})):
            yield (
                f"if a shared middleware is new, `{service}` is deployed before the other services; if one is removed, "
                "after them: a router must not name a middleware that is not defined"
            )
    if labels:
        yield f"labels that no node has are first set on one: {', '.join(f'{one}=true' for one in sorted(labels))}"
