"""The published JSON Schema: generated, valid, in step with what edgegen itself accepts and refuses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml
from jsonschema import Draft202012Validator

from edgegen.core.errors import SpecError
from edgegen.spec import schema
from edgegen.spec.load import load_text
from edgegen.spec.schema import json_schema
from edgegen.traefik.middlewares import Middleware

ROOT = Path(__file__).parents[2]
PUBLISHED = ROOT / "templates/schema/edge.schema.json"
SPECS = sorted([*ROOT.glob("examples/*/edge.yaml"), *ROOT.glob("tests/spec/promised/*.yaml")])


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(PUBLISHED.read_text()))


@pytest.mark.slow
def test_the_published_schema_is_the_generated_one(request: pytest.FixtureRequest) -> None:
    text = json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"
    if request.config.getoption("--update-golden"):
        PUBLISHED.write_text(text, encoding="utf-8")
    assert PUBLISHED.read_text(encoding="utf-8") == text, "out of date: `pytest --update-golden` writes it"


@pytest.mark.slow
def test_it_is_a_schema_of_the_dialect_that_it_names(validator: Draft202012Validator) -> None:
    assert validator.schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(validator.schema)


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from nodes(item)


def test_every_reference_leads_somewhere(validator: Draft202012Validator) -> None:
    names = {node["$ref"] for node in nodes(validator.schema) if isinstance(node.get("$ref"), str)}
    assert names
    for name in names:
        assert name.removeprefix("#/$defs/") in validator.schema["$defs"], name


def test_no_bound_is_written_in_words_that_no_validator_knows(validator: Draft202012Validator) -> None:
    for node in nodes(validator.schema):
        assert not {"ge", "le", "gt", "lt", "min_length", "max_length"} & set(node)


def test_every_property_is_described_and_no_object_is_open(validator: Draft202012Validator) -> None:
    models = {"(top)": validator.schema, **validator.schema["$defs"]}
    for name, model in models.items():
        if "properties" not in model:
            continue
        if name in ("Service", "Middleware"):  # which only choose one of the others
            assert len(model["allOf"]) == len(model["properties"]["kind"]["enum"])
            continue
        assert model.get("additionalProperties") is False, name
        for key, property_ in model["properties"].items():
            assert len(property_.get("description", "")) > 3, f"{name}.{key}"


@pytest.mark.parametrize("file", SPECS, ids=[f"{file.parent.name}/{file.stem}" for file in SPECS])
def test_it_accepts_every_example(validator: Draft202012Validator, file: Path) -> None:
    assert [error.message for error in validator.iter_errors(yaml.safe_load(file.read_text()))] == []


def test_two_models_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second would silently describe both: a middleware `Volume` beside the spec's own."""

    class Volume(Middleware):
        kind: Literal["volume"] = "volume"
        size: int

    class Twins:
        def models(self) -> list[type[Middleware]]:
            return [Volume]

    monkeypatch.setattr(schema, "NAMED", Twins())
    with pytest.raises(ValueError, match="two models are named `Volume`"):
        json_schema()


WRONG = [
    "{}",
    "name: 5",
    "name: a\nservces: {}",
    "name: a\ntarget: k8s",
    "name: a\nacme: {challenge: dnss}",
    "name: a\nservices: {web: {imgae: x}}",
    'name: a\nservices: {web: {image: "w:1", port: 70000}}',
    "name: a\nservices: {hub: {kind: registy, host: r.example.com}}",
    "name: a\nservices: {hub: {kind: registry, host: r.example.com, anonymous: push}}",
    "name: a\nsecrets: {s: {generate: 8}}",
    'name: a\nnetworks: {n: {internal: "no"}}',
    "name: a\nmiddlewares: {m: {kind: rate-limit, average: 1, brust: 2}}",
    "name: a\nmiddlewares: {m: {kind: rate-limt}}",
    'name: a\nservices: {web: {image: "w:1", port: 80, host: w.example.com, middlewares: [{kind: compres}]}}',
    "name: a\ndomains: {example.com: {ttl: automatic}}",
    'name: a\nservices: {web: {image: "w:1", environment: {A: {secrt: x}}}}',
    "name: a\nservices: {hub: {kind: registry, host: r.example.com, port: 5000}}",
    "name: a\nservices: {hub: {kind: registry, host: r.example.com, environment: {A: b}}}",
    "name: a\nservices: {hub: {kind: registry, anonymous: pull}}",
    "name: a\nservices: {web: {port: 80}}",
    'name: a\nservices: {web: {image: "w:1", host: w.example.com}}',
    'name: a\nservices: {web: {image: "w:1", hosts: [w.example.com]}}',
    "name: a\nservices: {old: {kind: redirect, to: https://example.com}}",
    'name: a\nservices: {nas: {kind: external, url: "http://192.0.2.1"}}',
    'name: a\nservices: {pg: {kind: tcp, image: "p:1", port: 1, listen: 1, entrypoint: pg}}',
    'name: a\nservices: {pg: {kind: tcp, image: "p:1", host: p.test.io, port: 1, listen: 1, entrypoint: p, path: /}}',
    "name: a\nsecrets: {s: {}}",
    "name: a\nsecrets: {s: {generate: 32, env: A}}",
    "name: a\nservices: {hub: {kind: registry, users: [ci], storage: {}}}",
    "name: a\nservices: {h: {kind: registry, storage: {s3: {bucket: b, region: r, access_key: {secret: s}}}}}",
    "name: a\nacme: {ca: zerossl}",
    "name: a\ndomains: {example.com: {records: [{type: MX, name: a, content: b.example}]}}",
    "name: a\ndomains: {example.com: {records: [{type: SRV, name: a, content: b.example, priority: 1}]}}",
    "name: a\nmiddlewares: {m: {kind: basic-auth}}",
    "name: a\nmiddlewares: {m: {kind: buffering}}",
    "name: a\nmiddlewares: {m: {kind: headers}}",
    "name: a\nmiddlewares: {m: {kind: retry, attempts: 1, disable_retry_on_network_error: true}}",
    "name: a\nmiddlewares: {m: {kind: secure-headers, preload: true}}",
    "name: a\nmiddlewares: {m: {kind: forward-auth, address: http://a, tls: {cert: /a}}}",
    "name: a\nmiddlewares: {m: {average: 1}}",
    "name: a\ndomains: {example.com: {ttl: 30}}",
    "name: a\ndomains: {example.com: {hosts: {a.example.com: {ttl: 90000}}}}",
    "name: a\nedge: nothing",
    "name: a\nacme: {ca: letsencript}",
]
WRONG_OVERLAYS = [
    "name: a\nenvironments: {d: {servces: {}}}",
    "name: a\nservices: {w: {image: 'w:1'}}\nenvironments: {d: {services: {w: {imgae: 'w:2'}}}}",
    "name: a\nenvironments: {d: {environments: {}}}",
    "name: a\nenvironments: {d: {acme: {emial: a@b.io}}}",
]

