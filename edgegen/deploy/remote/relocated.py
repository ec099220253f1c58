"""The project as the other host must see it: the same, with its mounted files at their paths there. Pure.

Compose still runs here: the contexts of builds, their secrets and all variables are read from this machine. Fed to
Compose again, the project has the same configuration hashes as if it were started in its folder there.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any

from edgegen.deploy.remote.mounts import build_secrets


def relocated(resolved: Mapping[str, Any], root: str, there: str) -> str:
    """The text for Compose's stdin. `root` and `there` are the project's folder here and there, both absolute.

    It may have secrets in it (`config` includes what env files say): it is never written to a file.
    """
    data = copy.deepcopy(dict(resolved))
    for service in (data.get("services") or {}).values():
        for mount in service.get("volumes") or ():
            if mount.get("type") == "bind":
                mount["source"] = _moved(mount["source"], root, there)
    built = build_secrets(resolved)
    for section in ("secrets", "configs"):
        for name, body in (data.get(section) or {}).items():
            if "file" in body and not (section == "secrets" and name in built):
                body["file"] = _moved(body["file"], root, there)
    return json.dumps(data)


def _moved(path: str, root: str, there: str) -> str:
    plain = path.replace("$$", "$")
    return (there + plain.removeprefix(root)).replace("$", "$$") if plain.startswith(f"{root}/") else path
