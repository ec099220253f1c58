"""What Traefik's errors mean, for users who don't know Traefik: one table for its log and its API.

Source: each error of the table was seen on Traefik 3.7.15; those of ACME are worded as lego and RFC 8555 have them.
"""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from edgegen.traefik.store import PATH as STORE

Part = Literal["tls", "entrypoint", "router", "service"]


class Meaning(Struct, frozen=True):
    """What a line means for a part of the way. `word` is what in the labels or flags is at fault, where it is named."""

    part: Part
    sentence: str
    hint: str = ""
    word: str = ""


class _Known(Struct, frozen=True):
    pattern: re.Pattern[str]
    part: Part
    sentence: str
    hint: str = ""


def _known(part: Part, pattern: str, sentence: str, hint: str = "") -> _Known:
    return _Known(re.compile(pattern), part, sentence, hint)


_MEND_LABEL = "fix the label; `edgegen up` writes those of edge.yaml"
RESTART = "docker compose restart traefik"
"""How Traefik is restarted in the hints here: another target has another command."""
CHMOD = f"`chmod 600 {STORE}`"
"""How the mode of the stored certificates is set, in the hints here: a swarm has them in a volume."""
_ENGINE = "is the socket proxy running (`edgegen status`), or the socket mounted into Traefik?"
_ONCE = f"fix that, then run `{RESTART}`: it does not try again by itself"
_TABLE = (
    _known("router", r"field not found, node: (?P<word>\S+)",
           "Traefik doesn't know `{word}` and drops the whole container for it", _MEND_LABEL),
    _known("router", r"invalid label root (?P<word>\S+)",
           "a label begins with `{word}`, so Traefik drops the whole container", "write `traefik` in lower case"),
    _known("router", r"strconv\.Parse(?P<kind>\w+): parsing \"(?P<word>[^\"]*)\"",
           "a label's value `{word}` is not a valid {kind}, so Traefik drops the whole container", _MEND_LABEL),
    _known("router", r"middleware \"(?P<word>[^\"]+)\" does not exist",
           "its router uses the middleware `{word}`, which does not exist", _MEND_LABEL),
    _known("router", r"the service \"(?P<word>[^\"]+)\" does not exist",
           "its router leads to the service `{word}`, which does not exist", _MEND_LABEL),
    _known("router", r"Router (?P<word>\S+) cannot be linked automatically with multiple Services",
           "the router `{word}` names no service, and there are several", "add the label `….routers.NAME.service`"),
    _known("router", r"HTTP (?P<kind>router|service|middleware) defined multiple times with different configurations",
           "two containers define one {kind} in different ways, and Traefik drops both", "give one another name"),
    _known("router", r"error while parsing rule (?P<word>.+?): ", "Traefik can't read the rule `{word}`", _MEND_LABEL),
    _known("router", r"No valid entryPoint for this router|[Ee]ntryPoint (?:\"[^\"]*\" )?doesn't exist",
           "its router names an entrypoint that Traefik does not have", _MEND_LABEL),
    _known("router", r"no users found in", "basic-auth has no users, so the router is off",
           "`edgegen registry user list`, `edgegen render`"),
    _known("router", r"open (?P<word>\S+): no such file or directory",
           "the file `{word}` is missing in Traefik's container", "`edgegen render` writes it; look at the mounts"),
    _known("router", r"cannot parse CIDRs (?P<word>\[[^\]]*\])", "{word} are not ranges of addresses", _MEND_LABEL),
    _known("router", r"exceeds the max user-defined priority", "its priority is too high", _MEND_LABEL),
    _known("router", r"unknown TLS options: (?P<word>\S+)", "the TLS options `{word}` do not exist", _MEND_LABEL),
    _known("router", r"Error response from daemon: <html>.*403 Forbidden",
           "the socket proxy refuses what Traefik asks the engine, so Traefik drops the services",
           "`edgegen up` starts the socket proxy with the rights that this Traefik needs"),
    _known("router", r"client version (?P<word>\S+) is too old",
           "the engine refuses Traefik, which speaks version {word} of its API: Traefik sees no container at all",
           'Docker 29 needs Traefik 3.6.1 or later: `edge: {image: "traefik:v3.7"}`, and no DOCKER_API_VERSION'),
    _known("router", r"permission denied while trying to connect to the [Dd]ocker .*? at (?P<word>\w+://[^\s:]+)",
           "Traefik may not use the Docker socket {word}: it sees no container at all", _ENGINE),
    _known("router", r"(?:failed|Cannot) (?:to )?connect to the [Dd]ocker \w+ at (?P<word>[^\s;]+?)[.;](?:\s|$)",
           "Traefik does not reach the engine at {word}: it sees no container at all", _ENGINE),
    _known("router", r"error during connect: \w+ \"(?P<word>\w+://[^/\"]+)",
           "Traefik does not reach the engine at {word}: it sees no container at all", _ENGINE),
    _known("router", r"This node is not a swarm manager",
           "Traefik asks an engine that is not a swarm manager: it sees no service at all",
           "run Traefik on a manager: `edgegen up --edge-node HOST`"),
    _known("router", r"unable to find the IP address for the container|Unable to find the IP address",
           "the container has no address on a network of Traefik's", "put both on one network; `edgegen up`"),
    _known("router", r"service \"(?P<word>[^\"]+)\" error: port is missing",
           "the container's port is not set", "add `port:` (the label `….loadbalancer.server.port`)"),
    _known("router", r"error parsing server URL (?P<word>\S+):", "the server's URL {word} can't be read", _MEND_LABEL),
    _known("service", r"Could not find network named \"(?P<word>[^\"]+)\"",
           "there is no network `{word}`, and Traefik takes the first one it finds",
           "the label `traefik.docker.network` (on a swarm `traefik.swarm.network`) must have the network's real name, "
           "with the project's prefix"),
    _known("service", r"cannot validate certificate for (?P<word>\S+) because",
           "Traefik speaks https to the container at {word} and refuses its certificate, which names no address",
           "`insecure_tls: true` next to `scheme: https`, or the container's port for plain HTTP"),
    _known("entrypoint", r"Unable to create redirection: the entry point or the port is missing",
           "the redirection to https has no target: `…redirections.entrypoint.to` is missing",
           "add `to=websecure`; `edgegen render` writes it"),
    _known("entrypoint", r"'to' entry point field references a non-existing entry point: (?P<word>\S+)",
           "the redirection to https leads to the entrypoint `{word}`, which does not exist", "`to=websecure`"),
    _known("tls", r"permissions (?P<word>\d+) for (?P<file>\S+) are too open",
           "{file} has mode {word}, and Traefik doesn't use a resolver whose file others can read: it must be 600",
           f"{CHMOD}, then `{RESTART}`"),
    _known("tls", r"unable to get ACME account: (?P<word>.+)", "Traefik can't use its acme.json: {word}",
           f"look at {STORE} (a file of mode 600), then `{RESTART}`"),
    _known("tls", r"non-?existent certificate resolver",
           "its router names a certificate resolver that Traefik does not have, or that it has skipped",
           f"look at the label `tls.certresolver`, and at {STORE} (mode 600)"),
    _known("tls", r"accountDoesNotExist", "the authority does not know the account of acme.json",
           "the account is another authority's, or deleted: move acme.json aside and restart traefik"),
    _known("tls", r"rateLimited(?:.*?::\s*(?P<word>.+))?", "the authority's rate limit is reached: {word}",
           f"fix the cause first, wait as long as it says, then run `{RESTART}` once"),
    _known("tls", r"acme: error: \d+ :: (?:\S+ :: \S+ :: )?urn:ietf:params:acme:error:(?P<kind>\w+) :: (?P<word>.+)",
           "the authority refused ({kind}): {word}", _ONCE),
    _known("tls", r"some credentials information are missing|error presenting token: (?P<word>.+)",
           "the DNS challenge failed: {word}", "`edgegen dns check-token`; " + _ONCE),
    _known("tls", r"unable to communicate with the API server: (?:error: )?(?P<word>.+)",
           "the authority can't be reached: {word}", _ONCE),
    _known("tls", r"ACME challenge not specified", "the resolver has no challenge", "say `acme: {challenge: http}`"),
    _known("tls", r"Unable to obtain ACME certificate.*? (?P<word>.+)", "no certificate was issued: {word}", _ONCE),
)  # fmt: skip


def meaning(text: str) -> Meaning | None:
    """What a line's text, or an error of Traefik's API, says; None where it is not known."""
    for known in _TABLE:
        if found := known.pattern.search(text):
            words = {name: _cut(value or "") for name, value in found.groupdict().items()}
            sentence = known.sentence.format(**words).removesuffix(": ").rstrip()
            return Meaning(known.part, sentence, known.hint, words.get("word", ""))
    return None


def _cut(text: str, longest: int = 200) -> str:
    """On one line and not too long: an authority's answer can be a page."""
    line = " ".join(text.split())
    return line[:longest] + "…" * (len(line) > longest)
