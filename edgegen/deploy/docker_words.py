"""What failures that Docker reports in its own words mean, and what to do about them. Pure."""

from __future__ import annotations

import re

from edgegen.core.pattern import late_pattern
from edgegen.deploy.engine import answer_hint

_KINDS = "(?:container|object|service|task|node|network|secret|config|volume)"
MISSING = late_pattern(rf"\bno such {_KINDS}\b|\b{_KINDS} \S+ not found\b", re.IGNORECASE)
"""Its words for an object that is not there. Those about a host, a socket or a key file ("no such …") are not among
them."""

_NO_ANSWER = (
    "permission denied while trying to connect",
    "cannot connect to the docker daemon",
    "error during connect",
)
_ENDED = "context canceled"
"""Its words for a question that Compose itself gave up because something else had failed: `error during connect` is
then not the words of an engine that does not answer."""
_DISK = (
    ("no space left on device",),
    "`docker system df` shows what takes the space, `docker system prune` removes what no container uses",
)
_OF_A_STEP = ("did not complete successfully", "returned a non-zero code")
"""Docker's words for a program of a Dockerfile that failed. What that has written before is not Docker's: its
`401 Unauthorized` is that of a package server."""
_HINTS = (
    (("toomanyrequests", "pull rate limit"), "Docker Hub limits anonymous pulls: `docker login`, or try again later"),
    _DISK,
    (
        ("fully subnetted", "non-overlapping ipv4 address pool"),
        "`docker network prune` removes networks that no container uses; more fit with `default-address-pools` in "
        "/etc/docker/daemon.json",
    ),
    (
        ("non-overlapping ipv6 address pool",),
        "Docker Engine before 27.0 needs a subnet for `enable_ipv6`: "
        "`extra: {networks: {NAME: {ipam: {config: [{subnet: fd00:1::/64}]}}}}`",
    ),
    (
        ("no matching manifest for", "does not match the specified platform", "does not match the detected host"),
        "the image does not exist for this machine's processor: use another image or tag, or build it here",
    ),
    (
        ("is already in use by container",),
        "`docker rm` that container, or remove `container_name`: each service has a name of its own without it",
    ),
    (
        ("pull access denied", "unauthorized", "denied: requested access"),
        "check the image's name; a private image needs `docker login`",
    ),
    (
        ("port is already allocated", "address already in use"),
        "`docker ps` and `sudo ss -lntup` show who holds the port",
    ),
    (("cannot start a paused container",), "the container is paused: run `docker unpause`"),
    (
        ("server gave http response to https client",),
        "that port has no TLS: name the registry without a port if it is behind an edge, or see Docker's "
        "`insecure-registries`",
    ),
    (
        ("x509: certificate signed by unknown authority",),
        "the engine does not trust that registry's authority: put it into /etc/docker/certs.d/HOST/ca.crt",
    ),
    (
        ('/v2/": dial tcp', '/v2/": net/http', '/v2/": context deadline', "failed to do request"),
        "the engine does not reach the registry: check the image's name, and the network and DNS of the engine's host",
    ),
    (("manifest unknown", "manifest for "), "check the image's tag"),
)
"""Words in lower case, and what helps. The first row that fits counts."""


def only_missing(said: str) -> bool:
    """Whether a program failed only because objects are not there (any more): every line of its stderr says so."""
    lines = [line for line in said.splitlines() if line.strip()]
    return bool(lines) and all(MISSING.search(line) for line in lines)


def known_hint(said: str) -> str:
    """A hint for what one of Docker's programs wrote to stderr; "" for what is not known."""
    text = "\n".join(line for line in said.lower().splitlines() if _ENDED not in line)
    if any(words in text for words in _NO_ANSWER):
        return answer_hint(said)
    hints = (_DISK,) if any(words in text for words in _OF_A_STEP) else _HINTS
    return next((hint for words, hint in hints if any(word in text for word in words)), "")
