"""A project directory: `edge.yaml` and everything that is made from it, secrets and passwords included."""
