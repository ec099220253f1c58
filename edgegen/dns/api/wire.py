"""Requests to Cloudflare: reads by our own client, writes through the official SDK, with its surprises taken out.

What the SDK does by itself and must not: repeat a POST after a lost answer, take another identity from the
environment, follow redirects, hide `success: false`, and give up on a long `Retry-After`. Loading it takes as long as
all else of a run that finds nothing to write; so only a write does.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from msgspec.structs import replace

from edgegen.core.names import duration_text
from edgegen.core.secret import MASK, Secret
from edgegen.dns.api.envelope import Answer, Envelope, budget, opened, printable
from edgegen.dns.provider import LONGEST_WAIT, ErrorKind, ProviderError
from edgegen.net.answer import Response, in_words
from edgegen.net.client import Client
from edgegen.system.clock import Clock
from edgegen.system.waiting import waiting_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloudflare import Cloudflare

DEFAULT_URL = "https://api.cloudflare.com/client/v4"
API_VERSION = "2026-01-01"
"""Pinned: the SDK would send the date of this host's clock."""
TOTAL_TIMEOUT = 60.0
BODY_LIMIT = 32 * 1024 * 1024
TRIES = 4
THROTTLED_TRIES = 3
LAST_REQUESTS = 10
"""With fewer requests left than these, the next batch waits for new ones: the last list must still be possible."""

_Came = tuple[int, Iterable[tuple[str, str]], bytes]
"""Status, headers, body."""


class Wire:
    """GETs are tried again, with patience; everything else is sent exactly once."""

    def __init__(self, token: Secret, clock: Clock, base_url: str = DEFAULT_URL, cafile: str | None = None) -> None:
        self._token = token
        self._clock = clock
        self._base_url = base_url
        self._cafile = cafile
        self.host = urlsplit(base_url).hostname or base_url
        self._client: Client | None = None
        self._sdk: Cloudflare | None = None
        self._pause_until = 0.0

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Envelope:
        """A GET: 4 tries 1, 2, 4 seconds apart, and up to 3 waits where there were too many requests."""
        tries = throttled = 0
        while True:
            try:
                return opened(self._exchange("GET", path, params=params))
            except ProviderError as error:
                if error.failure is ErrorKind.THROTTLED and throttled < THROTTLED_TRIES:
                    throttled += 1
                    self._rest(error.pause)
                elif error.passing and tries < TRIES - 1:
                    with waiting_for(f"{self.host} did not answer, asking again ({tries + 2} of {TRIES})"):
                        self._clock.sleep(float(2**tries))
                    tries += 1
                else:
                    raise

    def post(self, path: str, body: Mapping[str, Any]) -> Envelope:
        """A POST, sent once. Raises ProviderError: UNSURE means that it may have been applied."""
        if (pause := self._pause_until - self._clock.now()) > 0:
            self._rest(min(LONGEST_WAIT, pause))
        return opened(self._exchange("POST", path, body=body))

    def _rest(self, seconds: float) -> None:
        with waiting_for(f"{self.host} takes no more requests for {duration_text(seconds)}"):
            self._clock.sleep(seconds)

    def _exchange(self, method: str, path: str, **parts: Any) -> Answer:
        answer = self._send(method, path, **parts)
        left = budget(answer)
        self._pause_until = self._clock.now() + left[1] if left is not None and left[0] < LAST_REQUESTS else 0.0
        return answer

    def _send(
        self, method: str, path: str, params: Mapping[str, Any] | None = None, body: Mapping[str, Any] | None = None
    ) -> Answer:
        status, headers, content = self._read(path, params or {}) if method == "GET" else self._write(path, body)
        # A server that gives the token back, in a message or as a record, must not get it printed.
        secret = self._token.reveal()
        shown = {key.lower(): value.replace(secret, MASK) for key, value in headers}
        return Answer(status, shown, content.replace(secret.encode(), MASK.encode()))

    def _read(self, path: str, params: Mapping[str, Any]) -> _Came:
        target = f"{urlsplit(self._base_url).path.rstrip('/')}{path}" + (f"?{urlencode(params)}" if params else "")
        headers = {
            "Authorization": f"Bearer {self._token.reveal()}",
            "Accept": "application/json",
            "api-version": API_VERSION,
        }
        answer = _discreet(self._connected().ask("GET", target, headers), self._token)
        if answer.failure is not None:
            raise _unreached(in_words(answer.failure))
        return answer.status, answer.headers, answer.body

    def _write(self, path: str, body: Mapping[str, Any] | None) -> _Came:
        if self._sdk is None:
            self._sdk = _sdk(self._token, self._base_url, self._connected())
        import cloudflare
        import httpx

        try:
            response = self._sdk.post(path, cast_to=httpx.Response, body=body, options={"max_retries": 0})
        except cloudflare.APIStatusError as error:
            response = error.response
        except cloudflare.APIConnectionError as error:
            raise _unreached(str(error.__cause__ or error)) from None
        except Exception as error:  # noqa: BLE001  # the SDK looks into answers too, and expects no harm
            what = f"Cloudflare's answer can't be read ({type(error).__name__})"
            raise ProviderError(what, ErrorKind.UNSURE) from None
        return response.status_code, response.headers.multi_items(), response.content

    def _connected(self) -> Client:
        if self._client is None:
            self._client = Client(self._base_url, total=TOTAL_TIMEOUT, limit=BODY_LIMIT, cafile=self._cafile)
        return self._client

    def close(self) -> None:
        """Closes the connection."""
        if self._client is not None:
            self._client.close()

    def __del__(self) -> None:
        # A provider has no owner that could close it: it lives as long as the tasks that name it.
        self.close()


def _discreet(answer: Response, token: Secret) -> Response:
    """The answer without the token: its failure quotes what is not HTTP, and that may be the request's headers.

    It is shortened later, when half a token would no longer be found.
    """
    if answer.failure is None:
        return answer
    hidden = answer.failure.detail.replace(token.reveal(), MASK)
    return replace(answer, failure=replace(answer.failure, detail=hidden))


def _unreached(words: str) -> ProviderError:
    message = f"Cloudflare's API could not be reached: {printable(words)}"
    return ProviderError(message, ErrorKind.UNSURE, passing=True)


def _sdk(token: Secret, base_url: str, client: Client) -> Cloudflare:
    with _plain_environment():
        import cloudflare
        import httpx

        from edgegen.dns.api.transport import Transport

        sdk = cloudflare.Cloudflare(
            api_token=token.reveal(),
            base_url=base_url,
            api_version=API_VERSION,
            max_retries=0,
            default_headers={"Accept-Encoding": "identity"},
            http_client=httpx.Client(
                transport=Transport(lambda *request: _discreet(client.ask(*request), token)),
                trust_env=False,
                follow_redirects=False,
            ),
        )
    # With an e-mail or key set, the SDK would not send the token at all.
    sdk.api_email = sdk.api_key = sdk.user_service_key = None
    return sdk


@contextmanager
def _plain_environment() -> Iterator[None]:
    """Hides the variables by which the SDK takes other headers, or logs everybody's records."""
    names = ("CLOUDFLARE_CUSTOM_HEADERS", "CLOUDFLARE_LOG")
    hidden = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(hidden)
