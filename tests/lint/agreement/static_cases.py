"""Static configurations that differ from a good one by one option, in four languages."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

LANGUAGES = ("flags", "environment", "yaml", "toml")
_OPTION = re.compile(r"^    --(\S+)  \(Default: \"(.*)\"\)$", re.MULTILINE)
OUTSIDE = (
    "providers.consul", "providers.etcd", "providers.redis", "providers.zookeeper", "providers.nomad", "providers.ecs",
    "providers.http", "providers.kubernetes", "providers.knative", "providers.plugin", "metrics.", "tracing",
    "experimental.plugins", "experimental.localplugins", "spiffe", "log.otlp", "accesslog.otlp", "providers.rest",
    "providers.consulcatalog", "hostresolver", "ocsp", "providers.docker.constraints", "providers.swarm.constraints",
)  # fmt: skip
"""Groups whose valid values make Traefik talk to other machines, or load what is not here."""


@dataclass(frozen=True)
class Case:
    """Options, and the language that they are written in."""

    name: str
    language: str
    options: Mapping[str, str]
    option: str = ""
    """The one that differs."""
    by_hand: bool = False

    @property
    def is_outside(self) -> bool:
        """Whether its option makes Traefik talk to other machines."""
        return not self.by_hand and self.option.startswith(OUTSIDE)

    @property
    def flags(self) -> list[str]:
        """As flags."""
        return [f"--{option}={value}" for option, value in self.options.items()]

    @property
    def variables(self) -> dict[str, str]:
        """As variables."""
        return {"TRAEFIK_" + option.replace(".", "_").upper(): value for option, value in self.options.items()}

    @property
    def nested(self) -> dict[str, Any]:
        """As the data of a file: numbers and booleans are such."""
        top: dict[str, Any] = {}
        for option, value in self.options.items():
            *groups, last = option.split(".")
            inside: Any = top
            for group in groups:
                name, index = _indexed(group)
                below = inside.setdefault(name, {} if index is None else [])
                if index is not None:
                    while len(below) <= index:
                        below.append({})
                    below = below[index]
                if not isinstance(below, dict):
                    below = inside[name] = {}
                inside = below
            if isinstance(inside.get(last), dict) and value == "true":
                continue  # it has options of its own
            inside[last] = _scalar(value)
        return top

    def text(self) -> str:
        """As a YAML or TOML file."""
        return toml(self.nested) if self.language == "toml" else yaml(self.nested)


def _indexed(word: str) -> tuple[str, int | None]:
    found = re.fullmatch(r"(.*)\[(\d+)\]", word)
    return (found.group(1), int(found.group(2))) if found else (word, None)


def _scalar(value: str) -> Any:
    if value in ("true", "false"):
        return value == "true"
    return int(value) if re.fullmatch(r"0|[1-9]\d{0,8}", value) else value


def yaml(data: Any, indent: str = "") -> str:
    """Block mappings, lists and quoted texts."""
    lines = []
    for key, value in data.items():
        word = key if re.fullmatch(r"[A-Za-z][\w-]*", key) else json.dumps(key)
        if isinstance(value, dict) and value:
            lines.append(f"{indent}{word}:\n{yaml(value, indent + '  ')}")
        else:
            lines.append(f"{indent}{word}: {json.dumps(value, ensure_ascii=False)}\n")
    return "".join(lines)


def toml(data: Any) -> str:
    """Tables for mappings, one line for everything else."""
    return "".join(_tables(data, ""))


def _tables(data: Any, path: str) -> Iterator[str]:
    for key, value in data.items():
        if not isinstance(value, dict):
            yield f"{_key(key)} = {_inline(value)}\n"
    for key, value in data.items():
        if isinstance(value, dict):
            below = f"{path}.{_key(key)}" if path else _key(key)
            yield f"[{below}]\n"
            yield from _tables(value, below)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[\w-]+", key) else json.dumps(key)


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)} = {_inline(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


@lru_cache(maxsize=8)
def known(binary: Path | str) -> dict[str, str]:
    """Every flag that this Traefik lists, with its default, by its own help."""
    text = subprocess.run([str(binary), "--help"], capture_output=True, text=True, check=True, timeout=60).stdout
    found = _OPTION.findall(text)
    assert len(found) > 300, len(found)
    return {name: default for name, default in found if name != "configfile"}


def base(ports: tuple[int, int, int], sentinel: Path) -> dict[str, str]:
    """Options of an ordinary edge; none of it reaches out of this machine."""
    return {
        "global.checknewversion": "false",
        "log.level": "DEBUG",
        "log.format": "json",
        "entrypoints.web.address": f"127.0.0.1:{ports[0]}",
        "entrypoints.web.http.redirections.entrypoint.to": "websecure",
        "entrypoints.web.http.redirections.entrypoint.scheme": "https",
        "entrypoints.websecure.address": f"127.0.0.1:{ports[1]}",
        "entrypoints.websecure.transport.respondingtimeouts.readtimeout": "600s",
        "entrypoints.websecure.forwardedheaders.trustedips": "10.0.0.0/8,192.168.1.1",
        "entrypoints.traefik.address": f"127.0.0.1:{ports[2]}",
        "api": "true",
        "ping": "true",
        "accesslog": "true",
        "certificatesresolvers.le.acme.email": "ops@example.org",
        "certificatesresolvers.le.acme.storage": str(sentinel.parent / "acme.json"),
        "certificatesresolvers.le.acme.caserver": "http://127.0.0.1:9/directory",
        "certificatesresolvers.le.acme.tlschallenge": "true",
        "providers.file.filename": str(sentinel),
    }


def real_name(option: str, name: str = "") -> str:
    """`entrypoints.<name>.address` -> `entrypoints.websecure.address`."""
    chosen = {"entrypoints": "websecure", "certificatesresolvers": "le"}.get(option.partition(".")[0], "some")
    return option.replace("<name>", name or chosen).replace("[n]", "[0]")


def misspelt(word: str, turn: int) -> str:
    """One letter doubled, left out, swapped or added."""
    at = max(1, len(word) // 2)
    return [
        word[:at] + word[at - 1] + word[at:],
        word[:at] + word[at + 1 :] if len(word) > 2 else word + "x",
        word[: at - 1] + word[at : at + 1] + word[at - 1] + word[at + 1 :],
        word + "s",
    ][turn % 4]


WRONG = ("ni!ght", "yes", "-1", "3x", "", "1.5", "ten seconds", "on")
"""Values that are wrong for some types and right for others: Traefik decides."""


def cases(binary: Path | str, start: Mapping[str, str]) -> Iterator[Case]:
    """Every option misspelt, with a wrong value, and at a wrong place; languages by turns."""
    for turn, option in enumerate(sorted(known(binary))):
        name = real_name(option)
        words = name.split(".")
        languages = (LANGUAGES[turn % 4], LANGUAGES[(turn + 1) % 4], LANGUAGES[(turn + 2) % 4])
        value = known(binary)[option] or "x"
        last = misspelt(words[-1].partition("[")[0], turn)
        yield _case("misspelt", languages[0], start, ".".join([*words[:-1], last]), value)
        yield _case("value", languages[1], start, name, WRONG[turn % len(WRONG)])
        if len(words) > 1:
            place = ["log", "entrypoints.web.http", "certificatesresolvers.le.acme", "providers.docker"][turn % 4]
            yield _case("place", languages[2], start, f"{place}.{words[-1]}", value)
        if len(words) > 2:
            middle = [*words[:-2], misspelt(words[-2].partition("[")[0], turn + 1), words[-1]]
            yield _case("middle", languages[2], start, ".".join(middle), value)


def _case(kind: str, language: str, start: Mapping[str, str], option: str, value: str) -> Case:
    kept = {key: item for key, item in start.items() if not option.startswith(f"{key}.")}
    return Case(f"{kind} {language} {option}={value}", language, {**kept, option: value}, option)
