"""Whole specs as plain data, and how they become text. Nothing here knows edgegen.

Every name of a spec (services, hosts, secrets …) holds `TOKEN`, so that many specs can be laid together: `as_text`
puts a number in its place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tests.properties import hostile, middlewares

Data = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]

TOKEN = "q0000q"
ZONE = f"{TOKEN}.example"
SECRET_FILES = {"files/one.txt": "content of one ${X} 'y'\n", "files/two words.pem": "-----BEGIN x-----\nabc\n"}
"""Files of the user that specs refer to."""
LABELS = {
    "www": "www", "API": "api", "b-1": "b-1", "bücher": "xn--bcher-kva", "日本": "xn--wgv71a", "a": "a", "x.y": "x.y",
    "Straße": "xn--strae-oqa", "0": "0", "registry": "registry", "r": "r", "pull": "pull", "old": "old", "nas": "nas",
    "www2": "www2", "dash": "dash", "l" * 63: "l" * 63, "deep.er.er": "deep.er.er",
}  # fmt: skip
"""A label as it is written, and as DNS knows it."""


@dataclass(frozen=True)
class Sample:
    """A spec, the environment that it is rendered for, and the variables that it asks for."""

    data: Data
    environment: str | None = None
    variables: dict[str, str] = field(default_factory=dict)


def as_text(data: Any, number: int | None = None) -> str:
    """JSON text, which is YAML: everything but ASCII escaped in a way that YAML has too."""
    text = json.dumps(data, ensure_ascii=True, indent=1)
    text = re.sub(r"\\u(d[89ab]..)\\u(d[c-f]..)|\\.", _yaml_escape, text).replace("\x7f", "\\x7f")
    return text if number is None else text.replace(TOKEN, token(number))


def token(number: int) -> str:
    """What stands for `TOKEN` in the spec of that number."""
    return f"q{number:04d}q"


def _yaml_escape(match: re.Match[str]) -> str:
    if match[1] is None:
        return match[0]
    high, low = int(match[1], 16), int(match[2], 16)
    return f"\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08x}"


class _Maker:
    """One spec under construction: what it has, so that parts can refer to it."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.labels = list(draw(st.permutations(sorted(LABELS))))
        self.secrets: Data = {}
        self.modes: dict[str, str | None] = {}
        self.configs: Data = {}
        self.volumes: Data = {}
        self.networks: Data = {}
        self.named: Data = {}
        self.services: Data = {}
        self.variables: dict[str, str] = {}
        self.listen = iter(range(5000, 5100))

    def chance(self, percent: int) -> bool:
        return bool(self.draw(st.integers(0, 99)) >= 100 - percent)

    def pick(self, *values: Any) -> Any:
        return self.draw(st.sampled_from(values))

    def host(self) -> str:
        return f"{self.labels.pop()}.{self.pick(ZONE, ZONE.upper().replace(TOKEN.upper(), TOKEN), ZONE + '.')}"

    def hosts(self, most: int) -> list[str]:
        return [self.host() for _ in range(self.draw(st.integers(0, most)))]

    def secret(self) -> str:
        if self.secrets and self.chance(40):
            return str(self.pick(*sorted(self.secrets)))
        name = f"{TOKEN}{self.pick('-', '_', '.')}secret{self.pick('-', '_', '.')}{len(self.secrets)}"
        kind = self.pick("generate", "file", "env")
        if kind == "env":
            variable = f"CANARY_{len(self.secrets)}"
            self.variables[variable] = self.draw(hostile.words)
            self.secrets[name] = {"env": variable}
        elif kind == "file":
            self.secrets[name] = {"file": self.pick(*sorted(SECRET_FILES))}
        else:
            self.secrets[name] = {"generate": self.draw(st.integers(16, 256))}
        return name

    def one_line_secret(self) -> str:
        name = self.secret()
        while "file" in self.secrets[name] and "two" in self.secrets[name]["file"]:
            self.secrets[name] = {"generate": 20}
        return name

    def mounted(self, number: int) -> str | Data:
        """A use of a secret as a file. It is one file, so all of its uses ask for one mode."""
        name = self.secret()
        mode = self.modes.setdefault(name, self.pick(None, "400", "0444", "0440"))
        long = {"source": name, "target": f"file-{number}"} | ({"mode": mode} if mode else {})
        return long if mode or self.chance(30) else name

    def config(self, *, read_only: bool) -> str:
        """A config; Compose can't copy one with content into a service that is read-only."""
        name = f"{TOKEN}{self.pick('-', '_', '.')}conf-{len(self.configs)}"
        self.configs[name] = (
            {"file": self.pick("files/a conf", "./a$$b.conf")}
            if read_only or self.chance(40)
            else {"content": self.draw(hostile.text.filter(bool).map(hostile.for_compose))}
        )
        return name

    def volume(self) -> str:
        name = f"{TOKEN}-{self.pick('data', 'Files.x', 'b_c')}"
        self.volumes.setdefault(
            name,
            self.pick(None, {}, {"external": True}, {"name": f"real-{TOKEN}"}, {"driver": "local", "driver_opts": {"o": "size=1$$x"}}),
        )  # fmt: skip
        return name

    def network(self) -> str:
        name = f"{TOKEN}-{self.pick('back', 'front', 'x1')}"
        options: tuple[Any, ...] = (
            None,
            {},
            {"external": True},
            {"internal": True},
            {"name": f"real-{TOKEN}-{name[-2:]}"},
            {"driver": "bridge"},
        )
        self.networks.setdefault(name, self.pick(*options))  # fmt: skip
        return name

    def uses(self, inline: st.SearchStrategy[Data], *, registry: bool = False) -> list[Any]:
        result: list[Any] = []
        for _ in range(self.draw(st.integers(0, 3))):
            kind = self.draw(st.integers(0, 9))
            if kind < 5:
                result.append(self.draw(inline))
            elif kind == 9:
                result.append("secure-headers")
            elif names := sorted(name for name, item in self.named.items() if registry is False or _may_precede(item)):
                result.append(self.pick(*names))
        return result


