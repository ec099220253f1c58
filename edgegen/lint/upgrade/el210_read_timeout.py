"""An entrypoint that gets a time limit for requests.

What it does
    Reports entrypoints without a `readTimeout` on the way from a Traefik before 2.11.2, which had no limit.

Why
    Newer Traefiks give a whole request with its body 60 seconds. A longer upload is cut: `docker push` to a registry,
    backups, videos.

Example
    `--entrypoints.websecure.address=:443`

Instead
    Add `--entrypoints.websecure.transport.respondingTimeouts.readTimeout=0` if large uploads go through it.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.rule import Found, Rule
from edgegen.lint.statics import entrypoints, judged
from edgegen.lint.upgrade.way import Way
from edgegen.traefik.version import Version

RULE = Rule("EL210", "read-timeout", Severity.LOW)
_LIMITED = Version(2, 11, 2)


def check(way: Way) -> Iterator[Found]:
    """Each entrypoint."""
    if way.old >= _LIMITED or way.new < _LIMITED:
        return
    for item in judged(way.project):
        for name, address in entrypoints(item).items():
            option = f"entrypoints.{name}.transport.respondingtimeouts.readtimeout"
            if item.whole and address is not None and item.static.get(option) is None:
                message = f"entrypoint `{name}` cuts requests that take longer than 60 seconds, from 2.11.2 on"
                yield Found(item.subject, message, address.spot)
