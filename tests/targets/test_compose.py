"""Target compose: the provider it gives Traefik, and what of a spec it can't do."""

from __future__ import annotations

import pytest

from edgegen.core.errors import SpecError
from edgegen.project.checked import checked
from edgegen.spec.load import load_text
from edgegen.targets.compose import ComposeTarget

CONFIGS = b"""\
name: a
configs: {f: {file: f.conf}, c: {content: x}}
services:
  web: {image: "w:1", configs: [{source: f, mode: "0400", uid: 33}, {source: c, mode: "0400", uid: 33}]}
  tool: {image: "w:1", read_only: true, configs: [f, c]}
"""


MODES = b"""\
name: a
secrets: {key: {generate: 32}, other: {generate: 32}}
services:
  web:
    image: "w:1"
    secrets: [key, {source: other, mode: "400"}]
  db:
    image: "d:1"
    secrets: [{source: key, mode: "0400"}, {source: other, target: o, mode: "0400"}]
"""


def test_it_sees_its_own_project_or_all() -> None:
    own, every = (
        list(ComposeTarget().watching("tcp://proxy:2375", "shop_edge", project).flags()) for project in ("shop", None)
    )
    assert "--providers.docker.endpoint=tcp://proxy:2375" in own
    assert "--providers.docker.network=shop_edge" in own
    assert [flag for flag in own if "constraints" in flag] == [
        "--providers.docker.constraints=Label(`com.docker.compose.project`,`shop`)"
    ]
    assert [flag for flag in every if "constraints" in flag] == []


def test_what_compose_would_ignore_of_a_config_that_is_a_file() -> None:
    with pytest.raises(SpecError) as caught:
        checked(load_text(CONFIGS, "edge.yaml"))
    assert [f"{problem} ({problem.hint})" for problem in caught.value.problems] == [
        "edge.yaml:4:51 services.web.configs[0].mode: Compose mounts the file of `f` as it is: `mode` would be ignored"
        " (change the file itself, or use `content`)",
        "edge.yaml:4:64 services.web.configs[0].uid: Compose mounts the file of `f` as it is: `uid` would be ignored"
        " (change the file itself, or use `content`)",
        "edge.yaml:5:54 services.tool.configs[1]: `c` has `content`, which Compose can't copy into a service that is "
        "`read_only` (write the text into a file and use `file`)",
    ]


def test_a_config_of_a_swarm_is_none_of_composes() -> None:
    spec = b'name: a\nconfigs: {c: {external: true}}\nservices: {web: {image: "w:1", read_only: true, configs: [c]}}\n'
    with pytest.raises(SpecError) as caught:
        checked(load_text(spec, "edge.yaml"))
    assert [f"{problem} ({problem.hint})" for problem in caught.value.problems] == [
        "edge.yaml:2:25 configs.c.external: only a swarm keeps configs: Compose has none that exist already"
        " (use `file` or `content`, or `target: swarm`)"
    ]


def test_one_secret_has_one_mode_for_all_services() -> None:
    with pytest.raises(SpecError) as caught:
        checked(load_text(MODES, "edge.yaml"))
    assert [f"{problem} ({problem.hint})" for problem in caught.value.problems] == [
        "edge.yaml:6:15 services.web.secrets[0]: `key` is mounted 0444 here and 0400 in `db`: it is one file with one "
        "mode (give both the same `mode`, or declare a second secret)",
        "edge.yaml:9:15 services.db.secrets[0]: `key` is mounted 0400 here and 0444 in `web`: it is one file with one "
        "mode (give both the same `mode`, or declare a second secret)",
    ]


def test_on_a_swarm_each_service_has_its_own_mode() -> None:
    assert checked(load_text(b"target: swarm\n" + MODES, "edge.yaml")) == []
