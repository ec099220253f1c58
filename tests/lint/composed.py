"""Compose files in random styles: every part in one of the forms that people write it in."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

Text = str
Maker = Callable[[random.Random], Text]

IMAGES = ("nginx", "nginx:1.27", "ghcr.io/acme/app:v1", "traefik:v3.7", "registry.example.com:5000/a/b:2", '"quoted:1"',
          "'single:1'", "${IMAGE:-fallback}:${TAG-1}", "a@sha256:" + "0" * 64)  # fmt: skip
NAMES = ("web", "db", "app", "traefik", "cache", "api-v2", "under_score", "worker1")
LABELS = (
    ("traefik.enable", "true"),
    ("traefik.http.routers.{n}.rule", "Host(`{n}.example.com`)"),
    ("traefik.http.routers.{n}.rule", "Host(`{n}.${{DOMAIN:-example.com}}`) && PathPrefix(`/a`)"),
    ("traefik.http.routers.{n}.entrypoints", "web,websecure"),
    ("traefik.http.services.{n}.loadbalancer.server.port", "8080"),
    ("traefik.http.middlewares.{n}.headers.customrequestheaders.X-A", "b: c, d"),
    ("traefik.http.middlewares.{n}.basicauth.users", "u:$$apr1$$x.$$y/z"),
    ("traefik.http.middlewares.{n}.redirectregex.replacement", "https://$${{1}}"),
    ("com.example.text", "it is a text"),
    ("com.example.empty", ""),
    ("com.example.hash", "a #b"),
    ("com.example.equals", "a=b=c"),
    ("com.example.number", "007"),
    ("com.example.list", "[a, b]"),
    ("com.example.unicode", "ä🚀"),
)
VARIABLES = (("A", "1"), ("PATH_LIKE", "/a:/b"), ("URL", "http://u:p@h/?q=1&r=2#f"), ("EMPTY", ""),
             ("DOLLAR", "a$$b"),
             ("FROM", "${DOMAIN:-d}"), ("SPACED", "a b  c"), ("JSON", '{"a": [1]}'), ("ON", "yes"),
             ("Q", "it's"))  # fmt: skip
PLAIN_VALUES = ("true", "12", "1.5", "0o17", "1_000", "0x10", "null", "yes", "1e3", "0755", "~", "text", "2026-01-02")
PORTS = ("80", "80:80", "8080-8082:80-82", "127.0.0.1:443:443", "53:53/udp", "[::1]:90:90",
         "${PORT:-91}:91", "9000-9002",
         "127.0.0.1::94")  # fmt: skip
LONG_PORTS = ("{target: 80}", '{target: 81, published: "8081"}', "{target: 82, published: 8082, protocol: udp}",
              "{target: 83, published: 8083, mode: host, host_ip: 127.0.0.1}")  # fmt: skip
VOLUMES = ("./data:/data", "/etc/localtime:/etc/localtime:ro", "named:/named", "other:/o:ro", "/anonymous", "~/h:/h",
           "../x:/x", "./a/../b:/b/", "/var/run/docker.sock:/var/run/docker.sock", "${FOLDER:-./f}:/f:rw")  # fmt: skip
LONG_VOLUMES = ("{type: bind, source: ./l, target: /l, read_only: true}", "{type: volume, source: named, target: /v}",
                "{type: tmpfs, target: /t}")  # fmt: skip
WORDS = ("--api=true", "--entrypoints.web.address=:80", "-v", "run", "--name=a b", "--rule=Host(`a`)", "$$HOME",
         "--x='y'",
         "${WORD:-w}", "", "--log.level=${LEVEL:-INFO}", "--j={\"a\":1}", "a#b", "*", "--empty=")  # fmt: skip


def composed(rng: random.Random) -> dict[str, str]:
    """Files of one project: a Compose file, and now and then an override, `.env`, an env file."""
    names = rng.sample(NAMES, rng.randint(1, 4))
    networks = rng.sample(("front", "back", "edge", "default"), rng.randint(0, 3))
    files = {_name(rng): _file(rng, names, networks, first=True), "some.env": "IN_FILE=1\nA=file\nQ='x y'\n"}
    base = next(iter(files))
    if rng.random() < 0.4:
        stem, _, end = base.rpartition(".")
        chosen = [name for name in names if rng.random() < 0.7] or names[:1]
        files[f"{stem}.override.{end}"] = _file(rng, chosen, networks, first=False)
    if rng.random() < 0.4:
        files[".env"] = 'DOMAIN=dotenv.example.com\nTAG="2"\nPORT=8091\n# end\n'
    return files


def _name(rng: random.Random) -> str:
    return rng.choice(("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"))


def _file(rng: random.Random, names: list[str], networks: list[str], *, first: bool) -> str:
    lines = []
    if first and rng.random() < 0.4:
        lines.append("version: " + rng.choice(('"3"', "'2'", '"3.8"', "'2.4'")))
    if first and rng.random() < 0.3:
        lines.append(f"name: {rng.choice(('plain', 'With_Upper.9', '${NAME:-var}'))}")
    has_common = rng.random() < 0.3
    if has_common:
        lines += ["x-common: &common", "  restart: always", "  environment: &env", "    COMMON: 'yes'"]
    lines.append("services:")
    step = rng.choice((2, 4))
    for name in names:
        if rng.random() < 0.3:
            lines.append(f"{' ' * step}# {name}: a comment")
        lines.append(" " * step + f"{name}:" + rng.choice(("", "  ", " # here")))
        if has_common and rng.random() < 0.6:
            lines.append(" " * 2 * step + rng.choice(("<<: *common", "<<: [*common]")))
        lines += [" " * 2 * step + line for line in _service(rng, name, networks, first=first)]
    lines += _top(rng, networks, first=first)
    return "\n".join(lines) + rng.choice(("\n", "", "\n\n"))


def _service(rng: random.Random, name: str, networks: list[str], *, first: bool) -> list[str]:
    lines = [f"image: {rng.choice(IMAGES)}"] if first or rng.random() < 0.5 else []
    parts: list[list[str]] = [
        _pairs(rng, "labels", [(key.format(n=name), value.format(n=name)) for key, value in _some(rng, LABELS)]),
        _pairs(rng, "environment", _some(rng, VARIABLES)),
        _items(rng, "ports", _some(rng, PORTS), LONG_PORTS),
        _items(rng, "volumes", _some(rng, VOLUMES), LONG_VOLUMES),
        _command(rng, "command"),
        _command(rng, "entrypoint"),
        _deploy(rng, name),
        _networks(rng, networks),
        rng.choice(([], ["env_file: some.env"], ["env_file: [some.env]"], ["env_file:", "- path: ./some.env"])),
        rng.choice(([], ["expose: [80, '81']"], ["expose:", '  - "82"'])),
        rng.choice(([], ["profiles: [debug]"], ["profiles: ['a', b]"])),
        rng.choice(([], ["restart: unless-stopped"], ["tmpfs: /run"], ["tmpfs: [/tmp1, '/tmp2:size=1m']"])),
        rng.choice(([], [], ["configs: [conf]"], ["secrets: [{source: key, target: k}]"], ["secrets:", "- key"])),
    ]
    rng.shuffle(parts)
    for part in parts:
        if part and rng.random() < (0.6 if first else 0.4):
            lines += part
    return lines or ["init: true"]


def _some(rng: random.Random, cases: tuple[Any, ...]) -> list[Any]:
    return rng.sample(cases, rng.randint(1, min(5, len(cases))))


def _scalar(rng: random.Random, text: str) -> str:
    """A text in one of YAML's forms."""
    forms = [json.dumps(text, ensure_ascii=rng.random() < 0.5).replace("\\/", "/") if text.isascii() else f'"{text}"',
             "'" + text.replace("'", "''") + "'"]  # fmt: skip
    if text and text[0] not in "&*!|>@`%\"'#{[,-?: ~$0123456789." and ": " not in text and " #" not in text and (
        text not in ("yes", "true", "null") and text[-1] not in ": "
    ):  # fmt: skip
        forms += [text, text]
    return rng.choice(forms)


