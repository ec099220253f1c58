"""Networks of a stack: overlays, which every node of the swarm can join."""

from __future__ import annotations

from edgegen.compose.model import Data, File


def overlays(file: File) -> dict[str, Data]:
    """The networks of the file. That of the edge may be joined by single containers too, for a look from inside."""
    return {name: _overlay(options, attachable=name == file.edge_network) for name, options in file.networks.items()}


def _overlay(options: Data, *, attachable: bool) -> Data:
    if options.get("external"):
        return options
    named = {"name": options["name"]} if "name" in options else {}
    own = {key: value for key, value in options.items() if key != "name"}
    joined = {"attachable": True} if attachable else {}
    return named | {"driver": "overlay"} | joined | own
