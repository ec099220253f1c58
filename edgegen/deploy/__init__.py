"""Bringing a rendered project to life: find Compose, look first, run commands in one place, say what is ill."""
