"""Reading a DNS message: what kind of answer it is, and what it says."""

from __future__ import annotations

from typing import Any

from edgegen.lookup.model import Question, Reply, Status


def read(question: Question, response: Any) -> Reply:
    """The reply that a response (a `dns.message.Message`) is to a question."""
    import dns.flags
    import dns.rcode

    code = response.rcode()
    if code not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        status = Status.REFUSED if code == dns.rcode.REFUSED else Status.SERVFAIL
        return Reply(question.server, status, detail=dns.rcode.to_text(code))
    if question.delegation:
        return _handed_to(question, response)
    if question.authority and not response.flags & dns.flags.AA:
        return Reply(question.server, Status.LAME, detail="not authoritative")
    return _follow(question, response, nxdomain=code == dns.rcode.NXDOMAIN)


def _handed_to(question: Question, response: Any) -> Reply:
    """A referral has the servers in its authority section; a server of both zones has them in the answer."""
    import dns.name
    import dns.rdatatype

    name = dns.name.from_text(question.name)
    sets = [item for item in (*response.answer, *response.authority) if item.rdtype == dns.rdatatype.NS]
    values = {item.to_text() for one in sets if one.name == name for item in one}
    return Reply(question.server, Status.ANSWER if values else Status.NODATA, tuple(sorted(values)))


def _follow(question: Question, response: Any, *, nxdomain: bool) -> Reply:
    import dns.exception
    import dns.message

    server = question.server
    try:
        chain = response.resolve_chaining()
    except dns.message.ChainTooLong:
        return Reply(server, Status.LOOP, detail="its CNAMEs form a loop", cnames=_circle(response))
    except dns.message.NotQueryResponse:
        return Reply(server, Status.SERVFAIL, detail="not an answer to the question")
    except dns.exception.DNSException as error:
        return Reply(server, Status.SERVFAIL, detail=f"contradicts itself: {type(error).__name__}")
    cnames = tuple(_target(item) for item in chain.cnames)
    if chain.answer is None:
        # Without an SOA the zone does not say how long a negative answer may be cached.
        ttl = chain.minimum_ttl if response.authority or cnames else 0
        return Reply(server, Status.NXDOMAIN if nxdomain else Status.NODATA, ttl=ttl, cnames=cnames)
    values = tuple(sorted(item.to_text() for item in chain.answer))
    return Reply(server, Status.ANSWER, values, chain.minimum_ttl, cnames=cnames)


def _target(cname: Any) -> str:
    return str(cname[0].target.to_text(omit_final_dot=True)).lower()


def _circle(response: Any) -> tuple[str, ...]:
    import dns.rdatatype

    return tuple(_target(item) for item in response.answer if item.rdtype == dns.rdatatype.CNAME)
