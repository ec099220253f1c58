"""What is meant by a key that the spec does not know: another key of the same mapping, or one of Compose."""

from __future__ import annotations

import types
import typing
from collections.abc import Collection, Iterator
from typing import Any

from pydantic import BaseModel

from edgegen.core.location import Path
from edgegen.core.suggest import suggest
from edgegen.core.validators import LateModel
from edgegen.spec.sentences import did_you_mean

_UNDER_EXTRA = "a Compose key that edgegen has no opinion on goes under `extra:`"
_FEW = 10
_OF_ENTRY = 3
"""How long the path of a key of one entry is: the section, the entry's name and the key."""


def hint_for_key(path: Path, loc: Path, model: type[BaseModel]) -> str:
    """What to do about it. `loc` is pydantic's path, by which the other keys of the mapping are found."""
    owner = _model_at(model, loc[:-1])
    known = list(owner.model_fields) if owner else []
    if hint := _hint_for_habit(path, known):
        return hint
    if str(path[-1]) not in _OF_COMPOSE:
        if near := suggest(str(path[-1]), known):
            return did_you_mean(near)
    elif "extra" not in known and path[0] in ("networks", "volumes"):
        return f"{_UNDER_EXTRA}, here `extra: {{{path[0]}: {{{path[1]}: {{{path[-1]}: …}}}}}}`"
    return _hint_for_other(path, known, model)


def _hint_for_other(path: Path, known: list[str], model: type[BaseModel]) -> str:
    """Of a key that is like none of ours."""
    if "extra" in known:
        return _UNDER_EXTRA
    if path[0] == "environment":
        return "a value is text, or `{secret: NAME}`"
    if {"kind", "extra"} <= model.model_fields.keys() and all(isinstance(part, str) for part in path):
        inside = " ".join(f"{{{part}:" for part in path)
        return f"{_UNDER_EXTRA}, here `extra: {inside} …{'}' * len(path)}`"
    return f"keys here are {', '.join(known)}" if known and len(known) <= _FEW else ""


def _hint_for_habit(path: Path, known: Collection[str]) -> str:
    """What Compose calls by this key; a likeness to another key would only mislead."""
    if how := _AT_THE_TOP.get(path):
        return how
    if path[-1] == "tls" and "port" in known:
        return "delete it: every `host` gets a certificate by itself"
    if (meant := _MEANT_BY.get(str(path[-1]))) and meant in known and str(path[-1]) not in known:
        return did_you_mean(meant)
    if path[0] == "secrets" and len(path) == _OF_ENTRY and (how := _OF_SECRETS.get(str(path[-1]))):
        return how
    if how := _hint_for_proxy(str(path[-1]).lower(), known):
        return how
    return _UNDER_EXTRA if path[-1] in ("develop", "network_mode") and "extra" in known else ""


def _hint_for_proxy(key: str, known: Collection[str]) -> str:
    """How edgegen says what other proxies, or older ones, have a key for."""
    if "sts_seconds" in known and key.replace("_", "") in _SSL:
        return "delete it: Traefik 3 has no such option, and edgegen redirects to https by itself"
    if key in _TOKENS and "zone_id" in known:
        return "set CLOUDFLARE_API_TOKEN in the environment: edge.yaml holds no secrets"
    fitting = {**(_INSTEAD if "middlewares" in known else {}), **(_OF_CONTAINERS if "deploy" in known else {})}
    return next((how for words, how in fitting.items() if key in words), "")


