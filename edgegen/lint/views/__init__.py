"""What several rules ask of a project: published ports, guards, ACME stores, registries, images. Pure."""
