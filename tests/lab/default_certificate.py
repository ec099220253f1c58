"""A default certificate for a Traefik that only answers questions about a project.

Without one it makes an RSA key for each of its configurations: a third of what such a Traefik takes of a processor, for
a certificate that nobody looks at.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import trustme

from edgegen.oracle.flow import flow
from edgegen.oracle.question import Container, DynamicFile


def spared(files: tuple[DynamicFile, ...], containers: Iterable[Container]) -> tuple[DynamicFile, ...]:
    """The dynamic files, and one with the certificate. A project that says something about stores has the word."""
    said = [*(file.text for file in files), *(label for container in containers for label in container.labels)]
    return files if any("stores" in text.lower() for text in said) else (*files, _file())


@cache
def _file() -> DynamicFile:
    made = trustme.CA().issue_cert("nobody.invalid")
    pair = {
        "certFile": made.cert_chain_pems[0].bytes().decode(),
        "keyFile": made.private_key_pem.bytes().decode(),
    }
    return DynamicFile(
        "zz-default-certificate.yml", flow({"tls": {"stores": {"default": {"defaultCertificate": pair}}}})
    )
