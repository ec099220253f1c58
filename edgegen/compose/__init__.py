"""Compose files: the typed model, and the only writer of YAML. Pure."""
