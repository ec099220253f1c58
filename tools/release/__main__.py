"""`python -m tools.release`: build what is uploaded, or say what must be done first."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tools.release.build import NotReproducibleError, build_twice, digest
from tools.release.refusals import refusals
from tools.release.repository import commit, commit_time, export, state
from tools.release.sbom import environment, write_sbom

SUMS = "SHA256SUMS"
REFUSED = 3


def main(root: Path, out: Path) -> int:
    """All steps but the tag and the upload; nothing is left in `out` unless all of them succeed."""
    found = state(root, datetime.now(UTC).date())
    if reasons := refusals(found):
        for reason in reasons:
            _say(f"refused: {reason}")
        return REFUSED
    with tempfile.TemporaryDirectory() as temporary:
        try:
            files = _made(root, Path(temporary), found.version)
        except NotReproducibleError as error:
            _say(f"refused: {error}")
            return REFUSED
        _hand_over(files, out)
    _say_what_is_left(root, out, found.version)
    return 0


def _made(root: Path, folder: Path, version: str) -> list[Path]:
    _say("building twice")
    files = build_twice(partial(export, root), folder, commit_time(root))
    _say("checking what an index will show")
    subprocess.run([sys.executable, "-m", "twine", "check", "--strict", *files], check=True)
    _say("installing the wheel, and listing what came with it")
    wheel = next(path for path in files if path.suffix == ".whl")
    python = environment(wheel, folder / "installed")
    return [*files, write_sbom(python, root / "pyproject.toml", version, wheel.parent)]


def _hand_over(files: list[Path], out: Path) -> None:
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    for path in files:
        shutil.copy(path, out)
    (out / SUMS).write_text("".join(f"{digest(path)}  {path.name}\n" for path in sorted(files)))


def _say_what_is_left(root: Path, out: Path, version: str) -> None:
    for path in sorted(out.iterdir()):
        _say(f"{path.stat().st_size:>9,} bytes  {out.name}/{path.name}")
    _say("Next, if `make proof` was green on this commit:")
    _say(f"  git tag --sign --message 'edgegen {version}' v{version} {commit(root)}")
    _say(f"  git push origin v{version}")
    _say(f"  {sys.executable} -m twine upload {out.name}/*.whl {out.name}/*.tar.gz")


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    top = Path(__file__).parents[2]
    sys.exit(main(top, top / "dist"))
