"""The JSON Schema of `edge.yaml`, from the models: what editors complete from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from edgegen.spec.base import SpecModel
from edgegen.spec.docstrings import field_descriptions
from edgegen.spec.edge import Spec
from edgegen.spec.kinds import KINDS, service_class
from edgegen.spec.middleware import DEFINITION
from edgegen.traefik.middlewares import NAMED, Middleware
from edgegen.traefik.middlewares.base import Options

TITLE = "edgegen's edge.yaml"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """The schema as a mapping, descriptions and examples included."""
    schema = Spec.model_json_schema(mode="validation")
    definitions = schema.setdefault("$defs", {})
    services = [_define(definitions, service_class(kind)) for kind in KINDS]
    middlewares = [_define(definitions, model, "kind") for model in NAMED.models()]
    definitions["Service"] = {"oneOf": services}
    definitions["Middleware"] = {"oneOf": middlewares}
    definitions["MiddlewareUse"] = {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/Middleware"}]}
    schema = _resolved(schema)
    _describe(schema)
    schema["patternProperties"] = {"^x-": {"description": "Anything: for anchors, as in Compose."}}
    return {"$schema": DIALECT, "title": TITLE, **{key: schema[key] for key in schema if key != "title"}}


def _define(definitions: dict[str, Any], model: type[BaseModel], *required: str) -> dict[str, str]:
    """Add a model and those that it holds; the reference to it. Raises ValueError for two models of one name."""
    own = model.model_json_schema(mode="validation", ref_template="#/$defs/{model}")
    found = {**own.pop("$defs", {}), model.__name__: own}
    if required:
        own["required"] = list(dict.fromkeys([*required, *own.get("required", [])]))
    for name, definition in found.items():
        if "__" in name or definitions.setdefault(name, definition) != definition:  # pydantic renames twins so
            raise ValueError(f"two models are named `{name}`: the schema would describe only one of them")
    return {"$ref": f"#/$defs/{model.__name__}"}


def _describe(schema: dict[str, Any]) -> None:
    """Add the descriptions of fields; pydantic was not asked to collect them."""
    for model in (*_models(SpecModel), *_models(Middleware), *_models(Options)):
        target = schema if model is Spec else schema["$defs"].get(model.__name__, {})
        for name, text in field_descriptions(model).items():
            if name in target.get("properties", {}):
                target["properties"][name].setdefault("description", text)


def _models(base: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for model in base.__subclasses__():
        yield model
        yield from _models(model)


def _resolved(value: Any) -> Any:
    """`value` with the marks of `spec.middleware` as references, and pydantic's own titles, which say nothing, gone."""
    if isinstance(value, list):
        return [_resolved(item) for item in value]
    if not isinstance(value, dict):
        return value
    if DEFINITION in value:
        rest = {key: item for key, item in value.items() if key != DEFINITION}
        return {"$ref": f"#/$defs/{value[DEFINITION]}", **rest}
    is_map_of_properties = isinstance(value.get("title"), dict)
    return {
        key if is_map_of_properties else _BOUNDS.get(key, key): _resolved(item)
        for key, item in value.items()
        if key != "title" or is_map_of_properties
    }


_BOUNDS = {"ge": "minimum", "le": "maximum"}
"""pydantic leaves bounds in its own words where a validator comes before them."""
