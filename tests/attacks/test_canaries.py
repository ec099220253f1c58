"""Twelve secrets, each in its right place, and every command in four modes over networks that work: none comes out.

Looked at are what is printed, the arguments of every program that is started, every file that is written, and what
each server on the way gets to see.
"""

from __future__ import annotations

import base64
import json
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.authority_of_tests import Authority
from tests.fakes.cloudflare import Cloudflare, Threaded, Token
from tests.fakes.dns_server import FakeDns
from tests.fakes.docker_cli import STARTED, FakeDocker, a_healthy_world, lines, started
from tests.fakes.registry import Call, FakeRegistry
from tests.properties.test_mutated import called
from tests.properties.test_secrets import leaks
from tests.sizes import sized

pytestmark = pytest.mark.slow

SALT = "$2y$05$XnlQHNnBlNuQMhPVYKFxRu"
CANARIES = {
    "API token": "canary-0-api-token-4f1e",
    "DNS token file": "canary-1-token-file-9c20",
    "registry password": "canary-2-registry'$x-77ab",
    "htpasswd hash": f"{SALT}jLVbLgRFDHhHj8V9vFnsU4XLYP3QEQi",
    "http secret": "canary-4-http-secret-51de",
    "env secret": "canary-5-env-secret'$y-0b13",
    "file secret": "canary-6-file-secret ${Z}-e88f",
    "EAB key": "canary-7-eab-key-2d6a",
    "S3 keys": "canary-8-s3-key-c34b",
    "docker config auth": "canary-9-docker-login-6e05",
    "upstream password": "canary-10-upstream-1fa7",
    "dashboard password": f"{SALT}aLVbLgRFDHhHj8V9vFnsU4XLYP3QEQe",
}
SPEC = """\
name: vault
acme: {email: a@example.com, ca: zerossl, eab: {kid: some-kid, hmac: {secret: eab}}}
domains: {example.com: {provider: cloudflare, addresses: [157.245.51.137]}}
services:
  registry:
    {kind: registry, host: r.example.com, users: [ci], delete: true,
    storage: {s3: {bucket: b, region: r, access_key: {secret: s3}, secret_key: {secret: s3}}}}
  cache: {kind: registry-cache, host: c.example.com, upstream: "https://up.example.net", users: [ci],
    username: {secret: upstream}, password: {secret: upstream}}
  web:
    {image: "x:1", host: w.example.com, port: 80, secrets: [from-file],
    environment: {A: {secret: from-env}, B: {secret: from-file}},
    middlewares: [{kind: basic-auth, users_secret: office}]}
secrets:
  eab: {file: eab.txt}
  s3: {env: CANARY_S3}
  upstream: {env: CANARY_UPSTREAM}
  from-env: {env: CANARY_ENV}
  from-file: {file: private.txt}
  office: {file: users.txt}
edge: {dashboard: {host: d.example.com, users: [admin]}}
"""
MODES = {"plain": [], "verbose": ["-v"], "json": ["--json"], "quiet": ["-q"]}
PLACES = (
    "project/secrets/", "project/registry/htpasswd", "project/registry-cache/htpasswd", "project/cache/htpasswd",
    "project/traefik/auth/htpasswd", "project/private.txt", "project/eab.txt", "project/users.txt", "home/",
)  # fmt: skip
"""Where a secret may lie: beside the user's own files, edgegen's, which nobody else may come near."""


@dataclass
class World:
    """A project, a home, a Cloudflare, a registry that stands for every host, a DNS, and a Docker: all right."""

    folder: Path
    cloudflare: Threaded
    registry: FakeRegistry
    docker: FakeDocker
    look: list[str]
    started: list[str] = field(default_factory=list)

    @property
    def project(self) -> Path:
        return self.folder / "project"

    def commands(self) -> dict[str, list[str]]:
        plan = str(self.folder / "plan.json")
        reports = ["--html", str(self.folder / "out.html"), "--junit", str(self.folder / "out.xml")]
        return {
            "init": ["init", "registry", "example.com", "--force"],
            "render": ["render"],
            "render --check": ["render", "--check"],
            "render --diff": ["render", "--diff"],
            "render --stdout": ["render", "--stdout"],
            "render --force": ["render", "--force"],
            "list": ["registry", "user", "list", "--service", "registry"],
            "add": ["registry", "user", "add", "bob", "--service", "registry"],
            "passwd": ["registry", "user", "passwd", "bob", "--service", "registry"],
            "rm": ["registry", "user", "rm", "bob", "--service", "registry"],
            "registry login": ["registry", "login", "--service", "registry"],
            "add --diff": ["add", "nginx:1.27", "added.localhost", "--diff"],
            "auth list": ["auth", "list"],
            "check-token": ["dns", "check-token"],
            "sync": ["dns", "sync", "--prune"],
            "plan": ["dns", "plan", "-o", plan],
            "plan --markdown": ["dns", "plan", "--format", "markdown"],
            "sync --plan": ["dns", "sync", "--plan", plan],
            "dns status": ["dns", "status", *self.look[-4:]],
            "export": ["dns", "export"],
            "verify": ["verify", *self.look, *reports, "--push", "--push-size", "64kB"],
            "verify a stranger": ["verify", "https://r.example.com:8443/v2/", *self.look],
            "explain": ["explain", "https://w.example.com/", *self.look],
            "cert list": ["cert", "list", *self.look],
            "up --dry-run": ["up", "--dry-run"],
            "up": ["up"],
            "status": ["status"],
            "logs": ["logs"],
            "down": ["down"],
            "schema": ["schema"],
        }

    def run(self, words: list[str]) -> tuple[int, str]:
        folder = self.folder / "new" if words[0] == "init" else self.project
        code, out, err = called([*words, "-C", str(folder)])
        return code, out + err


