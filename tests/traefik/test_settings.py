"""What a running Traefik was started with."""

from __future__ import annotations

from edgegen.traefik.settings import settings

FLAGS = ["--EntryPoints.web.address=:80", "--providers.docker", "--x=a=b", "positional"]


def test_flags() -> None:
    found = settings(FLAGS, (), {})
    assert found.seen
    assert found.get("entrypoints.web.address") == ":80"
    assert (found.get("providers.docker"), found.get("x")) == ("true", "a=b")
    assert found.has("entrypoints.web")
    assert not found.has("entrypoints.we")


def test_one_flag_hides_all_variables() -> None:
    found = settings(["--ping=true"], ["TRAEFIK_ENTRYPOINTS_WEB_ADDRESS"], {"TRAEFIK_ENTRYPOINTS_WEB_ADDRESS": ":80"})
    assert not found.seen
    assert not found.has("entrypoints.web")


def test_variables_are_known_by_name_where_their_values_are_not() -> None:
    names = ["TRAEFIK_ENTRYPOINTS_WEB_ADDRESS", "TRAEFIK_PROVIDERS_DOCKER_CONSTRAINTS", "PATH"]
    found = settings(["traefik"], names, {"TRAEFIK_PROVIDERS_DOCKER_CONSTRAINTS": "Label(`a`,`b`)"})
    assert found.seen
    assert found.has("entrypoints.web")
    assert found.get("entrypoints.web.address", "?") == "?"
    assert found.get("providers.docker.constraints") == "Label(`a`,`b`)"
    assert found.hidden == {"entrypoints.web.address"}


def test_a_traefik_with_a_file_of_its_own_says_nothing() -> None:
    assert not settings(["traefik"], ["PATH"], {}).seen
