"""Keys that docker stack deploy refuses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.lab.parsers import RefusedByStackError, stack_config
from tests.lint.cases import Case, differences, module, with_fault
from tests.lint.support import found, project

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
    Case(
        """\
services:
  web:
    image: app:1
    environment: {A: true, B: "true", C: 1}
    labels: {a.b: false}
    deploy:
      labels: {traefik.enable: true}
      job: 1
    networks: {n: {aliases: [a], priority: 3}}
    misspelt: 1
    x-mine: 1
models: {}
x-top: {}
networks: {n: {enable_ipv6: true, driver: overlay}}
volumes: {v: {size: 1}}
configs: {c: {content: a}}
secrets: {s: {environment: A}, t: {file: x.env, x-a: 1}}
""",
        [
            "4 high `docker stack deploy` refuses `true` without quotes as the value of `A`",
            "5 high `docker stack deploy` refuses `false` without quotes as the value of `a.b`",
            "7 high `docker stack deploy` refuses `true` without quotes as the value of `traefik.enable`",
            "8 high `docker stack deploy` refuses `job` of `deploy`",
            "9 high `docker stack deploy` refuses `priority` of the network of a service",
            "10 high `docker stack deploy` refuses `misspelt` of a service",
            "12 high `docker stack deploy` refuses a top-level `models`",
            "14 high `docker stack deploy` refuses `enable_ipv6` of a network",
            "15 high `docker stack deploy` refuses `size` of a volume",
            "16 high `docker stack deploy` refuses `content` of a config",
            "17 high `docker stack deploy` refuses `environment` of a secret",
        ],
    ),
    Case(
        """\
services:
  web:
    build: .
    deploy:
      labels: ["traefik.enable=true"]
    networks: [n, o]
  app: {build: ., image: "r.example.com/app:1"}
networks: {n: {driver: bridge}, o: {driver: bridge, external: true}, p: {driver: overlay}}
""",
        [
            "3 high `docker stack deploy` refuses a service without `image`",
            "8 high no service of a swarm can join `n`: a `bridge` ends at its host",
        ],
    ),
    Case("""\
version: "3.8"
services:
  web:
    image: app:1
    environment: [A=true, B]
    deploy: {labels: ["traefik.enable=true"], mode: global, placement: {constraints: [node.role == manager]}}
    networks: {n: {aliases: [a], ipv4_address: 10.0.0.9}, m: }
    sysctls: {net.core.somaxconn: 1}
networks: {n: {driver: overlay, attachable: true, ipam: {}}, m: {external: true, name: q}}
configs: {c: {file: x.env, template_driver: golang}}
secrets: {s: {external: true, name: q}, t: {file: x.env}}
"""),
)

KEYS = (
    "annotations", "attach", "blkio_config", "cgroup", "cpu_count", "cpu_percent", "cpu_period", "cpu_quota",
    "cpu_rt_period", "cpu_rt_runtime", "cpu_shares", "cpus", "cpuset", "develop", "device_cgroup_rules",
    "dns_opt", "extends", "gpus", "group_add", "label_file", "mem_limit", "mem_reservation", "mem_swappiness",
    "memswap_limit", "models", "oom_kill_disable", "pids_limit", "platform", "post_start", "pre_stop",
    "profiles", "provider", "pull_policy", "runtime", "scale", "storage_opt", "use_api_socket", "uts",
    "volume_driver", "volumes_from",
)  # fmt: skip
"""All keys of a service in the Compose specification that Docker's client 28.2 refuses in a stack."""


def test_every_key_that_docker_refuses_is_found() -> None:
    head = "services:\n  web:\n    image: app:1\n    deploy: {labels: [traefik.enable=true]}\n"
    said = {key: found_in(f"{head}    {key}: [x]\n") for key in KEYS if key not in ("extends", "label_file")}
    assert {key: lines for key, lines in said.items() if not any(f"`{key}`" in line for line in lines)} == {}


def found_in(text: str) -> list[str]:
    return found(project(text), "EL099")


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "not Mode.SWARM or", "Mode.SWARM or"), CASES)
    assert differences(with_fault(RULE, "if isinstance(number, str) and", "if False and"), CASES)
    assert differences(with_fault(RULE, "if isinstance(value, bool):", "if False:"), CASES)
    assert differences(with_fault(RULE, "return key in taken or", "return True or"), CASES)


def docker_refuses(file: Path, text: str) -> bool:
    """Whether Docker's own client refuses a stack file."""
    file.parent.mkdir()
    (file.parent / "x.env").write_text("A=1\n")
    file.write_text(text)
    try:
        stack_config(file)
    except RefusedByStackError:
        return True
    return False


@pytest.mark.slow
def test_docker_itself_refuses_what_the_rule_reports_and_nothing_else(tmp_path: Path, proof: bool) -> None:
    for_a_swarm = [case for case in CASES if "deploy:" in case.compose and "build" not in case.compose]
    texts = {case.compose: bool(case.found) for case in for_a_swarm}
    texts |= {f"services:\n  web:\n    image: app:1\n    {key}: [x]\n": True for key in KEYS[:: 1 if proof else 6]}
    texts["services:\n  web:\n    image: app:1\n    dns: [192.0.2.1]\n    cap_drop: [ALL]\n"] = False
    with ThreadPoolExecutor(2) as pool:
        files = [tmp_path / str(number) / "stack.yml" for number in range(len(texts))]
        answers = list(pool.map(docker_refuses, files, texts))
    assert answers == list(texts.values())
