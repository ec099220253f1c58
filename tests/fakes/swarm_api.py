"""The oracle's swarm under the name that tests know it by."""

from edgegen.oracle.swarm_api import NODE, SwarmApi

__all__ = ["NODE", "FakeSwarmApi"]
FakeSwarmApi = SwarmApi
