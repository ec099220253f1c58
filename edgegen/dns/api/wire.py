"""Requests to Cloudflare through the official SDK's low-level calls, with its surprises taken out.

What the SDK does by itself and must not: repeat a POST after a lost answer, take another identity from the
environment, follow redirects, hide `success: false`, and give up on a long `Retry-After`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from edgegen.core.secret import MASK, Secret
from edgegen.dns.api.envelope import Answer, Envelope, budget, opened, printable
from edgegen.dns.provider import Failure, ProviderError
from edgegen.system.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudflare import Cloudflare

DEFAULT_URL = "https://api.cloudflare.com/client/v4"
API_VERSION = "2026-01-01"
"""Pinned: the SDK would send the date of this host's clock."""
TRIES = 4
THROTTLED_TRIES = 3
THROTTLED_WAIT, LONGEST_WAIT = 300.0, 310.0
LAST_REQUESTS = 10
"""With fewer requests left than these, the next batch waits for new ones: the last list must still be possible."""


class Wire:
    """GETs are tried again, with patience; everything else is sent exactly once."""

    def __init__(self, token: Secret, clock: Clock, base_url: str = DEFAULT_URL, cafile: str | None = None) -> None:
        self._token = token
        self._clock = clock
        self._base_url = base_url
        self._cafile = cafile
        self._client: Cloudflare | None = None
        self._pause_until = 0.0

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Envelope:
        """A GET: 4 tries 1, 2, 4 seconds apart, and up to 3 waits where there were too many requests."""
        tries = throttled = 0
        while True:
            try:
                return opened(self._exchange("GET", path, params=params))
            except ProviderError as error:
                if error.failure is Failure.THROTTLED and throttled < THROTTLED_TRIES:
                    throttled += 1
                    wait = error.wait if error.wait is not None else THROTTLED_WAIT
                    self._clock.sleep(min(LONGEST_WAIT, wait))
                elif error.passing and tries < TRIES - 1:
                    self._clock.sleep(float(2**tries))
                    tries += 1
                else:
                    raise

    def post(self, path: str, body: Mapping[str, Any]) -> Envelope:
        """A POST, sent once. Raises ProviderError: UNSURE means that it may have been applied."""
        if (pause := self._pause_until - self._clock.now()) > 0:
            self._clock.sleep(min(LONGEST_WAIT, pause))
        return opened(self._exchange("POST", path, body=body))

    def _exchange(self, method: str, path: str, **parts: Any) -> Answer:
        answer = self._send(method, path, **parts)
        left = budget(answer)
        self._pause_until = self._clock.now() + left[1] if left is not None and left[0] < LAST_REQUESTS else 0.0
        return answer

    def _send(
        self, method: str, path: str, params: Mapping[str, Any] | None = None, body: Mapping[str, Any] | None = None
    ) -> Answer:
        client = self._connected()
        import cloudflare
        import httpx

        options: Any = {"max_retries": 0, **({"params": dict(params)} if params else {})}
        try:
            if method == "GET":
                response = client.get(path, cast_to=httpx.Response, options=options)
            else:
                response = client.post(path, cast_to=httpx.Response, body=body, options=options)
        except cloudflare.APIStatusError as error:
            response = error.response
        except cloudflare.APIConnectionError as error:
            raise _unreached(error) from None
        except Exception as error:  # noqa: BLE001  # the SDK looks into answers too, and expects no harm
            what = f"Cloudflare's answer can't be read ({type(error).__name__})"
            raise ProviderError(what, Failure.UNSURE) from None
        headers = {key.lower(): value for key, value in response.headers.items()}
        # A server that gives the token back, in a message or as a record, must not get it printed.
        secret = self._token.reveal()
        shown = {key: value.replace(secret, MASK) for key, value in headers.items()}
        return Answer(response.status_code, shown, response.content.replace(secret.encode(), MASK.encode()))

    def _connected(self) -> Cloudflare:
        if self._client is None:
            self._client = _client(self._token, self._base_url, self._cafile)
        return self._client

    def close(self) -> None:
        """Closes the connections."""
        if self._client is not None:
            self._client.close()


def _client(token: Secret, base_url: str, cafile: str | None) -> Cloudflare:
    with _plain_environment():
        import cloudflare
        import httpx

        from edgegen.dns.api.transport import BoundedTransport

        transport = BoundedTransport(cafile=cafile, secure=base_url.startswith("https:"))
        client = cloudflare.Cloudflare(
            api_token=token.reveal(),
            base_url=base_url,
            api_version=API_VERSION,
            max_retries=0,
            default_headers={"Accept-Encoding": "identity"},
            http_client=httpx.Client(transport=transport, trust_env=False, follow_redirects=False),
        )
    # With an e-mail or key set, the SDK would not send the token at all.
    client.api_email = client.api_key = client.user_service_key = None
    return client


@contextmanager
def _plain_environment() -> Iterator[None]:
    """Hides the variables by which the SDK takes other headers, or logs everybody's records."""
    names = ("CLOUDFLARE_CUSTOM_HEADERS", "CLOUDFLARE_LOG")
    hidden = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(hidden)


def _unreached(error: Exception) -> ProviderError:
    cause = error.__cause__
    message = f"Cloudflare's API could not be reached: {printable(str(cause or error))}"
    return ProviderError(message, Failure.UNSURE, passing=True)
