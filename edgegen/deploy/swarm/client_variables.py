"""Which variables Docker's client gets for a stack: those that its file names, and none that steers the client. Pure.

`.env` is the project's. A DOCKER_HOST in it must not send a deployment to another engine than the one just checked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from edgegen.core.errors import Problem, RefusedError

_WORD = re.compile(r"[^\W\d]\w*")
_CLIENTS = re.compile(
    r"DOCKER_(?:HOST|CONTEXT|CONFIG|API_VERSION|TLS|TLS_VERIFY|CERT_PATH|AUTH_CONFIG|BUILDKIT|DEFAULT_PLATFORM"
    r"|CUSTOM_HEADERS|CONTENT_TRUST\w*|CLI_\w+|STACK_ORCHESTRATOR)"
    r"|(?:COMPOSE|BUILDX|BUILDKIT|XDG)_\w+|PATH|HOME|TMPDIR|LD_(?:PRELOAD|LIBRARY_PATH|AUDIT)"
    r"|SSH_(?:AUTH_SOCK|ASKPASS|ASKPASS_REQUIRE)|SSL_CERT_(?:FILE|DIR)|GODEBUG"
    r"|(?:HTTPS?|ALL|NO)_PROXY|(?:https?|all|no)_proxy"
)
"""What Docker's client, Compose and ssh read themselves. Others that begin with DOCKER_ are as good a name as any."""


def client_variables(text: str, values: Mapping[str, str], environ: Mapping[str, str], *others: str) -> dict[str, str]:
    """The variables for the client. `text` is the stack's file, `environ` what the client inherits anyway, `others`
    are env files, whose lines may be names without values.

    Raises RefusedError where the file needs a variable of the client's that only `.env` has.
    """
    named = sorted({word for one in (text, *others) for word in _WORD.findall(one) if word in values})
    own = [name for name in named if _CLIENTS.fullmatch(name)]
    if wrong := [name for name in own if environ.get(name) != values[name] and _uses(text, name)]:
        raise RefusedError([_misleading(name) for name in wrong])
    return {name: values[name] for name in named if name not in own}


def _uses(text: str, name: str) -> bool:
    """A doubled dollar begins no variable."""
    return bool(re.search(rf"\$\{{?{name}\b", text.replace("$$", "")))


def _misleading(name: str) -> Problem:
    return Problem(
        f"the stack uses `{name}` from `.env`, and Docker's client itself reads {name}: it might deploy elsewhere",
        hint="give the variable another name, or set it in the environment if it is meant for the client",
    )