def _pairs(rng: random.Random, key: str, pairs: list[tuple[str, str]]) -> list[str]:
    form = rng.randrange(4)
    if form == 0:
        return [f"{key}:", *(f"  - {_scalar(rng, f'{name}={value}')}" for name, value in pairs)]
    if form == 1:
        return [f"{key}:", *(f"- {_scalar(rng, f'{name}={value}')}" for name, value in pairs)]
    if form == 2 and all(char not in value for _, value in pairs for char in "{}[],"):
        return [f"{key}: {{{', '.join(f'{name}: {_quoted(value)}' for name, value in dict(pairs).items())}}}"]
    lines = [f"  {name}: {_scalar(rng, value)}" for name, value in dict(pairs).items()]
    lines += [f"  plain.{index}: {value}" for index, value in enumerate(rng.sample(PLAIN_VALUES, 2))]
    return [f"{key}:", *lines]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _items(rng: random.Random, key: str, texts: list[str], longs: tuple[str, ...]) -> list[str]:
    items = [_scalar(rng, text) for text in texts]
    if rng.random() < 0.3:
        return [f"{key}: [{', '.join(_quoted(text) for text in texts)}]"]
    if rng.random() < 0.4:
        items.append(rng.choice(longs))
    return [f"{key}:", *(f"{rng.choice(('  ',))}- {item}" for item in items)]


