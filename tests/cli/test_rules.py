"""`edgegen rules` and `edgegen rule ID`: every rule and check has its page, and messages name its id."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import edgegen.lint.rules as of_lint
import edgegen.lint.upgrade as of_upgrade
import edgegen.rules as of_spec
import edgegen.verify.checks as of_verify
from tests.conftest import Edgegen

HEADINGS = ("What it does", "Why", "Example", "Instead")


def listed(edgegen: Edgegen) -> dict[str, str]:
    done = edgegen("rules")
    assert done.code == 0
    return {line.split()[0]: line for line in done.out.splitlines()}


def test_the_list_has_every_rule_and_check(edgegen: Edgegen) -> None:
    found = listed(edgegen)
    spec = (*of_spec.RULES, *of_spec.DISK_RULES)
    ids = [rule.id for rule in spec] + [check.id for check in of_verify.CHECKS]
    ids += ["EL000", "EL199", *(rule.id for rule, _ in of_lint.rules())]
    ids += [rule.id for rule, _ in of_upgrade.steps()] + ["EL900", "EL901", "EL902"]
    assert list(found) == sorted(ids)
    assert re.fullmatch(r"ER005  open-registry +A registry without a login", found["ER005"])
    assert re.fullmatch(r"EL001  label-dropped +A label that makes Traefik drop the whole container", found["EL001"])
    assert "hsts" in found["EV015"]


def test_every_id_on_the_list_has_its_page(edgegen: Edgegen) -> None:
    long = edgegen("rules", "--long").out
    body = json.loads(edgegen("rules", "--json").out)
    assert body["ok"] is True
    assert [rule["id"] for rule in body["rules"]] == list(listed(edgegen))
    for rule in body["rules"]:
        for heading in HEADINGS:
            assert f"\n{heading}\n    " in f"\n{rule['page']}", rule["id"]
        assert f"{rule['id']} {rule['name']}: {rule['title']}\n" in long


@pytest.mark.parametrize("word", ["ER005", "er005"])
def test_one_page(edgegen: Edgegen, word: str) -> None:
    done = edgegen("rule", word)
    assert done.code == 0
    assert done.out.startswith(
        "ER005 open-registry: A registry without a login\n\nWhat it does\n    Refuses a registry"
    )
    assert json.loads(edgegen("rule", word, "--json").out)["rule"]["id"] == "ER005"


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("ER0005", "Did you mean `ER005`?"),
        ("EV5", "Did you mean `EV005`?"),
        ("open-regstry", "Did you mean `open-registry`?"),
        ("open-registry", "Use an id: EL085 or ER005"),
        ("xyzzy", "`edgegen rules` lists them"),
        ("registry-behind-proxy", "Use an id: ER001 or EV019"),
    ],
)
def test_an_unknown_or_ambiguous_one(edgegen: Edgegen, word: str, hint: str) -> None:
    done = edgegen("rule", word)
    assert done.code == 2
    assert hint in done.err
    assert done.out == ""


def test_the_shell_completes_ids(edgegen: Edgegen) -> None:
    env = {"_EDGEGEN_COMPLETE": "complete_bash", "COMP_WORDS": "edgegen rule ER00", "COMP_CWORD": "2"}
    done = edgegen(env=env)
    assert done.out.split() == [f"ER00{digit}" for digit in range(1, 10)]


def test_every_message_of_a_rule_names_its_id(edgegen: Edgegen, tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(
        "name: a\nservices: {hub: {kind: registry, host: r.test}, web: {image: web, port: 80, host: w.test}}\n"
    )
    done = edgegen("render", "--json", cwd=tmp_path)
    assert "services.hub: ER005 the registry `hub` has no users" in done.err
    assert {problem.get("rule") for problem in json.loads(done.out)["error"]["problems"]} == {"ER005"}
    (tmp_path / "edge.yaml").write_text("name: a\nservices: {web: {image: web, port: 80, host: w.test}}\n")
    assert "services.web.image: ER015 " in edgegen("render", "--check", cwd=tmp_path).err


def test_a_name_that_only_one_rule_has(edgegen: Edgegen) -> None:
    assert edgegen("rule", "local-registry").out.startswith("ER006 local-registry: ")
