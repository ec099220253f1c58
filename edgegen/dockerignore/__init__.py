"""What a `.dockerignore` keeps out of a build context, exactly as Docker reads it. Pure; nothing here opens a file."""

from edgegen.dockerignore.context import Builder, reaches_builder
from edgegen.dockerignore.errors import BadPatternError
from edgegen.dockerignore.lines import line_for, parse
from edgegen.dockerignore.pattern import Pattern

__all__ = ["BadPatternError", "Builder", "Pattern", "line_for", "parse", "reaches_builder"]
