"""Requests at a steady rate from outside: `python meter.py ADDRESS HOST ROOT N RATE THREADS PATIENCE METHOD PATH`.

It goes on after N requests for as long as its stdin is open. Each thread keeps its connection, as browsers do. A
request is due at its time whatever became of the others, and one that is not answered with 200 is lost; it may take
PATIENCE seconds. One JSON object on stdout.
"""

from __future__ import annotations

import collections
import http.client
import json
import socket
import ssl
import sys
import threading
import time


class Connection(http.client.HTTPSConnection):
    """To one address, whatever the host's name."""

    def __init__(self, address: str, host: str, context: ssl.SSLContext, patience: float) -> None:
        super().__init__(host, timeout=patience)
        self.address, self.tls = address, context

    def connect(self) -> None:
        plain = socket.create_connection((self.address, 443), self.timeout)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock = self.tls.wrap_socket(plain, server_hostname=self.host)


class Meter:
    """What was sent, and what became of it."""

    def __init__(self, address: str, host: str, root: str, number: int, rate: float, patience: float) -> None:
        self.address, self.host, self.patience = address, host, patience
        self.context = ssl.create_default_context(cafile=root)
        self.number, self.rate = number, rate
        self.lock = threading.Lock()
        self.next = 0
        self.is_ended = False
        self.begun = time.monotonic()
        self.seen: collections.Counter[str] = collections.Counter()
        self.bodies: collections.Counter[str] = collections.Counter()
        self.lost_at: list[float] = []
        self.took: list[float] = []

    def work(self, method: str, path: str) -> None:
        connection: Connection | None = None
        while (turn := self.turn()) is not None:
            time.sleep(max(0.0, self.begun + turn / self.rate - time.monotonic()))
            start = time.monotonic()
            try:
                connection = connection or Connection(self.address, self.host, self.context, self.patience)
                connection.request(method, path, str(turn) if method == "POST" else None)
                answer = connection.getresponse()
                outcome, body = str(answer.status), answer.read().decode(errors="replace")[:60]
            except (OSError, http.client.HTTPException) as error:
                outcome, body, connection = type(error).__name__, "", None
            self.note(outcome, body, start)

    def turn(self) -> int | None:
        with self.lock:
            if self.next >= self.number and self.is_ended:
                return None
            self.next += 1
            return self.next - 1

    def note(self, outcome: str, body: str, start: float) -> None:
        with self.lock:
            self.took.append(time.monotonic() - start)
            self.seen[outcome] += 1
            if outcome == "200":
                self.bodies[body] += 1
            else:
                self.lost_at.append(round(start - self.begun, 2))

    def report(self) -> dict[str, object]:
        took = sorted(self.took)
        return {
            "sent": len(took), "lost": len(took) - self.seen["200"], "seen": self.seen, "bodies": self.bodies,
            "lost_at": sorted(self.lost_at), "seconds": round(time.monotonic() - self.begun, 1),
            "median_ms": round(took[len(took) // 2] * 1e3, 1), "p99_ms": round(took[int(len(took) * 0.99)] * 1e3, 1),
            "longest_s": round(took[-1], 2),
        }  # fmt: skip


def main(
    address: str, host: str, root: str, number: str, rate: str, threads: str, patience: str, method: str, path: str
) -> None:
    meter = Meter(address, host, root, int(number), float(rate), float(patience))
    workers = [threading.Thread(target=meter.work, args=(method, path)) for _ in range(int(threads))]
    for worker in workers:
        worker.start()
    sys.stdin.read()
    meter.is_ended = True
    for worker in workers:
        worker.join()
    print(json.dumps(meter.report()))


if __name__ == "__main__":
    main(*sys.argv[1:])
