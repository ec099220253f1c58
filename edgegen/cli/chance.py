"""Where chance comes in: everything below the command line gets it as an argument."""

from __future__ import annotations

import secrets
import string

_LETTERS = string.ascii_lowercase + string.digits


def random_letters(count: int) -> str:
    """Small letters and digits from the system's source."""
    return "".join(secrets.choice(_LETTERS) for _ in range(count))
