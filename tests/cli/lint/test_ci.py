"""The hook of pre-commit, GitHub's action and workflow, GitLab's job: each is run as its system runs it.

They share one environment, made by the files' own lines, so that edgegen is installed twice and not five times. What
edgegen needs, and pip itself, are the tests' own, which are found there already; in the proof they are installed.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from packaging.requirements import Requirement

from tests.sizes import is_proof

pytestmark = pytest.mark.slow  # pip installs edgegen

ROOT = Path(__file__).parents[3]
GOOD = "services:\n  web:\n    image: web:1\n    labels:\n      - traefik.http.routers.web.rule=Host(`w.example.com`)\n"
WITHOUT_INSTALLING_PIP = """\
#!/bin/sh
[ "$1 $2" = "-m venv" ] || exec {python} "$@"
{python} -m venv --without-pip "$3"
printf '#!%s/bin/python\\nfrom pip._internal.cli.main import main\\nraise SystemExit(main())\\n' "$3" > "$3/bin/pip"
chmod +x "$3/bin/pip"
"""
"""A `python3` whose new environments use a pip that is there: unpacking another one takes half of all this."""
BAD = GOOD + "      - traefik.http.routers.web.tls.certresolvers=le\n"


@dataclass(frozen=True)
class Ran:
    code: int
    said: str


@dataclass(frozen=True)
class Runner:
    """A machine with Python. Its `pip install edgegen` gets the wheel of this checkout."""

    temp: Path
    wheels: Path
    libraries: Path
    """What is there already."""

    @property
    def env(self) -> dict[str, str]:
        links = " ".join(filter(None, (str(self.wheels), os.environ.get("PIP_FIND_LINKS"))))
        path = f"{self.temp}/edgegen/bin:{self.temp}:{os.environ['PATH']}"
        # What nothing loads need not be compiled.
        made = {"PIP_FIND_LINKS": links, "PIP_COMPILE": "0", "RUNNER_TEMP": str(self.temp), "PATH": path}
        if not is_proof():
            # To pip "0" says that it need not build in a new environment.
            made |= {"PYTHONPATH": str(self.libraries), "PIP_NO_BUILD_ISOLATION": "0"}
        return {**os.environ, **made}

    def run(self, script: str, folder: Path, env: Mapping[str, str] | None = None) -> Ran:
        """As both systems do: a file for bash, which stops at the first failure."""
        command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", script]
        done = subprocess.run(
            command, cwd=folder, env={**self.env, **(env or {})}, text=True, check=False, timeout=600,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        return Ran(done.returncode, done.stdout)


@pytest.fixture(scope="module")
def action() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory, action: dict[str, Any]) -> Runner:
    temp, wheels = tmp_path_factory.mktemp("runner"), tmp_path_factory.mktemp("wheels")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", str(wheels), str(ROOT)], check=True, capture_output=True)
    (wheel,) = wheels.glob("edgegen-*.whl")
    made = Runner(temp, wheels, libraries_in(tmp_path_factory.mktemp("libraries")))
    if not is_proof():
        (temp / "python3").write_text(WITHOUT_INSTALLING_PIP.format(python=shlex.quote(sys.executable)))
        (temp / "python3").chmod(0o755)
    # The action installs from its own checkout; a wheel of that is the same, and is built once.
    install = action["runs"]["steps"][0]
    done = made.run(install["run"], temp, {"GITHUB_ACTION_PATH": str(wheel)})
    assert done.code == 0, done.said
    return made


def libraries_in(folder: Path) -> Path:
    """Links to pip, to what running and building edgegen takes, as far as it says so, and to what that takes."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted, known = [*project["project"]["dependencies"], *project["build-system"]["requires"], "pip"], set[str]()
    while wanted:
        one = Requirement(wanted.pop())
        if one.name not in known and (one.marker is None or one.marker.evaluate({"extra": ""})):
            known.add(one.name)
            installed = metadata.distribution(one.name)
            wanted += installed.requires or ()
            for name in {file.parts[0] for file in installed.files or ()} - {"..", "__pycache__"}:
                link = folder / name
                if not link.is_symlink():
                    link.symlink_to(str(installed.locate_file(name)))
    return folder


def as_github(runner: Runner, action: dict[str, Any], folder: Path, **given: str) -> tuple[Ran, str]:
    """The action's step with its inputs, and what it wrote into GITHUB_OUTPUT."""
    inputs = {name: item["default"] for name, item in action["inputs"].items()}
    inputs |= {name.replace("_", "-"): value for name, value in given.items()}
    step = action["runs"]["steps"][1]
    env = {
        name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda m: inputs[m[1]], text)
        for name, text in step["env"].items()
    }
    assert "${{" not in step["run"]
    output = runner.temp / "output"
    output.write_text("")
    return runner.run(step["run"], folder, {**env, "GITHUB_OUTPUT": str(output)}), output.read_text()