def _may_precede(middleware: Data) -> bool:
    """Whether a registry may stand behind it: `buffering` is refused there, in chains too."""
    return middleware["kind"] not in ("buffering", "chain")


def _named_middlewares(make: _Maker) -> None:
    for number in range(make.draw(st.integers(0, 3))):
        make.named[f"{TOKEN}-mw-{number}"] = make.draw(middlewares.any_kind)
    if make.named and make.chance(20):
        parts = make.draw(st.lists(st.sampled_from([*sorted(make.named), "secure-headers"]), min_size=1, max_size=3))
        make.named[f"{TOKEN}-all"] = {"kind": "chain", "middlewares": parts}


literal = hostile.text.map(hostile.for_compose)
command_list = st.lists(st.one_of(literal, st.integers(0, 9), st.booleans()), min_size=1, max_size=4)
command_text = st.lists(
    st.sampled_from(["serve", "--port=80", "'a b'", '"x y"', "$HOME", "a$$b", "\\;", "é", "-x", "'$(id)'", "${X:-1}"]),
    min_size=1, max_size=4,
).map(" ".join).map(hostile.for_compose)  # fmt: skip
command = st.one_of(command_list, command_text)
scalar = st.one_of(
    literal, st.integers(-(2**53), 2**53), st.booleans(), st.floats(-1e6, 1e6).map(lambda x: round(x, 3))
)
variable = st.one_of(
    st.sampled_from(["A", "DB_HOST", "lower", "X.Y", "WITH-DASH", "Ü", "A$B", "9", "a:b", "no", "null", "1e3"]),
    st.text("ABCXYZ_0123456789", min_size=1, max_size=6),
)
label_key = st.one_of(
    st.sampled_from(["com.example.a", "x", "with space", "UPPER", "a$b", "ü", "no", "1.0", "x/y", "a:b", "#x", "- a"]),
    st.text("abc.-_0123456789", min_size=1, max_size=8),
)
said = hostile.words.map(hostile.for_compose)
healthcheck = st.fixed_dictionaries(
    {
        "test": st.one_of(
            command_list.map(lambda items: ["CMD", "curl", *items]), said.map(lambda item: ["CMD-SHELL", item]),
            said, st.just(["NONE"]),
        )
    },
    optional={
        "interval": st.sampled_from(["10s", "1m30s"]), "timeout": st.just("5s"), "retries": st.integers(1, 9),
        "start_period": st.just("500ms"),
    },
)  # fmt: skip
mount_path = st.one_of(
    st.sampled_from(["/data", "/var/lib/x", "/a b", "/ü", "/x$y", "/'q'", "/#h"]),
    st.text("abc $'\"#ü", min_size=1, max_size=6).map(lambda text: f"/x{text}y"),
).map(hostile.for_compose)
path = st.one_of(
    st.sampled_from(["/", "/api", "/a/b/"]),
    st.text(hostile.CHARACTERS, max_size=8).map(
        lambda text: "/" + "".join(x for x in text if x >= " " and x != "\x7f")
    ),
    st.sampled_from(hostile.CORPUS).map(lambda text: "/p" + "".join(x for x in text if x >= " " and x != "\x7f")),
).filter(lambda text: not re.search(r"\$\{[_A-Za-z]", text))


