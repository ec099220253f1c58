"""`--push`: a whole round trip through a registry's public name, as `docker push` and `docker pull` make it."""

from __future__ import annotations

from edgegen.endpoints import Endpoint
from edgegen.verify.observation import PushSeen
from edgegen.verify.settings import Credentials, Settings


def push(endpoint: Endpoint, address: str, settings: Settings, credentials: Credentials | None) -> PushSeen:
    """Push random blobs and a manifest to `address` under the endpoint's name, pull them, and take them away again.

    `settings.push` says how much and how slowly. Nothing that a registry or the network does raises.
    """
    raise NotImplementedError
