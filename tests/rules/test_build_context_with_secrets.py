"""No secret leaves the project by a build or by a mount."""

from __future__ import annotations

import posixpath
from collections.abc import Collection

import pytest

from edgegen.core.location import path_text
from edgegen.rules import build_context_with_secrets
from edgegen.rules.exposure import exposures
from edgegen.rules.inventory import IgnoreFile, Inventory
from edgegen.rules.violation import Violation
from edgegen.spec.load import load_text

PROJECT = "/srv/site"
SECRETS = ("/srv/site/acme/acme.json", "/srv/site/certs/key.pem", "/srv/site/registry/htpasswd", "/srv/site/secrets/a")
ALL_OUT = b"acme\nsecrets\n**/htpasswd\ncerts/key.pem\n"
NONE = dict[str, bytes]()
FULL = {"/srv/site/.dockerignore": ALL_OUT}


def violations(
    text: str, ignores: dict[str, bytes], leaves: Collection[str] = (), **further: IgnoreFile
) -> list[Violation]:
    """What the rule says in a world of plain paths."""
    spec = load_text(f"name: a\n{text}".encode()).spec
    files = {path: IgnoreFile(content, leaves=path in leaves) for path, content in ignores.items()}
    inventory = Inventory(
        project=PROJECT,
        secrets=SECRETS,
        private=("/srv/site/acme", "/srv/site/secrets"),
        places={item: posixpath.normpath(posixpath.join(PROJECT, item.source)) for item in exposures(spec)},
        ignores=files | {f"{PROJECT}/.dockerignore": file for file in further.values()},
        mounted_by_edgegen=frozenset({"/srv/site/acme"}),
    )
    return list(build_context_with_secrets.check(spec, inventory))


