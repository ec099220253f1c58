"""One request of a push after the other: each leaves a `StepSeen`, and the first faulty one ends the part."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from msgspec.structs import replace

from edgegen.endpoints import Endpoint
from edgegen.net.answer import Response, in_words
from edgegen.net.conversation import origin
from edgegen.net.request import Sink
from edgegen.verify.look.registry_client import Client
from edgegen.verify.observation import Step, StepSeen
from edgegen.verify.push.gate import Authorisation
from edgegen.verify.registry_answers import error_codes

_KEPT = frozenset({"server", "cf-ray", "content-type", "docker-content-digest", "retry-after", "www-authenticate"})


class BrokenError(Exception):
    """A step did not follow the protocol: the steps say which. Never leaves `push`."""


class Exchange:
    """The conversation of one push with one registry."""

    def __init__(
        self, client: Client, endpoint: Endpoint, repository: str, authorisation: Authorisation, stop: threading.Event
    ) -> None:
        self.endpoint = endpoint
        self.origin = origin("https", endpoint.host, endpoint.port)
        self.base = f"{self.origin}/v2/{repository}"
        self.steps: list[StepSeen] = []
        self._client, self._authorisation, self._stop = client, authorisation, stop

    def heard(self, seconds: float) -> bool:
        """Wait so long for the registry to speak or to hang up; whether it did."""
        return self._client.heard(seconds)

    def heard_or_stopped(self, seconds: float) -> bool:
        """The same; a run that was stopped hangs up, since nobody answers half a body."""
        if self._stop.is_set():
            self._client.hang_up()
        return self.heard(seconds)

    def stopped(self) -> bool:
        """Whether the run was stopped."""
        return self._stop.is_set()

    def do(
        self,
        step: Step,
        method: str,
        url: str,
        *,
        want: tuple[int, ...],
        headers: Mapping[str, str] | None = None,
        body: Any = b"",
        sink: Sink | None = None,
        judge: Callable[[Response], str] = lambda _: "",
        elsewhere: bool = False,
    ) -> Response:
        """One step. `judge` returns the fault of an answer whose status is correct, or "".

        `elsewhere`: a storage's URL, to which no credentials are sent. Raises BrokenError after the step was noted.
        """
        if self._stop.is_set():
            raise BrokenError
        own = {} if elsewhere else self._authorisation()
        answer = self._client.ask(method, url, {**own, **(headers or {})}, body, sink)
        fault = _fault(answer, want) or judge(answer)
        seen = _step(step, answer, fault)
        self.steps.append(replace(seen, sent=len(body) if isinstance(body, bytes) else body.sent))
        if fault:
            raise BrokenError
        return answer

    def count(self, size: int) -> None:
        """Notes how many bytes the last step has read."""
        self.steps[-1] = replace(self.steps[-1], sent=size)


def _step(step: Step, answer: Response, fault: str) -> StepSeen:
    return StepSeen(
        step,
        url=bare(answer.url),
        status=answer.status,
        seconds=answer.seconds,
        ok=not fault,
        fault=fault,
        location=bare(answer.header("location")),
        failure=answer.failure,
        headers=tuple(pair for pair in answer.headers if pair[0] in _KEPT),
        codes=error_codes(answer.body),
    )


def _fault(answer: Response, want: tuple[int, ...]) -> str:
    if answer.failure:
        return in_words(answer.failure)
    if answer.status in want:
        return ""
    names = {status.value: f" {status.phrase}" for status in HTTPStatus}
    codes = ", ".join(error_codes(answer.body))
    return f"it answers {answer.status}{names.get(answer.status, '')}{f' ({codes})' if codes else ''}"


def resolved(asked: str, location: str) -> str:
    """The URL that a `Location` means in the answer to `asked`; a relative one is allowed. "" for anything else."""
    try:
        url = urldefrag(urljoin(asked, location)).url
        return url if urlsplit(url).hostname and urlsplit(url).port != 0 else ""
    except ValueError:
        return ""


def bare(url: str) -> str:
    """Without a query, which may hold anything: it has the state of an upload, or the signature of a storage's URL."""
    try:
        return urlsplit(url)._replace(query="", fragment="").geturl()
    except ValueError:
        return ""
