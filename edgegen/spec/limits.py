"""How much a container may take: `cpus:` and `ulimits:`."""

import re
from typing import Annotated

from edgegen.core.json_schema import AlsoAccepts
from edgegen.core.pattern import late_pattern
from edgegen.core.validators import Before
from edgegen.spec.base import SpecModel, Whole, scalar_text
from edgegen.spec.compose_values import OR_VARIABLE


def _cpus(value: object) -> object:
    text = scalar_text(value)
    if isinstance(text, str) and not _CPUS.fullmatch(text):
        raise ValueError(f"`{text[:40]}` is not a number of CPUs like 0.5")
    return text


_CPUS = late_pattern(r"\d+\.?\d*|\.\d+", re.ASCII)
Cpus = Annotated[str, Before(_cpus), AlsoAccepts("number")]


class SoftHard(SpecModel):
    """A limit with a soft and a hard value."""

    soft: Annotated[Whole, OR_VARIABLE]
    """The soft limit. Example: `20000`."""
    hard: Annotated[Whole, OR_VARIABLE]
    """The hard limit. Example: `40000`."""
