"""What containers and services run, without the values of their variables: these are often secrets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct, field

from edgegen.deploy.model import Published
from edgegen.traefik.settings import Settings, is_traefik, settings

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


def named_settings(words: Iterable[str]) -> dict[str, str]:
    """What such a list of `NAME=value` says."""
    return {name: value for name, equals, value in (word.partition("=") for word in words) if equals}


class Program(Struct, frozen=True):
    """A container, or a service of a swarm, with all that shows whether it is a Traefik, and how it was started."""

    id: str
    name: str
    """That of a service has its stack in front: `web_app`."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Those that Traefik reads: of a service the ones of `deploy.labels`."""
    image: str = ""
    """That of a service with the digest that the manager resolved, if it did."""
    args: tuple[str, ...] = ()
    """Its command line; that of a service with the words of the entry point."""
    variables: frozenset[str] = frozenset()
    """The names of its variables."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Traefik's variables that are not secret, with their values."""
    mounts: Mapping[str, str] = field(default_factory=dict)
    """Path inside -> path on the host, or the volume's name."""
    ports: tuple[Published, ...] = ()
    """The host's ports that it holds: a container only while it runs, a service those of the ingress network too."""

    @property
    def static(self) -> Settings:
        """What it was started with, if it is a Traefik."""
        return settings(self.args, self.variables, self.settings)

    @property
    def is_traefik(self) -> bool:
        """By its image's name, or by its flags."""
        return is_traefik(self.image, self.args)
