"""What is not there is a gap, and never a guess."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence

import pytest

from edgegen.core.errors import SpecError
from edgegen.lint.model import Project
from edgegen.lint.reader.project import read_project
from tests.lint.text_disk import TextDisk


def read(files: Mapping[str, str], *names: str, environ: Mapping[str, str] | None = None) -> Project:
    texts = {name: textwrap.dedent(text) for name, text in files.items()}
    return read_project(names or list(texts)[:1], TextDisk(texts), folder="site", environ=environ or {})


def gaps(project: Project) -> list[str]:
    return [f"{gap.spot.location if gap.spot else ''} {gap.message}" for gap in project.gaps]


def test_a_variable_without_a_value_is_one_gap_at_its_first_place() -> None:
    text = """\
        services:
          web:
            image: nginx:${TAG}
            labels:
              - a=${TAG}-${OTHER:-default}
              - traefik.http.routers.${NAME}.rule=Host(`x`)
              - $${NOT}=${MUST:?say so}
        """
    project = read({"c.yml": text})
    assert gaps(project) == [
        "c.yml:3:12 the variable TAG has no value (2 places use it)",
        "c.yml:6:9 the variable NAME has no value",
        "c.yml:7:9 the variable MUST is required and has no value",
    ]
    web = project.services["web"]
    assert web.image is not None and (web.image.text, web.image.unset, web.image.known) == ("nginx:", ("TAG",), False)
    assert [(value.known, value.name_known) for value in web.labels.values()] == [
        (False, True), (False, False), (False, True),
    ]  # fmt: skip


def test_several_variables_of_one_text_are_gaps_in_the_order_of_the_text() -> None:
    names = ["golf", "alpha", "kilo", "bravo", "mike", "echo", "hotel", "lima"]
    project = read({"c.yml": f"services: {{a: {{image: '{''.join(f'${{{name}}}' for name in names)}'}}}}\n"})
    assert gaps(project) == [f"c.yml:1:23 8 variables have no value: {', '.join(names)}"]


def test_many_variables_are_one_gap_and_those_that_stop_compose_are_told_one_by_one() -> None:
    text = "".join(f"      N{index}: '${{N{index}}}'\n" for index in range(10)) + "      M: '${MUST:?}'\n"
    project = read({"c.yml": f"services:\n  web:\n    image: a\n    environment:\n{text}"})
    assert gaps(project) == [
        "c.yml:5:11 10 variables have no value: N0, N1, N2, N3, N4, N5, N6, N7, …",
        "c.yml:15:10 the variable MUST is required and has no value",
    ]


@pytest.mark.parametrize(
    ("files", "hint"),
    [
        ((), "set it in `.env` or in the environment"),
        ((".env.example",), "copy `.env.example` to `.env`, or set it in the environment"),
        ((".env.example", ".env"), "set it in `.env` or in the environment"),
    ],
)
def test_an_example_of_the_variables_is_named(files: Sequence[str], hint: str) -> None:
    project = read({"c.yml": "services: {a: {image: '$TAG'}}\n", **dict.fromkeys(files, "X=1\n")})
    assert [gap.hint for gap in project.gaps] == [hint]


def test_a_value_from_dotenv_or_the_environment_is_no_gap() -> None:
    files = {"c.yml": "services: {a: {image: '${A}${B}${COMPOSE_PROJECT_NAME}'}}\n", ".env": "A=dot\nB=dot\n"}
    project = read(files, environ={"B": "env"})
    image = project.services["a"].image
    assert gaps(project) == [] and image is not None and image.text == "dotenvsite"


def test_an_overlay_without_its_base_is_partial() -> None:
    project = read({"prod.yml": "services:\n  web:\n    labels: [a=b]\n  db:\n    image: x\n"})
    assert gaps(project) == ["prod.yml:2:3 the service web has neither an image nor a build here: its base is in "
                             "another file"]  # fmt: skip
    assert [name for name, service in project.services.items() if service.partial] == ["web"]


def test_a_service_of_a_provider_needs_no_image() -> None:
    project = read({"c.yml": "services:\n  m:\n    provider: {type: model, options: {model: x}}\n"})
    assert gaps(project) == [] and not project.services["m"].partial


def test_missing_files() -> None:
    files = {"c.yml": """\
        include:
          - gone.yml
          - oci://example.com/stack
          - {path: there.yml, env_file: lost.env}
          - there.yml
        services:
          a: {extends: {file: lost.yml, service: x}}
          b: {image: x, env_file: [away.env, {path: optional.env, required: false}]}
          c: {image: x, label_file: labels.txt}
        """, "there.yml": "services: {}\n"}  # fmt: skip
    project = read(files)
    assert gaps(project) == [
        "c.yml:2:5 the included file gone.yml is not there, so what it defines is unknown",
        "c.yml:3:5 the included file oci://example.com/stack is not on this machine, so what it defines is unknown",
        "c.yml:4:5 lost.env is not there, so the variables in it are unknown",
        "c.yml:7:16 lost.yml is not there, so the service that this one extends is unknown",
        "c.yml:8:28 away.env is not there, so the variables in it are unknown",
        "c.yml:9:29 labels.txt is not there, so the labels in it are unknown",
    ]
    assert project.partial and project.services["a"].partial


def test_the_project_name_may_depend_on_what_is_not_there() -> None:
    project = read(
        {"c.yml": "name: a-${X}\nservices: {a: {image: x, networks: [n]}}\nnetworks: {n: {}, m: {name: '$Y'}}\n"}
    )
    assert project.name is None
    assert {network.real_name for network in project.networks.values()} == {None}


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("a: [", "c.yml:1:5"),
        ("a: b: c", "c.yml:1:5"),
        ("a:\n\t- b", "c.yml:2:1"),
        ("a: \x01", "c.yml:1:4"),
        ("*x", "c.yml:1:1"),
    ],
)
def test_what_is_not_yaml_is_refused_with_its_place(text: str, where: str) -> None:
    with pytest.raises(SpecError) as caught:
        read({"c.yml": text})
    assert [str(problem.where) for problem in caught.value.problems] == [where]


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "[]", "text", "services:", "services: []", "services: {a: }", "---\n---\n"]
)
def test_an_odd_file_is_an_empty_project(text: str) -> None:
    services = read({"c.yml": text}).services
    assert {name: service.partial for name, service in services.items()} == ({"a": True} if "a:" in text else {})


def test_circles_end() -> None:
    files = {
        "a.yml": "include: [b.yml]\nservices: {a: {extends: {file: b.yml, service: b}}}\n",
        "b.yml": "include: [a.yml]\nservices: {b: {image: x, extends: {file: a.yml, service: a}}}\n",
    }
    project = read(files)
    assert project.services.keys() == {"a", "b"}
    assert any("includes itself" in remark.message for remark in project.remarks)
    assert any("extends itself" in remark.message for remark in project.remarks)


def test_a_large_number_of_aliases_is_refused_and_not_expanded() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 10)}]\n" for n in range(10)
    )
    with pytest.raises(SpecError, match="aliases stand for more than"):
        read({"c.yml": bomb})
