"""A process that writes one set of outputs, for the fault tests: `write_once.py DIR [fresh|next|narrow|wide]`."""

from __future__ import annotations

import sys
from pathlib import Path

from edgegen.core.errors import EdgegenError
from edgegen.files import Output, write_outputs


def outputs(variant: str) -> list[Output]:
    """Two generations with different bytes, one file that appears and one that goes; or the same with wider modes."""
    if variant in ("narrow", "wide"):
        return secrets(0o600 if variant == "narrow" else 0o444, variant)
    body = f"# {variant}\n".encode() * 2000
    common = [
        Output("acme/acme.json", b"", 0o600, keep=True),
        Output("secrets/http-secret", b"0123456789abcdef", 0o600, keep=True),
        Output("docker-compose.yml", body),
        Output("traefik/dynamic/tls.yml", body[::-1]),
        Output(".edgegen/schema.json", b"{}\n"),
    ]
    changing = "traefik/dynamic/old.yml" if variant == "fresh" else "traefik/dynamic/new.yml"
    return [*common, Output(changing, variant.encode())]


def secrets(mode: int, variant: str) -> list[Output]:
    """A secret that is kept, one that is equal, one that changes, and one that is never mounted."""
    return [
        Output("secrets/kept", b"0123456789abcdef", mode, keep=True),
        Output("secrets/equal", b"copy of a file", mode),
        Output("secrets/changed", variant.encode(), mode),
        Output("secrets/web.env", b"P=x", 0o600),
    ]


def main(project: str, variant: str) -> int:
    try:
        report = write_outputs(Path(project), outputs(variant), spec_hash=variant, environment=None, version="0.0.0")
    except EdgegenError as error:
        sys.stderr.write(f"{error} {error.problems[0].hint}\n")
        return error.exit_code
    sys.stdout.write(f"{len(report.written)} written, {len(report.warnings)} warnings\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
