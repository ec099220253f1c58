"""The oracle for stack files: a good one before the real Traefik, and faults that it must not pass over."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from edgegen.oracle.swarm_api import identity
from tests.fakes.swarm_api import NODE, FakeSwarmApi
from tests.lab import oracle
from tests.lab.oracle import OracleAnswer
from tests.lab.stack_file import ask_swarm

pytestmark = pytest.mark.lab
Data = dict[str, Any]
DATA = Path(__file__).parent / "data"
STACK = (DATA / "replicas.stack.yml").read_text()
HASH = "admin:$2y$05$XnlQHNnBlNuQMhPVYKFxRujLVbLgRFDHhHj8V9vFnsU4XLYP3QEQi"


def asked(folder: Path, spoil: Callable[[Data], None] = lambda _: None) -> OracleAnswer:
    """Traefik's answer to the stack, after a change."""
    data = yaml.safe_load(STACK)
    spoil(data)
    (folder / "stack.yml").write_text(yaml.safe_dump(data, sort_keys=False))
    (folder / "tls.yml").write_text("tls: {options: {default: {minVersion: VersionTLS12}}}\n")
    (folder / "admins").write_text(f"{HASH}\n")
    return ask_swarm(folder / "stack.yml", "web", folder / "dynamic")


def test_a_good_stack_is_without_fault(tmp_path: Path) -> None:
    answer = asked(tmp_path)
    assert answer.complaints == []
    assert sorted(answer.http_routers) == ["api@swarm", "nginx-http@swarm", "nginx-https@swarm"]
    assert sorted(answer.services) == ["dummy@swarm", "nginx@swarm"]
    assert sorted(answer.middlewares) == ["admins@swarm", "again@swarm", "https-only@swarm"]
    assert answer.http_routers["nginx-https@swarm"]["middlewares"] == ["again@swarm"]
    assert answer.middlewares["admins@swarm"]["basicAuth"]["usersFile"] == "/run/secrets/dashboard-users"
    balancer = answer.services["nginx@swarm"]["loadBalancer"]
    assert len(balancer["servers"]) == 3  # one for each task
    assert {server["url"].rpartition(":")[2] for server in balancer["servers"]} == {"80"}
    assert balancer["healthCheck"]["interval"] == "1s"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """For answers in which the sentinel is missing as well: nothing tells when they are complete."""
    monkeypatch.setattr(oracle, "PATIENCE", 6.0)


def labels(data: Data) -> Data:
    found: Data = data["services"]["nginx"]["deploy"]["labels"]
    return found


def under_the_container(data: Data) -> None:
    service = data["services"]["nginx"]
    service["labels"] = service["deploy"].pop("labels")


def without_a_port(data: Data) -> None:
    del labels(data)["traefik.http.services.nginx.loadbalancer.server.port"]


def of_another_provider(data: Data) -> None:
    labels(data)["traefik.http.routers.nginx-https.middlewares"] = "again@docker"


def off_the_edge_s_network(data: Data) -> None:
    data["services"]["nginx"]["networks"] = ["socket"]


def with_a_network_of_docker(data: Data) -> None:
    del labels(data)["traefik.swarm.network"]
    labels(data)["traefik.docker.network"] = "web_edge"
    command = data["services"]["traefik"]["command"]
    command.remove("--providers.swarm.network=web_edge")


def misspelt(data: Data) -> None:
    labels(data)["traefik.http.routers.nginx-https.tls.certresolvers"] = "letsencrypt"


