"""Where the files of `acme: {ca: local}` are in a project."""

from __future__ import annotations

FOLDER = ".edgegen/ca"
AUTHORITY = f"{FOLDER}/root-key.pem"
"""The authority itself, key and certificate; mounted nowhere."""
ROOT = f"{FOLDER}/root.pem"
"""Its certificate, for whoever is to trust it."""
DYNAMIC = "traefik/dynamic/local-certificates.yml"
