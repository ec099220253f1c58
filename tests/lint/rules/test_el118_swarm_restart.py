"""Servers of a swarm that nothing starts again."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
LABELS = "labels: [traefik.enable=true, 'traefik.http.routers.web.rule=Host(`a.test`)']"


def edge(policy: str, *, mode: str = "", flag: str = "--providers.swarm=true", ports: str = "ports: ['80:80']") -> str:
    return (
        f"services:\n  edge:\n    image: traefik:v3.7\n    command: [{flag}]\n    {ports}\n    deploy:\n{mode}"
        f"      restart_policy: {{{policy}}}\n"
    )


def web(policy: str, labels: str = LABELS, mode: str = "replicated") -> str:
    return (
        f"services:\n  web:\n    image: app:1\n    deploy:\n      {labels}\n      mode: {mode}\n"
        f"      restart_policy:\n        condition: {policy}\n  edge: {{image: traefik, command: [--providers.swarm]}}\n"
    )


CASES = (
    Case(
        edge("condition: on-failure, max_attempts: 3"),
        [
            "7 medium `edge` stays down after a restart of its node: it ends with 0, and `condition: on-failure` starts "
            "only what failed"
        ],
    ),
    Case(
        edge("condition: none"), ["7 medium `edge` stays down whatever ends it: `condition: none` starts nothing again"]
    ),
    Case(
        web("on-failure"), ["8 low `web` stays down after a restart of its node: if it ends with 0, `condition: on-f"]
    ),
    Case(web("none"), ["8 low `web` stays down whatever ends it"]),
    # It is started again.
    Case(edge("condition: any")),
    Case(edge("delay: 5s")),
    Case(web("any")),
    # Nobody can tell, or nobody waits for it.
    Case(edge("condition: $WHEN")),
    Case(edge("condition: on-failure", ports="tty: true")),
    Case(web("on-failure", mode="replicated-job")),
    Case(web("on-failure", "labels: [traefik.enable=false, 'traefik.http.routers.web.rule=Host(`a.test`)']")),
    Case(web("on-failure", "labels: [a=b]")),
    # Compose has `restart` for this, and does not read the policy's condition in the same way.
    Case(edge("condition: on-failure", flag="--providers.docker=true")),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    for right, wrong in (
        ('("on-failure", "none")', '("on-failure",)'),
        ('endswith("-job")', 'endswith("-jobs")'),
        ('edge.of_service(name, "routers")', "True"),
        ("and service.ports", ""),
        ("project.mode is not Mode.SWARM", "False"),
    ):
        assert differences(with_fault(RULE, right, wrong), CASES), right
