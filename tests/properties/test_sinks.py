"""Hostile strings through every place that takes one: what the real parser reads is what went in.

Ten thousand in the proof; a tenth, all of the corpus among them, in the usual run.
"""

from __future__ import annotations

import json
import os
import random
import re
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from edgegen.core.errors import SpecError
from edgegen.project.render import prepare, write
from edgegen.spec.load import load_text
from tests.lab.oracle import ask_traefik
from tests.lab.parsers import COMPOSE, compose_config
from tests.properties import expectation, hostile, specs

pytestmark = [pytest.mark.slow, pytest.mark.lab]

STRINGS, SAMPLE = 10_000, 1_000
IN_A_SERVICE = 100
IN_A_FILE = 2_500
ROUTES = 1_000
Data = dict[str, Any]
_ALPHABETS = (
    "$${}`'\"\\:#&*!|>%@,[]- \n\t~=<?;", "abc XYZ 019._/-", "é日本עמ\u202e\u2028\x85\ufeff\xa0\U0001f600", "01x_.e+-:",
    "".join(map(chr, range(1, 128))),
)  # fmt: skip


def strings(count: int, keep: str = "") -> list[str]:
    """The corpus and as many more as are asked for, the same on every run; without the characters of `keep`."""
    source = random.Random(20_260_101)
    found = dict.fromkeys(hostile.CORPUS)
    while len(found) < count + 200:
        alphabet = source.choice(_ALPHABETS)
        found["".join(source.choice(alphabet) for _ in range(source.randint(1, 14)))] = None
        code = source.choice((source.randint(1, 0xD7FF), source.randint(0xE000, 0x10FFFF)))
        found[f"{chr(code)}{source.choice(hostile.CORPUS)}"] = None
    return [text for text in found if not any(mark in text for mark in keep)][:count]


@pytest.fixture(scope="module")
def count(proof: bool) -> int:
    """How many strings each place is given."""
    return STRINGS if proof else SAMPLE


