"""Templates of the user's: they own order and comments, never data, and they run nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Edgegen

COMPOSE = "templates/project/docker-compose.yml.j2"
SPEC = """\
name: a
services:
  web: {image: "w:1", port: 80, host: w.example.com, environment: {A: "$$x"}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "edge.yaml").write_text(SPEC)
    return tmp_path


def override(project: Path, text: str, path: str = COMPOSE) -> None:
    (project / path).parent.mkdir(parents=True, exist_ok=True)
    (project / path).write_text(text)


@pytest.mark.slow
def test_a_template_may_extend_the_built_in_one(edgegen: Edgegen, project: Path) -> None:
    edgegen("render", cwd=project)
    before = (project / "docker-compose.yml").read_text()
    override(project, '# Ours since 2020.\n{% extends "builtin/project/docker-compose.yml.j2" %}\n')
    done = edgegen("render", cwd=project)
    assert done.code == 0, done.err
    assert (project / "docker-compose.yml").read_text() in (f"# Ours since 2020.\n{before}", before)
    override(project, '# Ours.\n{% include "builtin/project/docker-compose.yml.j2" %}\n# The end.\n')
    assert edgegen("render", cwd=project).code == 0
    text = (project / "docker-compose.yml").read_text()
    assert text.startswith("# Ours.\n# Rendered by edgegen")
    assert text.endswith("# The end.\n")


def test_a_template_of_another_target_waits_for_its_target(edgegen: Edgegen, project: Path) -> None:
    override(project, '# Ours.\n{% include "partials/frame.j2" %}\n', "templates/project/stack.yml.j2")
    done = edgegen("render", cwd=project)
    assert done.code == 0, done.err
    assert not (project / "stack.yml").exists()
    (project / "edge.yaml").write_text(f"target: swarm\n{SPEC}")
    assert edgegen("render", cwd=project).code == 0
    assert (project / "stack.yml").read_text().startswith("# Ours.\n# Rendered by edgegen")
    assert not (project / "docker-compose.yml").exists()


def test_templates_of_another_folder_come_first(
    edgegen: Edgegen, project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("templates")
    for folder, word in ((project / "templates", "project"), (other, "option")):
        (folder / "project").mkdir(parents=True)
        (folder / "project/NOTES.md.j2").write_text(f"From the {word}: {{{{ spec.name }}}}\n")
    assert edgegen("render", cwd=project).code == 0
    assert (project / "NOTES.md").read_text() == "From the project: a\n"
    assert edgegen("render", "--templates", other, cwd=project).code == 0
    assert (project / "NOTES.md").read_text() == "From the option: a\n"


BUILTIN = '{% include "builtin/project/docker-compose.yml.j2" %}\n'
CHANGED = "{% set text %}" + BUILTIN + "{% endset %}{{ text | replace(OLD, NEW) }}"


@pytest.mark.quick(2)
@pytest.mark.parametrize(
    ("text", "path"),
    [
        (BUILTIN + "x-mine: 1\n", "x-mine"),
        (CHANGED.replace("OLD, NEW", "'name: a\n', 'name: b\n'"), "name"),
        (CHANGED.replace("OLD, NEW", "'$$x', '$x'"), "services.web.environment.A"),
        (CHANGED.replace("OLD, NEW", "'    image: w:1\n', ''"), "services.web.image"),
        (CHANGED.replace("OLD, NEW", "'\"80:80\"', '80'"), "services.traefik.ports[0]"),
        (CHANGED.replace("OLD, NEW", "'\"true\"', 'true'"), "x-edge-labels.traefik.http.middlewares"),
        ("name: a\nservices: {}\n", "x-logging"),
    ],
)
def test_a_template_that_loses_or_invents_data_is_refused(
    edgegen: Edgegen, project: Path, text: str, path: str
) -> None:
    override(project, text)
    done = edgegen("render", cwd=project)
    assert done.code == 2, done
    assert f"the template of `docker-compose.yml` changes the data at `{path}" in done.err
    assert not (project / "docker-compose.yml").exists()


def test_a_template_of_a_dynamic_file_may_not_lose_data_either(edgegen: Edgegen, project: Path) -> None:
    override(project, "tls: {}\n", "templates/project/traefik/dynamic/tls.yml.j2")
    done = edgegen("render", cwd=project)
    assert (done.code, "changes the data at `tls.options`" in done.err) == (2, True), done


def test_a_template_that_gives_no_compose_file_is_refused(edgegen: Edgegen, project: Path) -> None:
    override(project, "   \n")
    done = edgegen("render", cwd=project)
    assert (done.code, "docker-compose.yml" in done.err) == (2, True), done


@pytest.mark.quick(2)
@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\n{% for x in %}\n", 2, ""),
        ("a: 1\n\n{{ nothing }}\n", None, "'nothing' is undefined"),
        ("{% include 'missing.j2' %}", None, "missing.j2"),
        ("{{ 1 / 0 }}", None, "division"),
        ("{{ data | nothing }}", 1, "nothing"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", None, ""),
        ("a: [\n", None, ""),
        ("{{ data | yaml }}\n{{ data | yaml }}\n", None, ""),
    ],
)
def test_a_broken_template_is_named(edgegen: Edgegen, project: Path, text: str, line: int | None, said: str) -> None:
    override(project, text)
    done = edgegen("render", cwd=project)
    assert done.code == 2, done
    assert "docker-compose.yml" in done.err
    assert said in done.err
    if line:
        assert f"`{COMPOSE}` line {line}" in done.err
    assert not (project / "docker-compose.yml").exists()


