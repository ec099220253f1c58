"""The raw data and the log of a Traefik as an answer: without the oracle's own doing, in the stack's own paths."""

from __future__ import annotations

from collections.abc import Sequence

from edgegen.oracle.answer import Answer, Data
from edgegen.oracle.aside import Aside, level, own
from edgegen.oracle.static import Static


def heard(
    data: Data,
    log: Sequence[str],
    aside: Aside,
    configured: Static,
    code: int | None,
    *,
    is_complete: bool,
    left_out: Sequence[str],
) -> Answer:
    """What counts of it. `code`: the exit code of one that ended; `left_out`: files it was not given."""
    disk = aside.disk
    found = [disk.undone(line) for line in log if not aside.drops(line)]
    return Answer(
        http_routers=own(data.get("routers"), aside),
        tcp_routers=own(data.get("tcpRouters"), aside),
        udp_routers=own(data.get("udpRouters"), aside),
        middlewares=own(data.get("middlewares"), aside) | own(data.get("tcpMiddlewares"), aside),
        services=own(data.get("services"), aside)
        | own(data.get("tcpServices"), aside)
        | own(data.get("udpServices"), aside),
        internal_routers={key: item for key, item in data.get("routers", {}).items() if key.endswith("@internal")},
        log_lines=tuple(disk.undone(line) for line in log),
        errors=tuple(line for line in found if level(line) in ("ERR", "FTL", "PNC")),
        warnings=tuple(line for line in found if level(line) == "WRN"),
        exit_code=code,
        is_complete=is_complete,
        unasked=(*configured.unasked, *(f"file {name}" for name in left_out)),
        ports=configured.ports,
    )