def _environment(make: _Maker) -> Data:
    drawn: Data = make.draw(st.dictionaries(variable, st.one_of(scalar, st.none()), max_size=4))
    # `a:b` without a value is refused: a space was forgotten.
    environment = {name: "" if value is None and ":" in name else value for name, value in drawn.items()}
    if make.chance(30):
        environment["FROM_SECRET"] = {"secret": make.one_line_secret()}
    return environment


def _mounts(make: _Maker) -> list[Any]:
    mounts: list[Any] = []
    for number in range(make.draw(st.integers(0, 2))):
        target = f"{make.draw(mount_path)}{number}"
        shape = make.pick("short", "long", "bind", "anonymous", "tmpfs")
        if shape == "short":
            mounts.append(f"{make.volume()}:/short{number}{make.pick('', ':ro', ':rw')}")
        elif shape == "long":
            mounts.append({"type": "volume", "source": make.volume(), "target": target, "read_only": make.chance(50)})
        elif shape == "bind":
            mounts.append({"type": "bind", "source": f"./{make.pick('a', 'b c', 'x$$y')}", "target": target})
        elif shape == "anonymous":
            mounts.append(f"/anonymous{number}")
        else:
            mounts.append({"type": "tmpfs", "target": target})
    return mounts


def _container(make: _Maker, name: str) -> Data:
    service: Data = {
        "image": make.pick("nginx:1.27", "ghcr.io/acme/web:1.4", "r.example:5000/x/y@sha256:" + "0" * 64, "nginx")
    }
    if make.chance(70):
        _publish(make, service)
    if make.chance(70):
        service["environment"] = _environment(make)
    if make.chance(50):
        service["labels"] = make.draw(st.dictionaries(label_key, scalar, max_size=3))
    if make.chance(40):
        service["command"] = make.draw(command)
    if make.chance(15):
        service["entrypoint"] = make.draw(command)
    if make.chance(30):
        service["healthcheck"] = make.draw(healthcheck)
    if make.chance(40):
        service["volumes"] = _mounts(make)
    if make.chance(30):
        service["networks"] = sorted({make.network() for _ in range(make.draw(st.integers(1, 2)))})
        if make.chance(30):
            service["networks"] = {
                network: make.pick({}, None, {"aliases": ["other", "$$x"]}) for network in service["networks"]
            }
    if make.chance(20):
        uses = [make.mounted(number) for number in range(make.draw(st.integers(1, 2)))]
        service["secrets"] = uses if uses[0] != uses[-1] else uses[:1]  # two at one path are refused
    runs = [
        other
        for other, item in make.services.items()
        if item.get("kind", "container") in ("container", "tcp", "registry") and "profiles" not in item
    ]
    if runs and make.chance(30):
        service["depends_on"] = make.pick([runs[0]], {runs[-1]: {"condition": "service_healthy"}})
    if make.chance(25):
        service.update(make.draw(others))
        if "deploy" in service:
            for contradicted in ("cpus", "mem_limit"):
                service.pop(contradicted, None)
    if make.chance(20):
        name = make.config(read_only=bool(service.get("read_only")))
        service["configs"] = [make.pick(name, {"source": name}, {"source": name, "target": "/etc/x$$y"})]
    return service


