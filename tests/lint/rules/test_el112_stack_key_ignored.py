"""Keys that a swarm silently ignores."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lab.parsers import stack_config
from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
HEAD = """\
services:
  web:
    image: app:1
    deploy: {labels: [traefik.enable=true]}
"""
CASES = (
    Case(
        HEAD
        + """\
    tmpfs: [/cache]
    privileged: true
    network_mode: host
    devices: ["/dev/ttyUSB0:/dev/ttyUSB0"]
    shm_size: 1g
    ipc: host
    pid: host
""",
        [
            "5 medium Swarm ignores `tmpfs`: the container would have no such folder in memory",
            "6 medium Swarm ignores `privileged`: the container would run without its privileges",
            "7 medium Swarm ignores `network_mode`: the container would join the stack's networks instead",
            "8 medium Swarm ignores `devices`: the container would run without its devices",
            "9 medium Swarm ignores `shm_size`: the container would have Docker's 64 MB",
            "10 medium Swarm ignores `ipc`",
            "11 medium Swarm ignores `pid`",
        ],
    ),
    Case(
        HEAD
        + """\
    container_name: main
    userns_mode: host
    cgroup_parent: a
    cgroupns_mode: host
    domainname: example.com
    mac_address: 02:42:ac:11:65:43
    external_links: [a]
    oom_score_adj: 5
    links: [db]
""",
        [f"{line} low Swarm ignores `" for line in range(5, 13)],
    ),
    Case(HEAD + '    links: [db, "db:database"]\n', ["5 medium Swarm ignores `links`"]),
    Case(HEAD + '    restart: "no"\n', ["5 medium Swarm ignores `restart`"]),
    Case(HEAD + "    restart: on-failure:3\n", ["5 medium Swarm ignores `restart`"]),
    Case(
        HEAD + "    networks: {n: {ipv4_address: 10.0.0.9, aliases: [a]}}\nnetworks: {n: {}}\n",
        ["5 medium Swarm ignores `ipv4_address`: it gives each task an address of its own choice in `n`"],
    ),
    Case(
        HEAD + '    volumes: ["/d:/d:ro,z", {type: bind, source: /e, target: /e, bind: {selinux: Z}}]\n',
        ["5 low Swarm ignores `z`", "5 low Swarm ignores `Z`"],
    ),
    Case(
        HEAD
        + """\
    depends_on: [db]
    security_opt: ["no-new-privileges:true"]
  db:
    image: db:1
    depends_on: [other]
  other: {image: o:1}
""",
        [
            "5 info `depends_on` has no effect, here and in 1 more: Swarm starts all services at once",
            "6 low `security_opt` has no effect: Swarm has no security options",
        ],
    ),
    # What makes no difference, and what a stack has.
    Case(
        HEAD
        + """\
    container_name: web
    restart: unless-stopped
    links: ["db", "db:db"]
    network_mode: bridge
    cgroupns_mode: private
    privileged: false
    devices: []
    depends_on: []
    cap_add: [NET_ADMIN]
    init: true
    read_only: true
    sysctls: {net.core.somaxconn: 1}
    ulimits: {nofile: 9}
    volumes: [{type: tmpfs, target: /cache}, "/d:/z:ro", "zed:/Z"]
    networks: {n: {aliases: [a]}}
networks: {n: {}}
"""
    ),
    Case(HEAD + "    restart: ${RESTART:-no}\n    container_name: ${NAME}\n"),
    Case(HEAD.replace("]}", "], restart_policy: {condition: none}}") + '    restart: "no"\n'),
    # Compose has all of them.
    Case("services:\n  web:\n    image: app:1\n    tmpfs: [/cache]\n    privileged: true\n    network_mode: host\n"),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "if value and not _is_the_same(service, key, value):", "if value:"), CASES)
    assert differences(with_fault(RULE, "if project.mode is not Mode.SWARM:", "if False:"), CASES)
    assert differences(with_fault(RULE, "Severity.LOW if key in _HARMLESS else None", "None"), CASES)
    assert differences(with_fault(RULE, "word in _RELABELS", "False"), CASES)
    assert differences(with_fault(RULE, "if len(having) > 1", "if False"), CASES)


@pytest.mark.slow
def test_docker_takes_what_the_rule_reports(tmp_path: Path) -> None:
    """Whoever is refused needs no warning."""
    for index, case in enumerate(case for case in CASES if case.found):
        folder = tmp_path / str(index)
        folder.mkdir()
        (folder / "stack.yml").write_text(case.compose)
        assert stack_config(folder / "stack.yml")["services"]["web"]
