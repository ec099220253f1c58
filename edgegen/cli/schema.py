"""`edgegen schema`."""

from __future__ import annotations

from edgegen.cli.console import json_result, out
from edgegen.cli.options import HERE, Directory, Environment, Json, Quiet, Verbose


def schema(
    directory: Directory = HERE,
    environment: Environment = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Print the JSON Schema of edge.yaml.

    Editors find it at .edgegen/schema.json, where `init` and `render` keep it.
    """
    from edgegen.project.render import schema as text

    if json:
        from json import loads

        json_result("schema", True, schema=loads(text()))
    else:
        out(text().decode())
    return 0
