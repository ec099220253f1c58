"""What a spec exposes, and where it says so: read for itself, without any file."""

from __future__ import annotations

import pytest

from edgegen.core.location import path_text
from edgegen.rules.exposure import Exposure, Kind, exposures
from edgegen.spec.load import load_text

BUILD = "services.w.build.context"
EXTRA_BUILD = "services.w.extra.build.context"
MORE = "services.w.build.additional_contexts"


def found(text: str) -> list[Exposure]:
    """The exposures of a spec, in its order."""
    return list(exposures(load_text(f"name: a\n{text}".encode()).spec))


def service(keys: str) -> str:
    return f"services: {{w: {{{keys}}}}}"


def context(path: str, source: str, dockerfile: str | None = "Dockerfile") -> tuple[object, ...]:
    return (path, source, Kind.CONTEXT, dockerfile)


def more(path: str, source: str) -> tuple[object, ...]:
    """An additional context: no Dockerfile is looked for in it."""
    return (path, source, Kind.ADDITIONAL_CONTEXT, None)


def mount(path: str, source: str) -> tuple[object, ...]:
    return (path, source, Kind.MOUNT, "Dockerfile")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (service("build: app"), [context(BUILD, "app")]),
        (service("build: {dockerfile: D}"), [context(BUILD, ".", "D")]),
        (service("build: {context: app, dockerfile: b/D}"), [context(BUILD, "app", "b/D")]),
        (service("build: ., extra: {build: {dockerfile_inline: FROM x}}"), [context(BUILD, ".", None)]),
        (service("build: app, extra: {build: {args: {k: v}}}"), [context(BUILD, "app")]),
        (service("build: app, extra: {build: {dockerfile: D}}"), [context(BUILD, "app", "D")]),
        (service("build: app, extra: {build: other}"), [context(EXTRA_BUILD, "other")]),
        (service("image: 'a:1', extra: {build: {target: t}}"), [context("services.w.extra.build", ".")]),
        (service("image: 'a:1', extra: {build: {}}"), []),
        (service("build: {context: app, dockerfile: D}, extra: {build: {dockerfile: }}"), [context(BUILD, "app")]),
        (
            service("build: {context: app, additional_contexts: {x: ../x, y: 'https://e/y', z: /z}}"),
            [more(f"{MORE}.x", "../x"), more(f"{MORE}.z", "/z"), context(BUILD, "app")],
        ),
        (
            service("build: {context: app, additional_contexts: ['x=a=b', 'y=service:x', 'z=target:t']}"),
            [more(f"{MORE}.x", "a=b"), context(BUILD, "app")],
        ),
        (
            "extra: {services: {x: {build: {context: app, additional_contexts: ['y=a=b']}}}}",
            [
                more("extra.services.x.build.additional_contexts.y", "a=b"),
                context("extra.services.x.build.context", "app"),
            ],
        ),
        (
            "services: {w: {build: app}, v: {build: b}}\nextra: {services: {w: {build: {target: t}}, z: {build: c}}}",
            [
                context(BUILD, "app"),
                context("services.v.build.context", "b"),
                context("extra.services.z.build.context", "c"),
            ],
        ),
    ],
)
def test_builds(text: str, expected: list[tuple[object, ...]]) -> None:
    assert [(path_text(item.path), item.source, item.kind, item.dockerfile) for item in found(text)] == expected


@pytest.mark.parametrize(
    "remote", ["https://e/x.git", "git://e/x", "ssh://e/x", "git@e:x.git", "github.com/a/b", "docker-image://a"]
)
def test_what_is_elsewhere_exposes_nothing(remote: str) -> None:
    assert found(service(f"build: '{remote}'")) == []
    assert len(found(service(f"build: './{remote.replace('://', '')}'"))) == 1


@pytest.mark.parametrize("source", [".", "./a", "../a", "/a", "~/a", "~"])
def test_a_short_mount_is_a_path_by_its_first_letter(source: str) -> None:
    for end in (":/a", ":/a:ro"):
        items = found(f"extra: {{services: {{x: {{image: a, volumes: ['{source}{end}']}}}}}}")
        assert [(item.source, item.kind) for item in items] == [(source, Kind.MOUNT)]
        items = found(service(f"image: 'a:1', volumes: ['v:/v', '{source}{end}']") + "\nvolumes: {v: {}}")
        assert [(path_text(item.path), item.source, item.kind) for item in items] == [
            ("services.w.volumes[1]", source, Kind.MOUNT)
        ]


@pytest.mark.parametrize(
    "volume",
    ["/only-inside", "named:/a", "{type: volume, source: named, target: /a}", "{type: bind, target: /a}", "12", "null"],
)
def test_other_volumes_expose_nothing(volume: str) -> None:
    quoted = volume if volume[0] == "{" or volume in ("12", "null") else f"'{volume}'"
    assert found(f"extra: {{services: {{x: {{image: a, volumes: [{quoted}]}}}}}}") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            service("image: 'a:1', volumes: [{type: bind, source: a, target: /a}]"),
            [mount("services.w.volumes[0]", "a")],
        ),
        (service("image: 'a:1', extra: {volumes: {a: b}}"), []),
        (
            service("image: 'a:1', volumes: ['./a:/a'], extra: {volumes: ['/b:/b']}")
            + "\nedge: {extra: {volumes: ['/c:/c']}}",
            [
                mount("edge.extra.volumes[0]", "/c"),
                mount("services.w.volumes[0]", "./a"),
                mount("services.w.extra.volumes[0]", "/b"),
            ],
        ),
        (
            "configs: {c: {file: a}, d: {content: b}}\nextra: {configs: {e: {file: x}, f: {external: true}, g: }}",
            [mount("configs.c.file", "a"), mount("extra.configs.e.file", "x")],
        ),
    ],
)
def test_mounts(text: str, expected: list[tuple[object, ...]]) -> None:
    assert [(path_text(item.path), item.source, item.kind, item.dockerfile) for item in found(text)] == expected


@pytest.mark.parametrize("options", ["bind", "rw,bind", "bind,ro", "rbind", "ro,rbind"])
@pytest.mark.parametrize("at", ["volumes: {v: %s}", "extra: {volumes: {v: %s}}"])
def test_a_volume_that_is_a_folder_of_the_host(options: str, at: str) -> None:
    items = found(at % f"{{driver_opts: {{type: none, o: '{options}', device: /srv}}}}")
    place = at.partition("volumes")[0].replace(": {", ".") + "volumes.v.driver_opts.device"
    assert [(path_text(item.path), item.source, item.kind) for item in items] == [(place, "/srv", Kind.MOUNT)]


@pytest.mark.parametrize(
    "options", ["{o: bind}", "{device: /srv}", "{o: 'addr=bind', device: /srv}", "{o: , device: /a}"]
)
def test_a_volume_that_is_none(options: str) -> None:
    assert found(f"extra: {{volumes: {{v: {{driver_opts: {options}}}, w: , x: {{driver_opts: 3}}}}}}") == []


def test_a_path_with_a_nul_byte_is_no_files_name() -> None:
    assert found('extra: {services: {x: {image: a, volumes: ["/a\\0b:/c", "/d:/d"]}}}') == [
        Exposure(("extra", "services", "x", "volumes", 1), "/d", Kind.MOUNT)
    ]
