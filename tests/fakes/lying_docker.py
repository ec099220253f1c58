"""A `docker` and `docker-compose` that answer like real ones, but for one question, to which they lie.

They are written for sh and print files, so that some hundred commands take seconds. `up` and `down` change something
(they touch `changed`), and who asks what there is is told so, unless that very answer is the lie.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.fakes.docker_cli import CONFIG, VERSION, lines, row, started

_SCRIPT = r"""#!/bin/sh
home='@HOME@'
case "$*" in
  *"version --short"*) q=short ;;
  *" config --format json"*) q=config ;;
  *" up -d"*) q=up ;;
  *" down "*) q=down ;;
  *" ps --all --format json"*) q=standing ;;
  *" logs "*) q=logs ;;
  "version "*) q=version ;;
  "context "*) q=context ;;
  "ps --all --no-trunc"*) q=snapshot ;;
  "ps --all --filter label=com.docker.compose.project --format"*) q=started ;;
  "ps --all --quiet"*) q=ids ;;
  "ps --all"*) q=left ;;
  "network ls --filter"*) q=left ;;
  "network ls"*) q=networks ;;
  "volume ls"*) q=volumes ;;
  "network create"*) q=create ;;
  "volume create"*) q=create ;;
  "inspect --type"*) q=inspect ;;
  "inspect "*) q=state ;;
  "logs "*) q=log ;;
  *) echo "no answer for $*" >&2; exit 99 ;;
esac
echo "$q" >> "$home/asked"
case "$q" in up|down|create) : > "$home/changed" ;; esac
[ "$q" = down ] && : > "$home/downed"
[ -x "$home/lie-$q" ] && . "$home/lie-$q"
[ "$q" = snapshot ] && [ -e "$home/changed" ] && q=snapshot-after
while IFS= read -r line || [ -n "$line" ]; do printf '%s\n' "$line"; done < "$home/$q"
exit 0
"""

STATE = {"Status": "running", "ExitCode": 0, "StartedAt": "2026-01-01T00:00:00Z"}
INSPECTED = {
    "id": "c1",
    "name": "/shop-edge-1",
    "image": "traefik:v3.7.15",
    "state": STATE,
    "args": ["--entrypoints.web.address=:80"],
    "labels": {"com.docker.compose.service": "edge", "com.docker.compose.project": "shop"},
    "variables": ["A", None],
    "networks": {"shop-edge": {"IPAddress": "172.18.0.2"}},
    "mounts": [{"Destination": "/acme", "Source": "/nowhere/acme"}],
    "ports": {"80/tcp": [{"HostIp": "127.0.0.9", "HostPort": "1"}]},
}
TRUTH = {
    "short": "2.39.1\n",
    "config": json.dumps(CONFIG) + "\n",
    "up": "",
    "down": "",
    "create": "",
    "standing": lines(row("edge"), row("web", health="")),
    "logs": "web-1  | 2026-01-01T00:00:00Z hello\n",
    "version": json.dumps(VERSION) + "\n",
    "context": "unix:///var/run/docker.sock\n",
    "snapshot": "",
    "snapshot-after": json.dumps({"ID": "c1", "State": "running"}) + "\n",
    "ids": "c1\n",
    "started": lines(started("edge"), started("web")),
    "left": "",
    "networks": "bridge\n",
    "volumes": "shop-data\n",
    "inspect": json.dumps(INSPECTED) + "\n",
    "state": json.dumps(STATE) + "\n",
    "log": "2026-01-01T00:00:00Z started\n",
}


def install(home: Path) -> None:
    """Put both programs and all answers into a folder."""
    for name, text in TRUTH.items():
        (home / name).write_text(text)
    for program in ("docker", "docker-compose"):
        (home / program).write_text(_SCRIPT.replace("@HOME@", str(home)))
        (home / program).chmod(0o755)


def tell(home: Path, question: str, lie: Callable[[bytes], bytes | str]) -> None:
    """Lie to a question: `lie` makes what is printed of the truth, or, given as text, a piece of sh."""
    answer = lie(TRUTH[question].encode())
    script = home / f"lie-{question}"
    if isinstance(answer, str):
        script.write_text(answer)
    else:
        (home / "lie").write_bytes(answer)
        script.write_text(f"/bin/cat '{home}/lie'; exit 0\n")
    script.chmod(0o755)


def asked(home: Path) -> list[str]:
    """All questions so far."""
    path = home / "asked"
    return path.read_text().split() if path.exists() else []


def has_changed(home: Path) -> bool:
    """Whether anything was started, stopped or made."""
    return (home / "changed").exists()
