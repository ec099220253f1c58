"""Which kinds of middlewares keep anyone out. Kinds in lower case, as labels spell them."""

from __future__ import annotations

HARMLESS = frozenset(
    {"headers", "compress", "stripprefix", "stripprefixregex", "addprefix", "replacepath", "replacepathregex", "retry",
     "contenttype", "grpcweb", "errors", "circuitbreaker"}
)  # fmt: skip
"""They let every request through."""

ALLOW_LISTS = ("ipallowlist", "ipwhitelist")
"""They know clients by their addresses; the second is the name that Traefik 2 has."""

LIMITS = frozenset({"ratelimit", "inflightreq", "inflightconn", "buffering", "encodedcharacters", "passtlsclientcert"})
"""They refuse some requests, but nobody for who they are."""
