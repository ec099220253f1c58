"""Where Traefik stores its certificates: under the same path in the project's folder and in its container."""

from __future__ import annotations

FOLDER = "acme"
FILE = "acme.json"
PATH = f"{FOLDER}/{FILE}"