def _command(rng: random.Random, key: str) -> list[str]:
    words = _some(rng, WORDS)
    form = rng.randrange(4)
    if form == 0:
        return [f"{key}:", *(f"  - {_scalar(rng, word)}" for word in words)]
    if form == 1:
        return [f"{key}: [{', '.join(_quoted(word) for word in words)}]"]
    simple = [word for word in words if word and not set(word) & set("()`'*\" {")] or ["run"]
    if form == 2:
        return [f"{key}: {rng.choice(('>', '>-', '|', '|-'))}", *(f"  {word}" for word in simple)]
    return [f"{key}: {_quoted(' '.join(simple))}"]


def _deploy(rng: random.Random, name: str) -> list[str]:
    labels = _pairs(rng, "labels", [(key.format(n=name), value.format(n=name)) for key, value in _some(rng, LABELS)])
    replicas = rng.choice(([], [f"replicas: {rng.randint(0, 3)}"], ['replicas: "${REPLICAS:-2}"']))
    if rng.random() < 0.5:
        return ["deploy:", *(f"  {line}" for line in (replicas or ["endpoint_mode: vip"]))]
    return ["deploy:", *(f"  {line}" for line in (*replicas, *labels))]


def _networks(rng: random.Random, networks: list[str]) -> list[str]:
    if not networks:
        return []
    if rng.random() < 0.5:
        return [f"networks: [{', '.join(networks)}]"]
    return ["networks:", *(f"  {name}:{rng.choice(('', ' {}', ' {aliases: [x]}'))}" for name in networks)]


def _top(rng: random.Random, networks: list[str], *, first: bool) -> list[str]:
    lines = []
    if networks and first:
        lines.append("networks:")
        for name in networks:
            form = rng.choice(("", " {}", " {name: real}", " {external: true}", " {driver: bridge, internal: true}",
                               " {external: {name: old}}", ' {name: "${NET:-n}_x"}'))  # fmt: skip
            lines.append(f"  {name}:{form}")
    if first:
        lines += ["volumes:", f"  named:{rng.choice(('', ' {}', ' {name: v}', ' {external: true}'))}", "  other: {}"]
        lines += ["configs: {conf: {file: ./conf}}", "secrets:", "  key:", "    file: ./key"]
    return lines
