"""What a command does not load: starting is most of what a short command costs."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.fakes.cloudflare import TOKEN, in_thread
from tests.terminal import program_on_terminal

pytestmark = pytest.mark.slow

SPEC = """\
name: small
acme: {email: ops@example.com}
services:
  web: {image: "ghcr.io/acme/web:1.4", port: 3000, host: www.example.com, middlewares: [{kind: compress}]}
"""
OUTSIDE = {"requests", "httpx", "cloudflare", "dns", "bcrypt", "rich", "idna", "cryptography", "ssl"}
"""What no command of these needs. (Typer itself loads subprocess and difflib.)"""
ONE_HOST = ("verify", "https://a.test", "--resolver", "127.0.0.1:1", "--timeout", "0.1")
LISTED = """
import sys
sys.argv = ["edgegen", *{argv}]
from edgegen.__main__ import main
try:
    main()
except SystemExit as leave:
    assert (leave.code or 0) == {code}, leave.code
sys.stderr.write("\\nLOADED " + " ".join(sys.modules))
"""


def loaded(tmp_path, *argv: str, code: int = 0) -> set[str]:
    """The modules that a process has loaded after `edgegen ARGV`."""
    done = subprocess.run(
        [sys.executable, "-c", LISTED.format(argv=list(argv), code=code)],
        cwd=tmp_path, capture_output=True, text=True, env=dict(os.environ), check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return set(done.stderr.rpartition("LOADED ")[2].split())


def with_keys(keys: str) -> str:
    """The spec with more at its service, and another service."""
    return SPEC.replace("port: 3000", f"port: 3000, {keys}") + '  b: {image: "ghcr.io/acme/b:1.4"}\n'


MORE = with_keys("traefik_labels: {traefik.x: y}, build: ., deploy: {mode: replicated}, depends_on: [b]")
"""What few specs have."""
AFTER_IT = """
loaded = list(sys.modules)
import dataclasses, json, re
of_ours = [module for name, module in sys.modules.items() if name.startswith("edgegen")]
made = {item for module in of_ours for item in vars(module).values() if isinstance(item, type)}
ours = [str(item) for item in made if "edgegen" in item.__module__ and dataclasses.is_dataclass(item)]
from edgegen.spec import configs, container, deploy, domain, secrets, shared
few = [container.Build, container.DependsOn, container.NetworkUse, configs.ConfigMount,
       configs.ConfigSource, deploy.Deploy, deploy.Logging, domain.DeclaredRecord, domain.HostOverride,
       secrets.SecretMount, shared.Network, shared.Dashboard]
built = [model.__name__ for model in few if model.__pydantic_complete__]
from jinja2.utils import _http_re
from yaml.constructor import SafeConstructor
from yaml.reader import Reader
of_libraries = (Reader.NON_PRINTABLE, SafeConstructor.timestamp_regexp, _http_re)
compiled = [isinstance(item, re.Pattern) for item in of_libraries]
sys.stderr.write("\\nFOUND " + json.dumps([loaded, ours, built, compiled]))
"""


@dataclass(frozen=True)
class Render:
    """What a process has after `edgegen render`."""

    modules: set[str]
    dataclasses: list[str]
    built: set[str]
    has_compiled: list[bool]


@pytest.fixture(scope="module")
def render(tmp_path_factory) -> Callable[..., Render]:
    """One process for each spec tells all of it."""

    @functools.cache
    def ran(spec: str = SPEC) -> Render:
        folder = tmp_path_factory.mktemp("rendered")
        (folder / "edge.yaml").write_text(spec)
        program = LISTED.format(argv=["render"], code=0) + AFTER_IT
        done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        modules, ours, built, compiled = json.loads(done.stderr.rpartition("FOUND ")[2])
        return Render(set(modules), ours, set(built), compiled)

    return ran


@pytest.fixture
def project(tmp_path):
    (tmp_path / "edge.yaml").write_text(SPEC)
    return tmp_path


@pytest.mark.parametrize("words", [["--version"], ["--version", "--json"]])
def test_version_loads_nothing(tmp_path, words):
    modules = loaded(tmp_path, *words)
    assert not modules & (OUTSIDE | {"typer", "yaml", "jinja2", "pydantic", "edgegen.cli.app"})


def test_help_loads_typer_alone(tmp_path):
    modules = loaded(tmp_path, "--help")
    assert "typer" in modules
    assert not modules & (OUTSIDE | {"yaml", "jinja2", "pydantic", "edgegen.spec.load", "edgegen.cli.render"})


def test_the_help_of_dns_loads_nothing_that_runs_programs(tmp_path):
    """`--host` is an option of every `dns` command; what uses it is loaded when it is used."""
    modules = loaded(tmp_path, "dns", "plan", "--help")
    assert "edgegen.cli.dns" in modules
    assert not [name for name in modules if name.startswith("edgegen.deploy")]


def test_render_loads_nothing_of_other_commands(render):
    modules = render().modules
    assert not modules & OUTSIDE
    assert not {name for name in modules if name.startswith(("edgegen.dns", "edgegen.deploy", "edgegen.cli.up"))}


def test_render_loads_nothing_that_makes_the_schema(render):
    assert not render().modules & {"edgegen.spec.schema", "edgegen.spec.docstrings"}


def test_render_loads_only_the_rules_that_may_find_something(render):
    """What knows Traefik's labels and Docker's patterns is large, and most projects have neither."""
    large = {"edgegen.rules.traefik_labels_read", "edgegen.traefik.label_words", "edgegen.dockerignore"}
    modules = render().modules
    assert "edgegen.rules.labels_of_traefik" in modules
    assert not modules & {*large, "edgegen.spec.dotenv", "edgegen.spec.overlay", "edgegen.spec.registry_cache"}
    assert not large - render(MORE).modules


def test_render_loads_the_models_of_large_keys_where_a_spec_has_them(render):
    """Making the classes of `deploy:` takes 13 million instructions, those of a rate limit's Redis five."""
    large = {"edgegen.spec.deploy", "edgegen.traefik.middlewares.redis"}
    limit = "middlewares: [{kind: rate-limit, average: 9}]"
    modules = render(SPEC.replace("middlewares: [{kind: compress}]", limit)).modules
    assert "edgegen.traefik.middlewares.rate_limit" in modules
    assert not modules & large
    shared = limit.replace("9}", "9, redis: {endpoints: [redis:6379]}}")
    assert (
        large <= render(SPEC.replace("middlewares: [{kind: compress}]", f"{shared}, deploy: {{replicas: 1}}")).modules
    )


