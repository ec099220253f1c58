"""The source of randomness: everything below the command line gets random values as arguments."""

from __future__ import annotations

import secrets
import string

_LETTERS = string.ascii_lowercase + string.digits


def random_letters(count: int) -> str:
    """Lower-case letters and digits from the system's random source."""
    return "".join(secrets.choice(_LETTERS) for _ in range(count))