def test_the_action(runner: Runner, action: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(GOOD)
    done, output = as_github(runner, action, tmp_path)
    assert (done.code, output) == (0, ""), done.said
    assert "edgegen lint: " in done.said
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b" / "compose.yaml").write_text(BAD)
    done, output = as_github(runner, action, tmp_path, files="a b/compose.yaml\n", sarif="found.sarif")
    assert done.code == 1
    assert "::error file=a b/compose.yaml,line=6,col=9,title=EL001 label-dropped::" in done.said
    assert output == "sarif=found.sarif\n"
    assert json.loads((tmp_path / "found.sarif").read_text())["version"] == "2.1.0"
    done, _ = as_github(runner, action, tmp_path, working_directory="a b", fail_on="critical")
    assert done.code == 0, done.said
    done, _ = as_github(runner, action, tmp_path, files="compose.yaml", traefik_version="nonsense")
    assert done.code == 2
    done, _ = as_github(runner, action, tmp_path, files='"; echo planted; "', fail_on="$(echo planted)")
    assert done.code == 2
    assert not re.search("^planted", done.said, re.M)


def test_strict_fails_the_action(runner: Runner, action: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(GOOD.replace("w.example.com", "${DOMAIN}"))
    assert as_github(runner, action, tmp_path)[0].code == 0
    assert as_github(runner, action, tmp_path, strict="true")[0].code == 4


def test_the_workflow(runner: Runner, tmp_path: Path) -> None:
    workflow = yaml.safe_load((ROOT / "docs/ci/github.yml").read_text(encoding="utf-8"))
    steps = [step["run"] for step in workflow["jobs"]["lint"]["steps"] if "run" in step]
    (tmp_path / "compose.yaml").write_text(BAD)
    codes = [runner.run(step, tmp_path).code for step in steps]
    assert codes == [0, 0, 1]
    uploaded = next(
        step["with"]["sarif_file"] for step in workflow["jobs"]["lint"]["steps"] if "sarif" in str(step.get("uses"))
    )
    assert "EL001" in {item["ruleId"] for item in json.loads((tmp_path / uploaded).read_text())["runs"][0]["results"]}
    (tmp_path / "compose.yaml").write_text(GOOD)
    assert [runner.run(step, tmp_path).code for step in steps[1:]] == [0, 0]  # it is installed


def test_the_job_of_gitlab(runner: Runner, tmp_path: Path) -> None:
    (job,) = yaml.safe_load((ROOT / "docs/ci/gitlab.yml").read_text(encoding="utf-8")).values()
    (tmp_path / "compose.yaml").write_text(BAD)
    assert runner.run("\n".join(job["script"]), tmp_path).code == 1
    report = ElementTree.fromstring((tmp_path / job["artifacts"]["reports"]["junit"]).read_text())
    assert any(str(case.get("name")).startswith("EL001") for case in report.iter("testcase"))
    (tmp_path / "compose.yaml").write_text(GOOD)
    assert runner.run("\n".join(job["script"][1:]), tmp_path).code == 0  # it is installed


def test_pre_commit(runner: Runner, tmp_path: Path) -> None:
    """`pre-commit try-repo` of this checkout, with what is not committed yet, on a repository with a stack."""
    source = tmp_path / "source"
    for command in (
        ["git", "init", "-q", str(source)],
        ["git", "-C", str(ROOT), "checkout-index", "-a", "-f", f"--prefix={source}/"],
    ):
        subprocess.run(command, check=True, capture_output=True)
    env = {**runner.env, "PRE_COMMIT_HOME": str(tmp_path / "home"), "GIT_CONFIG_GLOBAL": os.devnull}
    env |= {f"GIT_{who}_{what}": "x@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    commit(source, env)
    site = tmp_path / "site"
    (site / "app").mkdir(parents=True)
    (site / "app" / "docker-compose.yml").write_text(BAD)
    (site / "compose.yaml").write_text(GOOD)
    (site / "notes.yaml").write_text("services: nonsense\n")
    subprocess.run(["git", "init", "-q", str(site)], check=True, capture_output=True)
    commit(site, env)

    # All hooks in one go: each go makes an environment.
    command = [sys.executable, "-m", "pre_commit", "try-repo", str(source), "--all-files", "--verbose"]
    done = subprocess.run(command, cwd=site, env=env, capture_output=True, text=True, check=False, timeout=600)
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    judged, _, mended = said.partition("edgegen lint --fix")
    assert "app/docker-compose.yml:6:9" in judged
    assert "EL001 label-dropped" in judged
    assert re.search(r"^edgegen lint\.+Failed", judged, re.M)
    assert "in 2 files" in judged, judged  # and not notes.yaml
    assert "files were modified by this hook" in mended
    assert "1 fixed" in mended
    assert (site / "app" / "docker-compose.yml").read_text() == BAD.replace("certresolvers", "certresolver")
    assert (site / "compose.yaml").read_text() == GOOD


def commit(folder: Path, env: Mapping[str, str]) -> None:
    for words in (["add", "-A"], ["commit", "-q", "-m", "all"]):
        subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True, env={**env})