_LISTENERS: list[list[str]] = []


def _listen(event: str, arguments: tuple[Any, ...]) -> None:
    if _LISTENERS and event in ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system"):
        _LISTENERS[-1].append(repr(arguments[:2]))  # the program and its arguments; an environment is no argument


sys.addaudithook(_listen)


@pytest.fixture(scope="module")
def patch() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, patch: pytest.MonkeyPatch) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    for name in ("project/secrets", "project/registry", "project/traefik/auth", "home/.docker", "bin"):
        (folder / name).mkdir(parents=True)
    project, home = folder / "project", folder / "home"
    docker = FakeDocker(folder / "bin")
    a_healthy_world(docker)
    docker.answer(STARTED, lines(started("web", project="vault")))
    docker.answer("logs", "web-1  | hello\n")
    authority = Authority.root()
    with ExitStack() as stack:
        state = Cloudflare()
        state.add_zone("example.com")
        state.tokens = {CANARIES[name]: Token() for name in ("API token", "DNS token file")}
        cloudflare = stack.enter_context(Threaded(state))
        names = [f"{name}.example.com" for name in "rcwd"]
        registry = stack.enter_context(FakeRegistry(authority.issue(*names), password=CANARIES["registry password"]))
        registry.hook = _knows_the_login_too
        dns = stack.enter_context(FakeDns(behave=_leads_here))
        look = [
            "--connect-to", f":443:127.0.0.1:{registry.port}", "--connect-to", f":8443:127.0.0.1:{registry.port}",
            "--connect-to", ":80:127.0.0.1:1", "--ca-file", authority.write(folder), "--allow-private",
            "--timeout", "5", "--authority-port", str(dns.port), "--resolver", f"127.0.0.1:{dns.port}",
        ]  # fmt: skip
        _plant(project, home)
        _environment(patch, home, folder / "bin", cloudflare.url)
        world = World(folder, cloudflare, registry, docker, look)
        _LISTENERS.append(world.started)
        yield world
        _LISTENERS.pop()


def _leads_here(name: str, kind: str) -> tuple[str, list[str]]:
    """Every name is here; the zone has one name server, which is here too."""
    if kind == "NS" and name == "example.com.":
        return "NOERROR", ["example.com. 60 IN NS ns1.example.com."]
    return "NOERROR", [f"{name} 60 IN A 127.0.0.1"] if kind == "A" else []


def _knows_the_login_too(call: Call) -> object:
    """The same registry takes the password that `docker login` has left."""
    pair = base64.b64encode(f"login:{CANARIES['docker config auth']}".encode()).decode()
    if call.headers.get("Authorization") == f"Basic {pair}":
        call.headers.replace_header("Authorization", call.server.fake.basic())
    return False


def _plant(project: Path, home: Path) -> None:
    (project / "edge.yaml").write_text(SPEC)
    private = {
        project / "registry/htpasswd": f"ci:{CANARIES['htpasswd hash']}\n",
        project / "traefik/auth/htpasswd": f"admin:{CANARIES['dashboard password']}\n",
        project / "secrets/registry-http-secret": CANARIES["http secret"],
        project / "eab.txt": CANARIES["EAB key"],
        project / "private.txt": CANARIES["file secret"],
        project / "users.txt": f"office:{CANARIES['htpasswd hash']}\n",
        home / "token": f"{CANARIES['DNS token file']}\n",
    }
    login = base64.b64encode(f"login:{CANARIES['docker config auth']}".encode()).decode()
    private[home / ".docker/config.json"] = json.dumps(
        {"auths": {name: {"auth": login} for name in ("r.example.com", "c.example.com", "r.example.com:8443")}}
    )
    for file, text in private.items():
        file.write_text(text)
        file.chmod(0o600)
    (project / "secrets").chmod(0o700)


def _environment(patch: pytest.MonkeyPatch, home: Path, programs: Path, api: str) -> None:
    for name in [*os.environ]:
        if name.startswith(("CLOUDFLARE", "DOCKER", "EDGEGEN")):
            patch.delenv(name)
    for name, value in {
        "HOME": str(home), "PATH": str(programs), "CLOUDFLARE_BASE_URL": api,
        "CANARY_S3": CANARIES["S3 keys"], "CANARY_UPSTREAM": CANARIES["upstream password"],
        "CANARY_ENV": CANARIES["env secret"],
    }.items():  # fmt: skip
        patch.setenv(name, value)


