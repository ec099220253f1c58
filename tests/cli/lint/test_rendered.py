"""`edgegen lint` in a project: edge.yaml and what was rendered from it, for examples, environments and starters.

No file that edgegen renders has a finding above info.
`tests/lint/test_rendered.py` looks at the files that are written down, without a project around them.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from edgegen.core.errors import UsageError
from edgegen.core.finding import Severity
from edgegen.lint.answer import Answer
from edgegen.project import render
from edgegen.project.init import Answers, init
from edgegen.project.lint_answer import Choice, config_of, look
from edgegen.render.starters import starters
from tests.golden.examples import CASES, EXAMPLES, GIVEN
from tests.golden.test_swarm_examples import ALWAYS, SWITCHED, switched
from tests.sizes import some

SWARM = "on a swarm"
EXAMPLES_OF_ALL = [*CASES, *((name, SWARM) for name in (*ALWAYS, *SWITCHED))]
STARTERS = [(starter.name, target) for starter in starters() for target in ("compose", "swarm")]


@pytest.fixture(autouse=True)
def values(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GIVEN.items():
        monkeypatch.setenv(name, value)


def linted(project: Path, environment: str | None = None) -> Answer:
    choice = Choice(folder=project, environment=environment)
    return look(choice, config_of(choice)).answer


def above_info(answer: Answer) -> list[str]:
    return [
        f"{item.result.finding.id} {item.result.finding.severity} {item.result.finding.where}: "
        f"{item.result.finding.message}"
        for item in answer.findings
        if item.result.finding.severity is not Severity.INFO and not item.result.finding.id.startswith("ER")
    ]


@pytest.mark.quick(3)
@pytest.mark.parametrize(("name", "environment"), some(EXAMPLES_OF_ALL, 3))
def test_an_example(name: str, environment: str | None, tmp_path: Path) -> None:
    project = tmp_path / name
    shutil.copytree(EXAMPLES / name, project, ignore=shutil.ignore_patterns("expected*"))
    if environment == SWARM:
        environment = None
        (project / "edge.yaml").write_text(switched((project / "edge.yaml").read_text()))
    render.write(project, render.prepare(project, environment, environ=os.environ))
    answer = linted(project, environment)
    assert above_info(answer) == []
    assert len(answer.texts) >= 2  # edge.yaml, and what was rendered


@pytest.mark.quick(3)
@pytest.mark.parametrize(("name", "target"), some(STARTERS, 3))
def test_a_starter(name: str, target: str, tmp_path: Path) -> None:
    answers = Answers("r.commenthouse.com", "ops@commenthouse.com", ("157.245.51.137",), target)
    try:
        init(tmp_path / name, name, answers, environ=os.environ)
    except UsageError as refused:
        assert target == "swarm"
        assert "is for one host" in str(refused)
        return
    answer = linted(tmp_path / name)
    assert above_info(answer) == []
    names = {name.rpartition("/")[2] for name in answer.texts}
    assert names >= {"edge.yaml", "docker-compose.yml" if target == "compose" else "stack.yml"}


def test_a_finding_in_a_rendered_file_is_noticed(tmp_path: Path) -> None:
    """The planted fault: a label that an editor broke afterwards."""
    answers = Answers("r.commenthouse.com", "ops@commenthouse.com", ("157.245.51.137",))
    init(tmp_path / "web", "web", answers, environ=os.environ)
    file = tmp_path / "web" / "docker-compose.yml"
    file.write_text(file.read_text().replace("tls.certresolver:", "tls.certresolvers:", 1))
    answer = linted(tmp_path / "web")
    assert any("EL001 high" in line for line in above_info(answer))
    assert not any(item.result.fix for item in answer.findings), "the next render would refuse the file"


SECRETS = """\
name: shop
acme: {email: ops@example.com}
domains: {example.com: {provider: none}}
secrets: {token: {env: SHOP_TOKEN}, key: {SOURCE}}
services:
  web: {build: ., image: "shop:1", port: 80, host: www.example.com, secrets: [token, key], volumes: ["./secrets:/s"]}
"""


def test_a_fresh_clone_without_the_secrets_values_is_judged_as_far_as_it_goes(tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(SECRETS.replace("{SOURCE}", "{env: SHOP_KEY}"))
    answer = linted(tmp_path)
    unseen = [item.result.finding.message for item in answer.unseen]
    assert [any(f"the secret `{name}` comes" in line for line in unseen) for name in ("token", "key")] == [True, True]
    assert [item.result.finding.id for item in answer.findings if item.result.finding.severity is Severity.HIGH]
    assert answer.exit_code == 1


def test_a_secret_whose_file_is_missing_was_not_seen(tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(SECRETS.replace("{SOURCE}", "{file: private/key.pem}"))
    answer = linted(tmp_path)
    said = "secrets.key.file: `private/key.pem`: "
    assert any(said in item.result.finding.message for item in answer.unseen)
    assert answer.exit_code == 0


WEB = """\
name: shop
acme: {email: ops@example.com}
domains: {example.com: {addresses: [192.0.2.7]}}
services:
  web: {image: "w:1", port: 80, host: www.example.com, middlewares: [secure-headers]}
"""
HTTPS = "services: {web: {labels: {traefik.http.routers.web-https."


@pytest.mark.parametrize(
    ("override", "found"),
    [
        (HTTPS + "tls.certresolvers: le}}}\n", ["EL001"]),
        (HTTPS + "middlewares: nope@docker}}}\n", ["EL005"]),
        (HTTPS + "middlewares: hsts@docker}}}\n", []),
        ("services: {web: {environment: {A: b}}}\n", []),
    ],
)
@pytest.mark.parametrize("file", ["compose.override.yaml", "docker-compose.override.yml"])
def test_the_override_that_up_hands_on_is_looked_at(tmp_path: Path, file: str, override: str, found: list[str]) -> None:
    (tmp_path / "edge.yaml").write_text(WEB)
    (tmp_path / file).write_text(override)
    render.write(tmp_path, render.prepare(tmp_path, None, environ=os.environ))
    answer = linted(tmp_path)
    assert [
        item.result.finding.id for item in answer.findings if item.result.finding.severity is not Severity.INFO
    ] == found
    assert str(tmp_path / file) in answer.texts


def test_an_override_is_not_looked_at_on_a_swarm(tmp_path: Path) -> None:
    """`docker stack` has none: `render` warns about it."""
    (tmp_path / "edge.yaml").write_text(f"{WEB}target: swarm\n")
    (tmp_path / "compose.override.yaml").write_text(HTTPS + "tls.certresolvers: le}}}\n")
    render.write(tmp_path, render.prepare(tmp_path, None, environ=os.environ))
    assert above_info(linted(tmp_path)) == []
