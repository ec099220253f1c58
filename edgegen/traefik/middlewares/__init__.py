"""Middlewares, one file each. A new one is one file and one line here.

The registry names classes instead of importing them: building their validators is what costs, and a spec uses few.
Traefik's paid edition has more (api-key, jwt, oidc …): those are left out, and so are plugins.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from msgspec import Struct

from edgegen.core.suggest import suggest
from edgegen.traefik.middlewares.base import Middleware

MIDDLEWARES: Mapping[str, str] = {
    "add-prefix": "add_prefix:AddPrefix",
    "basic-auth": "basic_auth:BasicAuth",
    "digest-auth": "digest_auth:DigestAuth",
    "buffering": "buffering:Buffering",
    "chain": "chain:Chain",
    "circuit-breaker": "circuit_breaker:CircuitBreaker",
    "compress": "compress:Compress",
    "content-type": "content_type:ContentType",
    "encoded-characters": "encoded_characters:EncodedCharacters",
    "errors": "errors:Errors",
    "forward-auth": "forward_auth:ForwardAuth",
    "grpc-web": "grpc_web:GrpcWeb",
    "headers": "headers:HeadersMiddleware",
    "in-flight-req": "in_flight_req:InFlightReq",
    "ip-allow-list": "ip_allow_list:IpAllowList",
    "pass-tls-client-cert": "pass_tls_client_cert:PassTlsClientCert",
    "rate-limit": "rate_limit:RateLimit",
    "redirect-regex": "redirect_regex:RedirectRegex",
    "redirect-scheme": "redirect_scheme:RedirectScheme",
    "replace-path": "replace_path:ReplacePath",
    "replace-path-regex": "replace_path_regex:ReplacePathRegex",
    "retry": "retry:Retry",
    "strip-prefix": "strip_prefix:StripPrefix",
    "strip-prefix-regex": "strip_prefix_regex:StripPrefixRegex",
    "secure-headers": "secure_headers:SecureHeaders",
}


TCP_MIDDLEWARES: Mapping[str, str] = {
    "in-flight-conn": "tcp_in_flight_conn:TcpInFlightConn",
    "ip-allow-list": "tcp_ip_allow_list:TcpIpAllowList",
}
"""Those of TCP routers. Traefik keeps them apart, and one of its names is in both."""
KINDS_OF_LABELS = {kind.replace("-", ""): kind for kind in (*MIDDLEWARES, *TCP_MIDDLEWARES)}
"""How labels spell a kind -> the kind."""


_SOURCES = {"basic-auth": ["users_secret"], "digest-auth": ["users_secret"]}
"""An option that a middleware needs although none of its options is required."""


def _folded(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _did_you_mean(word: str) -> str:
    return f"; did you mean `{word}`?" if word else ""


_resolved = cache(pkgutil.resolve_name)


class Family(Struct, frozen=True):
    """The middlewares that may be used in one place."""

    kinds: Mapping[str, str]
    example: str
    others: Mapping[str, str]
    elsewhere: str
    """Whose the others are."""

    def model(self, kind: str) -> type[Middleware]:
        """The model of a kind. Raises KeyError for an unknown one."""
        found: type[Middleware] = _resolved(f"{__name__}.{self.kinds[kind]}")
        return found

    def models(self) -> list[type[Middleware]]:
        """The models of all kinds."""
        return [self.model(kind) for kind in self.kinds]

    def parse(self, data: Mapping[str, Any]) -> Middleware:
        """A middleware from its options. Raises ValueError for an unknown kind, ValidationError for bad options."""
        kind = data.get("kind")
        if kind is None:
            meant = next((form for name, body in data.items() if (form := self.in_place(name, body))), "")
            raise ValueError(f"a middleware needs its `kind`, like {self.example}" + _did_you_mean(meant))
        if isinstance(kind, str) and kind in self.kinds:
            return self.model(kind).model_validate(data)
        if isinstance(kind, str) and kind in self.others:
            raise ValueError(f"the middleware `{kind}` is for {self.elsewhere}")
        raise ValueError(f"unknown middleware `{str(kind)[:60]}`" + _did_you_mean(suggest(str(kind), self.kinds) or ""))

    def in_place(self, name: str, options: object = None) -> str:
        """How a middleware that somebody calls by its kind, as Traefik spells it or nearly so, is written in place:
        `{kind: rate-limit, average: …}`; "" for anything else."""
        kind = next((known for known in self.kinds if known.replace("-", "") == _folded(name)), None)
        if kind is None:
            return ""
        fields = self.model(kind).model_fields
        given = [_snake(key) for key in options if isinstance(key, str)] if isinstance(options, Mapping) else []
        needed = [key for key, field in fields.items() if field.is_required() and key != "kind"]
        keys = [key for key in given if key in fields] or needed or _SOURCES.get(kind, [])
        return f"{{{', '.join([f'kind: {kind}', *(f'{key}: …' for key in keys)])}}}"


HTTP = Family(MIDDLEWARES, "`{kind: rate-limit, average: 100}`", TCP_MIDDLEWARES, "TCP services")
TCP = Family(TCP_MIDDLEWARES, "`{kind: in-flight-conn, amount: 10}`", MIDDLEWARES, "HTTP services")
NAMED = Family({**MIDDLEWARES, **TCP_MIDDLEWARES, **MIDDLEWARES}, HTTP.example, {}, "")
"""Those that are declared to be used by name. One whose kind is in both is for HTTP here; `tcp_form` gives what a TCP
router can use of it."""
parse_middleware = HTTP.parse


def passed(uses: Iterable[str | Middleware], declared: Mapping[str, Middleware]) -> Iterator[tuple[str, Middleware]]:
    """Each middleware that requests pass, once, with its name ("" in place). Chains are followed, also in circles."""
    seen: set[str] = set()
    pending = list(uses)
    while pending:
        use = pending.pop(0)
        name, item = (use, declared.get(use)) if isinstance(use, str) else ("", use)
        if item is not None and name not in seen:
            seen |= {name} - {""}
            yield name, item
            pending += item.chained


def tcp_form(middleware: Middleware) -> Middleware | None:
    """The middleware as a TCP router can use it; None where it has options, or a kind, that only HTTP has."""
    if middleware.is_tcp:
        return middleware
    if middleware.kind not in TCP_MIDDLEWARES:
        return None
    model = TCP.model(middleware.kind)
    given = {name: getattr(middleware, name) for name in middleware.model_fields_set}
    return model.model_validate(given) if given.keys() <= model.model_fields.keys() else None


__all__ = [
    "HTTP", "MIDDLEWARES", "NAMED", "TCP", "TCP_MIDDLEWARES", "Family", "Middleware", "parse_middleware", "passed",
    "tcp_form",
]  # fmt: skip
