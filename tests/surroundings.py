"""Every run of the tests has the same surroundings, whoever starts it: a shell, an editor, a git hook or CI.

Programs under test inherit the environment, and so do the judges (Compose, git, pip): `COMPOSE_FILE`, `NO_COLOR` or an
umask of 077 made tests red that had nothing to do with them. A test of such a variable sets it itself.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import MutableMapping

STRANGE = re.compile(
    r"(COMPOSE|DOCKER|BUILDX|BUILDKIT|CLOUDFLARE|REGISTRY|ACME|GITHUB|GITLAB)_.*|CI_.*"
    r"|EDGEGEN_(REGISTRY|DASHBOARD)_.*|_EDGEGEN_COMPLETE|SOURCE_DATE_EPOCH"
    r"|GIT_(?!SSL_).*"
    r"|LANGUAGE|LC_.*|TZ|COLUMNS|LINES|NO_COLOR|FORCE_COLOR|CLICOLOR(_FORCE)?"
    r"|PYTHON(UNBUFFERED|HASHSEED|WARNINGS|IOENCODING|UTF8|COERCECLOCALE|OPTIMIZE|DEVMODE|DONTWRITEBYTECODE|SAFEPATH)"
    r"|XDG_(CONFIG|DATA|STATE)_HOME|XDG_RUNTIME_DIR"
)
"""What changes the ways of a program that a test starts. The caches of XDG stay: they hold what was downloaded."""
SAME = {"LANG": "C.UTF-8", "TERM": "xterm", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}
"""Pip has nothing to say about itself or about who calls it."""
LOOPBACK = "127.0.0.1,localhost,::1,.test"
UMASK = 0o022


def make_same(environ: MutableMapping[str, str]) -> None:
    """Take out what is strange. A proxy stays for what tests download, but not for their own servers."""
    for name in list(environ):
        if STRANGE.fullmatch(name):
            del environ[name]
    environ.update(SAME)
    for name in ("no_proxy", "NO_PROXY"):
        environ[name] = ",".join(filter(None, (environ.get(name), LOOPBACK)))


def surround() -> None:
    """For this process and all that it starts."""
    make_same(os.environ)
    time.tzset()
    os.umask(UMASK)