def test_render_makes_no_dataclass(render):
    """Each compiles its methods anew: 0.7 ms at every start."""
    assert render().dataclasses == []


@pytest.mark.parametrize(
    ("spec", "built"),
    [
        (SPEC, set()),
        (MORE, {"Deploy", "Build", "DependsOn"}),
        (with_keys("deploy: {mode: replicated}"), {"Deploy"}),
        (with_keys("build: ."), {"Build"}),
        (with_keys("depends_on: [b]"), {"DependsOn"}),
    ],
)
def test_render_builds_only_the_models_that_it_meets(render, spec, built):
    assert render(spec).built == built


def test_render_compiles_no_expression_that_only_reads_what_it_does_not_read(render):
    """PyYAML's own for its reader in Python, over all of Unicode, takes 58 million instructions of 1,200 million."""
    assert render().has_compiled == [False, False, False]


def test_render_does_not_look_for_plugins(render):
    """pydantic's way to look for them takes 11 ms: it would find what edgegen would not use."""
    modules = render().modules
    assert "pydantic" in modules
    assert not modules & {"importlib.metadata", "email", "zipfile", "csv"}


def test_plugins_that_a_user_asks_for_are_looked_for(project, monkeypatch):
    monkeypatch.setenv("PYDANTIC_DISABLE_PLUGINS", "one,another")
    assert "importlib.metadata" in loaded(project, "render")


def test_whatever_else_pydantic_asks_of_its_plugins_it_gets(tmp_path):
    program = (
        "from edgegen.__main__ import _without_plugins; _without_plugins()\n"
        "from pydantic.plugin._loader import get_plugins; assert get_plugins() == ()\n"
        "from pydantic.plugin._loader import PYDANTIC_ENTRY_POINT_GROUP as group; print(group)\n"
    )
    env = {key: value for key, value in os.environ.items() if key != "PYDANTIC_DISABLE_PLUGINS"}
    done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("pydantic\n", "")


def test_render_loads_only_the_middlewares_that_are_used(render):
    room = "edgegen.traefik.middlewares."
    modules = render().modules
    assert f"{room}compress" in modules
    assert not modules & {f"{room}forward_auth", f"{room}rate_limit", f"{room}buffering", f"{room}errors"}


def test_render_for_one_host_loads_nothing_of_a_swarm(render):
    modules = render().modules
    assert "edgegen.targets.compose" in modules
    assert "edgegen.traefik.middlewares.retry" not in modules
    assert not {name for name in modules if name.startswith("edgegen.targets.swarm")}


def test_render_loads_only_the_kinds_that_are_used(render):
    modules = render('name: a\nservices: {web: {image: "a:1"}}\n').modules
    assert {"edgegen.spec.container", "edgegen.kinds.container"} <= modules
    others = ("registry", "registry_cache", "redirect", "external", "tcp")
    assert not modules & {f"edgegen.{room}.{kind}" for room in ("spec", "kinds") for kind in others}


