"""Target compose: one host, labels on the containers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from edgegen.compose.model import Service


class ComposeTarget:
    """`docker compose` on one host."""

    name = "compose"
    file_name = "docker-compose.yml"
    provider = "docker"
    project_label = "com.docker.compose.project"

    def real_name(self, project: str, name: str) -> str:
        # Compose joins with an underscore; networks are given this name explicitly, so it holds everywhere.
        return f"{project}_{name}"

    def labelled(self, service: Service, labels: Any) -> Service:
        return replace(service, labels=labels)
