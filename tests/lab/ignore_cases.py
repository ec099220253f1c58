"""Random contexts with random `.dockerignore` files, and what the real classic builder makes of them."""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
import tarfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.lab.engine import docker
from tests.lab.ground import Ground
from tests.lab.parts import program

NAMES = (
    "acme",
    "secrets",
    "a",
    "b",
    "ab",
    "a.b",
    "é",
    "x y",
    "id.env",
    "htpasswd",
    "[z]",
    "b!",
    "k.pem",
    "node",
    "#h",
    "A",
)
PIECES = (
    *NAMES, "*", "?", "**", "a*", "*.env", "*.pem", "[ab]", "[^a]", "[a-c]*", "\\a", "a\\*", "*b", "??", "[[]z]",
    "\\[z\\]", "..", ".", "", "[a*]", "[!a]", "x?y", "*.*", "**b", "a**", "a{1}*", "*{2}", "*|b", "[[:alpha:]]",
    "a{01}*", "\\w*",
)  # fmt: skip
ODD = "ab*?[]-^!\\./ #é{}()+|$dwsx12,"


@dataclass(frozen=True, slots=True)
class Case:
    """One context: its files, and the bytes of its `.dockerignore`."""

    files: tuple[str, ...]
    ignore: bytes

    def write(self, folder: Path) -> None:
        """The context on disk; everything of it that arrives is copied into the image, which is never empty."""
        for path in self.files:
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("x")
        (folder / ".dockerignore").write_bytes(self.ignore)
        (folder / "Dockerfile").write_text("FROM scratch\nCOPY . /\nWORKDIR /.lab\n")


def case(seed: int) -> Case:
    """The same case for the same seed."""
    chance = random.Random(seed)
    files = _files(chance)
    lines = [_line(chance, files) for _ in range(chance.randint(1, 6))]
    if chance.random() < 0.2:
        lines.insert(0, chance.choice(("*", "**", "*/*")))
    ignore = chance.choice(("\n", "\n", "\r\n")).join(lines).encode()
    return Case(files, (b"\xef\xbb\xbf" if chance.random() < 0.1 else b"") + ignore)


def _files(chance: random.Random) -> tuple[str, ...]:
    found: list[str] = []
    for _ in range(chance.randint(3, 9)):
        path = "/".join(chance.choice(NAMES) for _ in range(chance.randint(1, 4)))
        if not any(
            path == other or f"{path}/".startswith(f"{other}/") or other.startswith(f"{path}/") for other in found
        ):
            found.append(path)
    return tuple(sorted(found))


def _line(chance: random.Random, files: Sequence[str]) -> str:
    kind = chance.random()
    if kind < 0.4:
        parts = chance.choice(files).split("/")
        text = "/".join(_blurred(chance, part) for part in parts[: chance.randint(1, len(parts))])
    elif kind < 0.9:
        text = "/".join(chance.choice(PIECES) for _ in range(chance.randint(1, 3)))
    else:
        text = "".join(chance.choice(ODD) for _ in range(chance.randint(1, 7)))
    for odds, before, after in (
        (0.1, "**/", ""),
        (0.15, "/", ""),
        (0.15, "", "/"),
        (0.3, "!", ""),
        (0.08, " ", " \t"),
        (0.03, "#", ""),
    ):
        if chance.random() < odds:
            text = f"{before}{text}{after}"
    return text


def _blurred(chance: random.Random, part: str) -> str:
    return chance.choice(("*", "?" * len(part), f"{part[:1]}*", "**")) if chance.random() < 0.4 else part


def built(ground: Ground, cases: Sequence[Case], folder: Path) -> list[set[str]]:
    """What is in the images of these contexts. All are built by one run of the real client, which filters them."""
    for index, one in enumerate(cases):
        one.write(folder / str(index))
    services = {f"c{index}": {"build": f"./{index}", "image": f"ignored:{index}"} for index in range(len(cases))}
    (folder / "docker-compose.yml").write_text(json.dumps({"name": "ignored", "services": services}))
    done = _compose(ground, folder)
    assert done.returncode == 0, done.stderr
    images = [f"ignored:{index}" for index in range(len(cases))]
    try:
        docker(ground, "save", "-o", str(folder / "images.tar"), *images)
        files = _contents(folder / "images.tar")
    finally:
        docker(ground, "image", "rm", "-f", *images)
        (folder / "images.tar").unlink(missing_ok=True)
    return [files[image] & set(one.files) for image, one in zip(images, cases, strict=True)]


def refusal(ground: Ground, one: Case, folder: Path) -> str:
    """What the real client says to a context that it refuses; empty where it builds."""
    one.write(folder / "context")
    service = {"build": "./context", "image": "ignored:one"}
    (folder / "docker-compose.yml").write_text(json.dumps({"name": "ignored", "services": {"c": service}}))
    done = _compose(ground, folder)
    if done.returncode == 0:
        docker(ground, "image", "rm", "-f", "ignored:one")
    return done.stderr if done.returncode else ""


def _compose(ground: Ground, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "DOCKER_HOST": ground.docker_host,
        "DOCKER_BUILDKIT": "0",
    }
    words = [str(program("docker-compose")), "--progress", "quiet", "build"]
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=500)


def _contents(archive: Path) -> dict[str, set[str]]:
    """The regular files of each image of a `docker save`."""
    with tarfile.open(archive) as tar:
        manifest = json.loads(_member(tar, "manifest.json"))
        return {
            image["RepoTags"][0]: set(_regular(_member(tar, layer) for layer in image["Layers"])) for image in manifest
        }


def _member(tar: tarfile.TarFile, name: str) -> bytes:
    found = tar.extractfile(name)
    assert found is not None, name
    return found.read()


def _regular(layers: Iterable[bytes]) -> Iterable[str]:
    for layer in layers:
        with tarfile.open(fileobj=io.BytesIO(layer)) as tar:
            yield from (entry.name for entry in tar if entry.isfile())
