"""The planted fault: secrets are widened before their folder is closed: `widen_first.py DIR`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

folder = Path(sys.argv[1], "secrets")
for path in sorted(folder.iterdir()):
    opened = os.open(path, os.O_RDONLY)
    os.fchmod(opened, 0o444)
    os.close(opened)
door = os.open(folder, os.O_RDONLY)
os.fchmod(door, 0o700)
