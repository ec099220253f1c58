"""Why no complete answer came: silence, a cut, not HTTP, or more than is read. Pure."""

from __future__ import annotations

from edgegen.core.finding import Outcome, Severity
from edgegen.endpoints import Endpoint
from edgegen.verify.checks.advice import upstream
from edgegen.verify.checks.check import Fault, Good, Judgement, Unseen, Verdict
from edgegen.verify.checks.destinations import quoted
from edgegen.verify.observation import WANTS_A_CERTIFICATE, Failure, Phase, Response, Trouble, in_words

TIMEOUT_HTTP = Verdict("timeout-http", Severity.HIGH)
RESPONSE_TOO_LARGE = Verdict("response-too-large", Severity.HIGH)
RESET = Verdict("reset", Severity.HIGH)
HTTP_MALFORMED = Verdict("http-malformed", Severity.HIGH)
CLIENT_CERTIFICATE = Verdict("client-certificate", Severity.MEDIUM, Outcome.UNKNOWN)

# A RST and a FIN have one word: Python up to 3.12 shows a RST within TLS as the end of the stream.
_VERDICTS = {Trouble.TIMEOUT: TIMEOUT_HTTP, Trouble.MALFORMED: HTTP_MALFORMED, Trouble.NOT_TLS: HTTP_MALFORMED}


def wants_a_certificate() -> Fault:
    """Nobody gets in without one, on purpose or not; what is behind it may be well."""
    hint = "if that is not meant, look for `clientAuth` in Traefik's `tls.options`, or what is in front of it"
    return Fault(CLIENT_CERTIFICATE, f"{WANTS_A_CERTIFICATE} (mutual TLS), and verify has none to show", hint)


def broken(answer: Response, failure: Failure, endpoint: Endpoint) -> Judgement:
    """A request without a complete answer."""
    if failure.trouble in (Trouble.LOCAL, Trouble.NO_FAMILY):
        return Unseen(in_words(failure))
    if failure.trouble is Trouble.ALERT and failure.detail == WANTS_A_CERTIFICATE:
        return wants_a_certificate()
    if failure.trouble is Trouble.TOO_LARGE:
        return _too_large(answer, failure)
    verdict = _VERDICTS.get(failure.trouble, RESET)
    if verdict is TIMEOUT_HTTP:
        message = f"the TLS handshake is good, and then: {in_words(failure)}"
        if answer.status:
            came = f"{answer.status} and {answer.size} bytes of a body"
            message = f"it answers {came}, then nothing more within {failure.seconds:.3g} s"
        return Fault(verdict, message, upstream(endpoint))
    return Fault(verdict, f"no complete answer ({in_words(failure)})", upstream(endpoint))


def _too_large(answer: Response, failure: Failure) -> Judgement:
    """A page that states its length, or that was complete, is not a fault however large it is."""
    if failure.phase is not Phase.BODY:
        hint = "most clients and proxies refuse headers of this size: cookies that pile up, or a broken service"
        return Fault(RESPONSE_TOO_LARGE, f"the answer's headers are too large ({in_words(failure)})", hint)
    if packed := answer.header("content-encoding").strip().lower().replace("identity", ""):
        message = f"the answer is larger than is read, and compressed with {quoted(packed)} without being asked to"
        return Fault(RESPONSE_TOO_LARGE, message, "honour the request's `Accept-Encoding: identity`")
    if answer.header("content-length"):
        return Good(f"answers {answer.status} with {quoted(answer.header('content-length'))} bytes")
    hint = "answer this path with something finite; put a stream on a separate path"
    return Fault(RESPONSE_TOO_LARGE, f"the answer does not end ({in_words(failure)})", hint)
