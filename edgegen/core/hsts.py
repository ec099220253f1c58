"""How long browsers keep to HTTPS: what is rendered, and what `verify` asks for."""

TWO_YEARS = 63_072_000
"""Seconds: what Mozilla asks for, and more than the year of browsers' preload lists."""