_OF_COMPOSE = frozenset({
    # of services
    "annotations", "attach", "blkio_config", "cgroup", "cgroup_parent", "cpu_count", "cpu_percent", "cpu_period",
    "cpu_quota", "cpu_rt_period", "cpu_rt_runtime", "cpu_shares", "cpuset", "credential_spec", "device_cgroup_rules",
    "dns_opt", "dns_search", "domainname", "extends", "external_links", "gpus", "ipc", "isolation", "label_file",
    "links", "mac_address", "mem_reservation", "mem_swappiness", "memswap_limit", "models", "network_mode",
    "oom_kill_disable", "oom_score_adj", "pid", "pids_limit", "post_start", "pre_stop", "provider", "runtime",
    "storage_opt", "use_api_socket", "userns_mode", "uts", "volumes_from",
    # of `build`
    "cache_from", "cache_to", "dockerfile_inline", "entitlements", "no_cache", "platforms", "provenance", "sbom", "ssh",
    "tags",
    # of networks and volumes
    "driver_opts", "enable_ipv4", "ipam", "labels",
})  # fmt: skip
"""Keys of Compose for which there is none here. A likeness to another key would only mislead."""
_TOKENS = ("token", "api_token", "api_key")
_AT_THE_TOP: dict[Path, str] = {
    ("version",): "delete it: Compose no longer reads it",
    ("email",): "it belongs under `acme:`: `acme: {email: …}`",
    ("dashboard",): "it belongs under `edge:`: `edge: {dashboard: {host: …, users: […]}}`",
    ("traefik",): "use `edge:` for what Traefik needs besides what edgegen writes",
    ("edge", "version"): "use the tag of its image, like `image: traefik:v3.7`",
    ("edge", "traefik"): "use the tag of its image, like `image: traefik:v3.7`",
    ("acme", "staging"): "write `ca: letsencrypt-staging`",
}
_SSL = ("sslredirect", "ssltemporaryredirect", "sslhost", "sslforcehost")
_OF_CONTAINERS: dict[tuple[str, ...], str] = {
    ("replicas", "scale"): "use `deploy: {replicas: …}`",
    ("memory", "mem", "memory_limit"): "use `mem_limit`",
    ("listen",): "use `port`, where the container listens; or `ports`, what the host publishes",
}
_INSTEAD: dict[tuple[str, ...], str] = {
    ("timeout", "timeouts", "read_timeout", "proxy_read_timeout", "upload_timeout"): (
        "how long a request may take to arrive is `edge: {read_timeout: 1h}`; for the answer there is no limit"
    ),
    ("max_body_size", "client_max_body_size", "max_upload_size", "upload_limit", "body_limit"): (
        "delete it: there is no limit; to set one, use `middlewares: [{kind: buffering, max_request_body_bytes: …}]`"
    ),
    ("websocket", "websockets"): "delete it: WebSockets pass as they are",
    ("sticky", "sticky_sessions", "sticky_cookie"): (
        "use `traefik_labels: {traefik.http.services.NAME.loadbalancer.sticky.cookie.name: …}`, with the service's name"
    ),
    ("auth", "basic_auth", "forward_auth", "login", "sso", "users", "password"): (
        "use `middlewares: [{kind: basic-auth, …}]`, which `edgegen auth add` writes, or `{kind: forward-auth, …}`"
    ),
    ("certificate", "certificates", "cert", "certresolver", "ssl", "https"): (
        "delete it: every `host` gets a certificate by itself"
    ),
    ("rule", "rules"): "use `host` and `path`",
    ("entrypoints",): "delete it: a `host` answers on https, and http leads there",
    ("priority",): "delete it: the longer `path` wins; or use `traefik_labels`",
    ("headers",): "use `middlewares: [{kind: headers, custom_response_headers: {…}}]`",
    ("redirect", "redirects"): "names that lead here are `aliases`; one that leads elsewhere is a `kind: redirect`",
    ("proxied",): "it belongs to the domain: `domains: {DOMAIN: {hosts: {HOST: {proxied: true}}}}`",
}
"""Words of other proxies and panels, and what to write."""


_OF_SECRETS = dict.fromkeys(("external", "name"), "edgegen makes each secret itself: give its value by `file` or `env`")
_OF_SECRETS["environment"] = did_you_mean("env")

_MEANT_BY = {
    "env": "environment",
    "domain": "host",
    "url": "host",
    "scale": "replicas",
    "ip": "addresses",
    "ips": "addresses",
    "hostnames": "hosts",
    "healthcheck_path": "health_path",
}
"""What others call a key that is not similar to ours."""


def _model_at(model: type[BaseModel], loc: Path) -> type[BaseModel] | None:
    """The model whose field `loc` ends in; union tags and keys of mappings are steps of `loc` too."""
    found: type[BaseModel] | None = model
    annotation: Any = model
    for part in loc:
        annotation = _step(annotation, part)
        if annotation is None:
            return found
        candidate = next(_models(annotation), None)
        found = candidate or found
    return found


def _step(annotation: Any, part: str | int) -> Any:
    for candidate in _models(annotation):
        if isinstance(part, str) and part in candidate.model_fields:
            return candidate.model_fields[part].annotation
        if part == candidate.__name__:
            return candidate
    for origin, arguments in _containers(annotation):
        return arguments[1] if issubclass(origin, dict) else arguments[0]
    return None


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    for leaf in _leaves(annotation):
        if isinstance(leaf, type) and issubclass(leaf, BaseModel):
            yield leaf


def _containers(annotation: Any) -> Iterator[tuple[type, tuple[Any, ...]]]:
    for leaf in _leaves(annotation):
        origin = typing.get_origin(leaf)
        if origin in (dict, list):
            yield origin, typing.get_args(leaf)


def _leaves(annotation: Any) -> Iterator[Any]:
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        inner, *marks = typing.get_args(annotation)
        late = [mark.model for mark in marks if isinstance(mark, LateModel)]
        yield from late or _leaves(inner)
    elif origin in (typing.Union, types.UnionType):
        for argument in typing.get_args(annotation):
            yield from _leaves(argument)
    else:
        yield annotation
