"""A spec that went through edgegen in this process, and whether it came out as it must."""

from __future__ import annotations

import json
import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from edgegen import __version__
from edgegen.core.errors import SpecError
from edgegen.project.render import Prepared, prepare
from edgegen.render.files import Origin, render
from edgegen.spec.load import load_text
from tests.properties import expectation
from tests.properties.specs import SECRET_FILES, Sample, as_text

Data = dict[str, Any]
COMPOSE = "docker-compose.yml"
DYNAMIC = "traefik/dynamic/"


@dataclass(frozen=True)
class Rendered:
    """An accepted spec: its plain data (overlaid), and the files that came of it."""

    number: int
    text: str
    environment: str | None
    variables: dict[str, str]
    data: Data
    files: dict[str, bytes]
    modes: dict[str, int]
    compose: Data
    """The Compose file as PyYAML reads it, `$$` still doubled."""


def project_folder(folder: Path) -> Path:
    """An empty project with the files that specs refer to."""
    for name, content in {**SECRET_FILES, "ca.pem": "ca"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content.encode())
    return folder


def through(sample: Sample, number: int, project: Path) -> Rendered:
    """Load, check and render. Everything that leaves edgegen (errors, warnings) leaves here."""
    text = as_text(sample.data, number)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loaded = load_text(text.encode(), "edge.yaml", sample.environment)
        prepared = prepare(project, sample.environment, environ=sample.variables, loaded=loaded)
    files = {item.path: item.content for item in prepared.outputs}
    modes = {item.path: item.mode for item in prepared.outputs}
    _same_again(prepared, files)
    data = expectation.overlaid(json.loads(as_plain_json(text)), sample.environment)
    compose = yaml.load(files[COMPOSE], yaml.CSafeLoader)
    return Rendered(number, text, sample.environment, sample.variables, data, files, modes, compose)


def as_plain_json(text: str) -> str:
    """The text of `as_text` without the escapes that only YAML has."""
    return re.sub(r"\\U([0-9a-f]{8})|\\x7f|\\.", _json_escape, text)


def _json_escape(match: re.Match[str]) -> str:
    if match[1]:
        return json.dumps(chr(int(match[1], 16)))[1:-1]
    return "\\u007f" if match[0] == "\\x7f" else match[0]


def _same_again(prepared: Prepared, files: dict[str, bytes]) -> None:
    again = render(prepared.desired, Origin(prepared.digest, __version__, prepared.loaded.environment))
    for file in again:
        assert files[file.path] == file.text.encode(), f"{file.path} differs when it is rendered a second time"


def judge(rendered: Rendered) -> None:
    """Raise AssertionError where the files do not say what the spec says."""
    _judge_containers(rendered)
    _judge_secrets(rendered)
    _judge_routers(rendered)
    _judge_promises(rendered)


def _judge_containers(rendered: Rendered) -> None:
    services = rendered.compose["services"]
    for name, wanted in expectation.containers(rendered.data).items():
        for key, value in wanted.items():
            found = expectation.uninterpolated(services[name].get(key, {} if isinstance(value, dict) else None))
            if key == "labels":
                found = {label: found.get(label) for label in value}
            assert found == value, f"{name}.{key}: {found!r} is not {value!r}"


def _judge_secrets(rendered: Rendered) -> None:
    modes = {f"secrets/{name}": mode for name, mode in expectation.secret_modes(rendered.data).items()}
    assert {path: rendered.modes[path] for path in modes} == modes
    others = {path for path in rendered.modes if path.startswith("secrets/")} - modes.keys()
    assert {path: rendered.modes[path] for path in others} == dict.fromkeys(others, 0o600)
    assert {secret["file"] for secret in rendered.compose.get("secrets", {}).values()} <= {
        f"./{path}" for path in rendered.files
    }
    assert expectation.uninterpolated(rendered.compose.get("configs", {})) == expectation.configs(rendered.data)


def _judge_routers(rendered: Rendered) -> None:
    assert written_routers(rendered) == expectation.routers(rendered.data)


def written_routers(rendered: Rendered) -> dict[str, expectation.Router]:
    """The routers of the rendered files, read by the test's own eyes."""
    found: dict[str, expectation.Router] = {}
    for service in rendered.compose["services"].values():
        labels = expectation.uninterpolated(service.get("labels", {}))
        for label, rule in labels.items():
            if match := re.fullmatch(r"traefik\.(http|tcp)\.routers\.([^.]+)\.rule", label):
                answer = {"rule": rule, "entryPoints": labels[label.replace(".rule", ".entrypoints")].split(",")}
                found[f"{match[2]}@docker"] = expectation.seen_router(match[1], answer)
    for content in dynamic(rendered).values():
        for name, router in content.get("http", {}).get("routers", {}).items():
            found[f"{name}@file"] = expectation.seen_router("http", router)
    return found


def dynamic(rendered: Rendered) -> dict[str, Data]:
    """The files of Traefik's file provider, parsed."""
    return {
        path.removeprefix(DYNAMIC): yaml.load(content, yaml.CSafeLoader)
        for path, content in rendered.files.items()
        if path.startswith(DYNAMIC)
    }


def _judge_promises(rendered: Rendered) -> None:
    """What no spec may bring about."""
    for name, service in rendered.compose["services"].items():
        flags = service.get("command") if name == "traefik" else None
        assert not any("api.insecure" in flag or flag.endswith(":8080") for flag in flags or ())
        if (service.get("labels") or {}).get("traefik.enable"):
            assert any(label.startswith("traefik.") and label.endswith(".network") for label in service["labels"])
    for content in dynamic(rendered).values():
        for name, router in content.get("http", {}).get("routers", {}).items():
            if router["service"] == "api@internal" and router["entryPoints"] == ["websecure"]:
                assert any("auth" in use for use in router["middlewares"]), f"{name} is open"


def judge_refusal(error: SpecError) -> None:
    """Raise AssertionError for a refusal that does not say what, where and with which code."""
    assert error.exit_code in (2, 3)
    assert error.problems
    for problem in error.problems:
        assert problem.message.strip(), "a refusal without a word"
        assert problem.where is not None, f"no place: {problem}"
        assert problem.where.line >= 1 and problem.where.column >= 1, f"no line: {problem}"