ROUNDS = {
    "by the environment": {
        "CLOUDFLARE_API_TOKEN": CANARIES["API token"],
        "EDGEGEN_REGISTRY_USER": "ci",
        "EDGEGEN_REGISTRY_PASSWORD": CANARIES["registry password"],
    },
    "by files": {"CLOUDFLARE_API_TOKEN_FILE": "{home}/token"},
}


TOGETHER = [(round_, mode) for round_ in ROUNDS for mode in MODES]
SOME = [
    *(("by the environment", mode) for mode in ("plain", "json")),
    *(("by files", mode) for mode in ("verbose", "quiet", "json")),
]
"""Each mode once, and JSON in both rounds: it holds everything that a report has."""


def test_the_sample_has_each_mode_and_each_round() -> None:
    assert set(SOME) < set(TOGETHER)
    assert ({round_ for round_, _ in SOME}, {mode for _, mode in SOME}) == (set(ROUNDS), set(MODES))


@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("round_", "mode"), sized(SOME, TOGETHER))
def test_no_command_gives_one_away(world: World, monkeypatch: pytest.MonkeyPatch, mode: str, round_: str) -> None:
    for name, value in ROUNDS[round_].items():
        monkeypatch.setenv(name, value.format(home=world.folder / "home"))
    world.started.clear()
    wrong, codes = [], {}
    for name, words in world.commands().items():
        codes[name], said = world.run([*words, *MODES[mode]])
        wrong += [(name, secret) for secret in leaks(said, set(CANARIES.values()))]
    assert wrong == []
    assert leaks("\n".join(world.started), set(CANARIES.values())) == []
    assert world.started  # Docker was called
    failed = {name: code for name, code in codes.items() if code not in (0, 1)}
    assert failed == {}, "a path that does not work shows nothing"
    assert {codes[name] for name in ("render", "sync", "check-token", "up", "status", "add", "rm")} == {0}


def test_no_file_holds_one_but_those_that_may(world: World) -> None:
    """After all runs. What Docker's programs and Cloudflare were told is in their logs."""
    found: dict[str, list[str]] = {}
    for path in world.folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            held = leaks(path.read_bytes().decode("utf-8", "replace"), set(CANARIES.values()))
            if held:
                found[path.relative_to(world.folder).as_posix()] = held
    assert [path for path in found if not path.startswith(PLACES)] == []
    assert {secret for held in found.values() for secret in held} >= set(CANARIES.values()) - _only_in_variables()
    for path in found:
        assert _is_private(world.folder / path), path


def _only_in_variables() -> set[str]:
    return {CANARIES[name] for name in ("API token", "registry password")}


def _is_private(path: Path) -> bool:
    """Nobody else comes to it: by its own mode, or by that of its folder."""
    return any(not stat.S_IMODE(part.stat().st_mode) & 0o077 for part in (path, path.parent))


def test_each_server_sees_its_own_secret_only(world: World) -> None:
    told = "\n".join(f"{method} {path} {headers}" for method, path, headers in world.registry.calls)
    pairs = {base64.b64encode(f"ci:{CANARIES['registry password']}".encode()).decode(): "registry password"}
    pairs[base64.b64encode(f"login:{CANARIES['docker config auth']}".encode()).decode()] = "docker config auth"
    assert all(pair in told for pair in pairs)
    for pair in pairs:
        told = told.replace(pair, "")
    assert leaks(told, set(CANARIES.values())) == []
    log = json.dumps(world.cloudflare.state.log)
    assert set(leaks(log, set(CANARIES.values()))) == {CANARIES["API token"], CANARIES["DNS token file"]}
    bodies = json.dumps([{**entry, "headers": {}} for entry in world.cloudflare.state.log])
    assert leaks(bodies, set(CANARIES.values())) == []


def test_a_leak_on_the_screen_is_caught(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted faults: a message with a password, and a program that gets one as its argument."""
    from edgegen.core.secret import Credentials
    from edgegen.deploy import docker_login

    monkeypatch.setattr(
        docker_login, "_credentials",
        lambda user, password, source: Credentials(user, docker_login.Secret(password), f"{source} ({password})"),
    )  # fmt: skip
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", CANARIES["API token"])
    said = world.run([*world.commands()["verify"], "-v"])[1]
    assert leaks(said, set(CANARIES.values())) == [CANARIES["docker config auth"]]


def test_a_leak_in_an_argument_is_caught(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from edgegen.deploy.backends import compose_cli

    world.started.clear()
    found = compose_cli.Command
    secret = CANARIES["env secret"]
    monkeypatch.setattr(compose_cli, "Command", lambda words, **more: found((*words, secret), **more))
    world.run(["status"])
    assert leaks("\n".join(world.started), set(CANARIES.values())) == [secret]


def test_a_leak_in_a_file_is_caught(world: World) -> None:
    (world.project / "docker-compose.override.txt").write_text(base64.b64encode(CANARIES["EAB key"].encode()).decode())
    with pytest.raises(AssertionError):
        test_no_file_holds_one_but_those_that_may(world)
    (world.project / "docker-compose.override.txt").unlink()
