"""The JSON Schema of `edge.yaml`, from the models: what editors complete from."""

from __future__ import annotations

from typing import Any

from edgegen.spec.edge import Spec
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
    return {"$schema": DIALECT, "title": TITLE, **{key: schema[key] for key in schema if key != "title"}}
