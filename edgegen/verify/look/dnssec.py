"""Whether a zone's keys are those that the zone above vouches for, as a resolver that validates sees it.

Most resolvers of servers and offices do not validate: to them a zone that a third of the world can't resolve is fine.
Signatures are not checked here, only what a move to another provider leaves behind: a DS record without its key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from edgegen.lookup import Question, Reply, Server, Status, ask_all
from edgegen.verify.look.resolvers import Resolvers

SECONDS = 2.0
MOST_SERVERS = 4
_ALGORITHMS = (8, 10, 13, 14, 15, 16)
"""Those of DNSSEC that every validator knows; with only others a zone counts as unsigned."""
_DIGESTS = {1: "sha1", 2: "sha256", 4: "sha384"}


def left_behind(zone: str, servers: Sequence[Server], resolvers: Resolvers, seconds: float) -> str:
    """What is wrong with the DS records of a zone, or "": also where that could not be seen. Never raises."""
    told = resolvers.ask([(zone, "DS")])[0]
    vouched = [] if told.cnames or told.status is not Status.ANSWER else _read(told.values, "DS")
    vouched = [one for one in vouched if one.algorithm in _ALGORITHMS and one.digest_type in _DIGESTS]
    if not vouched:
        return ""
    questions = [Question(server, zone, "DNSKEY", authority=True) for server in servers[:MOST_SERVERS]]
    replies = [reply for reply in ask_all(questions, timeout=seconds) if reply.status.tells]
    if not replies or any(_is_vouched_for(zone, reply, vouched) for reply in replies):
        return ""
    tags = ", ".join(sorted({str(one.key_tag) for one in vouched}))
    has = "has other keys" if any(reply.values for reply in replies) else "is not signed"
    return f"the DS record at the registrar names the key {tags}, and the zone {has}"


def _is_vouched_for(zone: str, reply: Reply, vouched: Sequence[Any]) -> bool:
    """RFC 4034 section 5.1.4: the digest is of the zone's name and the key."""
    import dns.name

    name = dns.name.from_text(zone).to_digestable()
    return any(
        hashlib.new(_DIGESTS[one.digest_type], name + key.to_wire(), usedforsecurity=False).digest() == one.digest
        for one in vouched
        for key in _read(reply.values, "DNSKEY")
        if key.algorithm == one.algorithm
    )


def _read(values: Sequence[str], kind: str) -> list[Any]:
    """Records from their presentation form."""
    import dns.rdata
    import dns.rdataclass

    return [dns.rdata.from_text(dns.rdataclass.IN, kind, value) for value in values]
