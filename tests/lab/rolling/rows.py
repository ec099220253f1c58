"""The rows of the table of rolling updates: each does one thing under load, and says what must be so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.lab.hosts import Host
from tests.lab.rolling.rolled import Load, Rolled, record, spec, until
from tests.lab.told import ended_at
from tests.sizes import sized

OFF_THE_EDGE = {"replicas": 3, "placement": {"constraints": ["node.hostname != host1"]}}
"""Two of three tasks are then on one node, and the edge is on none of theirs."""
SLOW = {"path": "/slow", "rate": 60, "number": 3000, "threads": 120}
HAND = {"refresh": 15, "retry": False, "dial": False}
"""What Traefik does by itself."""

DRAINED = {"drain": "6s"}
OUTAGE = 10
"""Seconds for which a change of Traefik itself may serve nothing, which is what the user is told. Measured: 2.6 at
a load of 12 on two cores. With all middlewares at Traefik's own service it was 6.7 to 8.5."""
BAD = 20
"""What one update loses at least without what edgegen adds: 20 to 42 were seen."""
IN_FLIGHT = 3
"""Requests that an update may cost without `drain`: those that the application was answering when it exited. Nobody may
send them again, since they may have been done. A busy machine takes longer for each, and so has more of them."""


def three_replicas(rolled: Rolled) -> None:
    """Five updates under GET and five under POST. On a busy machine even all five lose less than one bad one does."""
    rolled.start_over()
    lost: dict[str, list[int]] = {"GET": [], "POST": []}
    for _ in range(5):
        for method, found in lost.items():
            with rolled.load(method) as load:
                rolled.roll()
            record(f"rolling update of 3 replicas, {method}", load)
            assert len(load.report["bodies"]) == 2, "both versions answered"
            found.append(load.lost)
    assert all(sum(found) < BAD for found in lost.values()), lost


def counting(rolled: Rolled) -> None:
    """Every POST that was answered was counted, and none twice: retries only repeat what was never sent."""
    rolled.start_over(**DRAINED)
    with rolled.load("POST") as load:
        rolled.roll()
    counted = rolled.counted()
    record(
        "POSTs to a service that counts, with `drain`",
        load,
        f"{len(counted):,} counted, {len(set(counted)):,} different",
    )
    assert load.lost == 0
    assert len(load.report["bodies"]) == 2
    assert sorted(map(int, counted)) == list(range(load.sent))


def edits(rolled: Rolled) -> None:
    """A comment, another service, a redirect, an external server, a shared middleware: Traefik stays."""
    rolled.start_over(**DRAINED)  # as the row before: the application is not updated here
    edge = rolled.traefik()
    for row in sized([list(EDITS)], [[name] for name in EDITS]):
        with rolled.load() as load:
            for name in row:
                EDITS[name](rolled)
            rolled.up()
            if "old" in rolled.spec["services"]:
                _new_routes_are_seen(rolled)
        record(", ".join(row), load)
        assert load.lost == 0
    assert rolled.traefik() == edge, "the same task"


def _edit_what_is_not_routed(rolled: Rolled) -> None:
    rolled.spec["x-comment"] = "an edit"
    rolled.spec["services"]["worker"]["environment"]["A"] = "2"


def _add_routes(rolled: Rolled) -> None:
    more = rolled.spec["services"]
    more["old"] = {"kind": "redirect", "host": "old.example.com", "to": "https://www.example.com"}
    more["nas"] = {"kind": "external", "host": "nas.example.com", "url": "http://10.99.0.1:9"}
    rolled.spec["middlewares"] = {"marked": {"kind": "headers", "custom_response_headers": {"X-Marked": "yes"}}}
    rolled.change(middlewares=["marked"])


EDITS: dict[str, Callable[[Rolled], None]] = {
    "an edit that concerns no routed service": _edit_what_is_not_routed,
    "a redirect, an external server, a shared middleware added": _add_routes,
}
"""The usual run makes them all at once."""


def _new_routes_are_seen(rolled: Rolled) -> None:
    client = rolled.stack.client(rolled.edge, trusting=False)
    until(lambda: client.get("old.example.com").status == 301, "the redirect answers")
    until(lambda: client.get("www.example.com").headers["X-Marked"] == "yes", "the middleware is used")


def rotation(rolled: Rolled) -> None:
    """New tasks have the new config and secret, and the old names are kept for one generation."""
    rolled.start_over()
    rolled.change(configs=["motd"], secrets=["key"])
    _give(rolled, "one", "first")
    for motd, key in (("two", "first"), ("two", "second")):
        with rolled.load() as load:
            _give(rolled, motd, key)
        what = "config" if key == "first" else "secret"
        record(f"a rotated {what}", load)
        assert load.lost <= IN_FLIGHT
        client = rolled.stack.client(rolled.edge)
        assert client.get("www.example.com", "/file/motd").body.decode() == motd
        assert client.get("www.example.com", "/file/run/secrets/key").body.decode() == key
        names = rolled.edge.docker(what, "ls", "--format", "{{.Name}}").split()
        assert len([name for name in names if name.startswith(f"web-{'motd' if what == 'config' else 'key'}-")]) == 2


def _give(rolled: Rolled, motd: str, key: str) -> None:
    rolled.spec["configs"] = {"motd": {"file": "motd.txt"}}
    rolled.spec["secrets"] = {"key": {"file": "key.txt"}}
    rolled.stack.folder.mkdir(exist_ok=True)
    for name, text in (("motd.txt", motd), ("key.txt", key)):
        (rolled.stack.folder / name).write_text(text)
        (rolled.stack.folder / name).chmod(0o600)
    rolled.up()


