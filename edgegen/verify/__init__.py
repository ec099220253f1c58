"""Proof from the outside: `look` and `push` do input and output, `checks` judge (pure), the engine runs many at once.

Takes endpoints and does not know the spec, so that it works as a library.
"""
