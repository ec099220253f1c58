"""A stack that runs under an earlier name of the project, and other stacks with the same routes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from edgegen.core.errors import OutsideError, RefusedError
from edgegen.deploy import steps
from edgegen.deploy.backends.base import Asked, LogsWanted, Start
from edgegen.deploy.shared_edge import Wish
from tests.deploy.swarm.scene import Manager, Notes, backend, manager, stack
from tests.fakes.swarm import service, task

RULE = "Host(`www.shop.test`) || Host(`shop.test`)"
ROUTE = {"traefik.enable": "true", "traefik.http.routers.app-https.rule": RULE}
CONFIG = stack(
    services={
        "edge": stack()["services"]["edge"],
        "app": {"image": "app:1", "networks": {"edge": None}, "deploy": {"labels": ROUTE}},
    }
)
OWNED = {"edgegen.owner": "shop-1a"}
MINE = Wish(owner="shop-1a", alone=True)
TRAEFIK = {"image": "traefik:v3.7", "args": ["--providers.swarm=true", "--entrypoints.web.address=:80"]}


def theirs(stack: str = "old", labels: dict[str, str] | None = None, **changes: Any) -> dict[str, Any]:
    """The service of another stack."""
    return service("app", stack, id=f"service-of-{stack}", labels={**ROUTE, **(labels or {})}, **changes)


def after(*others: dict[str, Any]) -> Manager:
    """A swarm on which other stacks run, and this one starts at once."""
    swarm = manager(config=CONFIG, services=others)

    def deployed() -> None:
        swarm.services = [service("edge", "shop"), service("app", "shop", labels=ROUTE), *others]
        swarm.tasks = [task("edge"), task("app")]

    swarm.on_deploy = deployed
    return swarm


def up(folder: Path, swarm: Manager, wish: Wish = MINE) -> str:
    notes = Notes()
    steps.up(backend(folder, swarm), notes, Start(30), Asked(wish=wish))
    return "\n".join(notes)


def test_the_project_under_an_earlier_name_is_not_started_a_second_time(tmp_path: Path) -> None:
    swarm = after(theirs(labels=OWNED))
    with pytest.raises(RefusedError) as caught:
        up(tmp_path, swarm)
    (problem,) = caught.value.problems
    assert problem.path == "name"
    assert problem.message == (
        "the project is called `shop` now, and still runs as stack `old`, with the same `dns.owner` and hosts: it "
        "would be there twice, the second time with new, empty volumes"
    )
    assert problem.hint.startswith(
        "`docker stack rm old` removes the old one and keeps its volumes; or set `name: old`"
    )
    assert swarm.called("stack", "deploy") == []


def test_status_down_and_logs_say_so(tmp_path: Path) -> None:
    made = backend(tmp_path, after(theirs(labels=OWNED)))
    made.place = replace(made.place, owner="shop-1a")
    (doubt,) = [finding for finding in steps.status(made).findings() if finding.name == "runs-elsewhere"]
    assert "still runs as stack `old`" in doubt.message
    with pytest.raises(RefusedError, match="still runs as stack `old`"):
        steps.down(made, Notes())
    with pytest.raises(OutsideError, match="still runs as stack `old`"):
        made.logs(LogsWanted())


@pytest.mark.parametrize("names", [("shop", "old"), ("shop",)])
def test_what_an_environment_calls_it_may_run_too(tmp_path: Path, names: tuple[str, ...]) -> None:
    made = backend(tmp_path, after(theirs(labels=OWNED)))
    made.place = replace(made.place, owner="shop-1a", names=lambda: names)
    assert bool(steps.status(made).doubts) is ("old" not in names)


def test_while_it_runs_itself_down_and_status_look_for_no_other_name(tmp_path: Path) -> None:
    own = [service("edge", "shop"), service("app", "shop", labels={**ROUTE, **OWNED})]
    swarm = manager(config=CONFIG, services=[*own, theirs(labels=OWNED)], tasks=[task("edge"), task("app")])
    made = backend(tmp_path, swarm)
    made.place = replace(made.place, owner="shop-1a")
    assert steps.status(made).doubts == ()
    assert list(made.others(made.read())) == []


@pytest.mark.parametrize(
    ("other", "wish", "is_told"),
    [
        pytest.param(theirs(), Wish(), True, id="nobody has an owner"),
        pytest.param(theirs(), MINE, True, id="deployed before it had one"),
        pytest.param(theirs(labels={"edgegen.owner": "x-2"}), MINE, True, id="another project"),
        pytest.param(theirs(labels=OWNED), Wish(owner="shop-1a"), True, id="an environment has a name of its own"),
        pytest.param(theirs(mode={"Global": {}}), MINE, True, id="on every node"),
        pytest.param(theirs(labels={"traefik.http.routers.app-https.rule": "Host(`www.shop.test`)||Host(`shop.test`)"}),
                     MINE, True, id="with other blanks"),
        pytest.param(theirs(mode={"Replicated": {"Replicas": 0}}), MINE, False, id="scaled to nothing"),
        pytest.param(theirs(labels={"traefik.enable": "false"}), MINE, False, id="not enabled"),
        pytest.param(theirs(labels={"traefik.http.routers.app-https.rule": "Host(`shop.test`)"}), MINE, False,
                     id="another route"),
        pytest.param(theirs(labels={**OWNED, "traefik.http.routers.app-https.rule": "Host(`dev.shop.test`)"}), MINE,
                     False, id="the same owner with other hosts: another branch of one repository"),
    ],
)  # fmt: skip
def test_what_is_not_certainly_the_same_project_is_a_remark(
    tmp_path: Path, other: dict[str, Any], wish: Wish, *, is_told: bool
) -> None:
    said = up(tmp_path, after(other), wish)
    assert ("service `old_app` has a route of this stack, too" in said) is is_told
    assert ("`docker stack rm old` removes it and keeps its volumes" in said) is is_told


def test_a_traefik_that_sees_both_would_serve_one_of_the_two(tmp_path: Path) -> None:
    """One that other projects may use: the second router of the same rule is never asked, and nothing says so."""
    edge = service("traefik", "main", **TRAEFIK)
    swarm = after(theirs(), edge)
    with pytest.raises(RefusedError) as caught:
        up(tmp_path, swarm)
    (problem,) = caught.value.problems
    assert problem.message == (
        f"service `old_app` of stack `old` already answers {RULE}, and Traefik `main_traefik` sees both: it would "
        "serve one of the two"
    )
    swarm.services = [*swarm.services, service("app", "shop", labels=ROUTE)]
    assert "has a route of this stack, too" in up(tmp_path, swarm), "as it was before this start"


def test_ones_own_old_service_is_no_other_stack(tmp_path: Path) -> None:
    swarm = after()
    swarm.services = [service("web", "shop", labels=ROUTE), service("app", "shop")]
    assert "has a route" not in up(tmp_path, swarm)


def test_the_only_service_under_another_name_makes_no_other_project(tmp_path: Path) -> None:
    swarm = after()
    swarm.services = [service("web", "shop", labels=ROUTE)]
    assert "of another project" not in up(tmp_path, swarm, Wish())
    swarm.services = [service("wiki", "shop")]
    with pytest.raises(RefusedError, match="of another project"):
        up(tmp_path, swarm, Wish())