BROKEN = [
    ("services: {w: {build: .}}", NONE, "services.w.build.context", "there is no `.dockerignore`"),
    ("services: {w: {build: {context: .}}}", NONE, "services.w.build.context", "acme/acme.json"),
    ("services: {w: {build: ..}}", NONE, "services.w.build.context", "there is no `/srv/.dockerignore`"),
    ("services: {w: {build: ..}}", FULL, "services.w.build.context", "there is no `/srv/.dockerignore`"),
    ("services: {w: {build: /}}", FULL, "services.w.build.context", "the build context `/`"),
    ("services: {w: {build: ./certs}}", FULL, "services.w.build.context", "`certs/key.pem`"),
    ("services: {w: {build: ./a/../../site}}", NONE, "services.w.build.context", "secrets/a"),
    (
        "services: {w: {build: .}}",
        {"/srv/site/.dockerignore": b"node_modules\n"},
        "services.w.build.context",
        "does not",
    ),
    (
        "services: {w: {build: .}}",
        {"/srv/site/.dockerignore": ALL_OUT + b"!secrets/a"},
        "services.w.build.context",
        "does",
    ),
    (
        "services: {w: {build: .}}",
        {"/srv/site/.dockerignore": ALL_OUT + b"!**/*.json\n"},
        "services.w.build.context",
        "`acme/acme.json`; `.dockerignore`, which BuildKit reads,",
    ),
    (
        "services: {w: {build: .}}",
        {**FULL, "/srv/site/Dockerfile.dockerignore": b"node_modules\n"},
        "services.w.build.context",
        "`Dockerfile.dockerignore`, which BuildKit reads, does not exclude them",
    ),
    (
        "services: {w: {build: {context: ., dockerfile: docker/prod.Dockerfile}}}",
        {**FULL, "/srv/site/docker/prod.Dockerfile.dockerignore": b"x\n"},
        "services.w.build.context",
        "`docker/prod.Dockerfile.dockerignore`, which BuildKit reads,",
    ),
    (
        "services: {w: {build: .}}",
        {**FULL, "/srv/site/dockerfile.dockerignore": b""},
        "services.w.build.context",
        "`dockerfile.dockerignore`, which BuildKit reads,",
    ),
    (
        "services: {w: {build: {context: ., dockerfile: a/../../D}}}",
        {**FULL, "/srv/D.dockerignore": b""},
        "services.w.build.context",
        "`/srv/D.dockerignore`, which BuildKit reads,",
    ),
    (
        "services: {w: {build: .}}",
        {"/srv/site/Dockerfile.dockerignore": ALL_OUT},
        "services.w.build.context",
        "there is no `.dockerignore`",
    ),
    (
        "services: {w: {build: {context: ., dockerfile: acme/Dockerfile}}}",
        {"/srv/site/.dockerignore": b"acme\nsecrets\ncerts\n**/htpasswd\n!**/acme.json"},
        "services.w.build.context",
        "`acme/acme.json`; `.dockerignore` does not",
    ),
    ("services: {w: {build: .}}", {"/srv/site/.dockerignore": b"acme\n["}, "services.w.build.context", "can't read"),
    (
        "services: {w: {build: {context: ./app, additional_contexts: {root: .}}}}",
        NONE,
        "services.w.build.additional_contexts.root",
        "sends secret files",
    ),
    ("services: {w: {image: a:1, extra: {build: .}}}", NONE, "services.w.extra.build.context", "acme/acme.json"),
    (
        "services: {w: {build: ./app, extra: {build: {additional_contexts: [x=.]}}}}",
        NONE,
        "services.w.extra.build.additional_contexts.x",
        "sends secret files",
    ),
    ("extra: {services: {x: {build: .}}}", NONE, "extra.services.x.build.context", "acme/acme.json"),
    ("services: {w: {image: a:1, volumes: ['.:/app']}}", FULL, "services.w.volumes[0]", "the mount of `.`"),
    ("services: {w: {image: a:1, volumes: ['/:/host:ro']}}", FULL, "services.w.volumes[0]", "the mount of `/`"),
    (
        "services: {w: {image: a:1, volumes: ['d:/d', '../:/x']}}\nvolumes: {d: {}}",
        FULL,
        "services.w.volumes[1]",
        "`../`",
    ),
    (
        "services: {w: {image: a:1, volumes: [{type: bind, source: secrets, target: /s}]}}",
        FULL,
        "services.w.volumes[0]",
        "`secrets/a`",
    ),
    ("services: {w: {image: a:1, volumes: ['./certs/key.pem:/k']}}", FULL, "services.w.volumes[0]", "certs/key.pem"),
    ("configs: {c: {file: secrets/a}}", FULL, "configs.c.file", "secrets/a"),
    ("extra: {configs: {c: {file: ./certs/key.pem}}}", FULL, "extra.configs.c.file", "certs/key.pem"),
    ("services: {w: {image: a:1, extra: {volumes: ['.:/app']}}}", FULL, "services.w.extra.volumes[0]", "shows secret"),
    ("edge: {extra: {volumes: ['.:/app']}}", FULL, "edge.extra.volumes[0]", "shows secret"),
    ("extra: {services: {x: {image: a, volumes: ['.:/app']}}}", FULL, "extra.services.x.volumes[0]", "shows secret"),
    (
        "volumes: {code: {driver_opts: {type: none, o: bind, device: /srv/site}}}",
        FULL,
        "volumes.code.driver_opts.device",
        "the mount of `/srv/site`",
    ),
    (
        "extra: {volumes: {code: {driver_opts: {type: none, o: 'rw,bind', device: /srv}}}}",
        FULL,
        "extra.volumes.code.driver_opts.device",
        "the mount of `/srv`",
    ),
]
NEAR_MISSES = [
    ("services: {w: {build: .}}", FULL),
    ("services: {w: {build: ./app}}", NONE),
    ("services: {w: {build: ../app}}", NONE),
    ("services: {w: {build: ../site2}}", NONE),
    ("services: {w: {build: 'https://example.com/x.git'}}", NONE),
    ("services: {w: {build: 'https://example.com/../..'}}", NONE),
    ("services: {w: {build: 'git@example.com:x.git'}}", NONE),
    (
        "services: {w: {build: {context: ./app, additional_contexts: {a: 'docker-image://alpine', b: 'service:w'}}}}",
        NONE,
    ),
    ("services: {w: {build: .}}", {"/srv/site/.dockerignore": b"*\n!app\n"}),
    ("services: {w: {build: .}}", {"/srv/site/.dockerignore": b"# all\r\n**\r\n"}),
    ("services: {w: {build: ..}}", {"/srv/.dockerignore": b"site/acme\nsite/secrets\nsite/certs\n**/htpasswd\n"}),
    ("services: {w: {build: ..}}", {"/srv/.dockerignore": b"site\n"}),
    ("services: {w: {build: .}}", {**FULL, "/srv/site/Dockerfile.dockerignore": ALL_OUT}),
    ("services: {w: {build: {context: ., dockerfile: a/D}}}", {**FULL, "/srv/site/Dockerfile.dockerignore": b""}),
    (
        "services: {w: {build: ., extra: {build: {dockerfile_inline: 'FROM scratch'}}}}",
        {**FULL, "/srv/site/Dockerfile.dockerignore": b""},
    ),
    ("services: {w: {build: ./app, extra: {build: {args: {a: b}}}}}", NONE),
    ("services: {w: {build: ., extra: {build: {context: ./app}}}}", NONE),
    ("services: {w: {image: a:1, volumes: ['./app:/app', 'd:/d', /x]}}\nvolumes: {d: {}}", NONE),
    ("services: {w: {image: a:1, volumes: ['./certs/public.pem:/p']}}", NONE),
    ("services: {w: {image: a:1, volumes: [{type: tmpfs, target: /t}]}}", NONE),
    ("configs: {c: {file: conf/x}, d: {content: secrets/a}}", NONE),
    ("secrets: {s: {file: certs/key.pem}}", NONE),
    ("services: {w: {image: a:1, secrets: [s]}}\nsecrets: {s: {file: certs/key.pem}}", NONE),
    ("edge: {extra: {volumes: ['./acme:/acme']}}", NONE),
    ("volumes: {n: {driver_opts: {type: nfs, o: 'addr=192.0.2.1', device: ':/'}}}", NONE),
]


