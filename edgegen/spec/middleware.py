"""A middleware in the spec: the name of one, or one written in place. Its models live in `edgegen.traefik`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import GetJsonSchemaHandler, InstanceOf
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from edgegen.core.json_schema import DEFINITION
from edgegen.core.validators import Before
from edgegen.traefik.middlewares import NAMED, Middleware


class SchemaOf:
    """Names a definition that `spec.schema` adds; validation itself loads only the kinds that are used."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get_pydantic_json_schema__(self, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {DEFINITION: self.name}


def _middleware(value: object) -> object:
    if isinstance(value, Middleware):
        return value
    if isinstance(value, Mapping):
        return NAMED.parse(value)
    raise ValueError("expected a middleware like `{kind: rate-limit, average: 100}`")


def _use(value: object) -> object:
    return value if isinstance(value, str) else _middleware(value)


MiddlewareModel = Annotated[InstanceOf[Middleware], Before(_middleware), SchemaOf("Middleware")]
MiddlewareUse = Annotated[Any, Before(_use), SchemaOf("MiddlewareUse")]
"""`str` (a name from `middlewares:`, or `secure-headers`) or a `Middleware`."""
