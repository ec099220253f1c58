"""Other projects of the engine: what one `up` would take from them, or they from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.deploy.clashes import clashes
from edgegen.deploy.edges import Edge, planned_edge, running_edges
from edgegen.deploy.neighbours import elsewhere, lost_problems, lost_routes, shared_names, strangers_that_see, twice
from edgegen.traefik.settings import Settings
from tests.deploy.engine_of_others import constraint, container, planned, traefik, web_labels

SHOP = constraint("shop")
FILES = "com.docker.compose.project.config_files"


def messages(found: object) -> str:
    return "\n".join(str(problem) for problem in found.problems)  # type: ignore[attr-defined]


def test_a_project_that_runs_from_another_folder(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (found,) = elsewhere("shop", tmp_path / "here", [container("shop", "web", folder=str(other))])
    assert f"already runs from {other}" in found.message
    assert f"edgegen down -C {other}" in found.hint


def test_the_same_folder_under_another_name_is_the_same(tmp_path: Path) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    real.mkdir()
    link.symlink_to(real)
    assert list(elsewhere("shop", link, [container("shop", "web", folder=str(real))])) == []


def test_a_folder_that_is_gone_was_moved_unless_it_is_another_machines(tmp_path: Path) -> None:
    seen = [container("shop", "web", folder=str(tmp_path / "gone"))]
    assert list(elsewhere("shop", tmp_path, seen)) == []
    (found,) = elsewhere("shop", tmp_path, seen, local=False)
    assert "`edgegen down` with --host" in found.hint  # nobody can go to a folder of another machine


def test_a_project_whose_name_was_changed_still_runs(tmp_path: Path) -> None:
    """It would be there twice, with empty volumes the second time; and `down` would stop the new one only."""
    file = tmp_path / "docker-compose.yml"
    written = {FILES: f"{file},{tmp_path}/compose.override.yaml"}
    seen = [container("old", "web", labels=written), container("old", "db", labels=written)]
    (found,) = twice("shop", file, seen)
    assert "is called `shop` now, and still runs as `old`" in found.message
    assert "`docker compose -p old down`" in found.hint
    assert list(twice("old", file, seen)) == []


@pytest.mark.parametrize("files", ["-", "", "/elsewhere/docker-compose.yml", "docker-compose.yml"])
def test_other_files_are_other_projects(tmp_path: Path, files: str) -> None:
    seen = [container("old", "web", labels={FILES: files}, folder=str(tmp_path)), container("", "x")]
    assert list(twice("shop", tmp_path / "docker-compose.yml", seen)) == []


def test_other_projects_and_containers_without_a_folder_are_no_matter(tmp_path: Path) -> None:
    seen = [container("blog", "web", folder="/elsewhere"), container("shop", "web")]
    assert list(elsewhere("shop", tmp_path, seen)) == []


@pytest.mark.parametrize(
    ("flags", "labels", "expected"),
    [
        ((SHOP,), {"traefik.enable": "true", "com.docker.compose.project": "shop"}, True),
        ((SHOP,), {"traefik.enable": "true", "com.docker.compose.project": "blog"}, False),
        ((SHOP,), {"com.docker.compose.project": "shop"}, False),
        ((), {"traefik.enable": "true", "com.docker.compose.project": "blog"}, True),
        (("--providers.docker.exposedbydefault=true",), {"com.docker.compose.project": "blog"}, True),
        (("--providers.docker=false",), {"traefik.enable": "true"}, False),
        (("--providers.docker.constraints=Tag(`a`)",), {"traefik.enable": "true"}, None),
    ],
)
def test_whom_an_edge_sees(flags: tuple[str, ...], labels: dict[str, str], expected: bool | None) -> None:
    (edge,) = running_edges([traefik("shop", *flags)])
    assert edge.sees(labels) is expected


def test_an_edge_whose_settings_are_not_seen_is_not_judged() -> None:
    assert Edge("x", "p", Settings()).sees({"traefik.enable": "true"}) is None
    hidden = Settings({"entrypoints.web.address": ":80"}, frozenset({"providers.docker.constraints"}))
    assert Edge("x", "p", hidden).sees({"traefik.enable": "true"}) is not True


def test_an_override_of_the_flags_counts() -> None:
    edge = planned_edge(planned(web=web_labels()))
    assert edge is not None
    assert edge.constraint == ""
    assert planned_edge(planned(edge=False, web=web_labels())) is None


OTHERS = container("blog", "web", labels=web_labels("b.test"))


def test_a_container_that_an_old_traefik_serves_would_lose_its_route() -> None:
    (lost,) = lost_routes(planned(SHOP, web=web_labels()), [traefik("shop"), OTHERS])
    (problem,) = lost_problems([lost])
    assert "container `blog-web-1` of project `blog` would lose its route" in problem.message
    assert (problem.path, "serves: all" in problem.hint, "serves: own" in problem.hint) == ("edge.serves", True, True)


@pytest.mark.parametrize(
    "seen",
    [
        [traefik("shop", SHOP), OTHERS],  # already its own project only
        [traefik("shop", networks=["apart"]), OTHERS],  # no network in common: never served
        [traefik("other"), OTHERS],  # somebody else's Traefik serves it
        [traefik("shop", state="exited"), OTHERS],
        [traefik("shop"), container("blog", "web")],  # not labelled for Traefik
        [traefik("shop"), container("shop", "web", labels=web_labels())],  # the project's own
        [traefik("shop"), container("blog", "web", labels=web_labels(), state="exited")],
    ],
)
def test_nobody_loses_a_route(seen: list[object]) -> None:
    assert lost_routes(planned(SHOP, web=web_labels()), seen) == ()  # type: ignore[arg-type]


def test_nobody_loses_a_route_where_the_new_edge_serves_all() -> None:
    assert lost_routes(planned(web=web_labels()), [traefik("shop"), OTHERS]) == ()


def test_a_traefik_of_others_that_would_see_both() -> None:
    seen = [traefik("blog", folder="/srv/blog"), OTHERS]
    found = clashes(planned(SHOP, web=web_labels()), None, seen)
    assert "container `blog-web-1` of project `blog` defines the router `web` too" in messages(found)
    assert "drop it in both" in messages(found)
    assert "join the servers of both" in messages(found)  # the service `web`
    assert {problem.hint for problem in found.problems} == {
        "run `edgegen up -C /srv/blog` first: its Traefik then sees its own project only "
        "(a Traefik that edgegen does not render needs a constraint)"
    }


@pytest.mark.parametrize(
    "seen",
    [
        [traefik("blog", constraint("blog")), OTHERS],
        [traefik("blog"), container("blog", "web", labels=web_labels("b.test", "blog"))],
        [traefik("blog"), container("blog", "web", labels=web_labels("b.test"), state="exited")],
        [OTHERS],
    ],
)
def test_no_clash(seen: list[object]) -> None:
    assert clashes(planned(SHOP, web=web_labels()), None, seen).problems == ()  # type: ignore[arg-type]


def test_an_own_edge_that_serves_all_is_judged_too() -> None:
    found = clashes(planned(web=web_labels()), None, [OTHERS])
    assert "Traefik `traefik` sees both" in messages(found)
    assert {problem.hint for problem in found.problems} == {"give the service another name in one of the projects"}


def test_what_clashed_before_is_said_and_does_not_stop_its_own_repair() -> None:
    """Two old projects that break each other: neither could be made new if both were refused."""
    running = container("shop", "web", labels=web_labels())
    seen = [traefik("shop"), traefik("blog", folder="/srv/blog"), OTHERS, running]
    found = clashes(planned(SHOP, web=web_labels()), None, seen)
    assert found.problems == ()
    (notice,) = found.notices
    assert "as it did before" in notice
    assert "edgegen up -C /srv/blog" in notice


def test_two_services_of_one_project() -> None:
    """An override can give two of them one router."""
    found = clashes(planned(SHOP, web=web_labels(), api=web_labels("api.test")), None, [])
    assert "services `web` and `api` both define the router `web`" in messages(found)
    alike = clashes(planned(SHOP, web=web_labels(), copy=web_labels()), None, [])
    assert alike.problems == ()  # one service with two servers


def test_one_host_of_two_projects_behind_one_edge() -> None:
    guest = container("blog", "web", labels=web_labels("a.test", "blog"))
    found = clashes(planned(web=web_labels("a.test", "shop")), None, [guest])
    assert "container `blog-web-1` of project `blog` already answers Host(`a.test`)" in messages(found)
    assert {problem.hint for problem in found.problems} == {"give one of them another host or path"}
    other = clashes(planned(web=web_labels("b.test", "shop")), None, [guest])
    assert other.problems == ()
    apart = clashes(planned(SHOP, web=web_labels("a.test", "shop")), None, [guest])
    assert apart.problems == ()


def test_a_strange_traefik_orders_certificates_too() -> None:
    own = planned(SHOP, web=web_labels())
    (said,) = strangers_that_see(own, None, [traefik("blog", folder="/srv/blog")])
    assert "may order certificates" in said
    assert list(strangers_that_see(own, "blog", [traefik("blog")])) == []
    assert list(strangers_that_see(own, None, [traefik("blog", constraint("blog"))])) == []
    assert list(strangers_that_see(own, None, [traefik("shop")])) == []


def test_services_of_one_name_on_one_network() -> None:
    (said,) = shared_names(planned(edge=False, web=web_labels()), [OTHERS])
    assert "`web` is also a service of project `blog` on network `common`" in said
    apart = container("blog", "web", networks=["apart"])
    assert list(shared_names(planned(edge=False, web=web_labels()), [apart])) == []
