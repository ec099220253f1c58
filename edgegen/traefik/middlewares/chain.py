"""`chain`: several middlewares under one name."""

from collections.abc import Callable
from typing import Annotated, Literal

from edgegen.core.json_schema import AlsoAccepts
from edgegen.core.mention import Mention
from edgegen.core.validators import After, Before
from edgegen.traefik.middlewares.base import Middleware
from edgegen.traefik.middlewares.values import Line, one_or_many, some


class Chain(Middleware):
    """Several middlewares under one name."""

    kind: Literal["chain"] = "chain"
    middlewares: Annotated[list[Line], Before(one_or_many), AlsoAccepts("string"), After(some)]
    """Names of middlewares, in order. Example: `[office, secure-headers]`."""

    @property
    def chained(self) -> tuple[str, ...]:
        return tuple(self.middlewares)

    def renamed(self, full: Callable[[Mention], str]) -> Middleware:
        return self.model_copy(update={"middlewares": [full(mention) for mention in self.names_used()]})
