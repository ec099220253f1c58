"""What every middleware shares: strict options, and Traefik's own spelling of them."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from pydantic import AliasGenerator, BaseModel, ConfigDict, model_validator


class Middleware(BaseModel):
    """A middleware's options in snake_case; unset ones are left to Traefik."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    traefik_name: ClassVar[str] = ""
    """Traefik's own name of the kind, like `rateLimit`."""
    is_tcp: ClassVar[bool] = False
    """Whether it belongs to TCP routers."""
    spelling: ClassVar[dict[str, str]] = {}
    """Options whose camelCase is not the plain one."""
    needs_option: ClassVar[bool] = False
    """Whether Traefik refuses the kind without any option, and the whole container or file with it."""

    kind: str

    @model_validator(mode="after")
    def _has_no_empties(self) -> Self:
        refuse_empty(self)
        if self.needs_option and not self.model_dump(exclude={"kind"}, exclude_none=True):
            raise ValueError("no option is set. Remove the middleware to disable it")
        return self

    def options(self) -> dict[str, Any]:
        """The options as Traefik's dynamic configuration spells them."""
        set_options = self.model_dump(exclude={"kind"}, exclude_none=True, by_alias=True)
        return {self.spelled(key): value for key, value in set_options.items()}

    @classmethod
    def spelled(cls, option: str) -> str:
        """An option's name as Traefik spells it."""
        return cls.spelling.get(option, camel(option))

    def dynamic(self) -> dict[str, Any]:
        """The middleware as the file provider reads it."""
        return {self.traefik_name: self.options()}


def camel(name: str) -> str:
    """`max_request_body_bytes` -> `maxRequestBodyBytes`."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def refuse_empty(model: BaseModel) -> None:
    """Raise ValueError for an empty list or mapping: Traefik would refuse it or read it otherwise."""
    for name in model.model_fields_set:
        if getattr(model, name) in ([], {}):
            raise ValueError(f"`{name}` is empty: give it a value, or leave it out")


class Options(BaseModel):
    """A group of options inside a middleware."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        alias_generator=AliasGenerator(serialization_alias=camel),
    )

    @model_validator(mode="after")
    def _has_no_empties(self) -> Self:
        refuse_empty(self)
        if not self.model_dump(exclude_none=True):
            # In a label a group without options is a word that Traefik can't read: it would drop the container.
            raise ValueError("no option is set: give it one, or leave it out")
        return self
