"""What every middleware shares: strict options, and Traefik's own spelling of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar, NamedTuple, Self

from pydantic import AliasGenerator, BaseModel, ConfigDict, model_validator

from edgegen.core.location import Path
from edgegen.core.mention import Mention


class Middleware(BaseModel):
    """A middleware's options in snake_case; unset ones are left to Traefik."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    traefik_name: ClassVar[str] = ""
    """Traefik's own name of the kind, like `rateLimit`; by default the kind in camelCase."""
    is_tcp: ClassVar[bool] = False
    """Whether it belongs to TCP routers."""
    spelling: ClassVar[dict[str, str]] = {}
    """Options whose camelCase is not the plain one."""
    needs_option: ClassVar[bool] = False
    """Whether Traefik refuses the kind without any option, and the whole container or file with it."""

    sets_hsts: ClassVar[bool] = False
    """Whether it says Strict-Transport-Security itself."""

    kind: str
    """The kind of middleware."""

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        if "traefik_name" not in cls.__dict__:
            cls.traefik_name = camel(str(cls.model_fields["kind"].default).replace("-", "_"))

    @model_validator(mode="after")
    def _has_no_empties(self) -> Self:
        refuse_empty(self)
        if self.needs_option and not self.model_dump(exclude={"kind"}, exclude_none=True):
            raise ValueError("no option is set. Remove the middleware to disable it")
        return self

    @property
    def chained(self) -> tuple[str, ...]:
        """The names of the middlewares that it combines."""
        return ()

    @property
    def asks_url(self) -> str:
        """The URL at which Traefik asks whether a request may pass; "" where it asks nobody."""
        return ""

    @property
    def in_labels(self) -> bool:
        """Whether its options are values that could become labels as they are."""
        return True

    def names_used(self) -> Iterator[Mention]:
        """Everything that it names and that must be declared elsewhere."""
        yield from (Mention("middleware", name, ("middlewares", index)) for index, name in enumerate(self.chained))

    def renamed(self, full: Callable[[Mention], str]) -> Middleware:  # noqa: ARG002  # for kinds that name something
        """The same with other names for what it uses of Traefik's."""
        return self

    def placed(self, folder: str, file: str) -> Placed:  # noqa: ARG002  # for kinds with secrets
        """The same with its secrets in files in a folder of Traefik's container: none is in labels or YAML.

        `file`: the name for one that edgegen writes."""
        return Placed(self)

    def static(self) -> Iterator[str]:
        """Flags that Traefik must be started with for it, as plugins need them."""
        yield from ()

    def files_needed(self) -> Iterator[tuple[Path, str]]:
        """Options that need a file in Traefik's container: where, and what they say."""
        for name in sorted(self.model_fields_set):
            if isinstance(group := getattr(self, name), Options):
                yield from (((name, *at), what) for at, what in group.files_needed())

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


class Placed(NamedTuple):
    """A middleware ready for labels or YAML, and what must be in Traefik's folder of secrets for it."""

    middleware: Middleware
    lines: tuple[str, ...] = ()
    """Of the file that edgegen writes for it."""
    secret: str = ""
    """The secret of the spec that is mounted for it."""


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
        defer_build=True, extra="forbid", frozen=True, alias_generator=AliasGenerator(serialization_alias=camel)
    )

    @model_validator(mode="after")
    def _has_no_empties(self) -> Self:
        refuse_empty(self)
        if not self.model_dump(exclude_none=True):
            # In a label a group without options is a word that Traefik can't read: it would drop the container.
            raise ValueError("no option is set: give it one, or leave it out")
        return self

    def files_needed(self) -> Iterator[tuple[Path, str]]:
        """Options that need a file in Traefik's container: where, and what they say."""
        for name in sorted(self.model_fields_set):
            if isinstance(group := getattr(self, name), Options):
                yield from (((name, *at), what) for at, what in group.files_needed())
