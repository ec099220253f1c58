"""edgegen: one typed file becomes a running, authenticated, TLS-protected edge, proved from the outside."""

__version__ = "0.1.0"
