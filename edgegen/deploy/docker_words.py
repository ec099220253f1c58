"""What to do about failures that Docker reports in its own words. Pure."""

from __future__ import annotations

from edgegen.deploy.engine import answer_hint

_NO_ANSWER = ("permission denied while trying to connect", "cannot connect to the docker daemon")
_HINTS = (
    (("toomanyrequests", "pull rate limit"), "Docker Hub limits anonymous pulls: `docker login`, or try again later"),
    (
        ("no space left on device",),
        "`docker system df` shows what takes the space, `docker system prune` removes what no container uses",
    ),
    (
        ("fully subnetted", "non-overlapping ipv4 address pool"),
        "`docker network prune` removes networks that no container uses; more fit with `default-address-pools` in "
        "/etc/docker/daemon.json",
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
    (("manifest unknown", "manifest for "), "check the image's tag"),
    (
        ("port is already allocated", "address already in use"),
        "`docker ps` and `sudo ss -lntup` show who holds the port",
    ),
)
"""Words in lower case, and what helps. The first row that fits counts."""


def known_hint(said: str) -> str:
    """A hint for what one of Docker's programs wrote to stderr; "" for what is not known."""
    text = said.lower()
    if any(words in text for words in _NO_ANSWER):
        return answer_hint(said)
    return next((hint for words, hint in _HINTS if any(word in text for word in words)), "")
