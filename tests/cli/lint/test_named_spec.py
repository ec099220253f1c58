"""`edgegen lint edge.yaml`: a spec is judged with what was rendered, and a Compose file of that name as such."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.core.errors import SpecError, UsageError
from edgegen.project.lint_answer import Choice, config_of, look

SPEC = """\
name: shop
target: compose
services:
  web: {image: "nginx:1.27", host: www.localhost, port: 80}
  db: {image: "postgres:16", port: 5432}
"""
RENDERED = """\
name: shop
services:
  web: {image: "nginx:1.27", labels: {traefik.http.routers.w.rule: "Host(`a.test`)", traefik.http.routers.w.tls.x: "1"}}
"""
COMPOSE = """\
services:
  web:
    image: "nginx:1.27"
    labels: [traefik.http.routers.w.rule=Host(`a.test`), traefik.http.routers.w.tls.x=1]
"""
MIDDLE = "services:\n  web: {image: 'a:1', host: a.localhost, port: 80}\nname: a\n"


def found(folder: Path, *files: str, together: tuple[str, ...] = ()) -> list[str]:
    choice = Choice(folder=folder, files=files, together=together)
    answer = look(choice, config_of(choice)).answer
    lines = (f"{item.result.finding.id} {item.result.finding.where}" for item in answer.findings)
    return sorted(line.replace(f"{folder}/", "") for line in lines if "EL001" in line or "ER" in line)


def lay(folder: Path, spec: str, *, rendered: str = RENDERED) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "edge.yaml").write_text(spec)
    if rendered:
        (folder / "docker-compose.yml").write_text(rendered)
    return folder


BOTH = ("docker-compose.yml", "edge.yaml")


@pytest.mark.parametrize("files", [(), ("edge.yaml",), ("./edge.yaml",), BOTH, BOTH[::-1]])
def test_a_named_spec_is_as_good_as_its_folder(files: tuple[str, ...], tmp_path: Path) -> None:
    assert found(lay(tmp_path, SPEC), *files) == ["EL001 docker-compose.yml:3:86", "ER039 edge.yaml:5:36"]


def test_specs_of_several_folders_and_a_file_beside_them(tmp_path: Path) -> None:
    for name in "ab":
        lay(tmp_path / name, SPEC.replace("shop", name))
    (tmp_path / "other.yml").write_text(COMPOSE)
    assert found(tmp_path, "a/edge.yaml", "other.yml", "b/edge.yaml") == [
        "EL001 a/docker-compose.yml:3:86",
        "EL001 b/docker-compose.yml:3:86",
        "EL001 other.yml:4:58",
        "ER039 a/edge.yaml:5:36",
        "ER039 b/edge.yaml:5:36",
    ]


def test_one_without_what_is_rendered(tmp_path: Path) -> None:
    assert found(lay(tmp_path, SPEC, rendered=""), "edge.yaml") == ["ER039 edge.yaml:5:36"]


@pytest.mark.parametrize("spec", ["target: compose\n", MIDDLE.replace("name: a\n", ""), SPEC.replace("name: shop", "")])
def test_a_spec_with_mistakes_is_no_compose_file(spec: str, tmp_path: Path) -> None:
    lay(tmp_path, spec)
    for files in ((), ("edge.yaml",)):
        with pytest.raises(SpecError, match="the key `name` is missing"):
            found(tmp_path, *files)


def test_a_compose_file_of_that_name(tmp_path: Path) -> None:
    lay(tmp_path, COMPOSE, rendered="")
    assert found(tmp_path, "edge.yaml") == ["EL001 edge.yaml:4:58"]
    assert found(tmp_path, together=("edge.yaml",)) == ["EL001 edge.yaml:4:58"]
    with pytest.raises(UsageError) as caught:
        found(tmp_path)
    assert caught.value.problems[0].hint == "Compose does not take edge.yaml by itself: `edgegen lint edge.yaml`"


def test_it_does_not_hide_the_others(tmp_path: Path) -> None:
    lay(tmp_path, COMPOSE)
    assert found(tmp_path) == ["EL001 docker-compose.yml:3:86"]


def test_a_compose_file_with_a_name_is_one_where_it_is_named(tmp_path: Path) -> None:
    lay(tmp_path, f"name: shop\n{COMPOSE}", rendered="")
    assert found(tmp_path, "edge.yaml") == ["EL001 edge.yaml:5:58"]


def test_broken_yaml_says_so(tmp_path: Path) -> None:
    lay(tmp_path, "name: [\n")
    with pytest.raises(SpecError):
        found(tmp_path)