RIGHT = [
    "name: a\ndomains: {example.com: {ttl: auto, hosts: {a.example.com: {ttl: auto}}}}",
    "name: a\ndomains: {example.com: {ttl: 60, addresses: auto}}",
    "name: a\ndomains: {example.com: {addresses: [auto, auto6, 192.0.2.1], provider: {kind: zonefile}}}",
    "name: a\nedge: none",
    "name: a\nedge: {serves: all}",
    "name: a\nacme: {ca: local}",
    "name: a\nacme: {ca: https://ca.example.com/acme}",
    "name: a\nvolumes: {v: }\nnetworks: {n: }",
    'name: a\nservices: {w: {image: "w:1", environment: [A=b, C], networks: [n]}}\nnetworks: {n: {}}',
    'name: a\nservices: {w: {image: "w:1", depends_on: [v]}, v: {image: "v:1"}}',
    'name: a\nservices: {w: {image: "w:${TAG}", restart: "$R", mem_limit: "${M:-1g}", ports: [80, "8080:80"]}}',
    "name: a\nservices: {w: {build: ., command: a b, env_file: a.env, user: 1000, sysctls: {a.b: 1}}}",
    "name: a\nservices: {r: {kind: registry, users: [ci]}}",
    'name: a\nservices: {w: {image: "w:1", port: 80, host: w.io, middlewares: [secure-headers, {kind: compress}]}}',
    "name: a\nmiddlewares: {m: {kind: retry, attempts: 2, status: 404, timeout: 5}}",
    "name: a\nmiddlewares: {m: {kind: redirect-scheme, scheme: https, port: 8443}}",
    "x-any: {a: [1]}\nname: a",
    "name: a\nservices: {r: {kind: registry, users: [ci]}}\nenvironments: {d: {services: {r: {users: [me]}}}, e: }",
    'name: a\nservices: {w: {image: "w:1", ports: [80]}}\nenvironments: {d: {services: {w: {build: ., ports: null}}}}',
    "name: a\nenvironments: {d: {x-a: 1, services: {w: {image: 'w:1', environment: {A: b}, deploy: {replicas: 2}}}}}",
    "name: a\nenvironments: {d: {target: swarm, acme: {ca: local}, domains: {a.io: {addresses: [192.0.2.1]}}}}",
    "name: a\nedge: {image: 'traefik:v3.7'}\nenvironments: {d: {edge: none, extra: {volumes: {v: {}}}}}",
]


@pytest.mark.parametrize("text", RIGHT)
def test_it_accepts_what_edgegen_accepts(validator: Draft202012Validator, text: str) -> None:
    load_text(text.encode())
    assert [error.message for error in validator.iter_errors(yaml.safe_load(text))] == []


@pytest.mark.parametrize("text", WRONG_OVERLAYS)
def test_it_refuses_unknown_keys_of_overlays(validator: Draft202012Validator, text: str) -> None:
    assert not validator.is_valid(yaml.safe_load(text))
    with pytest.raises(SpecError):
        load_text(text.encode(), environment="d")


@pytest.mark.parametrize("text", WRONG)
def test_it_refuses_what_edgegen_refuses(validator: Draft202012Validator, text: str) -> None:
    assert not validator.is_valid(yaml.safe_load(text))
    with pytest.raises(SpecError):
        load_text(text.encode())
