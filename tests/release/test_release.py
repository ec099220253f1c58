"""The whole release of this source, but its tag and its upload; then what it made is installed as users do it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from email.parser import Parser
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from jsonschema import Draft7Validator

from tests.sizes import is_proof

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]  # PyPI: what an installer puts with the wheel

ROOT = Path(__file__).parents[2]
HEADING = re.compile(r"## (\S+) \([^)]*\)")
ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:[!-~]+")
SHORT_WAY = f"""\
import re
def is_valid_syntax(term, value):
    return bool(re.fullmatch({ADDRESS.pattern!r}, value))
"""
"""The library that judges addresses, which takes seconds for those of an SBOM. The proof asks it."""
GIT = ("git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")


@dataclass(frozen=True)
class Checkout:
    """A clone with this working tree's files, ready to be released."""

    folder: Path
    version: str
    instead: str
    """A folder of modules that the release takes in the place of its libraries, or none."""

    @property
    def dist(self) -> Path:
        return self.folder / "dist"

    def git(self, *words: str) -> str:
        return subprocess.run([*GIT, *words], cwd=self.folder, check=True, capture_output=True, text=True).stdout

    def release(self) -> subprocess.CompletedProcess[str]:
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(self.folder), self.instead)))}
        words = [sys.executable, "-m", "tools.release"]
        return subprocess.run(words, cwd=self.folder, env=env, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    folder = tmp_path_factory.mktemp("clone") / "edgegen"
    subprocess.run(["git", "clone", "--quiet", "--no-tags", "--depth", "1", f"file://{ROOT}", folder], check=True)
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z"], check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, folder / name)
    changelog = folder / "CHANGELOG.md"
    heading = HEADING.search(changelog.read_text())
    assert heading
    changelog.write_text(changelog.read_text().replace(heading[0], f"## {heading[1]} (2026-11-01)", 1))
    instead = "" if is_proof() else str(tmp_path_factory.mktemp("instead"))
    if instead:
        Path(instead, "rfc3987_syntax.py").write_text(SHORT_WAY)
    made = Checkout(folder, heading[1], instead)
    made.git("add", "--all")
    made.git("commit", "--quiet", "--allow-empty", "--message", "ready")
    return made


@pytest.fixture(scope="module")
def said(checkout: Checkout) -> str:
    """What `make release` prints; its files are then in the clone's dist."""
    done = checkout.release()
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(checkout: Checkout, said: str) -> Path:
    (found,) = checkout.dist.glob("*.whl")
    return found


def test_what_is_not_ready_is_refused_and_leaves_everything_as_it_was(checkout: Checkout) -> None:
    planted = checkout.folder / "planted.txt"
    planted.write_text("not committed")
    try:
        done = checkout.release()
    finally:
        planted.unlink()
    assert done.returncode == 3
    assert done.stdout == (
        "refused: the working tree is not clean: planted.txt. Commit, ignore or remove these files\n"
    )
    assert not checkout.dist.exists()


def test_the_files_and_their_sums(checkout: Checkout, said: str) -> None:
    version = checkout.version
    names = {f"edgegen-{version}-py3-none-any.whl", f"edgegen-{version}.tar.gz", f"edgegen-{version}.cdx.json"}
    assert {path.name for path in checkout.dist.iterdir()} == {*names, "SHA256SUMS"}
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=checkout.dist, check=True)
    assert len((checkout.dist / "SHA256SUMS").read_text().splitlines()) == len(names)


def test_what_is_left_to_do_is_printed_and_not_done(checkout: Checkout, said: str) -> None:
    commit = checkout.git("rev-parse", "HEAD").strip()
    assert f"git tag --sign --message 'edgegen {checkout.version}' v{checkout.version} {commit}" in said
    assert re.search(r"-m twine upload dist/\*\.whl dist/\*\.tar\.gz", said)
    assert checkout.git("tag", "--list") == ""
    assert checkout.git("status", "--porcelain") == ""


