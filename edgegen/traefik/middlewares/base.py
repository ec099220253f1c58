"""What every middleware shares: strict options, and Traefik's own spelling of them."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import AliasGenerator, BaseModel, ConfigDict


class Middleware(BaseModel):
    """A middleware's options in snake_case; unset ones are left to Traefik."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    traefik_name: ClassVar[str] = ""
    """Traefik's own name of the kind, like `rateLimit`."""
    is_tcp: ClassVar[bool] = False
    """Whether it belongs to TCP routers."""
    spelling: ClassVar[dict[str, str]] = {}
    """Options whose camelCase is not the plain one."""

    kind: str

    def options(self) -> dict[str, Any]:
        """The options as Traefik's dynamic configuration spells them."""
        set_options = self.model_dump(exclude={"kind"}, exclude_none=True, by_alias=True)
        return {self.spelling.get(key, camel(key)): value for key, value in set_options.items()}

    def dynamic(self) -> dict[str, Any]:
        """The middleware as the file provider reads it."""
        return {self.traefik_name: self.options()}


def camel(name: str) -> str:
    """`max_request_body_bytes` -> `maxRequestBodyBytes`."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


class Options(BaseModel):
    """A group of options inside a middleware."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        alias_generator=AliasGenerator(serialization_alias=camel),
    )
