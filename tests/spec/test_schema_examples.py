"""Every key of the published schema has an example, and the models that read edge.yaml take each of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from edgegen.spec.base import SpecModel
from edgegen.spec.edge import Spec
from edgegen.spec.kinds import KINDS, service_class
from edgegen.traefik.middlewares import NAMED, Middleware
from edgegen.traefik.middlewares.base import Options

SCHEMA = json.loads((Path(__file__).parents[2] / "templates/schema/edge.schema.json").read_text())

BESIDE: dict[str, dict[str, Any]] = {
    "Acme": {"eab": {"kid": "k", "hmac": {"secret": "s"}}},
    "Container": {"image": "a:1", "port": 1, "host": "a.example.com", "scheme": "https"},
    "External": {"host": "a.example.com", "url": "https://192.0.2.1"},
    "Redirect": {"host": "a.example.com"},
    "Tcp": {"image": "a:1", "host": "a.example.com"},
    "S3": {"access_key": {"secret": "a"}, "secret_key": {"secret": "a"}},
    "DeclaredRecord": {"type": "SRV", "priority": 1, "weight": 1, "port": 1},
    "Mount": {"source": "data"},
    "Registry": {"host": "r.example.com"},
    "BasicAuth": {"users_secret": "s"},
    "DigestAuth": {"users_secret": "s"},
    "Buffering": {"max_request_body_bytes": 1},
    "EncodedCharacters": {"allow_encoded_hash": True},
    "HeadersMiddleware": {"frame_deny": True},
    "Healthcheck": {"start_period": "30s"},
    "PassTlsClientCert": {"pem": True},
    "ClientTls": {"cert": "/a", "key": "/b"},
    "Retry": {"status": [502]},
    "SecureHeaders": {"include_subdomains": True},
}
"""What a model asks for beside the key that is tried."""
INSTEAD = {
    "hosts": ("host",), "users": ("users_secret",), "users_file": ("users_secret",),
    "type": ("priority", "weight", "port"), "Registry.listen": ("host",),
}  # fmt: skip
"""Key -> what it excludes."""


def models(base: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for model in base.__subclasses__():
        yield model
        yield from models(model)


def loaded() -> dict[str, type[BaseModel]]:
    """Every model that has a definition, by name."""
    for kind in KINDS:
        service_class(kind)
    NAMED.models()
    for late in ("edgegen.spec.deploy", "edgegen.traefik.middlewares.redis"):
        import_module(late)
    known = [*models(SpecModel), *models(Middleware), *models(Options)]
    return {"": Spec, **{model.__name__: model for model in known if model.__name__ in SCHEMA["$defs"]}}


MODELS = loaded()
KEYS = [
    (name, key)
    for name, definition in {"": SCHEMA, **SCHEMA["$defs"]}.items()
    for key in definition.get("properties", {})
    if name in MODELS
]


def properties(node: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property of the whole schema, those of models that have no name included."""
    if isinstance(node, dict):
        yield from ((key, item) for key, item in node.get("properties", {}).items() if isinstance(item, dict))
        for word, child in node.items():
            if word != "if":
                yield from properties(child)
    elif isinstance(node, list):
        for child in node:
            yield from properties(child)


def test_every_key_has_an_example() -> None:
    every = list(properties(SCHEMA))
    without = [key for key, item in every if not item.get("examples")]
    assert (len(every) > 520, without) == (True, [])


def test_a_key_without_an_example_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    planted = json.loads(json.dumps(SCHEMA))
    del planted["$defs"]["Ports"]["properties"]["web"]["examples"]
    monkeypatch.setitem(globals(), "SCHEMA", planted)
    with pytest.raises(AssertionError, match="web"):
        test_every_key_has_an_example()


def test_every_definition_with_keys_is_a_model_or_chosen_by_kind() -> None:
    """Else its examples would be tried by nothing."""
    named = {name for name, item in SCHEMA["$defs"].items() if "properties" in item}
    assert named - set(MODELS) == {"Service", "Middleware"}


@pytest.mark.quick(180)
@pytest.mark.parametrize(("name", "key"), KEYS, ids=[f"{name}.{key}" for name, key in KEYS])
def test_the_models_take_it(name: str, key: str) -> None:
    definition = SCHEMA["$defs"][name] if name else SCHEMA
    needed = {item: definition["properties"][item]["examples"][0] for item in definition.get("required", ())}
    for example in definition["properties"][key]["examples"]:
        data = {**needed, **BESIDE.get(name, {}), key: example}
        for other in INSTEAD.get(f"{name}.{key}", INSTEAD.get(key, ())):
            if other not in definition.get("required", ()):
                data.pop(other, None)
        MODELS[name].model_validate(data)


def test_the_schema_takes_its_own_examples() -> None:
    tried = 0
    for key, item in properties(SCHEMA):
        judge = Draft202012Validator({"$defs": SCHEMA["$defs"], **item})
        for example in item["examples"]:
            tried += 1
            assert [error.message for error in judge.iter_errors(example)] == [], key
    assert tried > 520


@pytest.mark.parametrize(
    ("name", "key", "wrong"),
    [("RateLimit", "average", 0), ("Container", "port", 70000), ("Acme", "ca", "letsencript"), ("S3", "endpoint", "x")],
)
def test_a_wrong_example_is_noticed(name: str, key: str, wrong: object) -> None:
    with pytest.raises(ValueError, match=key):
        MODELS[name].model_validate({**BESIDE.get(name, {}), key: wrong})
