"""`dns:` settings for the records of all domains."""

from typing import Annotated

from pydantic import StringConstraints

from edgegen.spec.base import SpecModel, Text

OWNER_PATTERN = r"^[a-z0-9-]{1,32}$"

Owner = Annotated[Text, StringConstraints(pattern=OWNER_PATTERN)]
"""What the mark of a record names: at most 32 of a-z, 0-9 and hyphens."""


class DnsSettings(SpecModel):
    """Settings for the records of all domains."""

    owner: Owner | None = None
    """Who owns the records: a name that no other project has, written once by `init` or `dns own` and then kept.
    Without it the project owns its records by its `name`, which another project may have too.
    Example: `commenthouse-k3v9x2qa`."""
