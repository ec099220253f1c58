"""The targets that `target:` of edge.yaml may name: the one list. The spec, `init` and `edgegen.targets` read it.

It names classes instead of importing them: the spec is checked against this list, and is in a lower layer than the
classes. A new target is one file in `targets/` and one line here.
"""

from __future__ import annotations

from collections.abc import Mapping

DEFAULT = "compose"

TARGETS: Mapping[str, str] = {
    "compose": "edgegen.targets.compose:ComposeTarget",
    "swarm": "edgegen.targets.swarm:SwarmTarget",
}
"""Name -> `module:class`; "" for a target that this version does not render: its DNS and verify work."""