others = st.fixed_dictionaries(
    {},
    optional={
        "restart": st.sampled_from(["no", "always", "on-failure:3"]), "user": st.sampled_from(["1000:1000", 1000, "$$x"]),
        "working_dir": hostile.words.map(lambda text: f"/{hostile.for_compose(text)}"), "read_only": st.booleans(), "init": st.booleans(),
        "hostname": st.just("inside"), "tmpfs": st.sampled_from(["/tmp", ["/run", "/tmp:size=1m"]]),
        "cap_drop": st.just(["ALL"]), "cap_add": st.just(["NET_ADMIN"]), "group_add": st.just(["video", 44]),
        "sysctls": st.just({"net.core.somaxconn": 1024}), "mem_limit": st.sampled_from(["512m", "2g"]),
        "cpus": st.sampled_from(["0.5", 2]), "shm_size": st.just("64m"), "stop_grace_period": st.just("30s"),
        "stop_signal": st.just("SIGINT"), "tty": st.booleans(), "stdin_open": st.booleans(), "expose": st.just([8080, "9090"]),
        "ports": st.just(["127.0.0.1:18080:80", "53:53/udp", 9000]), "extra_hosts": st.just(["db=192.0.2.1"]),
        "dns": st.sampled_from(["192.0.2.53", ["192.0.2.53", "192.0.2.54"]]), "profiles": st.just(["debug"]),
        "logging": st.just({"driver": "local", "options": {"max-size": "1m"}}), "platform": st.just("linux/amd64"),
        "ulimits": st.just({"nofile": {"soft": 1, "hard": 2}, "nproc": 5}), "pull_policy": st.just("always"),
        "deploy": st.just({"resources": {"limits": {"cpus": 0.5, "memory": "128m"}}}), "privileged": st.booleans(),
        "build": st.sampled_from([".", {"context": "./app", "args": {"A": "$$b"}, "target": "run"}]),
        "extra": st.dictionaries(st.sampled_from(["x-a", "x-b"]), scalar, max_size=2),
        "security_opt": st.just(["no-new-privileges:true"]), "devices": st.just(["/dev/null:/dev/x"]),
    },
)  # fmt: skip


def _publish(make: _Maker, service: Data) -> None:
    service["host"] = make.host()
    service["port"] = make.draw(st.integers(1, 65535))
    service["middlewares"] = make.uses(middlewares.any_kind)
    if make.chance(30):
        service["aliases"] = make.hosts(2)
    if make.chance(40):
        service["path"] = make.draw(path)
    if make.chance(20):
        service["scheme"] = make.pick("https", "h2c", "http")
        service |= {"insecure_tls": True} if service["scheme"] == "https" and make.chance(50) else {}


def _registry(make: _Maker, name: str) -> Data:
    service: Data = {"kind": "registry", "host": make.host(), "users": make.pick(["ci"], ["ci", "dev.x@y"])}
    service["middlewares"] = make.uses(middlewares.before_registry, registry=True)
    service.update(
        make.draw(
            st.fixed_dictionaries(
                {}, optional={"anonymous": st.just("pull"), "delete": st.booleans(), "version": st.sampled_from([2, 3])}
            )
        )
    )
    _storage(make, service)
    return service


def _storage(make: _Maker, service: Data) -> None:
    kind = make.pick("default", "volume", "s3", "default")
    if kind == "volume":
        service["storage"] = {"volume": make.volume()}
    elif kind == "s3":
        keys: Data = {
            "access_key": {"secret": make.one_line_secret()},
            "secret_key": {"secret": make.one_line_secret()},
        }
        service["storage"] = {
            "s3": {"bucket": hostile.unbraced(make.draw(hostile.words)), "region": "eu-1", **make.pick({}, keys)}
        }
        service["replicas"] = make.pick(1, 3)
    if make.chance(20) and "anonymous" not in service:  # which is refused: others could push to it
        service["networks"] = [make.network()]


def _cache(make: _Maker, name: str) -> Data:
    service: Data = {
        "kind": "registry-cache",
        "host": make.host(),
        "users": ["ci"],
        "upstream": "https://registry.example.net/",
    }
    service.update(make.draw(st.fixed_dictionaries({}, optional={"cache_for": st.just("24h"), "version": st.just(3)})))
    if make.chance(40):
        service |= {"username": {"secret": make.one_line_secret()}, "password": {"secret": make.one_line_secret()}}
    _storage(make, service)
    return service


