"""init and join: what is refused before anything changes, and that a token is only in a standard input."""

from __future__ import annotations

import pytest

from edgegen.core.errors import EdgegenError, OutsideError, PartialError, RefusedError, UsageError
from edgegen.deploy.command import Command, Result
from edgegen.deploy.nodes import api
from edgegen.deploy.nodes.session import Session
from edgegen.project import swarm_nodes
from tests.deploy.swarm.scene import FakeClock
from tests.fakes.swarm_hosts import TOKEN, FakeHosts, FakeNode

S = "of one"


def session(hosts: FakeHosts, manager: str = "ssh://one", *, dry_run: bool = False) -> Session:
    return Session(hosts.engine, manager, dry_run)


def three(*, managers: int = 1) -> FakeHosts:
    roles = ["manager" if number < managers else "worker" for number in range(3)]
    return FakeHosts.of(*(FakeNode(name, S, role) for name, role in zip(("one", "two", "six"), roles, strict=True)))


def test_init_is_done_once() -> None:
    hosts = FakeHosts.of(FakeNode("one"))
    for _ in range(2):
        run = session(hosts)
        swarm_nodes.init(run, "ssh://one", hosts.nodes["ssh://one"].address)
    address = hosts.nodes["ssh://one"].address
    assert hosts.changes() == [f"ssh://one swarm init --advertise-addr {address}"]
    assert run.lines == [f"ssh://one is a manager of a swarm already, as {address}"]


def test_init_of_another_address_than_before_is_refused() -> None:
    hosts = FakeHosts.of(FakeNode("one", S, "manager"))
    with pytest.raises(RefusedError, match=r"not 10\.9\.9\.9"):
        swarm_nodes.init(session(hosts), "ssh://one", "10.9.9.9")
    swarm_nodes.init(session(hosts), "ssh://one", "eth0")


@pytest.mark.parametrize(
    ("said", "choices"),
    [
        ("multiple addresses on interface eth0 (10.0.0.1 and fd00::7) - specify one", ["10.0.0.1", "fd00::7"]),
        (
            "multiple addresses on different interfaces (10.0.2.15 on eth0 and 192.0.2.5 on eth1)",
            ["10.0.2.15", "192.0.2.5"],
        ),
    ],
)
def test_dockers_refusal_names_the_addresses_to_choose_from(said: str, choices: list[str]) -> None:
    hosts = FakeHosts.of(FakeNode("one", init_error=f"Error: could not choose an IP address to advertise: {said}"))
    with pytest.raises(RefusedError) as caught:
        swarm_nodes.init(session(hosts), "ssh://one", "")
    assert said in str(caught.value)
    for address in choices:
        assert f"`edgegen swarm init ssh://one --advertise {address}`" in caught.value.problems[0].hint


def test_another_failure_of_init_is_the_outsides() -> None:
    hosts = FakeHosts.of(FakeNode("one", init_error="Error: no space left"))
    with pytest.raises(OutsideError, match="no space left"):
        swarm_nodes.init(session(hosts), "ssh://one", "")


@pytest.mark.parametrize(
    ("node", "said"),
    [
        (FakeNode("two", "of six", "manager"), "a manager of another swarm"),
        (FakeNode("two", "of six"), "a worker of another swarm"),
        (FakeNode("two", "of six", state="locked"), "state `locked`"),
    ],
)
def test_who_is_in_another_swarm_is_refused_before_anyone_joins(node: FakeNode, said: str) -> None:
    hosts = FakeHosts.of(FakeNode("one", S, "manager"), FakeNode("new"), node)
    with pytest.raises(RefusedError, match=said):
        swarm_nodes.join(session(hosts), ["ssh://new", "ssh://two"], manager=False)
    assert hosts.changes() == []


def test_join_passes_the_token_on_standard_input_only() -> None:
    hosts = FakeHosts.of(FakeNode("one", S, "manager"), FakeNode("two"), FakeNode("six"))
    run = session(hosts)
    swarm_nodes.join(run, ["ssh://two", "ssh://six", "ssh://two"], manager=True)
    assert [node.role for node in hosts.members(S)] == ["manager"] * 3
    assert len(hosts.sent) == 2
    assert all(TOKEN in text for text in hosts.sent)
    shown = str(hosts.ran) + "".join(run.lines) + "".join(order.line() for order in run.orders)
    assert TOKEN not in shown
    swarm_nodes.join(session(hosts), ["ssh://two", "ssh://six"], manager=True)
    assert len(hosts.sent) == 2, "members are not joined again"


def test_an_answer_with_the_token_in_it_is_shown_without() -> None:
    hosts = FakeHosts.of(FakeNode("one", S, "manager"), FakeNode("two", join_status=400))
    with pytest.raises(OutsideError, match=r"not with \*\*\*") as caught:
        swarm_nodes.join(session(hosts), ["ssh://two"], manager=False)
    assert TOKEN not in str(caught.value)


