"""TLS to one address under one name: verified, and where that fails once more without, to read what was sent."""

from __future__ import annotations


class Trust:
    """What a run trusts, and what it shares between its endpoints. Made once a run; for many threads."""

    @classmethod
    def load(cls, ca_file: str | None) -> Trust:
        """The system's authorities and those of a PEM file. Raises LocalIOError for a file that can't be read."""
        raise NotImplementedError