@pytest.mark.parametrize(("spec", "ignores", "path", "words"), BROKEN)
def test_broken(spec: str, ignores: dict[str, bytes], path: str, words: str) -> None:
    found = violations(spec, ignores)
    assert [(path_text(item.path), item.refused) for item in found] == [(path, True)]
    assert words in found[0].message
    assert found[0].hint


@pytest.mark.parametrize(("spec", "ignores"), NEAR_MISSES)
def test_near_misses(spec: str, ignores: dict[str, bytes]) -> None:
    assert violations(spec, ignores) == []


def test_both_ignore_files_are_named_where_both_let_secrets_through() -> None:
    found = violations("services: {w: {build: .}}", {"/srv/site/Dockerfile.dockerignore": b"acme\n"})
    assert ["there is no `.dockerignore`" in found[0].message, "which BuildKit reads" in found[1].message] == [True] * 2
    assert "`.dockerignore`: `acme`, `certs/key.pem`, `registry/htpasswd`, `secrets`;" in found[0].hint
    assert "`Dockerfile.dockerignore`: `certs/key.pem`, `registry/htpasswd`, `secrets`;" in found[1].hint


def test_what_the_hint_says_helps() -> None:
    ignores = {"/srv/.dockerignore": b"*\n!site\n!**/*.json\n"}
    (found,) = violations("services: {w: {build: ..}}", ignores)
    lines = found.hint.partition(": ")[2].partition(";")[0].replace("`", "").split(", ")
    assert (
        violations(
            "services: {w: {build: ..}}",
            {"/srv/.dockerignore": ignores["/srv/.dockerignore"] + "\n".join(lines).encode()},
        )
        == []
    )


def test_an_ignore_file_that_cannot_be_read_excludes_nothing() -> None:
    (found,) = violations("services: {w: {build: .}}", NONE, own=IgnoreFile(fault="can't be read: is a FIFO"))
    assert "`.dockerignore` can't be read: is a FIFO" in found.message


def test_a_link_out_of_the_context_is_nothing_to_buildkit() -> None:
    (found,) = violations("services: {w: {build: .}}", NONE, own=IgnoreFile(ALL_OUT, leaves=True))
    assert "BuildKit does not follow `.dockerignore`, a link that leaves the context" in found.message
    assert "replace the link `.dockerignore`" in found.hint


def test_a_link_beside_the_dockerfile_is_followed_within_its_folder() -> None:
    path = "/srv/site/Dockerfile.dockerignore"
    assert len(violations("services: {w: {build: .}}", {**FULL, path: b""})) == 1
    assert violations("services: {w: {build: .}}", {**FULL, path: b""}, leaves={path}) == []
    (found,) = violations("services: {w: {build: .}}", {path: ALL_OUT}, leaves={path})
    assert "there is no `.dockerignore`" in found.message


def test_only_a_target_with_override_files_names_one() -> None:
    text = "services: {w: {image: a, volumes: [./secrets:/s]}}"
    assert "compose.override.yml" in violations(text, NONE)[0].hint
    assert "override" not in violations(f"target: swarm\n{text}", NONE)[0].hint
