"""Values that only files have, and that Traefik refuses when it builds what uses them: tried with 3.7.15. Pure.

Source: Traefik's pkg/tls (certificate.go, cipher.go, tlsmanager.go) and pkg/server/service/tcp.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from edgegen.core.pattern import late_pattern
from edgegen.core.show import shown
from edgegen.lint.defined import Defined, folded, text_of


class Bad(NamedTuple):
    """What is wrong with one option."""

    option: str
    why: str
    silent: bool = False
    """Traefik goes on without the option."""


_SCHEME = late_pattern(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_VERSIONS = ("VersionTLS10", "VersionTLS11", "VersionTLS12", "VersionTLS13")
_CURVES = frozenset({
    "secp256r1", "CurveP256", "secp384r1", "CurveP384", "secp521r1", "CurveP521", "x25519", "X25519",
    "x25519mlkem768", "X25519MLKEM768", "secp256r1mlkem768", "SecP256r1MLKEM768", "secp384r1mlkem1024",
    "SecP384r1MLKEM1024",
})  # fmt: skip
_CLIENTS = ("NoClientCert", "RequestClientCert", "RequireAnyClientCert", "VerifyClientCertIfGiven",
            "RequireAndVerifyClientCert")  # fmt: skip
_KEYS = ("RSA", "ECDHE_ECDSA", "ECDHE_RSA")
_CIPHERS = frozenset(
    {f"TLS_{key}_WITH_{rest}" for key in _KEYS for rest in (
        "RC4_128_SHA", "AES_128_CBC_SHA", "AES_256_CBC_SHA", "AES_128_CBC_SHA256", "AES_128_GCM_SHA256",
        "AES_256_GCM_SHA384")}
    | {f"TLS_{key}_WITH_CHACHA20_POLY1305{end}" for key in _KEYS[1:] for end in ("", "_SHA256")}
    | {"TLS_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_AES_128_GCM_SHA256",
       "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_FALLBACK_SCSV"}
)  # fmt: skip


def tls_options(item: Defined) -> Iterator[Bad]:
    """TLS options of a file."""
    for option in ("minversion", "maxversion"):
        text = item.text(option)
        if text and text not in _VERSIONS:
            yield Bad(option, f"have `{shown(text)}` as a version of TLS; it takes {', '.join(_VERSIONS)}", True)
    checks: tuple[tuple[str, Callable[[str], bool], str], ...] = (
        ("ciphersuites", _CIPHERS.__contains__, "cipher suite"),
        ("curvepreferences", _CURVES.__contains__, "curve"),
    )
    for option, knows, what in checks:
        if bad := next((word for word in item.words(option) if not knows(word)), None):
            yield Bad(option, f"have `{shown(bad)}`, which is not a {what}")
    client = item.text("clientauth.clientauthtype")
    if client and client not in _CLIENTS:
        yield Bad("clientauth.clientauthtype", f"have `{shown(client)}`; it takes {', '.join(_CLIENTS)}")
    elif client in _CLIENTS[3:] and not item.has("clientauth.cafiles"):
        yield Bad("clientauth.clientauthtype", "want certificates of clients, and have no `caFiles`")


def servers(item: Defined) -> Iterator[Bad]:
    """Servers of a TCP or UDP service of a file."""
    for address in _of_servers(item, "address"):
        if ":" not in address:
            yield Bad("loadbalancer.servers", f"has a server with the address `{shown(address)}`, without a port")


def urls(item: Defined) -> Iterator[Bad]:
    """Servers of an HTTP service of a file."""
    for url in _of_servers(item, "url"):
        if url and not _SCHEME.match(url):
            refused = not url[0].isalpha() and ":" in url.partition("/")[0]
            why = f"has a server with the URL `{shown(url)}`, which has no scheme"
            yield Bad("loadbalancer.servers", why, not refused)


def _of_servers(item: Defined, word: str) -> Iterator[str]:
    found = item.value_in_file("loadbalancer.servers")
    for server in found if isinstance(found, list) else ():
        if isinstance(server, Mapping):
            value = folded(server, word)
            yield "" if value is None else text_of(value)
