"""A second target takes one file and one line: the spec, init, render, its check and its diff take it as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from edgegen.cli.app import run
from edgegen.spec.edge import Spec
from edgegen.spec.problems import Complaint
from edgegen.target_names import TARGETS
from tests.targets.toy import ToyTarget

SPEC = """\
name: fleet
target: toy
acme: {email: ops@example.com}
domains: {example.com: {addresses: [192.0.2.1]}}
services:
  web: {image: "ghcr.io/acme/web:1.4", port: 3000, host: www.example.com, secrets: [key], configs: [motd]}
  hub: {kind: registry, host: hub.example.com, users: [ci]}
  pg: {kind: tcp, image: "postgres:16", host: pg.example.com, entrypoint: postgres, listen: 5432, port: 5432}
secrets: {key: {generate: 32}}
configs: {motd: {file: motd.txt}}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # The one line.
    monkeypatch.setitem(TARGETS, "toy", "tests.targets.toy:ToyTarget")  # type: ignore[arg-type]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "edge.yaml").write_text(SPEC)
    return tmp_path


def stack(project: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((project / "toy-stack.yml").read_text())
    return found


@pytest.mark.slow
def test_it_is_rendered_in_its_own_words(project: Path) -> None:
    assert run(["render"]) == 0
    assert not (project / "docker-compose.yml").exists()
    written = stack(project)
    services = written["services"]
    assert all("labels" not in body and "restart" not in body for body in services.values())
    web = services["web"]["deploy"]["labels"]
    assert web["traefik.toy.network"] == "fleet.edge"
    assert web["traefik.http.middlewares.https-only.redirectscheme.scheme"] == "https"  # a shared part, merged
    assert services["hub"]["deploy"]["labels"]["traefik.http.routers.hub-https.rule"] == "Host(`hub.example.com`)"
    assert services["pg"]["deploy"]["labels"]["traefik.tcp.routers.pg.rule"] == "HostSNI(`pg.example.com`)"
    assert "edgegen.config-digest" in services["docker-socket-proxy"]["deploy"]["labels"]
    assert written["networks"]["edge"] == {"name": "fleet.edge"}
    assert written["secrets"]["key"] == {"external": True}
    assert (written["x-fleet"], written["x-sails"]) == ({"ships": 3}, {"colour": "white $$"})


@pytest.mark.slow
def test_traefik_watches_as_it_says(project: Path) -> None:
    assert run(["render"]) == 0
    flags = stack(project)["services"]["traefik"]["command"]
    assert [flag for flag in flags if ".toy." in flag] == [
        "--providers.toy.endpoint=tcp://docker-socket-proxy:2375",
        "--providers.toy.network=fleet.edge",
        "--providers.toy.only=fleet",
    ]
    assert not [flag for flag in flags if flag.startswith("--providers.docker")]
    proxy = (project / "traefik/socket-proxy.cfg").read_text()
    assert "(_ping|toys|toys/[a-z]+)$'" in proxy
    assert "containers/json" not in proxy


@pytest.mark.slow
def test_check_and_diff_know_its_file(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["render", "--check"]) == 1
    assert "toy-stack.yml" in capfd.readouterr().out
    assert run(["render"]) == 0
    assert run(["render", "--check"]) == 0
    capfd.readouterr()
    (project / "edge.yaml").write_text(SPEC.replace("web:1.4", "web:1.5"))
    assert run(["render", "--check", "--diff"]) == 1
    seen = capfd.readouterr().out
    assert "toy-stack.yml" in seen
    assert '+    image: "ghcr.io/acme/web:1.5"' in seen or "+    image: ghcr.io/acme/web:1.5" in seen
    assert run(["render", "--stdout"]) == 0
    assert "x-sails" in capfd.readouterr().out


def test_a_template_that_changes_its_data_is_caught(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The planted fault: the check reads the target's file, whatever it is called."""
    own = project / "templates" / "project" / "toy-stack.yml.j2"
    own.parent.mkdir(parents=True)
    own.write_text('{% include "partials/frame.j2" %}\nmore: data\n')
    assert run(["render"]) == 2
    assert "the template of `toy-stack.yml` changes the data at `more`" in capfd.readouterr().err


def test_its_complaints_have_their_places(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (project / "edge.yaml").write_text(SPEC.replace("port: 3000", "privileged: true, port: 3000"))
    assert run(["render"]) == 2
    assert "edge.yaml:6:52 services.web.privileged: a toy has no privileges" in capfd.readouterr().err


@pytest.mark.slow
def test_its_remarks_have_their_places_and_refuse_nothing(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (project / "edge.yaml").write_text(SPEC.replace("port: 3000", "init: true, port: 3000"))
    assert run(["render"]) == 0
    assert "edge.yaml:6:46 services.web.init: a toy begins by itself" in capfd.readouterr().err
    (project / "edge.yaml").write_text(SPEC)
    assert run(["render"]) == 0
    assert "a toy begins by itself" not in capfd.readouterr().err


def test_a_variable_that_it_minds_is_refused_even_if_it_has_a_value(
    project: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAG", "1.4")
    monkeypatch.setattr(ToyTarget, "complaints", _minds_variables)
    (project / "edge.yaml").write_text(SPEC.replace("web:1.4", "web:${TAG}"))
    assert run(["render"]) == 2
    assert capfd.readouterr().err.count("services.web.image: a toy can't wait for `ghcr.io/acme/web:${TAG}`") == 1


def _minds_variables(_: ToyTarget, spec: Spec) -> Iterator[Complaint]:
    for name, service in spec.services.items():
        if "$" in (service.own_image or ""):
            yield Complaint(("services", name, "image"), f"a toy can't wait for `{service.own_image}`", "write it out")


def test_what_only_compose_refuses_it_takes(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    text = SPEC.replace("[motd]", '[{source: motd, mode: "0440"}]')
    (project / "edge.yaml").write_text(text)
    assert run(["render"]) == 0
    (project / "edge.yaml").write_text(text.replace("target: toy", "target: compose"))
    assert run(["render"]) == 2
    assert "Compose mounts the file of `motd` as it is: `mode` would be ignored" in capfd.readouterr().err


def test_a_target_that_nobody_registered_names_those_that_are(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (project / "edge.yaml").write_text(SPEC.replace("target: toy", "target: toys"))
    assert run(["render"]) == 2
    said = capfd.readouterr().err
    assert "edge.yaml:2:9 target: `toys` is not one of compose, swarm, toy" in said
    assert "Did you mean `toy`?" in said


def test_init_takes_it(project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    words = ["--target", "toy", "--address", "192.0.2.1", "--email", "a@example.com", "--dir", str(folder)]
    assert run(["init", "web", "www.example.com", *words]) == 0
    assert (folder / "toy-stack.yml").exists()


BY_HAND = """\
  api:
    image: "a:1"
    traefik_labels:
      traefik.http.routers.api.rule: Host(`api.example.com`)
      traefik.http.routers.api.entrypoints: websecure
      traefik.http.routers.api.tls.certresolver: letsencrypt
      traefik.http.routers.api.middlewares: web-compress@{provider}
      traefik.http.services.api.loadbalancer.server.port: "80"
"""


@pytest.mark.parametrize(("provider", "code"), [("toy", 0), ("docker", 2)])
def test_labels_by_hand_are_read_with_its_provider(
    project: Path, capfd: pytest.CaptureFixture[str], provider: str, code: int
) -> None:
    text = SPEC.replace("port: 3000", "port: 3000, middlewares: [{kind: compress}]")
    labels = BY_HAND.replace("{provider}", provider)
    (project / "edge.yaml").write_text(text.replace("secrets: {key", f"{labels}secrets: {{key", 1))
    assert run(["render"]) == code
    assert ("there is no middleware `web-compress@docker`" in capfd.readouterr().err) is (code == 2)
