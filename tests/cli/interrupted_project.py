"""The files of a project whose commands are interrupted."""

from __future__ import annotations

SPEC = """\
name: shop
acme: {email: ops@example.com}
domains: {example.com: {addresses: [192.0.2.7]}}
dns: {owner: shop-abcdefgh}
services:
  hub: {kind: registry, host: r.example.com, users: [ci]}
"""
LABELS = """\
services:
  web:
    image: web:1
    labels: ["traefik.http.routers.w.tls.certresolvers=le", "traefik.http.routers.w.rule=Host(`a.example.com`)"]
"""