def no_such_image(rolled: Rolled) -> None:
    rolled.start_over()
    image = rolled.app["image"]
    with rolled.load() as load:
        rolled.change(image="lab/nowhere:1")
        rolled.write()
        done = rolled.stack.edgegen("up", "--host", rolled.edge.url, code=5)
        rolled.change(image=image)
        rolled.settle()
    record("an image that does not exist", load, "rolled back, exit 5")
    assert "No such image" in done.stderr
    assert load.lost <= IN_FLIGHT


def one_replica(rolled: Rolled) -> None:
    for more in ({}, DRAINED):
        rolled.start_over(deploy={"replicas": 1}, **more)
        with rolled.load() as load:
            rolled.roll()
        record("1 replica" + (", with `drain`" if more else ""), load)
        assert load.lost <= (0 if more else IN_FLIGHT)


def slow(rolled: Rolled) -> None:
    for more in ({}, DRAINED):
        rolled.start_over(**more)
        with rolled.load(**SLOW) as load:
            rolled.roll()
        record("requests of one second, 60/s" + (", with `drain`" if more else ""), load)
    assert load.lost == 0, "with drain"


def drained(rolled: Rolled) -> None:
    rolled.start_over(deploy=OFF_THE_EDGE)
    host = _crowded(rolled)
    try:
        with rolled.load() as load:
            rolled.stack.swarm("drain", host.url)
            seconds = until(lambda: len(rolled.running(but=host.name)) == 3, "3/3 elsewhere")
        record("a node drained, 2 of 3 tasks on it", load, f"3/3 within {seconds:.0f} s after `swarm drain` returned")
        assert load.lost <= IN_FLIGHT
    finally:
        rolled.stack.swarm("activate", host.url)


def cut(rolled: Rolled) -> None:
    for more in ({}, {"health_path": "/"}):
        rolled.start_over(deploy=OFF_THE_EDGE, **more)
        host = _crowded(rolled)
        with rolled.load(number=6000) as load:
            with rolled.stack.all.cut(host):
                seconds = until(lambda host=host: len(rolled.running(but=host.name)) == 3, "3/3 elsewhere")
            _wait_for_ready(rolled)
        name = "a node cut off, 2 of 3 tasks on it" + (", with a health path" if more else "")
        record(name, load, f"3/3 after {seconds:.0f} s")
        assert seconds < 60
    assert load.lost <= 5, "with a health path"


def _crowded(rolled: Rolled) -> Host:
    """The host with two of the three tasks."""
    for _ in range(3):
        names = [name for name, _ in rolled.stack.tasks("app")]
        if found := [host for host in rolled.stack.all if names.count(host.name) == 2]:
            return found[0]
        rolled.roll()  # the tasks of an update go where there are fewest
    raise AssertionError(f"the tasks are on {names}")


def _wait_for_ready(rolled: Rolled) -> None:
    edge = rolled.edge
    until(lambda: edge.docker("node", "ls", "--format", "{{.Status}}").split() == ["Ready"] * 3, "all nodes are back")
    until(lambda: len(rolled.stack.tasks("app")) == 3, "3/3 on the whole swarm")


def own_change(rolled: Rolled) -> None:
    """Its ports are free only once the old task has ended, of which the user is told before."""
    rolled.start_over()
    ((_, before),) = rolled.traefik()
    with rolled.load() as load:
        rolled.spec["acme"]["email"] = "others@example.com"
        told = rolled.up_saying("`traefik` is going to be replaced, because of its flags")
    record("Traefik's own change", load, f"{load.outage:.1f} s without an answer")
    assert told < ended_at(rolled.edge.ground, before)
    assert load.lost > 0, "the meter sees that nothing is served"
    assert load.outage < OUTAGE


def nothing_else(rolled: Rolled) -> None:
    """Planted: without what edgegen adds, an update must lose requests, or the meter sees nothing."""
    assert _by_hand(rolled, "nothing else (refresh 15 s)", **HAND).lost > 0


def parts(rolled: Rolled) -> None:
    _by_hand(rolled, "retry alone", **{**HAND, "retry": True})
    _by_hand(rolled, "retry and dial timeout", refresh=15, retry=True, dial=True)
    _by_hand(rolled, "the same with refresh 5 s", refresh=5, retry=True, dial=True)


def only_drain(rolled: Rolled) -> None:
    assert _by_hand(rolled, "`drain: 20s`, Traefik's default refresh, no retry", {"drain": "20s"}, **HAND).lost == 0


def _by_hand(rolled: Rolled, row: str, web: dict[str, Any] | None = None, **how: Any) -> Load:
    rolled.spec = spec(environment={"VERSION": str(rolled.version + 1)}, **(web or {}))
    rolled.by_hand(**how, at_once=True)
    with rolled.load() as load:
        rolled.next_version()
        rolled.by_hand(**how)
    record(row, load)
    return load


ROWS: dict[str, Callable[[Rolled], None]] = {
    row.__name__: row
    for row in (
        counting, edits, nothing_else, one_replica, no_such_image, drained, cut, rotation, own_change, slow, only_drain,
        three_replicas, parts,
    )
}  # fmt: skip
USUAL = ("counting", "edits", "nothing_else")
