"""Tasks of the current specification and of an older one are told apart, in the words that the client has for both."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from edgegen.deploy.command import Command, Result
from edgegen.deploy.swarm.clean import service_digests, task_digests
from tests.fakes.swarm import FakeSwarm

# As a client 28.2 prints them for an engine 20.10: it fills in defaults for a service, and gives a task as it is.
SERVICE: dict[str, Any] = {
    "Image": "app:1",
    "Labels": {"com.docker.stack.namespace": "shop"},
    "Env": ["PASSWORD=hunter2"],
    "Privileges": {"CredentialSpec": None, "SELinuxContext": None, "NoNewPrivileges": False},
    "StopGracePeriod": 10_000_000_000,
    "DNSConfig": {},
    "Mounts": [{"Type": "volume", "Source": "shop_data", "Target": "/data", "ReadOnly": False}],
    "Secrets": [{"File": {"Name": "pw", "UID": "0", "Mode": 292}, "SecretID": "s1", "SecretName": "shop-pw-1"}],
}
TASK: dict[str, Any] = {
    **{key: SERVICE[key] for key in ("Image", "Labels", "Env", "Secrets")},
    "Privileges": {"CredentialSpec": None, "SELinuxContext": None},
    "Mounts": [{"Type": "volume", "Source": "shop_data", "Target": "/data"}],
}


class Client(FakeSwarm):
    """Answers with one object."""

    def __init__(self, container: Mapping[str, Any], force: int | None = 0) -> None:
        super().__init__()
        self.answer = json.dumps({"id": "x", "container": container, "force": force})

    def run(self, command: Command) -> Result:
        self.asked.append(command.argv)
        return Result(0, self.answer)


def test_the_same_specification_is_the_same_in_both_words() -> None:
    assert service_digests(Client(SERVICE), ["x"]) == task_digests(Client(TASK, None), ["x"])


@pytest.mark.parametrize(
    "change",
    [
        {"Image": "app:2"},
        {"Env": ["PASSWORD=hunter3"]},
        {"Args": ["--verbose"]},
        {"Secrets": [{**SERVICE["Secrets"][0], "SecretID": "s2"}]},
        {"Mounts": []},
        {"Labels": {}},
    ],
)
def test_each_part_that_is_replaced_shows(change: dict[str, Any]) -> None:
    assert service_digests(Client({**SERVICE, **change}), ["x"]) != task_digests(Client(TASK), ["x"])


def test_a_forced_update_shows_and_no_value_is_kept() -> None:
    assert service_digests(Client(SERVICE, 1), ["x"]) != task_digests(Client(TASK), ["x"])
    assert "hunter2" not in str(service_digests(Client(SERVICE), ["x"]))
