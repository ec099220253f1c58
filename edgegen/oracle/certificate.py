"""A default certificate for the Traefik that is asked.

Without one it makes an RSA key for each of its configurations: most of what its answer takes of a processor, for a
certificate that nobody sees. The key of this one is known to everybody, and may be: the Traefik that is asked listens
on the loopback, for a moment. It is the number 1, on the curve P-256.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from edgegen.oracle.disk import Disk
from edgegen.oracle.flow import flow
from edgegen.oracle.question import Question

NAME = "zz-oracle-certificate.yml"
_CERTIFICATE = (
    "MIIBLTCB06ADAgECAgEBMAoGCCqGSM49BAMCMB8xHTAbBgNVBAMMFGVkZ2VnZW4gYXNrcyBUcmFlZmlrMCAXDTAwMDEwMTAwMDAwMFoYDzk5"
    "OTkxMjMxMjM1OTU5WjAfMR0wGwYDVQQDDBRlZGdlZ2VuIGFza3MgVHJhZWZpazBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABGsX0fLhLEJH"
    "+Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT+NC4v4af5uO5+tKfA+eFivOM1drMV7Oy7ZAaDe/UfUwCgYIKoZIzj0EAwIDSQAwRgIhALsq7Zoo"
    "Oqn0/FEWxsXuqULXnJjQM955DuAauVOcmVACAiEA8MKgJB7CZ8tMt6/VYHeuJq18MXe5UhUhNDlYksqDmrs="
)
"""X.509 in base64: signed by its own key, until the end of 9999."""
_KEY = (
    "MHcCAQEEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABoAoGCCqGSM49AwEHoUQDQgAEaxfR8uEs"
    "Qkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q=="
)
"""RFC 5915 in base64."""


def put(question: Question, disk: Disk) -> None:
    """Write it into the folder of the dynamic files, unless the stack may say something about stores of certificates:
    of two definitions of a store Traefik takes none."""
    if not any(map(_may_name_stores, _said(question))):
        pair = {"certFile": _pem("CERTIFICATE", _CERTIFICATE), "keyFile": _pem("EC PRIVATE KEY", _KEY)}
        text = flow({"tls": {"stores": {"default": {"defaultCertificate": pair}}}})
        (disk.dynamic / NAME).write_text(text)


def _said(question: Question) -> Iterator[str]:
    yield from (file.text for file in question.dynamic)
    for container in question.containers:
        yield from container.labels


def _may_name_stores(text: str) -> bool:
    """A file can have the word with escapes in it: `"\\x73tores"`."""
    return "stores" in text.lower() or "\\" in text


def _pem(kind: str, text: str) -> str:
    return "\n".join((f"-----BEGIN {kind}-----", *textwrap.wrap(text, 64), f"-----END {kind}-----", ""))
