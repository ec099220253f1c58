"""The JSON Schema of `edge.yaml`, from the models: what editors complete from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from edgegen.core.json_schema import DEFINITION
from edgegen.spec.base import SpecModel
from edgegen.spec.docstrings import field_texts
from edgegen.spec.edge import Spec
from edgegen.spec.kinds import DEFAULT, KINDS, service_class
from edgegen.spec.references import PRESETS
from edgegen.spec.schema_examples import plain_example
from edgegen.spec.schema_overlay import overlay
from edgegen.traefik.middlewares import NAMED, Middleware
from edgegen.traefik.middlewares.base import Options

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SERVICE = "What the service is: `container` unless another kind is named. It decides which other keys there are."
_MIDDLEWARE = "The kind of middleware, as Traefik names it. It decides which other keys there are."


def json_schema() -> dict[str, Any]:
    """The schema as a mapping, descriptions and examples included."""
    schema = _alone(Spec)
    definitions = schema["$defs"]
    services = {kind: _define(definitions, service_class(kind)) for kind in KINDS}
    middlewares = {
        str(model.model_fields["kind"].default): _define(definitions, model, "kind") for model in NAMED.models()
    }
    definitions["Service"] = _by_kind("A service.", _SERVICE, services, DEFAULT)
    definitions["Middleware"] = _by_kind("A middleware.", _MIDDLEWARE, middlewares)
    definitions["MiddlewareUse"] = {
        "anyOf": [{"enum": list(PRESETS)}, {"type": "string"}, {"$ref": "#/$defs/Middleware"}]
    }
    schema = _resolved(schema)
    _describe(schema)
    anchors = {"^x-": {"description": "Anything: for anchors, as in Compose."}}
    schema["properties"]["environments"]["additionalProperties"] = {**overlay(schema), "patternProperties": anchors}
    schema["patternProperties"] = anchors
    # Without a title: an editor would show it above the description of every key.
    return {"$schema": DIALECT, **schema}


def _by_kind(what: str, about: str, kinds: Mapping[str, Any], default: str = "") -> dict[str, Any]:
    """One model for each kind, chosen only by `kind`.

    Not `oneOf`: with that an editor complains of all kinds at once, or of one that was not meant.
    """
    kind: dict[str, Any] = {"enum": list(kinds), "description": about, "examples": [next(iter(kinds))]}
    cases = [
        # Not `const`: while a user types, an editor takes `registry` for the beginning of `registry-cache` there.
        {"if": {"properties": {"kind": {"pattern": f"^{name}$"}}, **_unless(name == default)}, "then": model}
        for name, model in kinds.items()
    ]
    return {
        "type": "object",
        "description": what,
        "properties": {"kind": {**kind, **({"default": default} if default else {})}},
        **({} if default else {"required": ["kind"]}),
        "allOf": cases,
    }


def _unless(is_default: bool) -> dict[str, Any]:
    """A service without `kind` is of the default one, and of no other."""
    return {} if is_default else {"required": ["kind"]}


def _alone(model: type[BaseModel]) -> dict[str, Any]:
    """The schema of a model, with a definition of each that it holds, in order: those too that are built when met."""
    own = model.model_json_schema(mode="validation", ref_template="#/$defs/{model}")
    found: dict[str, Any] = own.get("$defs", {})
    marks = {*_marks(own)}
    for met in (item for base in (SpecModel, Options) for item in _models(base) if item.__name__ in marks):
        part = _alone(met)
        _add(found, {**part.pop("$defs"), met.__name__: part})
    own["$defs"] = {name: found[name] for name in sorted(found)}
    return own


def _define(definitions: dict[str, Any], model: type[BaseModel], *required: str) -> dict[str, str]:
    """Add a model and those that it holds; the reference to it. Raises ValueError for two models of one name."""
    own = _alone(model)
    for key in getattr(model, "without", ()):
        own["properties"].pop(key)
    found = {**own.pop("$defs"), model.__name__: own}
    if required:
        own["required"] = list(dict.fromkeys([*required, *own.get("required", [])]))
    _add(definitions, found)
    return {"$ref": f"#/$defs/{model.__name__}"}


def _add(definitions: dict[str, Any], found: Mapping[str, Any]) -> None:
    for name, definition in found.items():
        if "__" in name or definitions.setdefault(name, definition) != definition:  # pydantic renames twins so
            raise ValueError(f"two models are named `{name}`: the schema would describe only one of them")


def _marks(node: Any) -> Iterator[str]:
    """The names of definitions that are missing, at any depth."""
    if isinstance(node, dict) and isinstance(name := node.get(DEFINITION), str):
        yield name
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _marks(child)


def _describe(schema: dict[str, Any]) -> None:
    """Add the descriptions and examples of fields; pydantic was not asked to collect them."""
    for model in (*_models(SpecModel), *_models(Middleware), *_models(Options)):
        target = schema if model is Spec else schema["$defs"].get(model.__name__, {})
        properties = target.get("properties", {})
        for name, text in field_texts(model).items():
            if name in properties:
                properties[name].setdefault("description", text.description)
                if text.example is not None:
                    properties[name]["examples"] = [text.example]
    for property_ in _properties(schema):
        if "examples" not in property_ and (example := plain_example(property_)) is not None:
            property_["examples"] = [example]


def _properties(node: Any) -> Iterator[dict[str, Any]]:
    """Every described property of the schema, at any depth."""
    children: Iterable[Any] = ()
    if isinstance(node, dict):
        for item in node.get("properties", {}).values() if isinstance(node.get("properties"), dict) else ():
            if isinstance(item, dict) and "description" in item:
                yield item
        children = node.values()
    elif isinstance(node, list):
        children = node
    for child in children:
        yield from _properties(child)


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
        rest = {key: item for key, item in value.items() if key not in (DEFINITION, "title")}
        return {"$ref": f"#/$defs/{value[DEFINITION]}", **rest}
    is_map_of_properties = isinstance(value.get("title"), dict)
    return _without_null(
        {
            key if is_map_of_properties else str(_BOUNDS.get(key, key)): _resolved(item)
            for key, item in value.items()
            if key != "title" or is_map_of_properties
        }
    )


def _without_null(node: dict[str, Any]) -> dict[str, Any]:
    """A key that may be left out, without "or null": an editor would offer that word, and complain in its name.

    What reads edge.yaml takes `key: null` for a key that is not there, which nobody writes outside of an overlay.
    """
    if not ("default" in node and node["default"] is None):
        return node
    rest = {key: item for key, item in node.items() if key not in ("default", "anyOf")}
    kept = [branch for branch in node.get("anyOf", ()) if branch != {"type": "null"}]
    return {**kept[0], **rest} if len(kept) == 1 else {**rest, "anyOf": kept} if kept else rest


_BOUNDS = {"ge": "minimum", "le": "maximum"}
"""pydantic leaves bounds in its own words where a validator comes before them."""
