"""`edgegen explain URL` as its user sees it: each broken stack, where its first broken link is and what to do."""

# ruff: noqa: E501 - lines of a log stand as they are

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from edgegen.cli.app import run
from edgegen.verify.checks.check import Hop
from tests.conftest import Edgegen
from tests.deploy.conftest import fake as fake_docker
from tests.fakes.authority_of_tests import TRAEFIK_DEFAULT, Authority, Issued, self_signed
from tests.fakes.dns_server import FakeDns
from tests.fakes.docker_cli import VERSION, FakeDocker
from tests.fakes.tls_scripts import Answer, Handler, Request, ok, to_https
from tests.fakes.tls_servers import Servers, Site

pytestmark = pytest.mark.slow

fake = fake_docker
SEEN = Path(__file__).parent / "seen"
WEB, REGISTRY = "www.example.com", "r.example.com"
SPEC = """\
name: shop
acme: {{email: ops@example.com, ca: "https://acme.example.com/dir"}}
edge: {{ports: {{web: {web}, websecure: {secure}}}}}
domains:
  example.com: {{addresses: [127.0.0.1]}}
services:
  registry:
    kind: registry
    host: r.example.com
    users: [ci]
  web:
    image: web:1
    port: 80
    host: www.example.com
"""
STARTED = "2026-01-01T00:00:00Z"
LATER = "2026-01-01T00:00:05Z"
HSTS = ("Strict-Transport-Security", "max-age=63072000")
OWN_404 = Answer(
    404,
    (("Content-Type", "text/plain; charset=utf-8"), ("X-Content-Type-Options", "nosniff")),
    b"404 page not found\n",
)
VERSION_HEADER = ("Docker-Distribution-Api-Version", "registry/2.0")


def own_404(_: Request) -> Answer:
    return OWN_404


def registry(request: Request) -> Answer:
    """A registry that asks for a password."""
    if request.path != "/v2/":
        return Answer(200, (HSTS,), b"")
    errors = b'{"errors":[{"code":"UNAUTHORIZED","message":"authentication required","detail":null}]}\n'
    asks = ("WWW-Authenticate", 'Basic realm="Registry"')
    return Answer(401, (HSTS, VERSION_HEADER, ("Content-Type", "application/json"), asks), errors)


def open_registry(_: Request) -> Answer:
    return Answer(200, (HSTS, VERSION_HEADER, ("Content-Type", "application/json")), b"{}")


