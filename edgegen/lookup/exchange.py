"""Many queries over UDP in parallel, through one socket per family; over TCP if an answer is too long for UDP."""

from __future__ import annotations

import errno
import selectors
import socket
from collections.abc import Iterator, Sequence
from typing import Any, Self

from msgspec import Struct

from edgegen.lookup.model import Question, Reply, Server, Status
from edgegen.lookup.read import read
from edgegen.net.deadline import Deadline
from edgegen.system.internet import spelled
from edgegen.system.os_errors import cause

AGAIN = 1 / 3
"""The part of the time after which a question is sent again: a datagram may get lost."""
_SPOKEN = (errno.ECONNREFUSED, errno.EHOSTUNREACH, errno.EHOSTDOWN)
"""Errors that come from the path to the server; every other socket error is local."""

_MOST_AT_ONCE = 4096

_Key = tuple[str, int, int]
"""Address, port and message id, which an answer must match."""


class _Open(Struct, frozen=True):
    """A question without an answer so far."""

    index: int
    question: Question
    message: Any
    wire: bytes


class Exchange:
    """One round of questions. After `run`, `replies` has an answer for each."""

    def __init__(self, questions: Sequence[Question], timeout: float) -> None:
        self.questions = questions
        self.timeout = timeout
        self.deadline = Deadline.after(timeout)
        self.replies: dict[int, Reply] = {}
        self._open: dict[_Key, _Open] = {}
        self._sockets: dict[int, socket.socket] = {}
        self._selector = selectors.DefaultSelector()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._selector.close()
        for each in self._sockets.values():
            each.close()

    def run(self) -> None:
        """Ask all, and ask again after a while where there is no answer; wait until all have one or the time is up."""
        for index, question in enumerate(self.questions):
            self._ask(index, question)
        self._receive(Deadline.after(self.timeout * AGAIN))
        for each in list(self._open.values()):
            self._send(each)
        self._receive(self.deadline)
        for each in self._open.values():
            detail = f"no answer within {self.timeout:.3g} s"
            self.replies[each.index] = Reply(each.question.server, Status.TIMEOUT, detail=detail)

    def _ask(self, index: int, question: Question) -> None:
        message = _message(question)
        if message is None:
            self.replies[index] = Reply(question.server, Status.NXDOMAIN, detail="not a valid DNS name")
            return
        while _key(question.server, message.id) in self._open:
            message.id = (message.id + 1) % 65536
        each = _Open(index, question, message, message.to_wire())
        self._open[_key(question.server, message.id)] = each
        self._send(each)

    def _send(self, each: _Open) -> None:
        server = each.question.server
        try:
            self._socket(server).sendto(each.wire, (server.address, server.port))
        except BlockingIOError:
            pass  # the buffer is full: treated as lost, so it is sent again
        except OSError as error:
            status = Status.UNREACHABLE if error.errno in _SPOKEN else Status.LOCAL
            self._close(each, Reply(server, status, detail=cause(error)))

    def _socket(self, server: Server) -> socket.socket:
        """The socket of a family, created when it is first needed."""
        family = socket.AF_INET6 if ":" in server.address else socket.AF_INET
        if family not in self._sockets:
            made = socket.socket(family, socket.SOCK_DGRAM)
            made.setblocking(False)
            self._sockets[family] = made
            self._selector.register(made, selectors.EVENT_READ)
        return self._sockets[family]

    def _close(self, each: _Open, reply: Reply) -> None:
        self._open.pop(_key(each.question.server, each.message.id), None)
        self.replies[each.index] = reply

    def _receive(self, until: Deadline) -> None:
        """Read answers until all are there or the time is up; whatever has arrived by then is still read."""
        while self._open:
            left = until.left
            for key, _ in self._selector.select(left):
                for data, source in _datagrams(key.fileobj):
                    self._take(data, source)
            if not left:
                return

    def _take(self, data: bytes, source: tuple[Any, ...]) -> None:
        import dns.exception
        import dns.flags
        import dns.message

        each = self._open.get((spelled(source[0]), source[1], int.from_bytes(data[:2])))
        if each is None:
            return  # not an answer to an open question
        try:
            response = dns.message.from_wire(data, ignore_trailing=True)
        except dns.exception.DNSException as error:
            self._close(each, _unreadable(each.question.server, error))
            return
        if not each.message.is_response(response):
            return
        if response.flags & dns.flags.TC:
            self._close(each, _over_tcp(each, self.deadline.left))
        else:
            self._close(each, read(each.question, response))


def _over_tcp(each: _Open, seconds: float) -> Reply:
    import dns.exception
    import dns.query

    server = each.question.server
    try:
        response = dns.query.tcp(each.message, server.address, timeout=seconds, port=server.port)
    except dns.exception.Timeout:
        return Reply(server, Status.TIMEOUT, detail="its answer is too long for UDP, and it does not answer over TCP")
    except (OSError, EOFError) as error:
        return Reply(server, Status.UNREACHABLE, detail=f"over TCP: {error}")
    except dns.exception.DNSException as error:
        return _unreadable(server, error)
    return read(each.question, response)


def _message(question: Question) -> Any:
    """The question as a dnspython message, or None if the name is not valid."""
    import dns.exception
    import dns.flags
    import dns.message
    import dns.rdataclass

    rdclass = dns.rdataclass.CH if question.chaos else dns.rdataclass.IN
    try:
        message = dns.message.make_query(f"{question.name.removesuffix('.')}.", question.kind, rdclass)
    except (dns.exception.DNSException, UnicodeError):
        return None
    if question.authority or question.delegation:
        message.flags &= ~dns.flags.RD
    if question.unchecked:
        message.flags |= dns.flags.CD
    return message


def _datagrams(ready: Any) -> Iterator[tuple[bytes, tuple[Any, ...]]]:
    """What has arrived, up to a number that honest servers never reach: a flood must not block the run."""
    for _ in range(_MOST_AT_ONCE):
        try:
            yield ready.recvfrom(65535)
        except OSError:  # nothing more, or an error that belongs to an earlier datagram
            return


def _key(server: Server, number: int) -> _Key:
    return spelled(server.address), server.port, number


def _unreadable(server: Server, error: Exception) -> Reply:
    return Reply(server, Status.SERVFAIL, detail=f"unreadable answer: {type(error).__name__}")
