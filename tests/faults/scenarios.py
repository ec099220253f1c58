"""The projects and commands that the fault tests run."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from tests.faults.harness import STORE, Scenario, run

HERE = Path(__file__).parent
CERTIFICATES = b'{"le": {"Certificates": ["kept for ever"]}}'


def write_once(project: Path, variant: str) -> list[str]:
    """The command that writes one generation of outputs."""
    return [sys.executable, str(HERE / "write_once.py"), str(project), variant]


def write_in_place(project: Path) -> list[str]:
    """The planted fault."""
    return [sys.executable, str(HERE / "write_in_place.py"), str(project)]


def nothing_yet(project: Path) -> None:
    """A project in which nothing was rendered."""
    (project / "edge.yaml").write_text("name: test\n")


def in_use(project: Path) -> None:
    """A project with an older generation, certificates, and a file of somebody else."""
    nothing_yet(project)
    assert run(write_once(project, "fresh")).returncode == 0
    (project / STORE).write_bytes(CERTIFICATES)
    (project / "notes.txt").write_text("somebody else's\n")


def old_secrets(project: Path) -> None:
    """A project of a version that mounted 0600 files, in whose folder somebody opened the door."""
    nothing_yet(project)
    assert run(write_once(project, "narrow")).returncode == 0
    (project / "secrets").chmod(0o755)


def widen_first(project: Path) -> list[str]:
    """The planted fault: files are made readable before the folder is closed."""
    return [sys.executable, str(HERE / "widen_first.py"), str(project)]


def two_old_files(project: Path) -> None:
    """What the planted fault overwrites."""
    for name in ("docker-compose.yml", "stack.yml"):
        (project / name).write_text("old\n")


def edgegen(*arguments: str) -> list[str]:
    """The command line itself."""
    return [sys.executable, "-m", "edgegen", *arguments]


def started(project: Path) -> None:
    """A registry project as `init` leaves it."""
    init = ["init", "registry", "commenthouse.com", "--email", "ops@commenthouse.com", "--dir", str(project)]
    done = run(edgegen(*init))
    assert done.returncode == 0, done.stderr


def only_a_spec(project: Path) -> None:
    """A registry project of which nothing but `edge.yaml` was copied to this host."""
    started(project)
    for path in project.iterdir():
        if path.name != "edge.yaml":
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def changed_spec(project: Path) -> None:
    """A registry project in use whose spec was changed since the last render."""
    started(project)
    (project / STORE).write_bytes(CERTIFICATES)
    spec = project / "edge.yaml"
    spec.write_text(spec.read_text().replace("ops@commenthouse.com", "certificates@commenthouse.com"))


def local_authority(project: Path) -> None:
    """A project for a laptop in which nothing was rendered."""
    (project / "edge.yaml").write_text(
        "name: test\nacme: {ca: local}\nservices: {web: {image: 'w:1', port: 80, host: web.localhost}}\n"
    )


def render(project: Path) -> list[str]:
    """`edgegen render` in a directory."""
    return edgegen("render", "-C", str(project))


# The manifest holds the hash of secrets/registry.env; that it is the right one is judged of its own.
PASSWORDS = ("secrets/", "registry/htpasswd", ".edgegen/manifest.json")
RENDER_FRESH = Scenario("render fresh", only_a_spec, render, random=PASSWORDS)
RENDER_OVERWRITE = Scenario("render overwrite", changed_spec, render, random=PASSWORDS)
# The authority is random, and what is made of it; a next run keeps it.
RENDER_LOCAL = Scenario(
    "render local", local_authority, render,
    random=(".edgegen/ca/", "traefik/dynamic/local-certificates.yml", ".edgegen/manifest.json"),
    spread=12,
)  # fmt: skip
FRESH = Scenario("fresh", nothing_yet, lambda project: write_once(project, "fresh"))
OVERWRITE = Scenario("overwrite", in_use, lambda project: write_once(project, "next"))
WIDEN = Scenario("widen", old_secrets, lambda project: write_once(project, "wide"))
WIDEN_FIRST = Scenario("widen first", old_secrets, widen_first)
IN_PLACE = Scenario("in place", two_old_files, write_in_place)
