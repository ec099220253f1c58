"""Cloudflare's HTTP API: requests, and which answers are accepted."""