def test_a_failure_after_a_change_is_partial() -> None:
    hosts = FakeHosts.of(FakeNode("one", S, "manager"), FakeNode("two"), FakeNode("six", join_status=400))
    with pytest.raises(PartialError):
        swarm_nodes.join(session(hosts), ["ssh://two", "ssh://six"], manager=False)
    assert [node.name for node in hosts.members(S)] == ["one", "two"]


@pytest.mark.parametrize(
    ("managers", "names", "total"),
    [(1, ["two"], 2), (1, ["new"], 2), (3, ["new"], 4), (1, ["two", "six", "new"], 4)],
)
def test_an_even_number_of_managers_is_refused(managers: int, names: list[str], total: int) -> None:
    hosts = three(managers=managers)
    hosts.nodes["ssh://new"] = FakeNode("new")
    with pytest.raises(RefusedError, match=f"would have {total} managers"):
        swarm_nodes.join(session(hosts), [f"ssh://{name}" for name in names], manager=True)
    assert hosts.changes() == []


def test_members_are_promoted_together() -> None:
    hosts = three()
    run = session(hosts)
    swarm_nodes.join(run, ["ssh://two", "ssh://six"], manager=True)
    assert hosts.changes() == ["ssh://one node promote id-two", "ssh://one node promote id-six"]
    assert len(run.changed) == 2


def test_a_manager_that_joins_again_as_a_worker_stays_one() -> None:
    hosts = three(managers=3)
    run = session(hosts)
    swarm_nodes.join(run, ["ssh://two"], manager=False)
    assert run.lines == ["ssh://two (two) is a manager already"]
    assert hosts.changes() == []


@pytest.mark.parametrize("host", ["two", "http://two", "ssh://", "ssh://-oProxyCommand=x", "unix:///run/docker.sock"])
def test_a_host_is_an_ssh_address(host: str) -> None:
    with pytest.raises(UsageError):
        swarm_nodes.join(session(three()), [host], manager=False)


def test_a_dry_run_shows_every_command_and_no_token() -> None:
    hosts = FakeHosts.of(FakeNode("one", S, "manager"), FakeNode("two"))
    run = session(hosts, dry_run=True)
    swarm_nodes.join(run, ["ssh://two"], manager=False)
    assert [order.line().partition("  #")[0] for order in run.orders] == [
        "DOCKER_HOST=ssh://one docker swarm join-token --quiet worker",
        "DOCKER_HOST=ssh://two docker system dial-stdio",
    ]
    assert hosts.changes() == []
    assert run.changed == []


@pytest.mark.parametrize(
    ("printed", "error"),
    [("", "no output"), ("not http", "not HTTP"), ("HTTP/1.1 abc\r\n\r\n", "not HTTP")],
)
def test_an_answer_that_is_none(printed: str, error: str) -> None:
    with pytest.raises(EdgegenError, match=error):
        api.answer(Result(0, printed))


def test_an_answer_in_chunks_is_read() -> None:
    body = 'HTTP/1.1 503 No\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{"message": "é"}\r\n0\r\n\r\n'
    assert api.answer(Result(0, body.replace("10\r\n", "11\r\n"))) == (503, "é")


@pytest.mark.parametrize("manager", [True, False])
def test_one_host_under_two_names_is_refused_before_anyone_joins(manager: bool) -> None:
    hosts = FakeHosts.of(FakeNode("one", S, "manager"), FakeNode("two"))
    hosts.nodes["ssh://two.example.com"] = hosts.nodes["ssh://two"]
    with pytest.raises(RefusedError, match=r"ssh://two and ssh://two\.example\.com are the same engine"):
        swarm_nodes.join(session(hosts), ["ssh://two", "ssh://two.example.com"], manager=manager)
    assert hosts.changes() == []


def test_copies_of_one_machine_join() -> None:
    hosts = FakeHosts.of(FakeNode("one", S, "manager"), FakeNode("two", is_copy=True), FakeNode("six", is_copy=True))
    swarm_nodes.join(session(hosts), ["ssh://two", "ssh://six"], manager=True)
    assert len(hosts.members(S)) == 3


def test_a_host_that_is_in_a_swarm_by_now_has_not_joined() -> None:
    hosts = FakeHosts.of(FakeNode("one", S, "manager"), FakeNode("two"))
    text = '{"message": "This node is already part of a swarm. Leave it first."}'
    answer = Result(0, f"HTTP/1.1 503 No\r\nContent-Length: {len(text)}\r\n\r\n{text}")

    class Racing:
        def __init__(self, host: str) -> None:
            self.host, self.engine = host, hosts.engine(host)

        def run(self, command: Command) -> Result:
            if command.argv[-1] == "dial-stdio":
                hosts.nodes[self.host].swarm = "of other"  # by somebody else, since it was asked
                return answer
            return self.engine.run(command)

    run = Session(Racing, "ssh://one", clock=FakeClock())  # type: ignore[arg-type]
    with pytest.raises(OutsideError, match="did not join the swarm: This node is already part"):
        swarm_nodes.join(run, ["ssh://two"], manager=False)
    assert run.changed == []
