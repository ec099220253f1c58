"""`edgegen schema`."""

from __future__ import annotations

from edgegen.cli.console import out


def schema() -> int:
    """Print the JSON Schema of edge.yaml.

    Editors find it at .edgegen/schema.json, where `init` and `render` keep it.
    """
    from edgegen.project.render import schema as text

    out(text().decode())
    return 0
