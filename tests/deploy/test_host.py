"""`--host` names an engine, and nothing that a program could take for something else."""

from __future__ import annotations

import pytest

from edgegen.core.errors import UsageError
from edgegen.deploy.host import host_environment


@pytest.mark.parametrize(
    "host", ["ssh://me@server.example.com", "ssh://10.0.0.1:2222", "unix:///x.sock", "tcp://h:2376"]
)
def test_hosts(host: str) -> None:
    assert host_environment(host) == (("DOCKER_HOST", host),)


def test_none() -> None:
    assert host_environment("") == ()


@pytest.mark.parametrize(
    "host",
    ["server", "ssh://", "ssh:server", "https://server", "ssh://-oProxyCommand=id", "ssh://a b", "ssh://[x", "unix://",
     "ssh://h:99999", "ssh://h:ssh", "tcp://h:0"],
)  # fmt: skip
def test_what_is_no_host(host: str) -> None:
    with pytest.raises(UsageError) as caught:
        host_environment(host)
    assert "ssh://me@" in caught.value.problems[0].hint


@pytest.mark.parametrize(
    "host",
    ["ssh://me:hunter2@server.example.com", "ssh://me:hunter2@h:ssh", "ssh://me:hunter2@[x", "ssh:me:hunter2@h",
     "me:hunter2@h", "ssh://me:a#hunter2@h", "ssh://me:a/hunter2@h", "ssh://:hunter2@h", "https://me:hunter2@h", "sh://me:hunter2@h",
     "SSH://me:hunter2@h", "ssh://me:hunter2@", "ssh://me:hun@ter2@h"],
)  # fmt: skip
def test_a_password_is_refused_and_not_shown(host: str) -> None:
    with pytest.raises(UsageError, match="has a password") as caught:
        host_environment(host)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("host", ["ssh://me@server:22", "ssh://me@[2001:db8::1]:22", "unix:///run/a:b@c.sock"])
def test_a_colon_elsewhere_is_no_password(host: str) -> None:
    assert host_environment(host) == (("DOCKER_HOST", host),)
