"""Where the values of secrets come from, and that each is made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Edgegen

SPEC = """\
name: a
services:
  web: {{image: "w:1", environment: {{P: {{secret: s}}}}}}
secrets:
  s: {source}
"""


def project(folder: Path, source: str, use: str = "environment: {P: {secret: s}}") -> Path:
    text = SPEC.format(source=source).replace("environment: {P: {secret: s}}", use)
    (folder / "edge.yaml").write_text(text)
    return folder


def test_a_generated_secret_is_made_once_and_kept(edgegen: Edgegen, tmp_path: Path) -> None:
    project(tmp_path, "{generate: 40}")
    assert edgegen("render", cwd=tmp_path).code == 0
    made = (tmp_path / "secrets/s").read_bytes()
    assert len(made) == 40
    assert made.isalnum()
    assert (tmp_path / "secrets/web.env").read_bytes() == b"P=" + made + b"\n"
    project(tmp_path, "{generate: 50}")  # another length: what is in use stays
    assert edgegen("render", "--force", cwd=tmp_path).code == 0
    assert (tmp_path / "secrets/s").read_bytes() == made
    (tmp_path / "docker-compose.yml").unlink()
    assert edgegen("render", "--force", cwd=tmp_path).code == 0
    assert (tmp_path / "secrets/s").read_bytes() == made


def test_two_projects_never_share_one(edgegen: Edgegen, tmp_path: Path) -> None:
    values = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        project(tmp_path / name, "{generate: 32}")
        edgegen("render", cwd=tmp_path / name)
        values.append((tmp_path / name / "secrets/s").read_text())
    assert values[0] != values[1]


@pytest.mark.parametrize(
    ("env", "value"), [({"S": "from-variable"}, b"from-variable"), ({"S_FILE": "given"}, b"from-file\n")]
)
def test_from_the_environment(edgegen: Edgegen, tmp_path: Path, env: dict[str, str], value: bytes) -> None:
    (tmp_path / "given").write_bytes(b"from-file\n")
    env = {key: str(tmp_path / text) if key.endswith("_FILE") else text for key, text in env.items()}
    project(tmp_path, "{env: S}")
    assert edgegen("render", cwd=tmp_path, env=env).code == 0
    assert (tmp_path / "secrets/s").read_bytes() == value
    assert (tmp_path / "secrets/web.env").read_bytes() == b"P=" + value.strip() + b"\n"
    assert edgegen("render", cwd=tmp_path).code == 0  # kept: the variable is needed once


def test_a_variable_that_is_not_set_is_named(edgegen: Edgegen, tmp_path: Path) -> None:
    project(tmp_path, "{env: MY_PASSWORD}")
    done = edgegen("render", cwd=tmp_path)
    assert done.code == 2
    assert "the variable MY_PASSWORD, set neither in the environment" in done.err
    assert "MY_PASSWORD_FILE" in done.err
    assert not (tmp_path / "docker-compose.yml").exists()


def test_a_file_that_is_missing_is_named(edgegen: Edgegen, tmp_path: Path) -> None:
    project(tmp_path, "{file: mine.txt}")
    done = edgegen("render", cwd=tmp_path)
    assert done.code == 7
    assert done.err == (
        "error[7]: secrets.s.file: `mine.txt`: reading failed: No such file or directory. "
        "Write the value into mine.txt, or change `file`\n"
    )


@pytest.mark.parametrize("content", [b"", b"\n"])
@pytest.mark.parametrize(
    ("source", "file"), [("{file: mine.txt}", "mine.txt"), ("{env: S}", "given"), ("{generate: 32}", "secrets/s")]
)
def test_an_empty_secret_is_refused(edgegen: Edgegen, tmp_path: Path, source: str, file: str, content: bytes) -> None:
    project(tmp_path, source)
    (tmp_path / "secrets").mkdir(mode=0o700)
    (tmp_path / file).write_bytes(content)
    done = edgegen("render", cwd=tmp_path, env={"S_FILE": "given"})
    assert done.code == 2
    assert f"error[2]: secrets.s: the file {file} is empty, and a secret can't be. Write the value into" in done.err
    assert not (tmp_path / "docker-compose.yml").exists()


@pytest.mark.parametrize("value", [b"one\ntwo\n", b"one\rtwo", b"one\r\ntwo"])
def test_several_lines_are_no_variable_but_may_be_mounted(edgegen: Edgegen, tmp_path: Path, value: bytes) -> None:
    (tmp_path / "key.pem").write_bytes(value)
    project(tmp_path, "{file: key.pem}")
    done = edgegen("render", cwd=tmp_path)
    assert done.code == 2
    assert "several lines" in done.err
    assert "/run/secrets/s" in done.err
    assert "two" not in done.err
    project(tmp_path, "{file: key.pem}", use="secrets: [s]")
    assert edgegen("render", cwd=tmp_path).code == 0


def test_bytes_that_are_no_text_are_no_variable_but_may_be_mounted(edgegen: Edgegen, tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"\xff\xfe\r\n\0")
    project(tmp_path, "{file: key}")
    done = edgegen("render", cwd=tmp_path)
    assert (done.code, "not UTF-8" in done.err) == (2, True)
    project(tmp_path, "{file: key}", use="secrets: [s]")
    assert edgegen("render", cwd=tmp_path).code == 0
    assert (tmp_path / "secrets/s").read_bytes() == b"\xff\xfe\r\n\0"


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o277])
def test_whatever_the_umask_a_secret_is_private(edgegen: Edgegen, tmp_path: Path, umask: int) -> None:
    project(tmp_path, "{generate: 32}")
    done = edgegen("render", cwd=tmp_path, umask=umask)
    assert done.code == 0, done.err
    for path in ("secrets/s", "secrets/web.env", "acme/acme.json"):
        assert (tmp_path / path).stat().st_mode & 0o777 == 0o600, path
    for path in ("secrets", "acme"):
        assert (tmp_path / path).stat().st_mode & 0o777 == 0o700, path
    assert (tmp_path / "docker-compose.yml").stat().st_mode & 0o777 == 0o644
