"""A default certificate for the Traefiks of the lab, like the one that Traefik makes for itself.

Without one it makes an RSA key for each of its configurations, and each container that comes or goes is a new one: for
three quarters of what it takes of a processor. In the proof it makes its own.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from cryptography import x509

from edgegen.oracle.flow import flow
from tests.fakes.authority_of_tests import traefik_default
from tests.lab.parts import cache_folder
from tests.sizes import sized

NAME = "zz-default-certificate.yml"
"""Of the dynamic file."""
_CERTIFICATE, _KEY = "/lab/default.crt", "/lab/default.key"
_LEAST_LEFT = timedelta(days=2)


def in_image() -> Mapping[str, str]:
    """The pair, and a dynamic file where a swarm's Traefik looks for them; none in the proof."""
    return sized({**dict(zip((_CERTIFICATE, _KEY), _pair(), strict=True)), f"/etc/traefik/dynamic/{NAME}": _text()}, {})


def give(folder: Path) -> None:
    """A file of the user's own beside the rendered ones, for a Traefik of such an image: its mount hides the image's.

    A project without dynamic files, or whose own name a default certificate, has the word.
    """
    if folder.is_dir() and sized(not _says_one(path.read_text() for path in folder.glob("*.yml")), False):
        (folder / NAME).write_text(_text())


def take_back(folder: Path) -> None:
    """From here on Traefik makes its own."""
    (folder / NAME).unlink(missing_ok=True)


def _says_one(texts: Iterable[str]) -> bool:
    return any("stores" in text.lower() for text in texts)


def _text() -> str:
    return _stored(_CERTIFICATE, _KEY)


def _stored(certificate: str, key: str) -> str:
    return flow({"tls": {"stores": {"default": {"defaultCertificate": {"certFile": certificate, "keyFile": key}}}}})


@cache
def _pair() -> tuple[str, str]:
    """Certificate and key as PEM: the same for many sessions, which find the same images then."""
    place = cache_folder() / "default-certificate.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.with_suffix(".lock").open("w") as lock:  # another session may be at it
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place.exists() and _lasts(json.loads(place.read_bytes())[0])):
            made = traefik_default()
            place.write_text(json.dumps([made.pem.decode(), made.key_pem.decode()]))
        certificate, key = json.loads(place.read_bytes())
    return certificate, key


def _lasts(certificate: str) -> bool:
    return x509.load_pem_x509_certificate(certificate.encode()).not_valid_after_utc > datetime.now(UTC) + _LEAST_LEFT
