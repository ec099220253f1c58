"""Keys that docker stack deploy refuses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.lab.parsers import RefusedByStackError, stack_config
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
    for_a_swarm = [case for case in CASES if "deploy:" in case.compose]
    texts = {case.compose: bool(case.found) for case in for_a_swarm}
    texts |= {f"services:\n  web:\n    image: app:1\n    {key}: [x]\n": True for key in RULE.KEYS[:: 1 if proof else 6]}
    texts["services:\n  web:\n    image: app:1\n    dns: [192.0.2.1]\n    cap_drop: [ALL]\n"] = False
    with ThreadPoolExecutor(2) as pool:
        files = [tmp_path / str(number) / "stack.yml" for number in range(len(texts))]
        answers = list(pool.map(docker_refuses, files, texts))
    assert answers == list(texts.values())