def chunks(items: list[str], size: int) -> list[list[str]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def written(folder: Path, services: Data, **more: Any) -> Path:
    """The project of these services, on disk."""
    folder.mkdir(parents=True, exist_ok=True)
    text = specs.as_text({"name": "sinks", "services": services, **more})
    loaded = load_text(text.encode(), "edge.yaml")
    write(folder, prepare(folder, None, environ={}, loaded=loaded))
    return folder


def read_back(folder: Path, services: Data, **more: Any) -> Data:
    """The services as the real docker-compose reads them."""
    found: Data = compose_config(written(folder, services, **more) / "docker-compose.yml")["services"]
    return found


def _service(**keys: Any) -> Data:
    return {"image": "x:1", **keys}


SINKS: dict[str, Callable[[list[str]], Data]] = {
    "environment": lambda texts: {"environment": {f"V{number}": text for number, text in enumerate(texts)}},
    "label": lambda texts: {"labels": {f"l.{number}": text for number, text in enumerate(texts)}},
    "command": lambda texts: {"command": texts},
    "entrypoint": lambda texts: {"entrypoint": texts},
    "healthcheck": lambda texts: {"healthcheck": {"test": ["CMD", "true", *texts]}},
}


def _values(sink: str, service: Data) -> list[str]:
    found = service.get({"label": "labels"}.get(sink, sink)) or {}
    if sink == "healthcheck":
        return list(found["test"][2:])
    return (
        list(found)
        if isinstance(found, list)
        else [found[key] for key in sorted(found, key=lambda key: int(key.strip("Vl.")))]
    )


def through_compose(sink: str, texts: list[str], folder: Path) -> list[str]:
    """The strings after edgegen and the real docker-compose."""
    result = []
    for number, part in enumerate(chunks(texts, IN_A_FILE)):
        services = {
            f"s{index}": _service(**SINKS[sink](list(map(hostile.for_compose, group))))
            for index, group in enumerate(chunks(part, IN_A_SERVICE))
        }
        found = read_back(folder / str(number), services)
        for name in services:
            result += _values(sink, found[name])
    return result


@pytest.mark.parametrize("sink", sorted(SINKS))
def test_every_string_comes_out_as_it_went_in(sink: str, count: int, tmp_path: Path) -> None:
    texts = strings(count)
    assert len(texts) == count
    assert through_compose(sink, texts, tmp_path) == texts


@pytest.mark.parametrize("sink", ["command", "healthcheck"])
def test_a_command_or_check_that_is_text_stays_that_text(sink: str, count: int, tmp_path: Path) -> None:
    """A check goes to the container's shell as it is; a command is split by Compose, so it is quoted here for a shell."""
    texts = [text for text in strings(count) if text.strip()]
    for number, part in enumerate(chunks(texts, IN_A_FILE)):
        services = {
            f"s{index}": _service(**_as_text(sink, hostile.for_compose(text))) for index, text in enumerate(part)
        }
        found = read_back(tmp_path / str(number), services)
        for index, text in enumerate(part):
            service = found[f"s{index}"]
            assert (service["command"] if sink == "command" else service["healthcheck"]["test"]) == _text_read(
                sink, text
            )


def test_the_text_of_a_config_comes_out_as_it_went_in(count: int, tmp_path: Path) -> None:
    texts = [text for text in strings(count) if text]
    for number, part in enumerate(chunks(texts, IN_A_FILE)):
        configs = {f"c{index}": {"content": hostile.for_compose(text)} for index, text in enumerate(part)}
        folder = written(tmp_path / str(number), {"s": _service(configs=list(configs))}, configs=configs)
        found = compose_config(folder / "docker-compose.yml")
        assert [found["configs"][name]["content"] for name in configs] == part
        assert [use["source"] for use in found["services"]["s"]["configs"]] == list(configs)


def _as_text(sink: str, text: str) -> Data:
    return {"command": f"run {_shell_quoted(text)}"} if sink == "command" else {"healthcheck": {"test": text}}


def _shell_quoted(text: str) -> str:
    return "'" + text.replace("'", "'\"'\"'") + "'"


def _text_read(sink: str, text: str) -> list[str]:
    return ["run", text] if sink == "command" else ["CMD-SHELL", text]


def test_a_secret_is_the_same_bytes_in_its_file(count: int, tmp_path: Path) -> None:
    texts = strings(count)
    (tmp_path / "edge").mkdir()
    environ = {f"S{number}": text for number, text in enumerate(texts) if text}
    secrets = {f"s{number}": {"env": variable} for number, variable in enumerate(environ)}
    for part in chunks(sorted(secrets), IN_A_FILE):
        text = specs.as_text({"name": "sinks", "secrets": {name: secrets[name] for name in part}})
        prepared = prepare(tmp_path / "edge", None, environ=environ, loaded=load_text(text.encode(), "edge.yaml"))
        content = {item.path: (item.content, item.mode) for item in prepared.outputs}
        for name in part:
            assert content[f"secrets/{name}"] == (environ[secrets[name]["env"]].encode(), 0o600)


def test_a_secret_file_on_disk_is_those_bytes_and_private(tmp_path: Path) -> None:
    text = specs.as_text({"name": "sinks", "secrets": {"one": {"env": "ONE"}}})
    for value in ("a$b\n${X}", " \t'\"`\\ ", "é\u2028\x85", "x" * 100_000):
        folder = tmp_path / str(len(value))
        folder.mkdir()
        write(folder, prepare(folder, None, environ={"ONE": value}, loaded=load_text(text.encode(), "edge.yaml")))
        path = folder / "secrets/one"
        assert path.read_bytes() == value.encode()
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600


def test_a_secret_as_a_variable_comes_out_as_it_went_in(count: int, tmp_path: Path) -> None:
    """By an env file that Compose takes literally."""
    texts = [text for text in strings(count, keep="\r\n\0") if text]
    result: list[str] = []
    for number, part in enumerate(chunks(texts, IN_A_FILE)):
        folder = tmp_path / str(number)
        folder.mkdir()
        services: Data = {}
        for index, group in enumerate(chunks(part, IN_A_SERVICE)):
            names = [f"x{index}-{place}" for place in range(len(group))]
            services[f"s{index}"] = _service(
                environment={f"V{place}": {"secret": name} for place, name in enumerate(names)}
            )
        secrets = {use["secret"]: {"env": f"E{place}"} for place, use in enumerate(_uses(services))}
        environ = {f"E{place}": text for place, text in enumerate(part)}
        text = specs.as_text({"name": "sinks", "services": services, "secrets": secrets})
        write(folder, prepare(folder, None, environ=environ, loaded=load_text(text.encode(), "edge.yaml")))
        found = compose_config(folder / "docker-compose.yml")["services"]
        for name in services:
            result += _values("environment", found[name])
    assert result == texts


def _uses(services: Data) -> list[Data]:
    return [use for service in services.values() for use in service["environment"].values()]


def _paths(count: int) -> list[str]:
    controls = "".join(chr(code) for code in (*range(32), 127))
    texts = _without_variables(strings(count, keep=controls))
    # What no request has in its path is refused: a wildcard, a query, a fragment, a placeholder.
    return ["/" + text for text in texts if text.strip("/") and not re.search(r"[*?#]|\{[^/}]*\}", text)]


def _without_variables(texts: list[str]) -> list[str]:
    """Outside of Compose's keys a variable is an error of its own."""
    return [text for text in texts if not re.search(r"\$\{[_A-Za-z]", text)]


def test_a_path_comes_out_of_its_rule_as_it_went_in(count: int, tmp_path: Path) -> None:
    """Read by an independent reader of Go's strings."""
    paths = _paths(count)
    for part in chunks(paths, 1_000):
        services = {f"s{number}": _routed(number, path) for number, path in enumerate(part)}
        folder = written(tmp_path, services)
        compose = yaml.load((folder / "docker-compose.yml").read_bytes(), yaml.CSafeLoader)
        for number, path in enumerate(part):
            labels = expectation.uninterpolated(compose["services"][f"s{number}"]["labels"])
            rule = labels[f"traefik.http.routers.s{number}-https.rule"]
            assert expectation.rule_arguments(rule) == [("Host", [f"h{number}.example.com"]), ("PathPrefix", [path])]


def test_the_real_traefik_takes_every_path(count: int, tmp_path: Path) -> None:
    paths = _paths(count)[:ROUTES]
    services = {f"s{number}": _routed(number, path) for number, path in enumerate(paths)}
    folder = written(tmp_path, services)
    answer = ask_traefik(compose_config(folder / "docker-compose.yml"), folder / "traefik/dynamic")
    assert answer.complaints == []
    for number, path in enumerate(paths):
        seen = expectation.seen_router("http", answer.http_routers[f"s{number}-https@docker"])
        assert seen.path == path and seen.hosts == {f"h{number}.example.com"}


def _routed(number: int, path: str) -> Data:
    return _service(host=f"h{number}.example.com", port=80, path=path)


def test_a_header_in_a_dynamic_file_reaches_traefik_as_it_went_in(count: int, tmp_path: Path) -> None:
    """The files are Go templates to Traefik: a value must never become one."""
    texts = [text for text in _without_variables(strings(min(count, 2_000), keep="\r\n\0")) if text.strip()]
    named = {
        f"m{number}": {"kind": "headers", "custom_response_headers": {"X-Value": text}}
        for number, text in enumerate(texts)
    }
    folder = written(tmp_path, {"w": _service(host="w.example.com", port=80)}, middlewares=named)
    assert not re.search(rb"\{\{", (folder / "traefik/dynamic/middlewares.yml").read_bytes())
    answer = ask_traefik(compose_config(folder / "docker-compose.yml"), folder / "traefik/dynamic")
    assert answer.complaints == []
    for number, text in enumerate(texts):
        headers = answer.middlewares[f"m{number}@file"]["headers"]
        assert headers["customResponseHeaders"] == {"X-Value": text}


@pytest.mark.parametrize("sink", sorted(SINKS))
def test_every_string_as_it_stands_means_what_it_means_to_compose_by_itself(
    sink: str, count: int, tmp_path: Path
) -> None:
    """Here nobody has doubled a dollar: variables and all. What edgegen refuses, Compose refuses as well."""
    texts, refused = [], []
    for text in (text for text in strings(count) if "$" in text):
        try:
            load_text(specs.as_text({"name": "sinks", "services": {"s": _service(**SINKS[sink]([text]))}}).encode())
            texts.append(text)
        except SpecError as error:
            assert str(error).startswith("edge.yaml:"), text
            refused.append(text)
    assert len(texts) > len(refused) > 0
    # `:?` stops Compose; what it says of the others is their business.
    texts = [text for text in texts if ":?" not in text and "?" not in text.partition("${")[2]]
    services = {f"s{index}": _service(**SINKS[sink](group)) for index, group in enumerate(chunks(texts, IN_A_SERVICE))}
    folder = written(tmp_path / "edgegen", services)
    (tmp_path / "alone.yml").write_text(specs.as_text({"name": "sinks", "services": services}))
    theirs = _read_with_variables(tmp_path / "alone.yml")["services"]
    ours = _read_with_variables(folder / "docker-compose.yml")["services"]
    for name in services:
        assert _values(sink, ours[name]) == _values(sink, theirs[name])
    for text in refused[:: max(1, len(refused) // 20)]:
        (tmp_path / "refused.yml").write_text(
            specs.as_text({"name": "sinks", "services": {"s": _service(**SINKS[sink]([text]))}})
        )
        with pytest.raises(subprocess.CalledProcessError):
            _read_with_variables(tmp_path / "refused.yml")


def _read_with_variables(path: Path) -> Data:
    done = subprocess.run(
        [str(COMPOSE), "-f", path.name, "config", "--format", "json"], cwd=path.parent,
        env={"PATH": "/usr/bin:/bin", "HOME": "/home/of/somebody", "X": "a value with $ and ${X}"},
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    found: Data = json.loads(done.stdout)
    return found