@dataclass
class World:
    """A project that was deployed, its servers, its DNS and its engine. What a test changes is broken."""

    folder: Path
    docker: FakeDocker
    servers: Servers
    middle: Authority
    handlers: dict[str, Handler] = field(default_factory=lambda: {WEB: ok, REGISTRY: registry})
    certificates: dict[str, Issued] = field(default_factory=dict)
    address: str = "127.0.0.1"
    plain: Handler | None = None
    containers: dict[str, dict[str, Any]] = field(default_factory=dict)
    logs: list[str] = field(default_factory=list)
    own_logs: list[str] = field(default_factory=list)
    options: tuple[str, ...] = ()
    secure: int = 0

    def start(self) -> None:
        """The servers on ports of their own, and the project that names these."""
        secure = self.servers.tls(lambda name: Site(self._certificate(name or ""), self._answer), address="127.0.0.1")
        web = self.servers.http(self._redirect)
        self.secure = secure.port
        (self.folder / "edge.yaml").write_text(SPEC.format(web=web.port, secure=secure.port))
        assert run(["render", "-q"]) == 0
        self.compose = yaml.safe_load((self.folder / "docker-compose.yml").read_text())
        self.containers = {name: self._container(name, body) for name, body in self.compose["services"].items()}
        self.docker.answer("docker version", VERSION)
        self.docker.answer("context inspect", "unix:///var/run/docker.sock\n")

    def _redirect(self, request: Request) -> Any:
        return (self.plain or to_https(self.secure))(request)

    def _certificate(self, name: str) -> Issued:
        return self.certificates.get(name) or self.middle.issue(WEB, REGISTRY)

    def _answer(self, request: Request) -> Any:
        return self.handlers[request.host](request)

    def _container(self, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """As `docker inspect` describes it in our format, taken from the rendered file."""
        folder = str(self.folder)
        labels = {
            "com.docker.compose.project": "shop",
            "com.docker.compose.service": name,
            "com.docker.compose.project.working_dir": folder,
            **body.get("labels", {}),
        }
        mounts = [
            {"Type": "bind", "Source": str(self.folder / mount["source"]), "Destination": mount["target"]}
            for mount in body.get("volumes", ())
            if mount["type"] == "bind"
        ]
        return {
            "id": f"{name}0123", "name": f"/shop-{name}-1", "image": body["image"],
            "state": {"Status": "running", "ExitCode": 0, "StartedAt": STARTED, "Error": ""},
            "labels": copy.deepcopy(labels), "args": list(body.get("command") or ()),
            "networks": {"shop_edge": {"IPAddress": "172.20.0.2"}}, "mounts": mounts,
            "variables": [*(body.get("environment") or {}), None],
        }  # fmt: skip

    def explain(self, host: str = WEB, *words: str) -> int:
        """Run the command with the engine as it stands."""
        inspected = "".join(json.dumps(item) + "\n" for item in self.containers.values())
        self.docker.answer("docker ps", "".join(f"{item['id']}\n" for item in self.containers.values()))
        self.docker.answer("docker inspect", inspected)
        self.docker.answer("docker logs", "".join(f"{LATER} {line}\n" for line in self.logs))
        self.docker.answer(
            "docker logs --timestamps --tail 500", "".join(f"{LATER} {line}\n" for line in self.own_logs)
        )
        url = host if "://" in host else f"https://{host}:{self.secure}/"
        with FakeDns(behave=self._dns) as dns:
            places = ("--resolver", f"127.0.0.1:{dns.port}", "--authority-port", str(dns.port))
            return run(["explain", url, *places, *self.options, *words])

    def _dns(self, name: str, kind: str) -> tuple[str, list[str]]:
        plain = name.removesuffix(".")
        lines = {
            ("example.com", "NS"): ["example.com. 60 IN NS ns.example.com."],
            ("ns.example.com", "A"): ["ns.example.com. 60 IN A 127.0.0.1"],
            (WEB, "A"): [f"{WEB}. 60 IN A {self.address}"],
            (REGISTRY, "A"): [f"{REGISTRY}. 60 IN A {self.address}"],
        }
        return "NOERROR", lines.get((plain, kind), [])

    def shows_default_certificate(self, host: str) -> None:
        self.certificates[host] = self_signed("x.traefik.default", common_name=TRAEFIK_DEFAULT)


@pytest.fixture
def world(fake: FakeDocker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    fake.install("docker")
    folder = tmp_path / "shop"
    folder.mkdir()
    monkeypatch.chdir(folder)
    root = Authority.root()
    with Servers() as servers:
        made = World(folder, fake, servers, root.intermediate(), options=("--ca-file", root.write(tmp_path)))
        made.start()
        yield made


def label_typo(world: World) -> str:
    labels = world.containers["registry"]["labels"]
    labels["traefik.http.routers.registry-https.tls.certresolvers"] = "letsencrypt"
    override = "services:\n  registry:\n    labels:\n      traefik.http.routers.registry-https.tls.certresolvers: letsencrypt\n"
    (world.folder / "compose.override.yaml").write_text(override)
    world.handlers[REGISTRY] = own_404
    world.logs.append(f'{LATER} ERR error="field not found, node: certresolvers" container=registry-shop-registry0123 '
                      "providerName=docker")  # fmt: skip
    return REGISTRY


def label_typo_before_the_first_certificate(world: World) -> str:
    world.shows_default_certificate(REGISTRY)
    return label_typo(world)


def redirection_without_to(world: World) -> str:
    traefik = world.containers["traefik"]
    traefik["args"] = [word for word in traefik["args"] if "redirections.entrypoint.to=" not in word]
    world.plain = ok
    return WEB


def htpasswd_missing(world: World) -> str:
    for mount in world.containers["registry"]["mounts"]:
        if mount["Destination"] == "/auth":
            mount["Source"] = str(world.folder / "nowhere")
    world.own_logs.append(
        'time="…" level=warning msg="htpasswd is missing, provisioning with default user" user=docker'
    )
    return REGISTRY


def read_timeout_at_its_default(world: World) -> str:
    traefik = world.containers["traefik"]
    traefik["args"] = [word for word in traefik["args"] if "readtimeout" not in word]
    return REGISTRY


def registry_without_auth(world: World) -> str:
    container = world.containers["registry"]
    container["variables"] = [name for name in container["variables"] if not str(name).startswith("REGISTRY_AUTH")]
    world.handlers[REGISTRY] = open_registry
    return REGISTRY


def acme_json_is_open(world: World) -> str:
    world.shows_default_certificate(WEB)
    store = world.folder / "acme" / "acme.json"
    store.chmod(0o644)
    world.logs += [
        f'{LATER} ERR The ACME resolve is skipped from the resolvers list error="unable to get ACME account: permissions '
        '644 for /acme/acme.json are too open, please use 600" resolver=letsencrypt',
        f"{LATER} ERR Router uses a nonexistent certificate resolver certificateResolver=letsencrypt "
        "routerName=web-https@docker",
    ]
    return WEB


def acme_was_refused(world: World) -> str:
    world.shows_default_certificate(WEB)
    world.logs.append(
        f'{LATER} ERR Unable to obtain ACME certificate for domains error="unable to generate a certificate for the domains '
        f"[{WEB}]: error: one or more domains had a problem:\\n[{WEB}] invalid authorization: acme: error: 400 :: "
        'urn:ietf:params:acme:error:connection :: 192.0.2.1: Timeout during connect (likely firewall problem)\\n" '
        f'domains=["{WEB}"] providerName=letsencrypt.acme routerName=web-https@docker rule=Host(`{WEB}`)'
    )
    return WEB


def wrong_dns(world: World) -> str:
    world.address = "127.0.0.9"
    return WEB


def container_down(world: World) -> str:
    world.containers["web"]["state"] = {"Status": "exited", "ExitCode": 137, "StartedAt": STARTED, "Error": ""}
    world.handlers[WEB] = own_404
    return WEB


def container_unhealthy(world: World) -> str:
    checks = [{"ExitCode": 1, "Output": "connection to the database refused\n"}]
    world.containers["web"]["state"]["Health"] = {"Status": "unhealthy", "Log": checks}
    world.handlers[WEB] = own_404
    return WEB


def container_missing(world: World) -> str:
    del world.containers["web"]
    world.handlers[WEB] = own_404
    return WEB


def expired_certificate(world: World) -> str:
    world.certificates[WEB] = world.middle.issue(WEB, days=(-90, -1))
    return WEB


def dashboard_opened(world: World) -> str:
    world.containers["traefik"]["args"].append("--api.insecure=true")

    def shown(request: Request) -> Answer:
        body = b'{"routers":{"web-https@docker":{}},"services":{},"middlewares":{}}'
        return Answer(200, (HSTS,), body) if request.path == "/api/rawdata" else ok(request)

    world.handlers[WEB] = shown
    return WEB


def no_network_in_common(world: World) -> str:
    world.containers["web"]["networks"] = {"shop_default": {"IPAddress": "172.21.0.2"}}
    world.handlers[WEB] = lambda _: Answer(504, (HSTS,), b"Gateway Timeout")
    return WEB


def nothing_listens(world: World) -> str:
    world.handlers[WEB] = lambda _: Answer(502, (HSTS,), b"Bad Gateway")
    return WEB


def traefik_down(world: World) -> str:
    world.containers["traefik"]["state"] = {"Status": "restarting", "ExitCode": 1, "StartedAt": STARTED, "Error": ""}
    world.address = "127.0.0.3"  # nobody listens there
    text = (world.folder / "edge.yaml").read_text()
    (world.folder / "edge.yaml").write_text(text.replace("[127.0.0.1]", "[127.0.0.3]"))
    return WEB


Broken = Callable[[World], str]
STACKS: dict[Broken, tuple[Hop, str]] = {
    label_typo: (Hop.ROUTER, "did you mean `traefik.http.routers.registry-https.tls.certresolver`?"),
    label_typo_before_the_first_certificate: (Hop.TLS, "`certresolvers`"),
    redirection_without_to: (Hop.ENTRYPOINT, "redirections.entrypoint.to"),
    htpasswd_missing: (Hop.SERVICE, "/nowhere at /auth"),
    read_timeout_at_its_default: (Hop.ENTRYPOINT, "readTimeout is 60s"),
    registry_without_auth: (Hop.SERVICE, "REGISTRY_AUTH"),
    acme_json_is_open: (Hop.TLS, "mode 644"),
    acme_was_refused: (Hop.TLS, "Timeout during connect"),
    wrong_dns: (Hop.DNS, "127.0.0.9"),
    container_down: (Hop.CONTAINER, "exited (137)"),
    container_unhealthy: (Hop.CONTAINER, "connection to the database refused"),
    container_missing: (Hop.CONTAINER, "service `web` has no container"),
    expired_certificate: (Hop.TLS, "expired"),
    dashboard_opened: (Hop.ENTRYPOINT, "--api.insecure"),
    no_network_in_common: (Hop.SERVICE, "no network in common"),
    nothing_listens: (Hop.SERVICE, "502"),
    traefik_down: (Hop.TCP, "Traefik's container is restarting"),
}


@pytest.mark.parametrize("breaks", STACKS, ids=lambda breaks: breaks.__name__)
def test_a_broken_stack_has_its_first_broken_link(
    world: World, breaks: Broken, capfd: pytest.CaptureFixture[str], golden: Callable[[Path, str], None]
) -> None:
    host = breaks(world)
    capfd.readouterr()
    assert world.explain(host, "--json") == 1
    body = json.loads(capfd.readouterr().out)
    hop, words = STACKS[breaks]
    first = body["first_broken"]
    assert (body["ok"], first["link"], first["state"]) == (False, hop.value, "broken")
    assert words in first["message"]
    assert first["where"]
    assert first["hint"]
    assert [link["link"] for link in body["links"]] == [one.value for one in Hop]
    assert world.explain(host) == 1
    seen = capfd.readouterr()
    golden(SEEN / f"explain-{breaks.__name__.replace('_', '-')}.txt", steady(seen.out, world))
    assert seen.err == ""


def test_of_plain_http_a_missing_redirect_is_the_answer(world: World, capfd: pytest.CaptureFixture[str]) -> None:
    redirection_without_to(world)
    web = yaml.safe_load((world.folder / "edge.yaml").read_text())["edge"]["ports"]["web"]
    assert world.explain(f"http://{WEB}:{web}/") == 1
    assert "the first broken link is entrypoint: see edge.yaml" in capfd.readouterr().out


def steady(text: str, world: World) -> str:
    """A screen without what differs from run to run."""
    web = re.search(r"web: (\d+)", (world.folder / "edge.yaml").read_text())
    assert web is not None
    for number, name in ((world.secure, "SECURE"), (int(web[1]), "WEB")):
        text = text.replace(str(number), name)
    text = re.sub(r"\d{4}-\d\d-\d\d(T[\d:.]+Z| [\d:]+ UTC)?", "DATE", text)
    return text.replace(str(world.folder), "FOLDER")


def test_a_good_stack(world: World, capfd: pytest.CaptureFixture[str], golden: Callable[[Path, str], None]) -> None:
    capfd.readouterr()
    assert world.explain() == 0
    golden(SEEN / "explain-good.txt", steady(capfd.readouterr().out, world))
    assert world.explain(WEB, "--json") == 0
    body = json.loads(capfd.readouterr().out)
    assert (body["schema_version"], body["command"], body["ok"], body["first_broken"]) == (1, "explain", True, None)
    assert {link["state"] for link in body["links"]} == {"good"}
    assert body["service"] == "web"
    assert {item["outcome"] for item in body["findings"]} <= {"pass", "unknown", "fail"}


def test_a_laptop_without_an_engine(
    world: World, capfd: pytest.CaptureFixture[str], golden: Callable[[Path, str], None]
) -> None:
    world.docker.answer("docker version", "", "Cannot connect to the Docker daemon at unix:///var/run/docker.sock.", 1)
    capfd.readouterr()
    assert world.explain() == 0, "the service has answered, so there is a container"
    golden(SEEN / "explain-laptop.txt", steady(capfd.readouterr().out, world))
    world.handlers[WEB] = own_404
    assert world.explain() == 1
    assert "not seen from here" in capfd.readouterr().out


def test_the_engine_of_another_host(world: World, capfd: pytest.CaptureFixture[str]) -> None:
    assert world.explain(WEB, "--host", "ssh://me@server") == 0
    assert world.docker.hosts() == {"ssh://me@server"}
    assert world.explain(WEB, "--host", "nonsense") == 2


def test_a_host_that_is_not_in_the_spec(world: World, capfd: pytest.CaptureFixture[str]) -> None:
    capfd.readouterr()
    world.handlers["other.example.com"] = ok
    code = world.explain("other.example.com", "--connect-to", "other.example.com::127.0.0.1:")
    seen = capfd.readouterr()
    assert "edge.yaml has no host other.example.com" in seen.err
    assert "name-mismatch" not in seen.out
    assert code == 1
    assert "tls" in seen.out.splitlines()[-1]


def test_without_a_spec_the_engine_is_asked_for_the_host(world: World, capfd: pytest.CaptureFixture[str]) -> None:
    (world.folder / "edge.yaml").unlink()
    host = label_typo(world)
    capfd.readouterr()
    assert world.explain(host, "--allow-private", "--json") == 1
    seen = capfd.readouterr()
    assert "there is no edge.yaml here" in seen.err
    first = json.loads(seen.out)["first_broken"]
    assert (first["link"], "`certresolvers`" in first["message"], first["where"]) == ("router", True, None)


def test_what_can_t_be_told_is_exit_4(world: World, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", f"https://{WEB}:{world.secure}/", "--resolver", "127.0.0.1:1", "--timeout", "0.5"]) == 4
    assert "no link is broken, as far as can be checked from here" in capfd.readouterr().out


@pytest.mark.parametrize(
    "words", [["ftp://www.example.com"], ["https://"], [], ["https://a.test", "--traefik-api", "x"],
              ["https://a.test", "--timeout", "0"], ["https://a.test", "--host", "x"], ["https://a.test", "--nope"]],
)  # fmt: skip
def test_wrong_words_are_exit_2(edgegen: Edgegen, tmp_path: Path, words: list[str]) -> None:
    done = edgegen("explain", *words, "--resolver", "127.0.0.1:1", cwd=tmp_path)
    assert (done.code, done.out) == (2, "")


def test_a_wrong_spec_is_exit_2(edgegen: Edgegen, tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text("name: Shop\n")
    assert edgegen("explain", "https://a.test", "--resolver", "127.0.0.1:1", cwd=tmp_path).code == 2


def api_of(world: World, *routers: Mapping[str, Any]) -> Handler:
    def handle(request: Request) -> Answer:
        if request.path == "/api/http/routers":
            return Answer(200, body=json.dumps(routers).encode())
        if request.path == "/api/entrypoints":
            return Answer(200, body=b"[]")
        return Answer(404)

    return handle


OFF = {"name": "web-https@docker", "rule": f"Host(`{WEB}`)", "status": "disabled", "service": "web",
       "error": ['middleware "nope@docker" does not exist']}  # fmt: skip


def test_traefiks_api_has_the_last_word(world: World, capfd: pytest.CaptureFixture[str]) -> None:
    world.handlers[WEB] = own_404
    api = world.servers.http(api_of(world, OFF))
    capfd.readouterr()
    assert world.explain(WEB, "--traefik-api", f"http://127.0.0.1:{api.port}", "--json") == 1
    first = json.loads(capfd.readouterr().out)["first_broken"]
    assert first["link"] == "router"
    assert "Traefik's router web-https@docker is off: its router uses the middleware `nope@docker`" in first["message"]


def test_an_api_that_is_not_there_is_a_remark(world: World, capfd: pytest.CaptureFixture[str]) -> None:
    capfd.readouterr()
    assert world.explain(WEB, "--traefik-api", f"http://127.0.0.1:{world.servers.closed_port()}") == 0
    assert "Traefik's API at http://127.0.0.1:" in capfd.readouterr().err


def test_words_of_others_command_no_terminal(world: World, capfd: pytest.CaptureFixture[str]) -> None:
    world.containers["web"]["labels"]["traefik.http.routers.x.\x1b]0;owned\x07"] = "\x1b[2J"
    world.containers["web"]["state"] = {
        "Status": "exited",
        "ExitCode": 1,
        "StartedAt": STARTED,
        "Error": "\x1b[2J\u202e",
    }
    world.handlers[WEB] = own_404
    capfd.readouterr()
    for words in ([], ["--json"]):
        assert world.explain(WEB, *words) == 1
        seen = capfd.readouterr()
        assert not {"\x1b", "\x07", "\u202e"} & set(seen.out + seen.err)


def test_no_secret_is_shown(world: World, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("EDGEGEN_REGISTRY_PASSWORD", "EDGEGEN_DASHBOARD_PASSWORD"):
        monkeypatch.setenv(name, "canary-swordfish")
    for name in ("EDGEGEN_REGISTRY_USER", "EDGEGEN_DASHBOARD_USER"):
        monkeypatch.setenv(name, "ci")
    capfd.readouterr()
    world.explain(REGISTRY, "-v", "--json", "--traefik-api", f"http://127.0.0.1:{world.servers.http(own_404).port}")
    seen = capfd.readouterr()
    assert "canary" not in seen.out + seen.err
    assert not any("canary" in word for call in world.docker.calls() for word in call)


def test_explain_loads_no_more_than_it_needs(tmp_path: Path) -> None:
    code = (
        "import sys; from edgegen.cli.app import run; "
        "run(['explain', '--help']); sys.stderr.write(' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=True)
    assert not {"dns", "cryptography", "requests", "h11", "jinja2", "yaml"} & set(done.stderr.split())