def _redirect(make: _Maker, name: str) -> Data:
    to = make.pick(
        "https://www.example.net", "http://x.example:8080/a$b/", "https://ü.example/p`q", "https://a.example/{{x}}"
    )
    optional = {"permanent": st.booleans(), "keep_path": st.booleans()}
    more = make.draw(st.fixed_dictionaries({}, optional=optional))
    return {"kind": "redirect", "host": make.host(), "aliases": make.hosts(2), "to": to, **more}


def _external(make: _Maker, name: str) -> Data:
    service: Data = {
        "kind": "external",
        "host": make.host(),
        "url": make.pick("http://192.0.2.10:5000", "https://nas.local/"),
    }
    service["middlewares"] = make.uses(middlewares.any_kind)
    if make.chance(30):
        service["aliases"] = make.hosts(1)
    if make.chance(30):
        service["path"] = make.draw(path)
    if service["url"].startswith("https") and make.chance(50):
        service["insecure_tls"] = True
    if make.chance(30):
        service["pass_host"] = False
    return service


def _tcp(make: _Maker, name: str) -> Data:
    service = _container(make, name)
    for key in ("aliases", "path", "host", "middlewares", "port", "scheme", "insecure_tls", "entrypoint"):
        service.pop(key, None)
    shared = [item["listen"] for item in make.services.values() if item.get("kind") == "tcp"]
    listen = shared[-1] if shared and make.chance(40) else next(make.listen)
    service |= {"kind": "tcp", "host": make.host(), "port": make.draw(st.integers(1, 65535))}
    service |= {"entrypoint": f"{TOKEN}-e{listen}", "listen": listen, "passthrough": make.chance(50)}
    return service


MAKERS = {"container": _container, "registry": _registry, "registry-cache": _cache, "redirect": _redirect,
          "external": _external, "tcp": _tcp}  # fmt: skip
WEIGHTED = ("container",) * 5 + ("redirect", "external", "tcp", "registry", "registry-cache")


def _services(make: _Maker) -> None:
    for number in range(make.draw(st.integers(0, 4))):
        kind = make.pick(*WEIGHTED)
        name = f"{TOKEN}-{make.pick('web', 'x', 'api-1', '0')}{number}"
        make.services[name] = MAKERS[kind](make, name)
        previous = list(make.services.values())[-2] if number else {}
        if kind == "container" and "path" in make.services[name] and previous.get("kind", "container") == "container":
            if "host" in previous and not previous.get("aliases"):
                make.services[name] |= {"host": previous["host"], "aliases": [], "path": f"/shared-{number}"}


def _error_pages(make: _Maker) -> None:
    """One service has the error pages of another."""
    public = [
        name for name, item in make.services.items()
        if "host" in item and item.get("kind", "container") in ("container", "external", "registry")
    ]  # fmt: skip
    users = [name for name in public if make.services[name].get("kind", "container") != "registry"]
    if not users or not make.chance(25):
        return
    pages = {"kind": "errors", "status": ["500-599", "404"], "service": make.pick(*public), "query": "/{status}.html"}
    user = make.services[make.pick(*users)]
    if make.chance(50):
        make.named[f"{TOKEN}-pages"] = pages
        user["middlewares"] = [*user.get("middlewares", []), f"{TOKEN}-pages"]
    else:
        user["middlewares"] = [
            *user.get("middlewares", []),
            pages,
            *make.pick([], [{"kind": "chain", "middlewares": ["secure-headers"]}]),
        ]


def _edge(make: _Maker) -> Data:
    edge: Data = make.draw(
        st.fixed_dictionaries(
            {},
            optional={
                "docker_socket": st.sampled_from(["direct", "proxy"]),
                "ports": st.sampled_from([{}, {"web": 8080, "websecure": 8443}, {"web": 80}]),
                "bind": st.sampled_from(["127.0.0.1", "192.0.2.1", "::1"]), "http3": st.booleans(), "hsts": st.booleans(),
                "trusted_ips": st.just(["10.0.0.0/8"]), "log_level": st.sampled_from(["DEBUG", "ERROR"]),
                "read_timeout": st.sampled_from(["1h", 0, 600]), "access_log": st.booleans(), "extra": st.just({"x-note": "a $$b"}),
                "image": st.sampled_from(["traefik:v3.7.15", "traefik:3.7.3"]),
            },
        )
    )  # fmt: skip
    if make.chance(20):
        edge["dashboard"] = {"host": make.host(), "users": ["admin"]}
    if make.chance(20):
        edge["network"] = f"{TOKEN}-edge"
    return edge if make.chance(60) else {}


