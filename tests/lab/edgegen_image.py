"""Base images for edgegen's own Dockerfile: `python:3.13-slim` and `docker:29-cli` as far as it looks at them.

Python is this one, whatever the tag says, with its whole library and pip. `apt-get` is a script that knows one package.
"""

from __future__ import annotations

import re
import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from tests.lab.image import Image, linked, tree, with_shell
from tests.lab.parts import program

_ROOT = "/usr/local"
_APT = """#!/bin/sh
case "$*" in
  update) ;;
  install*--no-install-recommends*openssh-client) mv /debian/ssh /usr/bin/ssh ;;
  *) echo "apt-get: \\"$*\\" is unknown to the lab" >&2; exit 1 ;;
esac
"""
_PIP_PACKAGE = Path(sysconfig.get_path("purelib")) / "pip"
_PIP = f"#!{_ROOT}/bin/python3\nimport sys\nfrom pip import main\nsys.exit(main())\n"
_OF_COMPILERS = re.compile(r"/lib(gcc_s|stdc\+\+)\.so")
_OF_GLIBC = ("anl", "dl", "nss_dns", "nss_files", "pthread", "resolv", "rt", "util")
"""What compiled wheels expect of any Debian."""
_LEFT_OUT = ("site-packages", "test", "idlelib", "tkinter", "lib2to3", "ensurepip", "turtledemo")
"""Of the library: what the official image leaves out too, or what only takes time to copy."""


def python_slim() -> Image:
    """Python, pip, a shell, and the tools of Debian that a Dockerfile expects."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    interpreter = Path(sys.executable).resolve()
    library = tree(f"{_ROOT}/lib/{version}", Path(sysconfig.get_path("stdlib")), without=_LEFT_OUT)
    library = {target: path for target, path in library.items() if "/__pycache__/" not in target}
    installer = tree(f"{_ROOT}/lib/{version}/site-packages/pip", _PIP_PACKAGE)
    programs = {
        f"{_ROOT}/bin/python3": interpreter,
        "/debian/ssh": program("ssh"),
        "/usr/sbin/useradd": program("useradd"),
    }
    linking = [*programs.values(), *(path for path in library.values() if path.suffix == ".so"), program("docker")]
    image = with_shell(
        {**_libraries(linking), **library, **installer, **programs},
        {f"{_ROOT}/bin/pip": _PIP, "/usr/bin/apt-get": _APT, "/etc/passwd": "root:x:0:0:root:/root:/bin/sh\n",
         "/etc/group": "root:x:0:\n", "/etc/shadow": "root:*:19000:0:99999:7:::\n", "/etc/login.defs": ""},
        'CMD ["python3"]',
    )  # fmt: skip
    return replace(image, links={**image.links, f"{_ROOT}/bin/python": "python3"})


def docker_cli() -> Image:
    """Docker's client and Compose, where the official image has them."""
    plugins = f"{_ROOT}/libexec/docker/cli-plugins"
    return with_shell(
        {**linked(f"{_ROOT}/bin/docker", program("docker")), f"{plugins}/docker-compose": program("docker-compose")},
        {f"{plugins}/docker-buildx": "#!/bin/sh\n# no package has it\n"},
        'CMD ["sh"]',
    )


def _libraries(programs: Iterable[Path]) -> dict[str, Path]:
    """What programs and shared objects are linked to, without themselves."""
    found = {target: path for one in programs for target, path in linked("", one).items()}
    found |= {target: path for target, path in linked("", program("node")).items() if _OF_COMPILERS.search(target)}
    loader = next(Path(target).parent for target in found if target.endswith("/libc.so.6"))
    found |= {str(path): path.resolve() for name in _OF_GLIBC for path in loader.glob(f"lib{name}.so.?")}
    return {target: path for target, path in found.items() if target}
