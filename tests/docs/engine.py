"""A `docker` on which everything starts and is healthy. Compose's own words are the real Compose's.

This machine may have no engine, so the socket that a project mounts is one in the folder of the program.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
import sysconfig
from pathlib import Path

_SCRIPT = '''#!{python} -ISB
import os, sys
COMPOSE, SOCKET = {compose!r}, {socket!r}
argv = sys.argv[1:]

def stack():
    """What Compose reads, from the options before the command."""
    options = argv[1 : argv.index("ps")]
    import json, subprocess  # two thirds of the start, which most calls need not wait for
    told = subprocess.run([COMPOSE, *options, "config", "--format", "json"], capture_output=True, text=True)
    return json.loads(told.stdout)

def ps():
    import json
    read = stack()
    for name, service in read["services"].items():
        ports = [dict(URL="0.0.0.0", TargetPort=int(port["target"]), PublishedPort=int(port["published"]),
                      Protocol="tcp")
                 for port in service.get("ports", []) if port.get("published")]
        print(json.dumps(dict(Service=name, Name=f"{{read['name']}}-{{name}}-1", State="running", Health="healthy",
                              ExitCode=0, Image=service.get("image", ""), Publishers=ports)))

if argv[:1] == ["compose"] and "config" in argv:
    import subprocess
    told = subprocess.run([COMPOSE, *argv[1:]], stdout=subprocess.PIPE, text=True)
    sys.stdout.write(told.stdout.replace("/var/run/docker.sock", SOCKET))
    sys.exit(told.returncode)
elif argv == ["compose", "version", "--short"]:
    os.execv(COMPOSE, [COMPOSE, *argv[1:]])
elif argv[:1] == ["compose"] and "ps" in argv:
    ps()
elif argv[:1] == ["version"]:
    import json
    print(json.dumps(dict(Server=dict(Version="29.0.1", ApiVersion="1.52", MinAPIVersion="1.44"))))
elif argv[:2] == ["context", "inspect"]:
    print(f"unix://{{SOCKET}}")
elif argv[:1] == ["login"]:
    print("Login Succeeded")
'''


def install_engine(folder: Path) -> Path:
    """Put it into a folder for the PATH."""
    folder.mkdir(parents=True)
    compose = shutil.which("docker-compose", path=sysconfig.get_path("scripts"))
    assert compose, "docker-compose is not installed"
    program = folder / "docker"
    socket = folder / "docker.sock"
    os.mknod(socket, stat.S_IFSOCK | 0o660)
    text = _SCRIPT.format(python=sys.executable, compose=compose, socket=str(socket))
    program.write_text(text, encoding="utf-8")
    program.chmod(0o755)
    return folder
