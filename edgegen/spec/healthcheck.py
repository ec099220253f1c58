"""How Docker checks a container's health, in Compose's words."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from edgegen.core.health_command import Fault, fault_of
from edgegen.core.show import shown
from edgegen.spec.base import DurationText, Flag, HintedError, Scalar, SpecModel, Whole
from edgegen.spec.compose_values import OR_VARIABLE
from edgegen.spec.variables import has_variables

Command = Annotated[str | list[Scalar], Field(union_mode="left_to_right")]
_TESTS = ("CMD", "CMD-SHELL", "NONE")


class Healthcheck(SpecModel):
    """Compose's healthcheck."""

    test: Command | None = None
    """`["CMD", …]`, `["CMD-SHELL", …]`, or a string for the shell. Example: `[CMD, pg_isready, -U, postgres]`."""
    interval: Annotated[DurationText, OR_VARIABLE] | None = None
    """Time between two checks. Example: `10s`."""
    timeout: Annotated[DurationText, OR_VARIABLE] | None = None
    """How long one check may take. Example: `3s`."""
    retries: Annotated[Whole, Field(ge=1), OR_VARIABLE] | None = None
    """How many failures in a row make the container unhealthy. Example: `5`."""
    start_period: Annotated[DurationText, OR_VARIABLE] | None = None
    """How long failures don't count after the start. Example: `30s`."""
    start_interval: Annotated[DurationText, OR_VARIABLE] | None = None
    """Time between two checks during the start period (Engine 25 and later). Example: `1s`."""
    disable: Annotated[Flag, OR_VARIABLE] | None = None
    """Turn off the image's own check."""

    @model_validator(mode="after")
    def _test_shape(self) -> Self:
        if (
            isinstance(self.test, list)
            and (not self.test or self.test[0] not in _TESTS)
            and not has_variables("".join(self.test[:1]))
        ):
            raise ValueError("`test` in list form must start with CMD, CMD-SHELL or NONE")
        if isinstance(self.test, list):
            _can_pass(self.test)
        if self.start_interval is not None and self.start_period is None:
            raise ValueError("`start_interval` needs `start_period`: it is the time between checks in that period")
        if self.test is not None and self.disable:
            raise ValueError("a healthcheck is either given by `test` or switched off by `disable`")
        return self


def _can_pass(test: list[str]) -> None:
    """Refuse a list that Docker takes, and that fails each time: Traefik leaves an unhealthy container out."""
    fault = fault_of(test)
    if fault is Fault.NO_COMMAND:
        raise HintedError(f"`test: [{test[0]}]` has no command", "write the command after it", "test")
    if fault is Fault.ONE_WORD and not has_variables(test[1]):
        message = f"CMD looks for a program called `{shown(test[1])}`: such a check never passes"
        raise HintedError(message, "make each word a separate item, or write CMD-SHELL", "test")
    if fault is Fault.LOST_WORDS:
        message = f"CMD-SHELL runs only its first text, `{shown(test[1])}`, and ignores the others"
        raise HintedError(message, "put the command into one text, or write CMD", "test")
