"""Several registries that do not know of each other."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        """\
services:
  reg:
    image: registry:2
    deploy:
      replicas: 3
      labels: ["traefik.enable=true"]
    volumes: ["data:/var/lib/registry"]
    environment:
      REGISTRY_HTTP_SECRET: ${S}
volumes:
  data:
""",
        ["2 medium `reg` runs 3 times on a local volume"],
    ),
    Case(
        """\
services:
  reg:
    image: registry:2
    deploy:
      replicas: 3
      labels: ["traefik.enable=true"]
    environment:
      REGISTRY_HTTP_SECRET: ${S}
""",
        ["2 medium `reg` runs 3 times on a local volume"],
    ),
    Case(
        """\
services:
  reg:
    image: registry:2
    deploy: {replicas: 2}
    volumes: ["data:/var/lib/registry"]
volumes:
  data:
""",
        ["2 medium `reg` runs 2 times without `REGISTRY_HTTP_SECRET`"],
    ),
    Case("""\
services:
  reg:
    image: registry:2
    deploy: {replicas: 2}
    volumes: ["data:/var/lib/registry"]
    environment:
      REGISTRY_HTTP_SECRET: ${S}
volumes:
  data:
"""),
    Case("""\
services:
  reg:
    image: registry:2
    deploy:
      replicas: 1
      labels: ["traefik.enable=true"]
    volumes: ["data:/var/lib/registry"]
volumes:
  data:
"""),
    Case("""\
services:
  reg:
    image: registry:2
    deploy:
      replicas: 3
      labels: ["traefik.enable=true"]
    environment:
      REGISTRY_HTTP_SECRET: ${S}
      REGISTRY_STORAGE: s3
"""),
    Case("""\
services:
  reg:
    image: registry:2
    deploy:
      replicas: 3
      labels: ["traefik.enable=true"]
    volumes: ["data:/var/lib/registry"]
    environment:
      REGISTRY_HTTP_SECRET: ${S}
volumes:
  data:
    driver: rclone
"""),
    Case("""\
services:
  reg:
    image: registry:2
    deploy:
      replicas: 3
      labels: ["traefik.enable=true"]
    environment:
      REGISTRY_HTTP_SECRET: ${S}
    volumes: ["/mnt/nfs:/var/lib/registry"]
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "service.replicas > 1) and", "service.replicas > 3) and"), CASES)
    assert differences(with_fault(RULE, 'place.mount.kind != "volume"', 'place.mount.kind == "volume"'), CASES)
