"""What all tests share: the tools of this environment are found without activating it."""

from __future__ import annotations

import os
import sysconfig

# `docker-compose` and `traefik` are installed beside the interpreter; a test may be run by its full path.
os.environ["PATH"] = sysconfig.get_path("scripts") + os.pathsep + os.environ.get("PATH", "")