def test_verify_makes_no_dataclass_of_its_own(project):
    program = LISTED.format(argv=[*ONE_HOST], code=4) + AFTER_IT
    done = subprocess.run([sys.executable, "-c", program], cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    modules, ours, _, _ = json.loads(done.stderr.rpartition("FOUND ")[2])
    assert "edgegen.verify.look.address" in modules
    assert ours == []


def test_verify_loads_no_dns_where_every_host_has_a_detour(tmp_path):
    detours = [word for port in (443, 80) for word in ("--connect-to", f"www.example.com:{port}:127.0.0.1:1")]
    modules = loaded(tmp_path, "verify", "https://www.example.com", *detours, code=1)
    assert "edgegen.verify.engine" in modules
    assert not modules & {"dns", "requests", "cloudflare", "jinja2", "yaml"}


@pytest.mark.parametrize(
    ("words", "code"),
    [(ONE_HOST, 4), (("rules",), 0), (("cert", "list", "--offline"), 1), (("render", "--diff"), 0)],
)  # fmt: skip
def test_a_result_in_colour_needs_no_library_for_it(project, words, code):
    """Rich would be most of what `verify` of one host costs: 40 to 70 ms."""
    seen = program_on_terminal([sys.executable, "-c", LISTED.format(argv=list(words), code=code)], 80, cwd=project)
    assert seen.code == 0, seen.raw
    assert "\x1b[" in seen.raw
    modules = set(seen.raw.rpartition("LOADED ")[2].split())
    assert "edgegen.cli.screen" in modules
    assert not modules & {"rich", "pygments", "markdown_it"}


def test_programs_load_nothing_that_shows(project):
    modules = loaded(project, *ONE_HOST, "--json", code=4)
    assert not modules & {"edgegen.cli.report.next_look", "edgegen.verify.diagnosis", "rich"}


RUN_ALL = """
import io, sys
from contextlib import redirect_stderr, redirect_stdout
from edgegen.cli.app import COMMANDS, run
lines = {lines!r}
for name in COMMANDS:
    for words in lines.get(name, [[]]):
        for more in ([], ["--help"]):
            said = io.StringIO()
            with redirect_stdout(said), redirect_stderr(said):
                code = run([name, *words, *more])
            assert code != 70, said.getvalue()
            print(name, *words, *more, "LOADS" if "cloudflare" in sys.modules else "")
"""
LINES = {
    "init": [["registry", "example.com", "--dir", "made"]],
    "add": [["whoami", "w.example.com"]],
    "registry": [["user", "list"], ["login"]],
    "auth": [["list"]],
    "dns": [["plan"], ["status"], ["export"], ["check-token"], ["own"]],
    "verify": [["https://127.0.0.1:1", "--timeout", "1"], ["--checks"]],
    "explain": [["https://www.example.com", "--resolver", "127.0.0.1:1"]],
    "cert": [["list", "--offline"]],
    "swarm": [["nodes"]],
    "rule": [["EL001"]],
    "up": [["--dry-run"]],
    "down": [["--dry-run"]],
}
"""What a command is given here; one that is not listed runs bare, in a project without an engine and a token."""


def test_no_command_loads_cloudflares_sdk(project):
    """It is half of the installation, and only a write at Cloudflare needs it: `dns sync` with something to change."""
    env = {"PATH": "/nonexistent", "HOME": str(project), "DOCKER_HOST": "unix:///nonexistent"}
    program = RUN_ALL.replace("{lines!r}", repr(LINES))
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=project, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    ran = done.stdout.splitlines()
    assert len(ran) > 40
    assert [line for line in ran if line.endswith("LOADS")] == []


def test_a_write_at_cloudflare_loads_its_sdk_and_a_plan_does_not(tmp_path, monkeypatch):
    """The other side of the same list: what is seen as loaded there is loaded where it is needed."""
    domains = "domains: {example.com: {addresses: [157.245.51.137]}}"
    (tmp_path / "edge.yaml").write_text(
        f"name: a\n{domains}\nservices: {{web: {{image: a:1, port: 80, host: example.com}}}}\n"
    )
    with in_thread() as fake:
        fake.ask("zone", name="example.com", records=[])
        monkeypatch.setenv("CLOUDFLARE_BASE_URL", fake.url)
        monkeypatch.setenv("CLOUDFLARE_API_TOKEN", TOKEN)
        assert "cloudflare" not in loaded(tmp_path, "dns", "plan")
        assert "cloudflare" in loaded(tmp_path, "dns", "sync")


def test_the_list_notices_a_module(render):
    """The planted fault: a module that is loaded must be seen."""
    assert "jinja2" in render().modules
