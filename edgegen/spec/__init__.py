"""The spec: `edge.yaml` as typed data. `load` reads files; everything else is pure."""

SPEC_FILE = "edge.yaml"
"""Here, so that its name can be known without loading its models."""

BASE = "base"
"""`-e base` is the spec without an overlay: no environment may have this name."""