# Published payloads of server-side template injection, and ways to files; the marker is what each would leave.
PAYLOADS = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''.__class__.__base__.__subclasses__()[40]('/etc/passwd').read() }}",
    "{{ config.__class__.__init__.__globals__['os'].popen('touch MARK').read() }}",
    "{{ self.__init__.__globals__.__builtins__.__import__('os').system('touch MARK') }}",
    "{{ cycler.__init__.__globals__.os.popen('touch MARK').read() }}",
    "{{ joiner.__init__.__globals__.os.popen('touch MARK').read() }}",
    "{{ namespace.__init__.__globals__.os.popen('touch MARK').read() }}",
    "{{ lipsum.__globals__['os'].popen('touch MARK').read() }}",
    "{{ lipsum|attr('__globals__') }}",
    "{{ lipsum['__glob' ~ 'als__'] }}",
    "{{ request.application.__globals__.__builtins__.__import__('os').popen('touch MARK').read() }}",
    "{{ spec.__class__.__init__.__globals__ }}",
    "{{ spec.model_dump.__func__.__globals__ }}",
    "{{ spec.model_dump.__globals__ }}",
    "{{ file.__class__.__module__ }}",
    "{{ data.__init__.__self__.__class__ }}",
    "{{ (1).__class__.__bases__ }}",
    "{{ ''|attr('__class__')|attr('__mro__') }}",
    "{{ ''['\\x5f\\x5fclass\\x5f\\x5f'] }}",
    "{{ '{0.__class__.__init__.__globals__}'.format(spec) }}",
    "{{ '{0.__class__.__mro__}'.format_map({'0': spec}) }}",
    "{% for c in [].__class__.__base__.__subclasses__() %}{{ c }}{% endfor %}",
    "{% set x = lipsum.__globals__ %}{{ x.os.system('touch MARK') }}",
    "{{ range.__self__ }}",
    "{{ range(999999999) | list }}",
    "{% include '/etc/hostname' %}",
    "{% include '../../../../etc/hostname' %}",
    "{% import 'os' as os %}{{ os.system('touch MARK') }}",
    "{{ dict.__base__.__subclasses__() }}",
    "{{ data.update({'name': 'b'}) }}",
    "{{ spec.__setattr__('name', 'b') }}",
]


@pytest.mark.quick(8)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_template_runs_nothing(edgegen: Edgegen, project: Path, payload: str) -> None:
    override(project, payload.replace("MARK", str(project / "MARK")), "templates/project/NOTES.md.j2")
    done = edgegen("render", cwd=project)
    assert done.code == 2, done
    assert not (project / "MARK").exists()
    assert "root:" not in done.out + done.err
    assert not (project / "NOTES.md").exists()
    assert not (project / "docker-compose.yml").exists()


def test_there_are_many_payloads() -> None:
    assert len(PAYLOADS) >= 20


@pytest.mark.parametrize(
    "path",
    [
        "acme/acme.json",
        "registry/htpasswd",
        ".gitignore",
        ".dockerignore",
        "edge.yaml",
        "secrets/x",
        ".edgegen/manifest.json",
    ],
)
def test_a_template_can_not_take_the_place_of_what_is_kept(edgegen: Edgegen, project: Path, path: str) -> None:
    override(project, "mine\n", f"templates/project/{path}.j2")
    done = edgegen("render", cwd=project)
    assert (done.code, "can't have a template" in done.err) == (2, True), done
    assert (project / "edge.yaml").read_text() == SPEC
