"""A registry's `/v2/`: asked without a password, with one that can't be right, and with the user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edgegen.endpoints import Endpoint
from edgegen.lookup import Deadline
from edgegen.verify.observation import RegistrySeen
from edgegen.verify.settings import Credentials, Settings

if TYPE_CHECKING:
    from edgegen.verify.probes.http import Ask


def probe_registry(
    ask: Ask,
    endpoint: Endpoint,
    credentials: Credentials | None,
    *,
    trusted: bool,
    settings: Settings,
    deadline: Deadline,
) -> RegistrySeen:
    """What `/v2/` of one address answers to nobody, to a stranger and to the user.

    `ask` is a question to this host at this address over TLS; `trusted` says that its certificate was verified for
    this host: without that the user's own password is never sent. `settings` and `deadline` are for a token server.
    """
    raise NotImplementedError
