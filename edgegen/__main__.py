"""The entry point. `--version` is answered before anything heavy is imported (bar P1)."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    if sys.argv[1:] == ["--version"]:
        from edgegen import __version__

        sys.stdout.write(f"edgegen {__version__}\n")
        return
    from edgegen.cli.app import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