def test_nothing_of_this_machine_is_in_the_files(checkout: Checkout, wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        texts = [archive.read(name) for name in archive.namelist()]
        assert "edgegen/_templates/init/registry/edge.yaml.j2" in archive.namelist()
    with tarfile.open(next(checkout.dist.glob("*.tar.gz"))) as tar:
        assert {(entry.uid, entry.gid, entry.uname) for entry in tar} == {(0, 0, "")}
    texts.append(next(checkout.dist.glob("*.cdx.json")).read_bytes())
    assert not [text[:80] for text in texts if str(checkout.folder.parent.parent).encode() in text]


@pytest.fixture
def iris(proof: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process, too, addresses are judged in the short way."""
    if not proof:
        checkers = Draft7Validator.FORMAT_CHECKER.checkers
        assert "iri-reference" in checkers
        monkeypatch.setitem(checkers, "iri-reference", (lambda text: bool(ADDRESS.fullmatch(text)), ()))


@pytest.mark.usefixtures("iris")
def test_the_sbom_is_valid_and_lists_what_is_installed(checkout: Checkout, wheel: Path) -> None:
    text = next(checkout.dist.glob("*.cdx.json")).read_text()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    bom = json.loads(text)
    main = bom["metadata"]["component"]
    assert (main["name"], main["version"], main["type"]) == ("edgegen", checkout.version, "application")
    (needs,) = [one["dependsOn"] for one in bom["dependencies"] if one["ref"] == main["bom-ref"]]
    assert {re.sub(r"[-_.]+", "-", ref.partition("==")[0]).lower() for ref in needs} == declared(wheel)
    listed = {re.sub(r"[-_.]+", "-", one["name"]).lower(): one for one in bom["components"]}
    assert declared(wheel) <= set(listed)
    assert not {"pip", "setuptools", "pytest", "uv"} & set(listed)
    for name, one in listed.items():
        assert one["purl"].startswith("pkg:pypi/"), name
        assert one["version"], name


@pytest.mark.usefixtures("iris")
def test_an_sbom_that_is_not_one_is_noticed(checkout: Checkout, said: str) -> None:
    """Planted: a key that the schema does not know, and an address that is none."""
    bom = json.loads(next(checkout.dist.glob("*.cdx.json")).read_text())
    references = [{"type": "website", "url": "https://x y.example"}]
    for planted in ({"componets": []}, {"externalReferences": references}):
        assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bom | planted)) is not None


def declared(wheel: Path) -> set[str]:
    """The names of what a wheel's own metadata requires, without extras."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [one for one in archive.namelist() if one.endswith(".dist-info/METADATA")]
        fields = Parser().parsestr(archive.read(name).decode()).get_all("Requires-Dist") or []
    wanted = [re.split(r"[\s<>=!~;\[]", field)[0] for field in fields if "extra ==" not in field]
    assert len(wanted) > 10
    return {re.sub(r"[-_.]+", "-", one).lower() for one in wanted}


@pytest.mark.parametrize("tool", ["uv", "pipx"])
def test_it_is_installed_and_removed(tool: str, wheel: Path, tmp_path: Path, proof: bool) -> None:
    env, words = installer(tool, tmp_path)
    asked(env, *words, "install", str(wheel))
    program = tmp_path / "bin" / "edgegen"
    assert json.loads(asked(env, program, "--version", "--json"))["ok"] is True
    made = asked(env, program, "init", "registry", "commenthouse.com", "--dir", str(tmp_path / "project"))
    assert "edgegen up" in made
    if proof:
        asked(env, *words, "install", "--force", str(wheel))
    asked(env, *words, "uninstall", "edgegen")
    assert not program.exists()
    left = [path.name for path in (tmp_path / "home").rglob("*") if "edgegen" in path.name]
    assert left == []


def installer(tool: str, folder: Path) -> tuple[dict[str, str], tuple[str, ...]]:
    """The environment of a user who has nothing yet, and how the tool is called."""
    (folder / "home").mkdir()
    kept = {key: value for key, value in os.environ.items() if key.startswith(("PIP_", "SSL_", "LANG"))}
    env = {**kept, "HOME": str(folder / "home"), "PATH": os.environ["PATH"]}
    if tool == "uv":
        env |= {"UV_TOOL_DIR": f"{folder}/tools", "UV_TOOL_BIN_DIR": f"{folder}/bin", "UV_PYTHON": sys.executable}
        return env | {"UV_CACHE_DIR": str(cache("uv"))}, (sys.executable, "-m", "uv", "tool")
    env |= {"PIP_COMPILE": "0"}  # what nothing loads need not be compiled
    env |= {"PIPX_HOME": f"{folder}/pipx", "PIPX_BIN_DIR": f"{folder}/bin", "PIPX_DEFAULT_PYTHON": sys.executable}
    return env | {"UV_CACHE_DIR": str(cache("uv"))}, (sys.executable, "-m", "pipx")


def cache(name: str) -> Path:
    """What was downloaded stays, as it would on a user's machine."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / name


def asked(env: Mapping[str, str], *words: str | Path) -> str:
    done = subprocess.run(list(map(str, words)), env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(map(str, words))}\n{done.stdout}\n{done.stderr}"
    return done.stdout
