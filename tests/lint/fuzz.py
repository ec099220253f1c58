"""The coverage-guided fuzzer on lint's reader and rules: `python -m tests.lint.fuzz [SECONDS]`, or `make fuzz`.

Whatever the bytes are, the reader either gives a project or says with a place that this is not YAML; then every place
that it has can be looked up, and every rule comes to an end.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from edgegen.core.errors import SpecError
from edgegen.lint.engine import lint
from edgegen.lint.model import Project
from edgegen.lint.reader.whole import read_files
from tests.lint.text_disk import TextDisk

NAMES = ("compose.yml", "compose.override.yml", "traefik.yml", "dynamic.toml")
SEPARATOR = b"\n\xff\n"
STYLES = Path(__file__).parent / "styles"


def one(data: bytes) -> Project | None:
    """One input: files that are divided by a byte that no text has. None where it is not YAML."""
    parts = data.split(SEPARATOR)[: len(NAMES)]
    files: dict[str, str | bytes] = dict(zip(NAMES, parts, strict=False))
    disk = TextDisk({**files, ".env": b"A=1\nB='2'\n", "x.env": b"C=3\n", "base.yml": parts[0]})
    try:
        project = read_files([NAMES[0]] if len(parts) == 1 else list(files), disk, folder="site", environ={"HOME": "/"})
    except SpecError as error:
        assert error.problems, "a refusal says why"
        return None
    looked_at(project)
    lint(project)
    return project


def looked_at(project: Project) -> None:
    """Ask for every attribute and every place."""
    for service in project.services.values():
        values = [*service.labels.values(), *service.deploy_labels.values(), *service.command, *service.entrypoint]
        values += [value for value in service.environment.values() if value is not None]
        values += [value for value in (service.image, service.network_mode) if value is not None]
        places = [value.spot for value in (*values, *service.expose)]
        places += [item.spot for item in (*service.ports, *service.mounts)]
        for spot in places:
            where = spot.location
            assert where.line >= 1 and where.column >= 1 and spot.of_key.location.line >= 1
        assert isinstance(service.networks, tuple) and isinstance(service.profiles, tuple)
        assert service.replicas is None or isinstance(service.replicas, int)
    for network in project.networks.values():
        assert network.spot is None or network.spot.location.line >= 1
    for gap in project.gaps:
        assert gap.spot is None or gap.spot.location.file


def seeds() -> list[bytes]:
    """The hand-written styles."""
    return [file.read_bytes() for file in sorted(STYLES.rglob("*.y*ml"))]


def main() -> None:
    """Run until the time is over; ends with another code than 0 where an input breaks something."""
    import atheris

    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(seeds()):
            (Path(folder) / f"seed{number}").write_bytes(seed)
        atheris.instrument_all()
        options = [
            f"-max_total_time={seconds}",
            "-timeout=20",
            "-rss_limit_mb=2048",
            "-max_len=4096",
            "-print_final_stats=1",
        ]
        atheris.Setup([sys.argv[0], *options, folder], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
