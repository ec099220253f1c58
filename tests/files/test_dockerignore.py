"""No secret of a project is offered to a builder, and a context or mount that would is refused with its line."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest

from edgegen.core.errors import EdgegenError
from edgegen.dockerignore import Builder, parse, reaches_builder
from edgegen.files import dockerignore
from edgegen.project.render import prepare
from edgegen.spec.load import load_text
from tests.conftest import Edgegen, Ran

KINDS = Path(__file__).parents[2] / "examples/03-edge-kinds/edge.yaml"
GIVEN = {"CLOUDFLARE_API_TOKEN": "t", "S3_KEY": "k", "S3_SECRET": "s"}
PUBLIC = {
    "docker-compose.yml",
    "traefik/dynamic/middlewares.yml",
    "traefik/dynamic/services.yml",
    "traefik/dynamic/tls.yml",
}
PUBLIC |= {".gitignore", ".dockerignore", "traefik/socket-proxy.cfg"}
ALL = dockerignore.content().decode()
WEB = """\
name: a
secrets: {db: {generate: 32}}
services:
  web:
    build: .
    secrets: [db]
"""


class RenderIn:
    """One project, rendered again and again."""

    def __init__(self, edgegen: Edgegen, folder: Path) -> None:
        self._edgegen = edgegen
        self.folder = folder
        folder.mkdir()

    def __call__(self, spec: str, *words: str, **environment: str) -> Ran:
        (self.folder / "edge.yaml").write_text(spec)
        return self._edgegen("render", *words, "-C", self.folder, env=environment)

    def put(self, path: str, text: str = "x") -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


@pytest.fixture
def render(edgegen: Edgegen, tmp_path: Path) -> RenderIn:
    return RenderIn(edgegen, tmp_path / "site")


def sent(project: Path, builder: Builder) -> set[str]:
    """What this builder gets of the project."""
    patterns = parse((project / ".dockerignore").read_bytes())
    files = (path.relative_to(project).as_posix() for path in project.rglob("*") if path.is_file())
    return {file for file in files if reaches_builder(file, patterns, builder)}


@pytest.mark.slow
@pytest.mark.parametrize("builder", Builder)
def test_a_builder_gets_no_secret_of_any_kind(edgegen: Edgegen, tmp_path: Path, builder: Builder) -> None:
    (tmp_path / "edge.yaml").write_bytes(KINDS.read_bytes())
    assert edgegen("render", cwd=tmp_path, env=GIVEN).code == 0
    htpasswds = list(tmp_path.glob("*/htpasswd"))
    assert htpasswds
    for file in (*htpasswds, tmp_path / "edge.yaml", tmp_path / "docker-compose.yml"):
        (file.parent / f"{file.name}.bak").write_text("x")
        (file.parent / f"{file.name}.bak.1").write_text("x")
        (file.parent / f".edgegen-tmp-{'0' * 16}").write_text("x")
    (tmp_path / ".env").write_text("TOKEN=1")
    (tmp_path / "app.py").write_text("x")
    assert sent(tmp_path, builder) == PUBLIC | {"app.py"}


def test_init_makes_one(edgegen: Edgegen, tmp_path: Path) -> None:
    done = edgegen("init", "web", "commenthouse.com", cwd=tmp_path)
    assert "wrote .dockerignore" in done.err
    assert (tmp_path / ".dockerignore").read_text() == ALL
    assert (tmp_path / ".dockerignore").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("command", [["render"], ["render", "--force"], ["init", "web", "a.org", "--force"]])
def test_one_that_exists_is_never_touched(edgegen: Edgegen, tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "edge.yaml").write_text("name: a\n")
    (tmp_path / ".dockerignore").write_text("node_modules")
    done = edgegen(*command, cwd=tmp_path)
    assert done.code == 0, done.err
    assert (tmp_path / ".dockerignore").read_text() == "node_modules"
    assert "warning" not in done.err


def test_a_link_in_its_place_is_the_user_s(render: RenderIn) -> None:
    render.put("docker/ignore", ALL)
    (render.folder / ".dockerignore").symlink_to("docker/ignore")
    assert render(WEB).code == 0
    assert (render.folder / ".dockerignore").is_symlink()
    render.put("docker/ignore", "secrets\n")
    done = render(WEB)
    assert done.code == 2
    assert "`acme/acme.json`" in done.err


def test_a_new_project_that_builds_is_rendered(render: RenderIn) -> None:
    done = render(WEB)
    assert done.code == 0, done.err
    assert render(WEB, "--check").code == 0


@pytest.mark.parametrize("words", [[], ["--check"], ["--diff"], ["--stdout"]])
def test_secrets_that_do_not_exist_yet_count(render: RenderIn, words: list[str]) -> None:
    render.put(".dockerignore", "acme\n.edgegen\n")
    done = render(WEB, *words)
    assert done.code == 2
    assert "edge.yaml:5:12 services.web.build.context: ER029 the build context `.`" in done.err
    assert "`secrets/db`" in done.err
    assert "Add the line to the end of `.dockerignore`: `secrets`" in done.err
    assert not (render.folder / "secrets").exists()


def test_secrets_that_earlier_runs_left_count(render: RenderIn) -> None:
    render.put(".dockerignore", "acme\n.edgegen\nsecrets/db\n")
    assert render(WEB).code == 0
    render.put("secrets/old")
    assert "`secrets/old`" in render(WEB).err


def test_hashes_of_secrets_count_and_so_do_backups_of_users(render: RenderIn) -> None:
    spec = "name: a\ndomains: {b.org: {}}\nservices: {hub: {kind: registry, host: b.org, users: [me]}, w: {build: .}}\n"
    render.put(".dockerignore", "acme\nsecrets\nregistry-hub/htpasswd\n")
    render.put("registry-hub/htpasswd.bak.1")
    done = render(spec)
    assert done.code == 2
    assert "`.edgegen/manifest.json`, `registry-hub/htpasswd.bak.1`;" in done.err


def test_edge_yaml_and_an_env_file_of_the_user_refuse_nothing(render: RenderIn) -> None:
    render.put(".dockerignore", "acme\nsecrets\n.edgegen\n")
    render.put(".env", "TOKEN=1")
    assert render(WEB).code == 0


def test_the_file_behind_a_secret_counts_wherever_it_is(render: RenderIn) -> None:
    render.put("app/keys/real.pem")
    (render.folder / "key.pem").symlink_to("app/keys/real.pem")
    spec = (
        "name: a\nsecrets: {k: {file: key.pem}}\nservices:\n  web: {image: 'w:1', secrets: [k]}\n  app: {build: app}\n"
    )
    done = render(spec)
    assert done.code == 2
    assert "edge.yaml:5:16 services.app.build.context" in done.err
    assert "`app/keys/real.pem`; there is no `app/.dockerignore`\n" in done.err
    assert "= Add the line to the end of `app/.dockerignore`: `keys/real.pem`" in done.err
    render.put("app/.dockerignore", "keys")
    assert render(spec).code == 0
    assert "app/keys/real.pem" in (render.folder / ".dockerignore").read_text().splitlines()


def test_the_file_behind_a_variable_counts(render: RenderIn) -> None:
    render.put("app/token")
    spec = (
        "name: a\nsecrets: {t: {env: TOKEN}}\nservices:\n  web: {image: 'a:1', secrets: [t]}\n  app: {build: ./app}\n"
    )
    assert "`app/token`" in render(spec, TOKEN_FILE=str(render.folder / "app/token")).err


@pytest.mark.slow
def test_links_lead_to_the_context(render: RenderIn, tmp_path: Path) -> None:
    render.put(".dockerignore", "")
    (tmp_path / "up").symlink_to("site")
    (render.folder / "here").symlink_to(".")
    (tmp_path / "far/away").mkdir(parents=True)
    (render.folder / "far").symlink_to("../far/away")
    for spelled in ("../up", "./here", str(tmp_path / "up"), "~/site", "acme/..", "far/..", "none/.."):
        done = render(WEB.replace("build: .", f"build: {spelled}"), HOME=str(tmp_path))
        assert (done.code, "`acme/acme.json`" in done.err) == (2, True), spelled
    (tmp_path / "down").symlink_to("site/app")
    assert render(WEB.replace("build: .", "build: ../down")).code == 0


def test_the_parent_of_the_project_counts(render: RenderIn, tmp_path: Path) -> None:
    spec = WEB.replace("build: .", "build: {context: .., dockerfile: site/Dockerfile}")
    done = render(spec)
    assert done.code == 2
    assert f"there is no `{tmp_path}/.dockerignore`" in done.err
    assert "`site/acme`, `site/secrets`" in done.err
    (tmp_path / ".dockerignore").write_text("site/.edgegen\nsite/acme\nsite/secrets\n")
    assert render(spec).code == 0
    render.put("Dockerfile.dockerignore", "")
    assert "`Dockerfile.dockerignore`, which BuildKit reads" in render(spec).err


def test_an_overlay_counts_only_where_it_is_used(render: RenderIn) -> None:
    render.put(".dockerignore", "node_modules\n")
    spec = "name: a\nservices: {web: {image: 'a:1'}}\nenvironments:\n  dev:\n    services:\n      web: {build: .}\n"
    assert render(spec).code == 0
    done = render(spec, "-e", "dev")
    assert done.code == 2
    assert "edge.yaml:6:20" in done.err


def test_a_mount_of_the_project_is_refused(render: RenderIn) -> None:
    done = render("name: a\nservices:\n  web:\n    image: a:1\n    volumes: ['.:/app', './app:/x']\n")
    assert done.code == 2
    assert (
        "edge.yaml:5:15 services.web.volumes[0]: ER029 the mount of `.` shows secret files to the container" in done.err
    )
    assert "volumes[1]" not in done.err


@pytest.mark.slow
def test_edgegen_s_own_mounts_are_no_reason(render: RenderIn) -> None:
    spec = "name: a\nedge: {dashboard: {host: d.example.com, users: [me]}}\ndomains: {example.com: {}}\nservices: {}\n"
    done = render(spec)
    assert done.code == 0, done.err
    own = "  extra: {volumes: ['./acme:/acme', './traefik/dynamic:/d', './traefik/auth:/a']}\n"
    assert render(spec.replace("edge: {dash", "edge:\n  dash").replace("[me]}}\n", f"[me]}}\n{own}")).code == 0


@pytest.mark.parametrize("kind", ["folder", "fifo", "large"])
def test_an_ignore_file_that_is_none_is_refused_without_waiting(render: RenderIn, tmp_path: Path, kind: str) -> None:
    path = tmp_path / ".dockerignore"
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    else:
        path.write_bytes(b"#" * (1 << 20) + b"\nsite\n")
    done = render(WEB.replace("build: .", "build: .."))
    assert done.code == 2
    assert ".dockerignore` can't be read: " in done.err


def test_up_refuses_before_it_looks_for_an_engine(edgegen: Edgegen, render: RenderIn) -> None:
    render.put(".dockerignore", "")
    render.put("edge.yaml", WEB)
    for words in (["up"], ["up", "--dry-run"]):
        done = edgegen(*words, "-C", render.folder)
        assert (done.code, "services.web.build.context" in done.err) == (2, True)


IMPOSSIBLE = {
    "a long name": "./" + "x" * 300, "a long path": "./" + "/".join(["y" * 200] * 30), "a loop": "./loop",
    "below a loop": "./loop/a", "below a file": "./edge.yaml/a", "a link to nowhere": "./nowhere",
}  # fmt: skip


def refusal(project: Path, service: dict[str, Any]) -> EdgegenError | None:
    project.mkdir(exist_ok=True)
    try:
        prepare(
            project,
            None,
            environ={},
            loaded=load_text(json.dumps({"name": "a", "services": {"web": service}}).encode()),
        )
    except EdgegenError as error:
        return error
    return None


@pytest.mark.quick(2)
@pytest.mark.parametrize("path", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_a_context_that_cannot_exist_is_like_one_that_is_missing(path: str, tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").touch()
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "nowhere").symlink_to("gone")
    image = {"image": "a:1"}
    for service in (
        {"build": path}, {"build": {"context": ".", "dockerfile": path}},
        {"build": {"context": path, "dockerfile": path}},
        {"build": {"context": "./src", "additional_contexts": {"more": path}}}, {**image, "volumes": [f"{path}:/x"]},
        {**image, "extra": {"build": path}}, {**image, "extra": {"build": {"context": path + "\0"}}},
        {**image, "extra": {"volumes": ["./a\0b:/x"]}},
    ):  # fmt: skip
        assert refusal(tmp_path, service) is None


def test_an_ignore_file_in_a_closed_folder_excludes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that runs as root can open every folder, so the system's answer is given here."""
    real = Path.stat

    def closed(self: Path, **options: Any) -> os.stat_result:
        if self == tmp_path / ".dockerignore":
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(self, **options)

    (tmp_path / ".dockerignore").write_text("*\n")
    assert refusal(tmp_path / "site", {"build": ".."}) is None
    monkeypatch.setattr(Path, "stat", closed)
    error = refusal(tmp_path / "site", {"build": ".."})
    assert error is not None
    assert (error.exit_code, "can't be read: Permission denied" in str(error)) == (2, True)
