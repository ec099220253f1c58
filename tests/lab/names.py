"""The lab's own authoritative DNS server for what `verify` asks: `python -m tests.lab.names ADDRESS ZONEFILE`.

Pebble's DNS knows no name servers; here a zone has one. The file is read at each question: a test rewrites it.
"""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from dnslib import QTYPE, RCODE, RR, DNSRecord
from dnslib.server import DNSHandler, DNSLogger, DNSServer

ADDRESS = "127.0.0.53"
"""Where it listens inside the lab, on the usual port."""


class FromFile:
    """Answers with the records of a zone file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def resolve(self, request: DNSRecord, handler: DNSHandler) -> DNSRecord:
        """The records of the name and type that was asked for, as an authority."""
        reply = request.reply(aa=1)
        name, kind = str(request.q.qname).lower(), QTYPE[request.q.qtype]
        here = [record for record in RR.fromZone(self._path.read_text()) if str(record.rname).lower() == name]
        for record in here:
            if QTYPE[record.rtype] == kind:
                reply.add_answer(record)
        if not here:
            reply.header.rcode = RCODE.NXDOMAIN
        return reply


def main(address: str, path: Path) -> None:
    """Serve until a signal ends the process."""
    for tcp in (False, True):
        server = DNSServer(FromFile(path), address=address, port=53, tcp=tcp, logger=DNSLogger("-request,-reply"))
        server.start_thread()
    print("ready", flush=True)
    signal.pause()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
