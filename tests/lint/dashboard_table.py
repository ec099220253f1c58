"""Traefiks with a router for their dashboard, for the tables of rules about it."""

from __future__ import annotations


def dashboard(rule: str, *labels: str, service: str = "api@internal") -> str:
    """A Traefik whose router `d` has its rule in line 8 and its service in 9, and further labels from 10 on."""
    router = "traefik.http.routers.d"
    lines = (f"{router}.rule={rule}", f"{router}.service={service}", *labels)
    return (
        "services:\n"
        "  edge:\n"
        "    image: traefik:v3.7\n"
        '    ports: ["80:80", "443:443"]\n'
        "    command:\n"
        "      - --providers.docker=true\n"
        "    labels:\n"
    ) + "".join(f"      - {line}\n" for line in lines)
