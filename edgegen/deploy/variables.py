"""Templates for Docker's client that reduce variables to their names: the values are often secrets."""

from __future__ import annotations

_READ = "CONSTRAINTS", "READTIMEOUT", "TRUSTEDIPS", "EXPOSEDBYDEFAULT"
"""Four settings of Traefik are not secret, and show what it serves and how."""


def name_list(path: str) -> str:
    """A JSON list of the names of the variables at `path`, ended by null."""
    return f'[{{{{range {path}}}}}{{{{json (index (split . "=") 0)}}}},{{{{end}}}}null]'


def setting_list(path: str) -> str:
    """A JSON list of `NAME=value` for the settings of Traefik that are read, ended by null."""
    wanted = " ".join(f'(eq $last "{word}")' for word in _READ)
    return (
        f'[{{{{range {path}}}}}{{{{$words := split (index (split . "=") 0) "_"}}}}{{{{$last := ""}}}}'
        '{{range $words}}{{$last = .}}{{end}}{{if eq (index $words 0) "TRAEFIK"}}'
        f"{{{{if or {wanted}}}}}{{{{json .}}}},{{{{end}}}}{{{{end}}}}{{{{end}}}}null]"
    )
