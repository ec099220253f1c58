"""A secret file in a build context or in a bind mount.

What it does
    Refuses a build context or a bind mount that exposes a file with a secret, a key or a password's hash:
    `acme/`, `secrets/`, a registry's `htpasswd`, the users of Traefik, `.edgegen/`, and every file that
    `secrets:` names. What the Dockerfile copies doesn't matter: its next line may be `COPY . .`.
    `Dockerfile.dockerignore` replaces `.dockerignore` in BuildKit, and the classic builder ignores it, so both must
    exclude a file.

Why
    `build: .` and `COPY . /app` put every private key of the edge into the image. Anyone who can pull it has them
    all, and so has anyone who can read files through a fault of the application.

Example
    `services: {web: {build: ., image: web:1}}` with a `.dockerignore` that only has `node_modules`

Instead
    The lines of edgegen's own `.dockerignore`, or a folder without secrets: `build: ./web`, `volumes: [./web:/app]`.
    A container gets a secret by `secrets: [NAME]`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from edgegen.rules.exposure import Exposure, Kind, exposures
from edgegen.rules.inventory import Inventory, is_within, listed
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec
from edgegen.targets import find_target

ID = "ER029"


def check(spec: Spec, inventory: Inventory) -> Iterator[Violation]:
    """Contexts and mounts with secrets in them."""
    for exposure in exposures(spec):
        place = inventory.places[exposure]
        held = [secret for secret in inventory.secrets if is_within(secret, place)]
        if not held:
            continue
        if exposure.kind is Kind.MOUNT:
            if place not in inventory.mounted_by_edgegen:
                yield _mount(exposure, held, inventory, spec.target)
        else:
            from edgegen.rules.ignored_secrets import leaks  # all of Docker's patterns: only where secrets are in reach

            yield from leaks(exposure, place, held, inventory)


def _mount(exposure: Exposure, held: Sequence[str], inventory: Inventory, target: str) -> Violation:
    hint = "mount a folder without them (`secrets: [NAME]` gives a container one secret)"
    found = find_target(target)
    if found and found.overrides:
        hint += f"; a container that really needs them gets its mount in {found.overrides[0]}"
    message = f"the mount of `{exposure.source}` shows secret files to the container: {listed(held, inventory)}"
    return Violation(exposure.path, message, hint)
