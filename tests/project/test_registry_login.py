"""`registry login`: each snippet is of the form that its tool reads, and none holds a password."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from edgegen.core.errors import UsageError
from edgegen.project.registry_login import Snippet, snippets, tools

PASSWORD = "canary $x `id` \"q\" 'p'"
SPECS = {
    "public": "services: {hub: {kind: registry, host: r.example.com, users: [ci, alice]}}\n",
    "another port": (
        "edge: {ports: {websecure: 8443}}\nservices: {hub: {kind: registry, host: r.example.com, users: [ci]}}\n"
    ),
    "own authority": (
        "acme: {ca: 'https://ca.example/acme', ca_file: \"it's ca.pem\"}\n"
        "services: {hub: {kind: registry, host: r.example.com, users: [ci]}}\n"
    ),
    "local": "services: {hub: {kind: registry, users: [ci], listen: 5001}}\n",
    "cache": (
        "services: {hub: {kind: registry-cache, host: m.example.com, users: [ci], upstream: "
        "https://registry-1.docker.io}}\n"
    ),
    "cache of another": (
        "services: {hub: {kind: registry-cache, host: m.example.com, upstream: https://quay.io, users: [ci]}}\n"
    ),
}
SERVER = {
    "public": "r.example.com", "another port": "r.example.com:8443", "own authority": "r.example.com",
    "local": "127.0.0.1:5001", "cache": "m.example.com", "cache of another": "m.example.com",
}  # fmt: skip
CASES = [(kind, tool) for kind in SPECS for tool in tools()]


def of(tmp_path: Path, kind: str, tool: str | None) -> list[Snippet]:
    (tmp_path / "edge.yaml").write_text(f"name: shop\n{SPECS[kind]}")
    return snippets(tmp_path, None, tool=tool, service=None, user=None)


def for_tool(tmp_path: Path, kind: str, tool: str) -> dict[str, list[str]]:
    """Its snippets by language; nothing where the tool can't use this registry."""
    found: dict[str, list[str]] = {}
    for item in of(tmp_path, kind, tool):
        found.setdefault(item.language, []).append(item.text)
    return found


@pytest.mark.parametrize(("kind", "tool"), CASES)
def test_the_form(tmp_path: Path, kind: str, tool: str) -> None:
    if (kind == "local" and tool in ("kamal", "kubernetes")) or (kind.startswith("cache") and tool == "kamal"):
        with pytest.raises(UsageError, match=f"{tool} can't use `hub`"):
            of(tmp_path, kind, tool)
        return
    found = for_tool(tmp_path, kind, tool)
    assert found.keys() <= {"sh", "toml", "yaml"}
    for text in found.get("sh", ()):
        subprocess.run(["bash", "-n", "-c", text], check=True)
        subprocess.run(["dash", "-n", "-c", text], check=True)
    for text in found.get("toml", ()):
        assert tomllib.loads(text)
    for text in found.get("yaml", ()):
        assert isinstance(yaml.safe_load(text), dict)
    assert any(SERVER[kind] in text for texts in found.values() for text in texts)


def run(text: str, folder: Path, **programs: str) -> str:
    """A snippet in a shell whose programs are the ones given; what they wrote."""
    bin_ = folder / "bin"
    bin_.mkdir(exist_ok=True)
    said = folder / "said"
    said.write_text("")
    for name in ("docker", "podman", "kubectl", "kamal", "sudo"):
        script = programs.get(name, f'printf "%s\\n" "{name} $*" >> {said}; [ -t 0 ] || cat >> {said}')
        (bin_ / name).write_text(f"#!/bin/sh\n{script}\n")
        (bin_ / name).chmod(0o755)
    env = {"PATH": f"{bin_}:{os.environ['PATH']}", "REGISTRY_PASSWORD": PASSWORD, "HOME": str(folder)}
    subprocess.run(
        ["sh", "-e", "-c", text], cwd=folder, env=env, check=True, stdin=subprocess.DEVNULL, capture_output=True
    )
    return said.read_text()


@pytest.mark.parametrize("kind", SPECS)
@pytest.mark.parametrize("tool", ["docker", "podman"])
def test_a_login_gets_the_password_by_a_pipe(tmp_path: Path, kind: str, tool: str) -> None:
    (text,) = for_tool(tmp_path, kind, tool)["sh"]
    said = run(text, tmp_path)
    assert f"--password-stdin\n{PASSWORD}" in said or f"--password-stdin --tls-verify=false\n{PASSWORD}" in said
    assert said.count(f"{tool} login") == 2
    assert SERVER[kind] in said


