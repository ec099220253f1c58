"""A routed service on the host's network."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        """\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
  ha:
    image: ha:1
    network_mode: host
    labels: ["traefik.enable=true"]
""",
        ["9 medium `ha` is on the network of the host"],
    ),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
    extra_hosts: ["host.docker.internal:host-gateway"]
  ha:
    image: ha:1
    network_mode: host
    labels: ["traefik.enable=true"]
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
    network_mode: host
  ha:
    image: ha:1
    network_mode: host
    labels: ["traefik.enable=true"]
"""),
    Case("""\
services:
  ha:
    image: ha:1
    network_mode: host
    labels: ["traefik.enable=true"]
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
  ha:
    image: ha:1
    network_mode: bridge
    labels: ["traefik.enable=true"]
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.docker=true
  ha:
    image: ha:1
    network_mode: host
    labels: ["traefik.enable=false"]
"""),
    Case("""\
services:
  edge:
    image: traefik:v3.7
    ports: ["80:80", "443:443"]
    command:
      - --providers.swarm=true
  ha:
    image: ha:1
    network_mode: host
    deploy: {labels: ["traefik.enable=true", "traefik.http.routers.ha.rule=Host(`a.test`)"]}
"""),  # Swarm ignores it
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "_is_host(service) and", "not _is_host(service) and"), CASES)
