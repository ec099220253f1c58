"""Traefik's words: routers, services, middlewares and static configuration as typed values. Pure."""
