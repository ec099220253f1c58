"""The spec: `edge.yaml` as typed data. `load` reads files; everything else is pure."""
