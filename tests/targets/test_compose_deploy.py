"""`deploy:` on one host: what only Swarm reads is a remark, and a restart policy that restarts nothing is refused."""

from __future__ import annotations

import pytest

from edgegen.core.errors import SpecError
from edgegen.project.checked import checked
from edgegen.rules import violations
from edgegen.spec.load import load_text
from edgegen.targets.compose_parts import deploy

WEB = 'services:\n  web: {image: "w:1", host: a.localhost, port: 80, %s}\n'
REMARKS = [
    ("deploy: {placement: {constraints: [node.role == manager]}}", ["placement"]),
    ("deploy: {mode: global}", ["mode"]),
    ("deploy: {endpoint_mode: dnsrr}", ["endpoint_mode"]),
    ("deploy: {labels: {team: a}}", ["labels"]),
    ("deploy: {update_config: {order: start-first}, rollback_config: {order: stop-first}}",
     ["update_config", "rollback_config"]),
    ("deploy: {restart_policy: {condition: any, delay: 5s, window: 10s}}",
     ["restart_policy.delay", "restart_policy.window"]),
    ("deploy: {resources: {reservations: {cpus: 0.5, memory: 64m}}}", ["resources.reservations.cpus"]),
    ("extra: {deploy: {placement: {constraints: [node.role == manager]}}}", ["placement"]),
]  # fmt: skip
NOTHING = [
    "deploy: {replicas: 2}",
    "deploy: {mode: replicated, endpoint_mode: vip}",
    "deploy: {labels: {}, placement: {}}",
    "deploy: {resources: {limits: {cpus: 1, memory: 64m, pids: 9}, reservations: {memory: 32m}}}",
    "deploy: {restart_policy: {condition: on-failure, max_attempts: 3}}",
    "deploy: {restart_policy: {condition: none}}",
    'deploy: {restart_policy: {condition: "${CONDITION:-any}"}}',
    "restart: always",
    "extra: {cpu_shares: 512, deploy: }",
    "extra: {deploy: [x]}",
]
REFUSED = [
    ("deploy: {restart_policy: {delay: 5s}}", "3:77 services.web.deploy.restart_policy: without `condition`"),
    ("restart: always, deploy: {restart_policy: {max_attempts: 3}}", "services.web.deploy.restart_policy: without"),
    ("extra: {deploy: {restart_policy: {delay: 5s}}}", "services.web.extra.deploy.restart_policy: without `condition`"),
    (
        "deploy: {restart_policy: {condition: any, max_attempts: 3}}",
        "services.web.deploy.restart_policy.max_attempts: Docker refuses `max_attempts` with the condition `any`",
    ),
]


def _remarks(text: str) -> list[str]:
    loaded = load_text(f"name: a\n{text}".encode(), "edge.yaml")
    return [
        f"{loaded.locate(item.path)} {item.message} ({item.hint})"
        for item in deploy.remarks(loaded.spec)
    ]  # fmt: skip


@pytest.mark.parametrize(("keys", "found"), REMARKS)
def test_what_only_a_swarm_reads_is_said_and_rendered(keys: str, found: list[str]) -> None:
    remarks = _remarks(WEB % keys)
    assert len(remarks) == len(found)
    for remark, key in zip(remarks, found, strict=True):
        assert f"`deploy.{key}` does nothing in Compose:" in remark
        assert remark.startswith("edge.yaml:3:")
    spec = load_text(f"name: a\n{WEB % keys}".encode()).spec
    assert [item.refused for item in violations(spec) if "does nothing in Compose" in item.message] == [False] * len(
        found
    )


@pytest.mark.parametrize("keys", NOTHING)
def test_what_compose_reads_is_not_mentioned(keys: str) -> None:
    text = WEB % keys
    assert _remarks(text) == []
    assert list(deploy.complaints(load_text(f"name: a\n{text}".encode()).spec)) == []


def test_one_remark_for_a_key_of_many_services() -> None:
    text = "".join(f'  s{number}: {{image: "w:1", deploy: {{labels: {{a: b}}}}}}\n' for number in range(3))
    assert _remarks(f"services:\n{text}") == [
        "edge.yaml:3:39 `deploy.labels` does nothing in Compose, here and in 2 more: they belong to the service of a "
        "swarm, not to its containers (move them to `labels`)"
    ]


@pytest.mark.parametrize(
    "environments", ["environments: {production: {target: swarm}}", "environments: {dev: {target: compose}}"]
)
def test_an_environment_on_a_swarm_has_use_for_them(environments: str) -> None:
    assert _remarks(f"{environments}\n{WEB % REMARKS[0][0]}") == []


@pytest.mark.parametrize(("keys", "problem"), REFUSED)
def test_a_restart_policy_that_compose_or_docker_can_not_keep(keys: str, problem: str) -> None:
    with pytest.raises(SpecError) as caught:
        checked(load_text(f"name: a\n{WEB % keys}".encode(), "edge.yaml"))
    assert len(caught.value.problems) == 1
    assert problem in str(caught.value.problems[0])


@pytest.mark.parametrize(("keys", "problem"), REFUSED)
def test_a_swarm_takes_them(keys: str, problem: str) -> None:
    del problem
    checked(load_text(f"name: a\ntarget: swarm\n{WEB % keys}".encode(), "edge.yaml"))


def test_a_condition_may_come_from_another_layer() -> None:
    text = WEB % "deploy: {restart_policy: {delay: 5s}}, extra: {deploy: {restart_policy: {condition: any}}}"
    assert list(deploy.complaints(load_text(f"name: a\n{text}".encode()).spec)) == []
