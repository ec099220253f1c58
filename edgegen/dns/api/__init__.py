"""Cloudflare's HTTP API: what goes over the wire, and what is believed of it."""
