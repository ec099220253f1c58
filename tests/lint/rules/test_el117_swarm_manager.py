"""Traefiks that ask a swarm, and may run on a worker."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
SOCKET = "volumes: ['/var/run/docker.sock:/var/run/docker.sock:ro']"
WEB = "  web:\n    image: app:1\n    deploy: {labels: [traefik.enable=true]}\n"


def edge(*flags: str, deploy: str = "", more: str = SOCKET) -> str:
    lines = "".join(f"      - {flag}\n" for flag in ("--providers.swarm=true", *flags))
    own = f"    deploy: {{{deploy}}}\n" if deploy else ""
    return f"services:\n  edge:\n    image: traefik:v3.7\n    {more}\n{own}    command:\n{lines}{WEB}"


def proxy(deploy: str = "") -> str:
    own = f"    deploy: {{{deploy}}}\n" if deploy else ""
    return f"  proxy:\n    image: tecnativa/docker-socket-proxy\n{own}    {SOCKET}\n"


TO_PROXY = "--providers.swarm.endpoint=tcp://proxy:2375"
ON_MANAGER = "placement: {constraints: [node.role == manager]}"
NO_SOCKET = "networks: [default]"
CASES = (
    Case(edge(), ["4 medium nothing keeps `edge` on a manager"]),
    Case(edge(deploy="mode: global"), ["4 medium nothing keeps `edge` on a manager"]),
    Case(edge(deploy="placement: {constraints: [node.platform.os == linux]}"), ["4 medium nothing keeps `edge`"]),
    Case(edge(deploy="placement: {preferences: [spread: node.role]}"), ["4 medium nothing keeps `edge`"]),
    Case(edge(TO_PROXY, more=NO_SOCKET) + proxy(), ["13 medium nothing keeps `proxy` on a manager"]),
    Case(
        edge(deploy=ON_MANAGER.replace("manager", "worker")), ["4 high `edge` runs on a worker, whose Docker does not"]
    ),
    Case(edge(deploy=ON_MANAGER.replace("==", "!=")), ["4 high `edge` runs on a worker"]),
    Case(
        edge().replace("v3.7", "v2.11.31").replace("swarm=true", "docker.swarmMode=true"),
        ["4 medium nothing keeps `edge` on a manager"],
    ),
    Case(edge(deploy=ON_MANAGER).replace("v3.7", "v2.11.31").replace("swarm=true", "docker.swarmMode=true")),
    Case(edge(deploy="placement: {constraints: 5}"), ["4 medium nothing keeps `edge`"]),  # Docker refuses it
    # It is kept there, or the swarm's own labels may do it.
    Case(edge(deploy=ON_MANAGER)),
    Case(edge(deploy=ON_MANAGER.replace(" == ", "=="))),
    Case(edge(deploy="placement: {constraints: [node.labels.edge == true]}")),
    Case(edge(deploy="placement: {constraints: [node.hostname == one]}")),
    Case(edge(deploy='placement: {constraints: ["$WHERE"]}')),
    Case(edge(TO_PROXY, more=NO_SOCKET) + proxy(ON_MANAGER)),
    # The socket is elsewhere.
    Case(edge(more=NO_SOCKET)),
    Case(edge("--providers.swarm.endpoint=tcp://elsewhere:2375", more=NO_SOCKET)),
    Case(edge("--providers.swarm=false")),
    Case("services:\n  edge:\n    image: traefik:v3.7\n    command: [--providers.docker=true]\n    " + SOCKET + "\n"),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(
        with_fault(RULE, "for one in constraints):\n            continue", "for one in ()):\n            continue"),
        CASES,
    )
    assert differences(with_fault(RULE, 'not one.startswith("node.platform")', "True"), CASES)
    assert differences(with_fault(RULE, '"node.role!=manager"', ""), CASES)
    assert differences(with_fault(RULE, "if host else traefik", "if False else traefik"), CASES)
    assert differences(with_fault(RULE, "if mount := next(sockets(asked), None)", "if mount := asked"), CASES)