def _acme(make: _Maker) -> Data:
    acme: Data = {"email": "ops@commenthouse.com"}
    challenge = make.pick("http", "tls", "dns", "http")
    if challenge != "http":
        acme["challenge"] = challenge
    if challenge == "dns":
        acme["dns_token"] = {"secret": make.one_line_secret()}
        if make.chance(40):
            acme["dns_resolvers"] = ["192.0.2.53:53"]
    if make.chance(30):
        acme["ca"] = make.pick("letsencrypt-staging", "https://ca.internal:14000/dir")
        acme["ca_file"] = make.pick("ca.pem", "./a$b.pem")
    return acme


def _domains(make: _Maker, challenge: str) -> Data:
    has_registry = any(str(item.get("kind")).startswith("registry") for item in make.services.values())
    may_be_proxied = challenge != "tls" and not has_registry
    domain: Data = make.draw(
        st.fixed_dictionaries(
            {},
            optional={
                "provider": st.sampled_from(["cloudflare", "zonefile"]), "ttl": st.sampled_from(["auto", 300]),
                "addresses": st.sampled_from([["192.0.2.1", "2001:db8::1"], "auto", ["auto", "auto6"]]),
                "caa": st.booleans(), "ignore": st.just(["*.dyn.example"]),
                "proxied": st.booleans() if may_be_proxied else st.just(False),
                "records": st.just([
                    {"type": "MX", "name": "@", "content": "mail.example.net", "priority": 10},
                    {"type": "TXT", "name": "_dmarc", "content": 'v=DMARC1; p=none; x="$y"'},
                    {"type": "SRV", "name": "_imaps._tcp", "priority": 0, "weight": 1, "port": 993, "content": "m.example"},
                ]),
                "hosts": st.sampled_from([{f"www.{ZONE}": {"ttl": 300}}, {f"api.{ZONE}": {"cname": "x.example.net"}}]),
            },
        )
    )  # fmt: skip
    if domain.get("provider") == "zonefile":
        domain.pop("proxied", None)  # a file proxies nothing
    return {ZONE: domain} if make.chance(70) else {}


def _overlay(make: _Maker) -> tuple[Data, str | None]:
    """An environment that gives a variable to each container."""
    services = {
        name: {"environment": {"OVERLAY": make.draw(literal)}, "labels": {"overlay": make.draw(literal)}}
        for name, item in make.services.items()
        if item.get("kind", "container") == "container"
    }
    return {"dev": {"services": services}, "production": make.pick(None, {})}, make.pick(
        "dev", "dev", "production", None
    )


@st.composite
def specs(draw: Draw) -> Sample:
    """A spec that edgegen should take."""
    make = _Maker(draw)
    data: Data = {"name": f"{TOKEN}-{make.pick('site', '1', 'a-b')}", "acme": _acme(make)}
    _named_middlewares(make)
    _services(make)
    if data["acme"].get("challenge") == "dns" and make.chance(30):
        data_host = f"*.{make.labels.pop()}.{ZONE}"
        make.services[f"{TOKEN}-any"] = {"image": "nginx:1.27", "port": 80, "host": data_host}
    _error_pages(make)
    edge = _edge(make)
    environments, chosen = _overlay(make) if make.chance(25) else ({}, None)
    sections = {
        "services": make.services, "middlewares": make.named, "secrets": make.secrets, "configs": make.configs, "volumes": make.volumes,
        "networks": make.networks, "edge": edge, "domains": _domains(make, data["acme"].get("challenge", "http")),
        "environments": environments, "extra": {"x-mine": draw(scalar)} if make.chance(10) else {},
    }  # fmt: skip
    data |= {key: value for key, value in sections.items() if value or make.chance(10)}
    if chosen is not None and not data.get("environments"):
        chosen = None
    return Sample(data, chosen, make.variables)
