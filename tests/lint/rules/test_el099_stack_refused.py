"""Keys that docker stack deploy refuses."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        """\
name: x
services:
  web:
    image: app:1
    deploy:
      labels: ["traefik.enable=true"]
""",
        ["1 high `docker stack deploy` refuses a top-level `name`"],
    ),
    Case(
        """\
services:
  web:
    image: app:1
    deploy:
      labels: ["traefik.enable=true"]
    depends_on: {db: {condition: service_started}}
""",
        ["6 high `docker stack deploy` refuses `depends_on` as a map"],
    ),
    Case(
        """\
services:
  web:
    image: app:1
    deploy:
      labels: ["traefik.enable=true"]
    ports:
      - {target: 80, published: "8080", host_ip: 127.0.0.1}
""",
        ["7 high `docker stack deploy` refuses `host_ip`", "7 high `docker stack deploy` refuses a `published`"],
    ),
    Case(
        """\
services:
  web:
    image: app:1
    deploy:
      labels: ["traefik.enable=true"]
    profiles: [x]
    pull_policy: always
""",
        ["6 high", "7 high"],
    ),
    Case(
        """\
services:
  web:
    image: app:1
    deploy:
      labels: ["traefik.enable=true"]
    env_file:
      - path: x.env
""",
        ["7 high"],
    ),
    Case("""\
services:
  web:
    image: app:1
    deploy:
      labels: ["traefik.enable=true"]
    depends_on: [db]
    restart: always
    ports: ["80:80"]
"""),
    Case("""\
name: x
services:
  web:
    image: app:1
    profiles: [x]
    depends_on: {db: {condition: service_started}}
"""),
    Case("""\
services:
  web:
    image: app:1
    deploy:
      labels: ["traefik.enable=true"]
    ports: [{target: 80, published: 8080, mode: host}]
    env_file: x.env
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "not Mode.SWARM or", "Mode.SWARM or"), CASES)
    assert differences(with_fault(RULE, "if isinstance(published, str) and", "if False and"), CASES)
