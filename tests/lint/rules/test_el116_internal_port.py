"""Ports of services that are on internal networks only."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
ONE = "services:\n  edge:\n    image: traefik:v3.7\n    ports: ['443:443', '80:80']\n"
CASES = (
    Case(
        ONE + "    networks: [proxy]\nnetworks: {proxy: {internal: true}}\n",
        ["4 high `edge` is on internal networks only (`proxy`): Docker publishes none of its ports"],
    ),
    Case(
        ONE + "    networks: {a: , b: {aliases: [x]}}\nnetworks: {a: {internal: true}, b: {internal: 'true'}}\n",
        ["4 high `edge` is on internal networks only (`a`, `b`): Docker publishes none of its ports"],
    ),
    Case(ONE + "networks: {default: {internal: true}}\n", ["4 high `edge` is on internal networks only (`default`)"]),
    Case(
        "services:\n  db:\n    image: postgres:16\n    ports: ['127.0.0.1:5432:5432']\n    networks: [a]\n"
        "networks: {a: {internal: true}}\n",
        ["4 medium `db` is on internal networks only (`a`)"],
    ),
    # One of them has a way out, or nobody can tell.
    Case(ONE + "    networks: [a, b]\nnetworks: {a: {internal: true}, b: {}}\n"),
    Case(ONE + "    networks: [a]\nnetworks: {a: {}}\n"),
    Case(ONE + "networks: {a: {internal: true}}\n"),
    Case(ONE + "    network_mode: host\nnetworks: {default: {internal: true}}\n"),
    Case(ONE + "    networks: [a]\nnetworks: {a: {internal: true, external: true}}\n"),
    Case(ONE + "    networks: [a]\nnetworks: {a: {internal: '${INTERNAL}'}}\n"),
    Case("# Rendered by edgegen 0.1.0 from edge.yaml\n" + ONE + "networks: {default: {internal: true}}\n"),
    Case("services:\n  a: {image: x, expose: [80], networks: [a]}\nnetworks: {a: {internal: true}}\n"),
    Case(
        ONE
        + "    networks: [a]\n    deploy: {labels: [traefik.enable=true], mode: global}\n"
        + "networks: {a: {internal: true}}\n"
    ),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "if project.mode is Mode.SWARM:", "if False:"), CASES)
    assert differences(with_fault(RULE, " and not network.external", ""), CASES)
    assert differences(with_fault(RULE, "internal.issuperset(service.networks)", "True"), CASES)
    assert differences(with_fault(RULE, "bool(service.networks) and ", ""), CASES)
    assert differences(with_fault(RULE, "not service.spot.file.is_rendered and ", ""), CASES)
    assert differences(with_fault(RULE, "Severity.HIGH if service.name in proxies else None", "None"), CASES)