def an_entrypoint_unpublished(data: Data) -> None:
    del data["services"]["traefik"]["ports"][1]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (without_a_port, "nginx-https@swarm: not there"),
        (of_another_provider, 'middleware "again@docker" does not exist'),
        (off_the_edge_s_network, "Could not find network"),
        (misspelt, "field not found, node: certresolvers"),
        (an_entrypoint_unpublished, "entrypoint websecure is not published"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_a_planted_fault_is_caught(spoil: Callable[[Data], None], said: str, tmp_path: Path) -> None:
    assert said in "\n".join(asked(tmp_path, spoil).complaints)


def test_labels_of_the_container_route_nothing(tmp_path: Path) -> None:
    """Traefik says nothing about it: only who knows what must be there sees the fault."""
    answer = asked(tmp_path, under_the_container)
    assert "nginx-https@swarm" not in answer.http_routers
    assert "api@swarm" in answer.http_routers


def test_a_label_for_docker_is_passed_over(tmp_path: Path) -> None:
    """And then Traefik takes whichever network comes first."""
    answer = asked(tmp_path, with_a_network_of_docker)
    assert answer.unknown_labels == () and "nginx-https@swarm" in answer.http_routers


def of_another_stack_s_edge(data: Data) -> None:
    command = data["services"]["traefik"]["command"]
    command[:] = [word.replace("`web`)", "`shop`)") for word in command]


def test_an_edge_that_looks_at_another_stack_sees_nothing(tmp_path: Path, impatient: None) -> None:
    assert "nginx-https@swarm: not there" in asked(tmp_path, of_another_stack_s_edge).complaints


def test_without_the_right_to_read_nodes_no_task_is_there(
    tmp_path: Path, impatient: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered = FakeSwarmApi.answer

    def without_nodes(api: FakeSwarmApi, path: str, query: str = "") -> Any:
        return None if path.startswith("/nodes") else answered(api, path, query)

    monkeypatch.setattr(FakeSwarmApi, "answer", without_nodes)
    answer = asked(tmp_path)
    assert answer.complaints != []
    assert not answer.services.get("nginx@swarm", {}).get("loadBalancer", {}).get("servers")


# The fake against what a real swarm has answered.


@pytest.fixture(scope="module")
def real() -> Data:
    """The answers of Engine 20.10 to the questions of Traefik, for a service of two replicas in mode host."""
    found: Data = json.loads((DATA / "swarm-answers.json").read_text())
    return found


def shape(value: Any) -> Any:
    """Names and types: a list as the shape of its first item."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    return [shape(value[0])] if isinstance(value, list) and value else type(value).__name__


FREE = {"Labels", "Options", "DriverState", "IPAM", "Containers", "Ports", "Resources", "PortStatus"}
"""Keys whose content differs between any two swarms, or that Traefik doesn't read."""


def missing(fake: Any, real: Any, path: str = "") -> list[str]:
    """Where the fake has what a real swarm doesn't, or in another shape."""
    if isinstance(fake, dict) and isinstance(real, dict):
        own = [f"{path}.{key}" for key in fake if key not in real and key not in FREE]
        return own + [
            line for key in fake.keys() & real.keys() - FREE for line in missing(fake[key], real[key], f"{path}.{key}")
        ]
    if isinstance(fake, list) and isinstance(real, list):
        return missing(fake[0], real[0], f"{path}[]")
    return [] if fake == real or "NoneType" in (fake, real) else [f"{path}: {fake} is not {real}"]


def test_the_fake_answers_in_the_shapes_of_a_real_swarm(real: Data) -> None:
    services = [{"name": "rec_web", "labels": {"a": "b"}, "networks": {"rec_edge": ["10.0.30.3", "10.0.30.4"]}}]
    with FakeSwarmApi(services) as api:
        service = api.answer("/services")[0]
        query = "filters=" + json.dumps({"service": {service["ID"]: True}, "desired-state": {"running": True}})
        tasks = api.answer("/tasks", query)
        assert len(tasks) == 2
        assert missing(shape(service), shape(real["services"][0])) == []
        assert missing(shape(tasks[0]), shape(real["tasks"][0])) == []
        assert missing(shape(api.answer("/networks")[0]), shape(real["networks"][0])) == []
        assert missing(shape(api.answer(f"/nodes/{NODE}")), shape(real["node"])) == []
        assert missing(shape(api.answer("/info")), shape(real["info"])) == []
        assert api.answer("/nodes/another") is None
        assert api.answer("/tasks", "filters=" + json.dumps({"service": {"another": True}})) == []
        assert len(api.answer("/networks", "filters=" + json.dumps({"scope": {"local": True}}))) == 0
        assert identity("network", "rec_edge") == service["Spec"]["TaskTemplate"]["Networks"][0]["Target"]