@pytest.mark.parametrize("kind", SPECS)
def test_containerd_reads_hosts_toml(tmp_path: Path, kind: str) -> None:
    """The fields are those of containerd's docs/hosts.md."""
    root = tmp_path / "root"
    (config,) = for_tool(tmp_path, kind, "containerd")["toml"]
    assert tomllib.loads(config)["plugins"]["io.containerd.cri.v1.images"]["registry"] == {
        "config_path": "/etc/containerd/certs.d"
    }
    (text,) = for_tool(tmp_path, kind, "containerd")["sh"]
    (tmp_path / "it's ca.pem").write_text("PEM")
    run(text.replace("/etc/", f"{root}/etc/"), tmp_path, sudo='exec "$@"')
    name = {"cache": "docker.io", "cache of another": "quay.io"}.get(kind, SERVER[kind])
    file = root / "etc/containerd/certs.d" / name / "hosts.toml"
    assert file.stat().st_mode & 0o777 == 0o600
    hosts = tomllib.loads(file.read_text())
    url = f"{'http' if kind == 'local' else 'https'}://{SERVER[kind]}"
    upstream = {"cache": "https://registry-1.docker.io", "cache of another": "https://quay.io"}.get(kind, url)
    assert hosts["server"] == upstream
    host: dict[str, Any] = hosts["host"][url]
    assert set(host["capabilities"]) == ({"pull", "resolve"} if "cache" in kind else {"pull", "resolve", "push"})
    scheme, _, encoded = host["header"]["authorization"].partition(" ")
    assert (scheme, base64.b64decode(encoded).decode()) == ("Basic", f"ci:{PASSWORD}")
    if kind == "own authority":
        assert Path(host["ca"]).read_text() == "PEM"


@pytest.mark.parametrize("kind", [kind for kind in SPECS if kind != "local"])
def test_kubernetes_gets_a_docker_config(tmp_path: Path, kind: str) -> None:
    found = for_tool(tmp_path, kind, "kubernetes")
    said = run(found["sh"][0], tmp_path)
    head, _, config = said.partition("\n")
    auths = json.loads(config)["auths"]
    assert base64.b64decode(auths[SERVER[kind]]["auth"]).decode() == f"ci:{PASSWORD}"
    (pulls,) = yaml.safe_load(found["yaml"][0])["imagePullSecrets"]
    assert head.split()[:5] == ["kubectl", "create", "secret", "generic", pulls["name"]]
    assert PASSWORD not in head


def test_kamal(tmp_path: Path) -> None:
    found = for_tool(tmp_path, "public", "kamal")
    registry = yaml.safe_load(found["yaml"][0])["registry"]
    assert registry == {"server": "r.example.com", "username": "ci", "password": ["KAMAL_REGISTRY_PASSWORD"]}
    assert "KAMAL_REGISTRY_PASSWORD=$KAMAL_REGISTRY_PASSWORD" in found["sh"][0].splitlines()


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("public", None),
        ("own authority", {"r.example.com": {"ca": ["it's ca.pem"]}}),
        ("local", {"127.0.0.1:5001": {"http": True}}),
        ("cache", {"docker.io": {"mirrors": ["m.example.com"]}}),
    ],
)
def test_buildkit(tmp_path: Path, kind: str, wanted: dict[str, Any] | None) -> None:
    """The fields are those of BuildKit's docs/buildkitd.toml.md."""
    found = for_tool(tmp_path, kind, "buildkit")
    said = run(found["sh"][0], tmp_path)
    assert ("--buildkitd-config buildkitd.toml" in said) == (wanted is not None)
    if wanted is None:
        assert "toml" not in found
        return
    registry = tomllib.loads(found["toml"][0])["registry"]
    for options in registry.values():
        options.update({"ca": [Path(file).name for file in options["ca"]]} if "ca" in options else {})
    assert registry == wanted


def test_refused(tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(f"name: shop\n{SPECS['public']}")
    with pytest.raises(UsageError, match="no snippet for `dockr`") as caught:
        snippets(tmp_path, None, tool="dockr", service=None, user=None)
    assert caught.value.problems[0].hint == "did you mean `docker`?"
    with pytest.raises(UsageError, match="no user `alic`"):
        snippets(tmp_path, None, tool=None, service=None, user="alic")
    (tmp_path / "edge.yaml").write_text("name: shop\nservices: {hub: {kind: registry}}\n")
    with pytest.raises(UsageError, match="has no users"):
        snippets(tmp_path, None, tool=None, service=None, user=None)
