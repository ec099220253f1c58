"""A spec for target swarm that went through edgegen and `docker stack config`, and whether it came out as it must."""

from __future__ import annotations

import json
import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from edgegen.project.render import prepare
from edgegen.spec.load import load_text
from tests.lab.parsers import stack_config
from tests.properties import expectation, rendered, swarm_expectation
from tests.properties.rendered import as_plain_json
from tests.properties.specs import Sample, as_text, token

Data = dict[str, Any]
STACK = "stack.yml"
OWN_LABELS = re.compile(r"traefik\.")


@dataclass(frozen=True)
class Stack:
    """An accepted spec: its plain data (overlaid), its files on the disk, and what docker reads of them."""

    number: int
    data: Data
    home: Path
    files: dict[str, bytes]
    docker: Data

    @property
    def name(self) -> str:
        """The stack's."""
        return str(self.data["name"])


def project_folder(folder: Path) -> Path:
    """An empty project with the files that specs refer to: a swarm is given what they hold, so they must be there."""
    rendered.project_folder(folder)
    for name in ("files/a conf", "a$b.conf", "a$b.pem"):
        (folder / name).write_text(f"{name}\n")
    return folder


def through(sample: Sample, number: int, project: Path, folder: Path) -> Stack:
    """Load, check, render and write below `folder`; every complaint of edgegen or docker leaves here."""
    text = as_text(sample.data, number)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loaded = load_text(text.encode(), "edge.yaml", sample.environment)
        prepared = prepare(project, sample.environment, environ=sample.variables, loaded=loaded)
    files = {item.path: item.content for item in prepared.outputs}
    home = folder / token(number)
    for path, content in files.items():
        place = home / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    data = expectation.overlaid(json.loads(as_plain_json(text)), sample.environment)
    return Stack(number, data, home, files, stack_config(home / STACK))


def judge(stack: Stack) -> None:
    """Raise AssertionError where docker does not read what the spec says."""
    _judge_containers(stack)
    _judge_names(stack)
    _judge_promises(stack)
    _judge_secrets(stack)


def _judge_containers(stack: Stack) -> None:
    def secret(name: str) -> str:
        return stack.files[f"secrets/{name}"].decode().removesuffix("\n").removesuffix("\r")

    for name, wanted in swarm_expectation.containers(stack.data, secret).items():
        found = seen(stack.docker["services"][name], stack.home)
        found["labels"] = {key: value for key, value in found["labels"].items() if not OWN_LABELS.match(key)}
        for key, value in wanted.items():
            assert printed(found[key]) == printed(value), f"{name}.{key}: {found[key]!r} is not {value!r}"


def printed(value: Any) -> Any:
    """A value without line breaks at the beginning of its texts: docker's printer loses them (what it deploys has them,
    see `test_swarm_sinks`)."""
    if isinstance(value, dict):
        return {key: printed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [printed(item) for item in value]
    return value.lstrip("\n") if isinstance(value, str) else value


def seen(service: Data, home: Path) -> Data:
    """A service as docker reads it, in the words of `swarm_expectation`. `home`: where the stack file is."""
    expand = swarm_expectation.expanded
    deploy = service.get("deploy", {})
    return {
        "image": service["image"],
        "environment": {
            key: None if value is None else expand(value) for key, value in (service.get("environment") or {}).items()
        },
        "labels": {**(service.get("labels") or {}), **(deploy.get("labels") or {})},
        "command": service.get("command") or [],
        "entrypoint": service.get("entrypoint") or [],
        "healthcheck": swarm_expectation.timed(service.get("healthcheck") or {}),
        "volumes": [
            {
                key: item if isinstance(item, dict) else expand(item).replace(f"{home}/", "./")
                for key, item in volume.items()
            }
            for volume in service.get("volumes") or []
        ],
        "secrets": service.get("secrets") or [],
        "configs": service.get("configs") or [],
        "ports": service.get("ports") or [],
        "stop": (service.get("stop_signal"), swarm_expectation.seconds(service.get("stop_grace_period"))),
        "user": service.get("user"),
        "working_dir": service.get("working_dir"),
        "hostname": expand(service["hostname"]) if "hostname" in service else None,
    }


def _judge_names(stack: Stack) -> None:
    """Secrets and configs: each by its content, and each with a file that edgegen wrote or the user has."""
    for section in ("secrets", "configs"):
        for key, item in (stack.docker.get(section) or {}).items():
            assert swarm_expectation.is_name_of_content(item["name"], stack.name), f"{section}.{key}: {item['name']}"
            written = Path(item["file"]).relative_to(stack.home)
            mine = str(written) in stack.files
            assert mine or section == "configs", f"{section}.{key}: nobody writes {written}"


def _judge_promises(stack: Stack) -> None:
    """What no spec may bring about."""
    for name, service in stack.docker["services"].items():
        deploy = service["deploy"]
        assert deploy["endpoint_mode"] == "dnsrr", name
        assert all(port["mode"] == "host" for port in service.get("ports") or []), name
        assert not {"build", "restart", "depends_on", "security_opt", "privileged", "tmpfs"} & service.keys(), name
        labels = deploy.get("labels") or {}
        if labels.get("traefik.enable") == "true":
            assert any(key.endswith(".loadbalancer.server.port") for key in labels), f"{name} has no port"
            command = " ".join(service.get("command") or [])
            flag = re.search(r"--providers\.swarm\.network=(\S+)", command)
            if network := labels.get("traefik.swarm.network") or (flag[1] if flag and name == "traefik" else "none"):
                joined = [
                    (stack.docker["networks"].get(key) or {}).get("name", f"{stack.name}_{key}")
                    for key in service["networks"]
                ]
                assert network in joined, f"{name}: {network} is none of {joined}"
        assert not any(key.startswith("traefik.") for key in service.get("labels") or {}), name


def _judge_secrets(stack: Stack) -> None:
    text = stack.files[STACK].decode()
    said = json.dumps(stack.data, ensure_ascii=False)  # a long run draws one text for a secret and for a label
    for path, content in stack.files.items():
        if path.startswith("secrets/") or path.endswith("htpasswd"):
            for line in content.decode(errors="replace").splitlines():
                value = line.partition("=")[2] if path.endswith(".env") else line
                assert len(value) < 12 or value in said or value not in text, f"{path} stands in {STACK}"
