"""What lies under the exceptions of requests and urllib3.

Import it inside the function that needs it: requests takes long to load.
"""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Iterator

import urllib3

from edgegen.verify.look.wire import NotDialledError
from edgegen.verify.observation import Failure, Phase, Trouble

_TROUBLES: tuple[tuple[type[BaseException], Trouble], ...] = (
    (ssl.SSLCertVerificationError, Trouble.ALERT),
    (ssl.SSLEOFError, Trouble.CLOSED),
    (ssl.SSLZeroReturnError, Trouble.CLOSED),
    (ssl.SSLError, Trouble.ALERT),
    (ConnectionRefusedError, Trouble.REFUSED),
    (http.client.RemoteDisconnected, Trouble.CLOSED),
    (ConnectionResetError, Trouble.RESET),
    (BrokenPipeError, Trouble.RESET),
    (http.client.IncompleteRead, Trouble.CLOSED),
    (urllib3.exceptions.IncompleteRead, Trouble.CLOSED),
    (urllib3.exceptions.TimeoutError, Trouble.TIMEOUT),
    (TimeoutError, Trouble.TIMEOUT),
    (http.client.HTTPException, Trouble.MALFORMED),
    (OSError, Trouble.UNREACHABLE),
)
"""The most telling first."""


def failure_of(error: BaseException, phase: Phase, seconds: float) -> Failure:
    """What an exception says of a request that had come as far as `phase` after so many seconds."""
    causes = tuple(_causes(error))
    dialled = next((one.failure for one in causes if isinstance(one, NotDialledError)), None)
    if dialled:
        return dialled
    for kind, trouble in _TROUBLES:
        if found := next((one for one in causes if isinstance(one, kind)), None):
            return Failure(trouble, phase, _words(found), seconds)
    return Failure(Trouble.MALFORMED, phase, type(error).__name__, seconds)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and all that it was made from: requests and urllib3 keep them as arguments, too."""
    todo, seen = [error], set[int]()
    while todo:
        one = todo.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        more = [*one.args, getattr(one, "reason", None), one.__cause__, one.__context__]
        todo += [part for part in more if isinstance(part, BaseException)]


def _words(error: BaseException) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    return (error.strerror if isinstance(error, OSError) else "") or type(error).__name__
