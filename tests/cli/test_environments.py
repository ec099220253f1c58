"""A folder that was rendered for one environment is not turned into another's by leaving out `-e`."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from edgegen.spec.load import load_text
from tests.conftest import Edgegen

pytestmark = pytest.mark.slow

SPEC = """\
name: shop
services:
  web: {image: "web:1", port: 80, host: www.shop.example}
environments:
  dev: {services: {web: {ports: ["127.0.0.1:8080:80"]}}}
  production: {}
"""
COMPOSE = "docker-compose.yml"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "edge.yaml").write_text(SPEC)
    return tmp_path


def test_lint_checks_the_overlays_that_are_not_in_use(edgegen: Edgegen, project: Path) -> None:
    text = SPEC.replace("production: {}", 'production: {services: {web: {image: "web"}}}')
    (project / "edge.yaml").write_text(text)
    for words in ((), ("-e", "dev")):
        done = edgegen("lint", *words, cwd=project)
        assert "unpinned-image: with `-e production`: `web` is not pinned" in done.out
    assert "unpinned-image: `web` is not pinned" in edgegen("lint", "-e", "production", cwd=project).out


def test_lint_refuses_every_overlay_that_is_wrong_at_once(edgegen: Edgegen, project: Path) -> None:
    wrong = "production: {services: {web: {prot: 80}}}\n  test: {services: {web: {port: 0}}}"
    (project / "edge.yaml").write_text(SPEC.replace("production: {}", wrong))
    done = edgegen("lint", cwd=project)
    assert done.code == 2
    assert "edge.yaml:6:33 services.web.prot: with `-e production`: unknown key `prot`" in done.err
    assert "edge.yaml:7:33 services.web.port: with `-e test`: 0 is not a port" in done.err
    assert edgegen("render", cwd=project).code == 0


def files(project: Path) -> dict[str, tuple[int, bytes]]:
    found = (file for file in project.rglob("*") if file.is_file() and file.name != "lock")
    return {str(file): (file.stat().st_ino, file.read_bytes()) for file in found}


TOUCHING = [
    ["render"], ["render", "--check"], ["render", "--diff"], ["render", "--stdout"], ["render", "--force"],
    ["up"], ["up", "--dry-run"], ["down"], ["down", "--dry-run"], ["down", "--volumes", "--yes"],
]  # fmt: skip


@pytest.mark.parametrize("words", TOUCHING, ids=" ".join)
def test_without_a_name_nothing_happens_to_another_environments_files(
    edgegen: Edgegen, project: Path, words: list[str]
) -> None:
    assert edgegen("render", "-e", "dev", cwd=project).code == 0
    before = files(project)
    done = edgegen(*words, cwd=project)
    assert (done.code, done.out) == (3, "")
    assert done.err == (
        "error[3]: this folder was last rendered with `-e dev`, and no environment is named. "
        "Add `-e dev` to keep it, or `-e base` for edge.yaml without an environment\n"
    )
    assert files(project) == before


def test_init_does_not_turn_it_into_another_either(edgegen: Edgegen, tmp_path: Path) -> None:
    words = ["init", "web", "shop.example"]
    assert edgegen(*words, "-e", "dev", cwd=tmp_path).code == 0
    before = files(tmp_path)
    done = edgegen(*words, cwd=tmp_path)
    assert (done.code, "last rendered with `-e dev`" in done.err) == (3, True)
    assert files(tmp_path) == before
    assert edgegen(*words, "--force", cwd=tmp_path).code == 0


def test_a_named_environment_is_rendered_and_base_is_the_way_back(edgegen: Edgegen, project: Path) -> None:
    assert edgegen("render", cwd=project).code == 0
    plain = (project / COMPOSE).read_bytes()
    for name in ("dev", "production", "dev"):
        assert edgegen("render", "-e", name, cwd=project).code == 0
        assert edgegen("render", "-e", name, "--check", cwd=project).code == 0
    assert edgegen("render", "-e", "base", cwd=project).code == 0
    assert (project / COMPOSE).read_bytes() == plain
    done = edgegen("render", cwd=project)
    assert (done.code, done.err) == (0, "nothing to do: everything is as edge.yaml says\n")


@pytest.mark.parametrize("words", [["down", "--dry-run"], ["down"], ["status"], ["logs"]], ids=" ".join)
@pytest.mark.parametrize(("rendered", "named"), [("dev", "production"), ("dev", "base"), (None, "dev")])
def test_files_of_one_environment_are_not_used_for_another(
    edgegen: Edgegen, project: Path, words: list[str], rendered: str | None, named: str
) -> None:
    assert edgegen("render", *(["-e", rendered] if rendered else []), cwd=project).code == 0
    done = edgegen(*words, "-e", named, cwd=project)
    assert (done.code, done.out) == (3, "")
    assert f"last rendered with `-e {rendered or 'base'}`, not with `-e {named}`" in done.err


def test_down_takes_the_environment_that_was_rendered(edgegen: Edgegen, project: Path) -> None:
    for words in (["-e", "dev"], ["-e", "base"]):
        assert edgegen("render", *words, cwd=project).code == 0
        done = edgegen("down", "--dry-run", *words, cwd=project)
        assert done.code == 0, done.err
        assert "docker" in done.out


def test_an_old_folder_without_a_word_of_environments_counts_as_plain(edgegen: Edgegen, project: Path) -> None:
    assert edgegen("render", cwd=project).code == 0
    (project / ".edgegen/manifest.json").unlink()
    assert edgegen("render", "--check", cwd=project).code == 0


def header(project: Path) -> str:
    first = (project / COMPOSE).read_text().partition("\n")[0]
    assert (project / "traefik/dynamic/tls.yml").read_text().partition("\n")[0] == first
    return first


def test_each_file_names_its_environment(edgegen: Edgegen, project: Path) -> None:
    digests = {}
    for words, said in ((["-e", "base"], ""), (["-e", "dev"], ", environment dev"),
                        (["-e", "production"], ", environment production")):  # fmt: skip
        assert edgegen("render", *words, cwd=project).code == 0
        found = re.fullmatch(
            rf"# Rendered by edgegen \S+ from edge.yaml{said} \(sha256 ([0-9a-f]{{16}})\)\. .*", header(project)
        )
        assert found, header(project)
        digests[said] = found[1]
    assert digests[""] == digests[", environment production"] != digests[", environment dev"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: shop", "# a comment\nname: 'shop'  # and one more\n"),
        ("port: 80, host: www.shop.example", 'host: "www.shop.example", port: 80'),
        ("name: shop", "name: shop\ntarget: compose"),
        ("production: {}", "production: {}\n  staging: {name: other}"),
    ],
    ids=["comments and quotes", "order of keys", "a default written out", "another environment"],
)
def test_what_means_nothing_changes_no_file(edgegen: Edgegen, project: Path, old: str, new: str) -> None:
    assert edgegen("render", cwd=project).code == 0
    before = files(project)
    (project / "edge.yaml").write_text(SPEC.replace(old, new))
    done = edgegen("render", cwd=project)
    assert (done.code, done.err) == (0, "nothing to do: everything is as edge.yaml says\n")
    after = files(project)
    del before[str(project / "edge.yaml")], after[str(project / "edge.yaml")]
    assert after == before


def test_what_means_something_changes_the_header(edgegen: Edgegen, project: Path) -> None:
    assert edgegen("render", cwd=project).code == 0
    before = header(project)
    (project / "edge.yaml").write_text(SPEC.replace('"web:1"', '"web:2"'))
    assert edgegen("render", cwd=project).code == 0
    assert header(project) != before


def test_a_file_of_the_version_before_is_no_edit_by_hand(edgegen: Edgegen, project: Path) -> None:
    """Its header held the digest of the bytes of edge.yaml, and the manifest the hash of the file with it."""
    assert edgegen("render", "-e", "dev", cwd=project).code == 0
    manifest = json.loads((project / ".edgegen/manifest.json").read_text())
    new = (project / COMPOSE).read_text()
    digest = hashlib.sha256(SPEC.encode() + b"\0dev").hexdigest()
    old = re.sub(r", environment dev \(sha256 [0-9a-f]{16}\)", f" (sha256 {digest[:16]})", new)
    assert old != new
    (project / COMPOSE).write_text(old)
    manifest["outputs"][COMPOSE] = hashlib.sha256(old.encode()).hexdigest()
    manifest["spec_sha256"] = digest
    (project / ".edgegen/manifest.json").write_text(json.dumps(manifest))
    assert edgegen("render", cwd=project).code == 3  # it knew the environment as well
    done = edgegen("render", "-e", "dev", cwd=project)
    assert (done.code, done.err) == (0, f"wrote {COMPOSE}\n")
    assert (project / COMPOSE).read_text() == new
    assert not (project / f"{COMPOSE}.bak").exists()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("[{kind: compress}]", "[{kind: content-type}]"),
        ("[{kind: compress}, {kind: retry, attempts: 2}]", "[{kind: retry, attempts: 2}, {kind: compress}]"),
        ("[{kind: headers, custom_request_headers: {A: '1'}}]", "[{kind: headers, custom_request_headers: {A: '2'}}]"),
    ],
    ids=["kinds without options", "order of a list", "deep inside"],
)
def test_specs_that_mean_different_things_have_different_digests(one: str, other: str) -> None:
    def digest(middlewares: str) -> str:
        text = (
            f"name: a\nservices: {{w: {{image: 'w:1', port: 80, host: w.shop.example, middlewares: {middlewares}}}}}\n"
        )
        return load_text(text.encode()).digest

    assert digest(one) != digest(other)
    assert re.fullmatch(r"[0-9a-f]{64}", digest(one))
