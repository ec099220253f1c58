"""What `render` says of an env file: of braces, which are a template on a swarm, and of bytes that are no text."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.cli.app import run

SPEC = """\
name: a
target: {target}
services:
  web: {{image: "w:1", env_file: [plain.env, "${{NAME:-app}}.env", missing.env]}}
"""


@pytest.mark.parametrize(("target", "said"), [("swarm", True), ("compose", False)])
def test_a_template_is_remarked_with_its_line(
    target: str, said: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "edge.yaml").write_text(SPEC.format(target=target))
    (tmp_path / "plain.env").write_text('# {{ a comment }}\nA=1\nB={{"{{"}} x }}\nC=}}\n')
    (tmp_path / "app.env").write_text("A=1\nB={{ x }}\n")
    assert run(["render"]) == 0
    err = capfd.readouterr().err
    remark = "edge.yaml:4:45 services.web.env_file[1]: line 2 of ${NAME:-app}.env has braces that Swarm runs"
    assert (remark in err) is said
    assert err.count("braces that Swarm runs") == int(said)


@pytest.mark.parametrize("target", ["swarm", "compose"])
def test_bytes_that_are_no_text_are_remarked_with_their_line(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "edge.yaml").write_text(SPEC.format(target=target))
    (tmp_path / "plain.env").write_bytes(b"# caf\xe9\nA=1\nB=caf\xe9\n")
    (tmp_path / "app.env").write_text("A=caf\u00e9\n")
    assert run(["render"]) == 0
    said = [line for line in capfd.readouterr().err.splitlines() if "UTF-8" in line]
    assert said == [
        "warning: edge.yaml:4:34 services.web.env_file[0]: line 3 of plain.env is not UTF-8: the container gets "
        "`\ufffd` for its letters. Save it as UTF-8"
    ]
