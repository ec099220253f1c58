"""The keys that `docker stack` takes and refuses, key by key, from docker itself."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from edgegen.spec.load import load_text
from edgegen.targets.swarm_parts.complaints import complaints
from tests.lab.parts import program

pytestmark = pytest.mark.lab

OF_COMPOSE: dict[str, Any] = {
    "annotations": {}, "attach": True, "blkio_config": {}, "build": ".", "cap_add": ["A"], "cap_drop": ["A"], "cgroup":
    "host", "cgroup_parent": "a", "cgroupns_mode": "host", "command": "a", "configs": [], "container_name": "a",
    "cpu_count": 1, "cpu_percent": 1, "cpu_period": 1, "cpu_quota": 1, "cpu_rt_period": 1, "cpu_rt_runtime": 1,
    "cpu_shares": 1, "cpus": "1", "cpuset": "0", "credential_spec": {"file": "a"}, "depends_on": ["b"], "deploy": {},
    "develop": {}, "device_cgroup_rules": ["a"], "devices": ["/dev/a"], "dns": ["192.0.2.1"], "dns_opt": ["a"],
    "dns_search": ["a"], "domainname": "a", "entrypoint": "a", "env_file": [], "environment": {}, "expose": ["80"],
    "extends": "b", "external_links": ["a"], "extra_hosts": ["a:192.0.2.1"], "gpus": "all", "group_add": ["a"],
    "healthcheck": {}, "hostname": "a", "image": "a:1", "init": True, "ipc": "host", "isolation": "default",
    "label_file": "a", "labels": {}, "links": ["b"], "logging": {}, "mac_address": "a", "mem_limit": "1g",
    "mem_reservation": "1g", "mem_swappiness": 1, "memswap_limit": "1g", "models": {}, "network_mode": "host",
    "networks": [], "oom_kill_disable": True, "oom_score_adj": 1, "pid": "host", "pids_limit": 5, "platform": "a",
    "ports": [], "post_start": [], "pre_stop": [], "privileged": True, "profiles": ["a"], "provider": {}, "pull_policy":
    "always", "read_only": True, "restart": "always", "runtime": "a", "scale": 2, "secrets": [], "security_opt": ["a"],
    "shm_size": "1g", "stdin_open": True, "stop_grace_period": "1s", "stop_signal": "A", "storage_opt": {}, "sysctls":
    {}, "tmpfs": ["/a"], "tty": True, "ulimits": {}, "use_api_socket": True, "user": "a", "userns_mode": "host", "uts":
    "host", "volume_driver": "a", "volumes": [], "volumes_from": ["b"], "working_dir": "/a", "x-mine": 1, "no_such_key":
    1,
}  # fmt: skip
WITHOUT_EFFECT = {
    "privileged", "devices", "network_mode", "shm_size", "restart", "ipc", "pid", "userns_mode", "cgroup_parent",
    "cgroupns_mode", "domainname", "mac_address", "links", "external_links", "container_name", "oom_score_adj",
    "tmpfs",
}  # fmt: skip
"""What docker takes and Swarm ignores, to the harm of whoever wrote it: edgegen refuses it too."""


def docker_says(folder: Path, file: dict[str, Any]) -> str:
    """The complaint of `docker stack config`; empty where it takes the file. No engine is asked."""
    (folder / "stack.yml").write_text(json.dumps(file))
    argv = [program("docker"), "stack", "config", "-c", "stack.yml"]
    done = subprocess.run(argv, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    return done.stderr.strip() if done.returncode else ""


def edgegen_says(spec: dict[str, Any]) -> list[str]:
    """The complaints about keys; a build has one of its own."""
    loaded = load_text(json.dumps({"name": "a", "target": "swarm", **spec}).encode())
    return [item.message for item in complaints(loaded.spec) if "build" not in item.path]


@pytest.mark.parametrize("key", OF_COMPOSE)
def test_a_key_of_a_service(key: str, tmp_path: Path) -> None:
    value = OF_COMPOSE[key]
    said = docker_says(tmp_path, {"services": {"web": {"image": "a:1", key: value}, "b": {"image": "a:1"}}})
    mine = edgegen_says({"services": {"web": {"image": "a:1", "extra": {key: value}}}})
    assert bool(mine) == bool(said or key in WITHOUT_EFFECT), (said, mine)
    if mine and "`docker stack` refuses this" in mine[0]:
        assert mine == [f"`docker stack` refuses this: {said}"]


@pytest.mark.parametrize(
    ("section", "key"),
    [
        (section, key)
        for section in ("networks", "volumes")
        for key in (
            "driver",
            "driver_opts",
            "ipam",
            "external",
            "internal",
            "attachable",
            "labels",
            "name",
            "enable_ipv6",
            "enable_ipv4",
            "x-a",
            "size",
        )
    ],
)
def test_a_key_of_a_network_or_volume(section: str, key: str, tmp_path: Path) -> None:
    driver = "overlay" if section == "networks" else "local"
    value: Any = {"driver_opts": {}, "ipam": {}, "labels": {}, "driver": driver, "name": "a"}.get(key, True)
    said = docker_says(tmp_path, {"services": {"web": {"image": "a:1"}}, section: {"one": {key: value}}})
    mine = edgegen_says({"extra": {section: {"one": {key: value}}}})
    assert mine == ([f"`docker stack` refuses this: {said}"] if said else [])


@pytest.mark.parametrize("key", ["include", "models", "version", "x-a", "services", "configs", "secrets"])
def test_a_key_of_the_file(key: str, tmp_path: Path) -> None:
    value: Any = {"version": "3.13", "include": ["a.yml"]}.get(key, {})
    said = docker_says(tmp_path, {"services": {"web": {"image": "a:1"}}, key: value})
    assert edgegen_says({"extra": {key: value}}) == ([f"`docker stack` refuses this: {said}"] if said else [])


@pytest.mark.parametrize(
    ("key", "value"), [("depends_on", {"b": {"condition": "service_healthy"}}), ("env_file", [{"path": "a.env"}])]
)
def test_a_long_form(key: str, value: Any, tmp_path: Path) -> None:
    said = docker_says(tmp_path, {"services": {"web": {"image": "a:1", key: value}, "b": {"image": "a:1"}}})
    mine = edgegen_says({"services": {"web": {"image": "a:1", "extra": {key: value}}}})
    assert mine == [f"`docker stack` refuses this: {said}"]


@pytest.mark.parametrize("key", ["job", "endpoint_mode", "mode", "x-a"])
def test_a_key_of_deploy(key: str, tmp_path: Path) -> None:
    value = {"mode": "global", "endpoint_mode": "dnsrr"}.get(key, "1")
    said = docker_says(tmp_path, {"services": {"web": {"image": "a:1", "deploy": {key: value}}}})
    mine = edgegen_says({"services": {"web": {"image": "a:1", "extra": {"deploy": {key: value}}}}})
    assert mine == ([f"`docker stack` refuses this: {said}"] if said else [])


@pytest.mark.parametrize(
    ("mode", "is_refused"), [("replicated-job", True), ("global-job", True), ("replicated", False), ("global", False)]
)
def test_a_job_of_swarms_own_is_refused(mode: str, is_refused: bool) -> None:
    """The engine refuses it in the middle of a deployment: `Jobs may not have an update config`."""
    mine = edgegen_says({"services": {"web": {"image": "a:1", "extra": {"deploy": {"mode": mode}}}}})
    said = f"Swarm refuses `{mode}` with an update policy, which edgegen gives to each service"
    assert mine == ([said] if is_refused else [])
