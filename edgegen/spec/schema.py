"""The JSON Schema of `edge.yaml`, from the models: what editors complete from."""

from __future__ import annotations

from typing import Any

from edgegen.spec.edge import Spec
from edgegen.spec.middleware import DEFINITION
from edgegen.traefik.middlewares import all_classes

TITLE = "edgegen's edge.yaml"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """The schema as a mapping, descriptions and examples included."""
    schema = Spec.model_json_schema(mode="validation")
    definitions = schema.setdefault("$defs", {})
    kinds = []
    for model in all_classes():
        own = model.model_json_schema(mode="validation", ref_template="#/$defs/{model}")
        definitions.update(own.pop("$defs", {}))
        own.setdefault("required", [])
        if "kind" not in own["required"]:
            own["required"] = ["kind", *own["required"]]
        definitions[model.__name__] = own
        kinds.append({"$ref": f"#/$defs/{model.__name__}"})
    definitions["Middleware"] = {"oneOf": kinds}
    definitions["MiddlewareUse"] = {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/Middleware"}]}
    schema = _resolved(schema)
    return {"$schema": DIALECT, "title": TITLE, **{key: schema[key] for key in schema if key != "title"}}


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
    return {key: _resolved(item) for key, item in value.items() if key != "title" or is_map_of_properties}
