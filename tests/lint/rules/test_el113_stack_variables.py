"""Variables that docker stack reads in another way than Compose."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.lab.parsers import RefusedByStackError, stack_config
from tests.lint.cases import Case, differences, module, with_fault
from tests.lint.support import found, project

RULE = module(__name__)
HEAD = """\
services:
  web:
    image: app:1
    deploy: {labels: [traefik.enable=true]}
"""
RULE_OF = "    hostname: ${DOMAIN}\n    user: ${DOMAIN}-${USER_ID:-0}\n"
NESTED, WITH_DOLLARS = "    hostname: a${A:-${B}}\n", "    hostname: a${A:-b$$c}\n"
ENV = 'PLAIN=a b\nQUOTED="a b"\nSINGLE=\'a\'\nCOMMENTED=a # b\nHASH=a#b\nINNER=a"b"c\n# X="y"\nLAST="a"b\n'
HASHES = "    environment: ['A=${A:-$2y$05$oZcj4FgdSFEYNCH0EH}', 'B=${B:-$$apr1$$ruca84Hq$$mbjd}']\n"
CASES = (
    Case(HEAD + HASHES),  # EL032 has them: the first arrives as it is
    Case(
        HEAD + RULE_OF,
        [
            "5 low `docker stack deploy` reads no `.env`, where `DOMAIN`, `USER_ID` have their values: without a word it "
            "takes an empty text, or the default, instead"
        ],
        files={".env": "DOMAIN=example.com\nUSER_ID=7\nOTHER=1\n"},
        environ={"HOME": "/root"},
    ),
    Case(
        HEAD + RULE_OF,
        ["5 low `docker stack deploy` reads no `.env`, where `DOMAIN` has its value"],
        files={".env": "DOMAIN=example.com\nUSER_ID=7\n"},
        environ={"USER_ID": "8"},
    ),
    Case(
        HEAD + "    hostname: a${A:+b}\n",
        ["5 high `docker stack` does not know the form `${A:+…}`, and refuses the file"],
    ),
    Case(HEAD + NESTED, ["5 medium `docker stack` replaces no variable inside of `${A:-…}`"]),
    Case(HEAD + WITH_DOLLARS, ["5 medium to `docker stack` `$$` inside of `${A:-…}` is two dollars"]),
    Case(
        HEAD + "    env_file: [w.env]\n",
        [
            "2 medium a swarm takes an `env_file` as it is: the quotes of `QUOTED` would be a part of its value",
            "3 medium a swarm takes an `env_file` as it is: the quotes of `SINGLE` would",
            "4 medium a swarm takes an `env_file` as it is: the comment of `COMMENTED` would",
        ],
        files={"w.env": ENV},
    ),
    # Compose reads all of this.
    Case(
        "services:\n  web:\n    image: app:1\n" + RULE_OF + "    env_file: [w.env]\n    command: [a, '${A:+b}']\n",
        files={".env": "DOMAIN=example.com\n", "w.env": ENV},
    ),
    # The shell has it, nobody has it, or edgegen hands it on.
    Case(HEAD + RULE_OF, files={".env": "DOMAIN=a\n"}, environ={"DOMAIN": "b"}),
    Case(HEAD + RULE_OF),
    Case(HEAD + "    hostname: ${A:?which one}\n", files={".env": "A=1\n"}),  # docker says so itself, and stops
    Case(HEAD + "    hostname: a$$b\n    user: ${A:-b}\n    command: [a, '$1']\n", files={".env": "b=1\n"}),
    Case("# Rendered by edgegen 0.1.0 from edge.yaml\n" + HEAD + RULE_OF, files={".env": "DOMAIN=example.com\n"}),
    Case(HEAD + "    hostname: a${COMPOSE_PROJECT_NAME}\n    working_dir: $PWD\n"),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "if project.mode is not Mode.SWARM:", "if True:"), CASES)
    assert differences(with_fault(RULE, "and not any(file.is_rendered for file in project.files)", ""), CASES)
    assert differences(with_fault(RULE, "_QUOTED.fullmatch(value)", "False"), CASES)
    assert differences(with_fault(RULE, 'if " #" in value', "if False"), CASES)
    assert differences(with_fault(RULE, "Severity.HIGH if remark.refused else None", "None"), CASES)


def test_a_long_line_of_blanks_takes_no_time() -> None:
    item = project(HEAD + "    env_file: [w.env]\n", files={"w.env": "A=1" + " \t" * 8000 + "#x\n"})
    begun = time.process_time()
    assert found(item, "EL113") == []
    assert time.process_time() - begun < 1


@pytest.mark.slow
def test_docker_says_the_same(tmp_path: Path) -> None:
    def asked(text: str) -> dict[str, str]:
        (tmp_path / "stack.yml").write_text(HEAD + text)
        return dict(stack_config(tmp_path / "stack.yml")["services"]["web"])

    (tmp_path / ".env").write_text("DOMAIN=example.com\nA=1\n")
    (tmp_path / "w.env").write_text(ENV)
    assert asked("    hostname: a${DOMAIN}\n")["hostname"] == "a"
    assert asked(NESTED)["hostname"] == "a${B}"
    assert asked(WITH_DOLLARS)["hostname"] == "ab$$c"
    assert asked("    env_file: [w.env]\n")["environment"] == {
        "PLAIN": "a b", "QUOTED": '"a b"', "SINGLE": "'a'", "COMMENTED": "a # b", "HASH": "a#b", "INNER": 'a"b"c',
        "LAST": '"a"b',
    }  # fmt: skip
    with pytest.raises(RefusedByStackError, match="invalid interpolation format"):
        asked("    hostname: a${A:+b}\n")
