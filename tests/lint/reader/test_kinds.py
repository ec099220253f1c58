"""What a file is, by its content; and files of all kinds in one project."""

from __future__ import annotations

import pytest

from edgegen.lint.reader.kinds import FileKind, kind_of
from edgegen.lint.reader.whole import read_files
from tests.lint.text_disk import TextDisk


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.yml", "services: {web: {image: nginx}}", FileKind.COMPOSE),
        ("a.yml", "# x\nnetworks: {}\ninclude: [b.yml]", FileKind.COMPOSE),
        ("traefik.yml", "services: {web: {}}", FileKind.COMPOSE),
        ("a.yml", "entryPoints: {web: {address: ':80'}}", FileKind.STATIC),
        ("a.yml", "api: {insecure: true}\nlog: {level: INFO}", FileKind.STATIC),
        ("a.yml", "providers: {docker: {}}\nhttp: {routers: {}}", FileKind.STATIC),
        ("a.toml", "[entryPoints.web]\naddress = ':80'", FileKind.STATIC),
        ("a.yml", "http: {routers: {a: {}}}", FileKind.DYNAMIC),
        ("a.yml", "tls: {options: {}}", FileKind.DYNAMIC),
        ("a.yaml", 'http:\n  routers:\n    a: {rule: {{ env "X" }}', FileKind.DYNAMIC),
        ("a.toml", "[http.routers.a", FileKind.DYNAMIC),
        ("a.toml", "[http.routers.a]\nrule = 'x'\n[entryPoints.web]", FileKind.DYNAMIC),
        ("traefik.toml", "[http.routers.a]\nrule = 'x'\n[entryPoints.web]", FileKind.STATIC),
        ("traefik.yml", "entrypoint: {web: {address: ':80'}}", FileKind.STATIC),
        ("docker-compose.yml", "version: '3'", FileKind.COMPOSE),
        ("docker-compose.yml", "", FileKind.COMPOSE),
    ],
)
def test_the_content_decides(name: str, text: str, kind: FileKind) -> None:
    assert kind_of(name, name, text.encode())[0] is kind


FILES = {
    "traefik.yml": "entryPoints: {web: {address: ':80'}}\n",
    "one.yml": "http: {middlewares: {auth: {basicAuth: {users: ['a:b']}}}}\n",
    "two.toml": "[http.routers.a]\nrule = 'Host(`a`)'\n",
    "notes.yml": "a: 1\n",
}


def test_files_of_traefik_alone() -> None:
    project = read_files(["traefik.yml", "one.yml"], TextDisk(FILES))
    assert [item.static.source for item in project.traefiks] == ["file"]
    assert [(item.file.name, item.named) for item in project.dynamic] == [("one.yml", True), ("two.toml", False)]
    assert [file.name for file in project.files] == ["traefik.yml", "one.yml"]


def test_files_beside_a_compose_file_are_not_read_twice() -> None:
    compose = (
        "services:\n  edge:\n    image: traefik:v3\n    volumes: ['.:/etc/traefik']\n"
        "    command: [--providers.file.filename=/etc/traefik/one.yml]\n"
    )
    disk = TextDisk({**FILES, "compose.yml": compose})
    project = read_files(["compose.yml", "one.yml", "traefik.yml"], disk)
    assert [item.static.source for item in project.traefiks] == ["file"]
    assert sorted(file.name for file in project.files) == ["compose.yml", "one.yml", "traefik.yml"]
    assert [item.file.name for item in project.dynamic if item.named] == ["one.yml"]
