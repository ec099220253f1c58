"""What a run trusts, and what its looks share: contexts, intermediates that were seen, answers of one address."""

from __future__ import annotations

import ssl
import threading
import warnings
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from edgegen.core.errors import EdgegenError, LocalIOError
from edgegen.net.answer import Response
from edgegen.net.deadline import Deadline
from edgegen.system.os_errors import cause
from edgegen.system.read import opened
from edgegen.verify.look.authorities import complete_folder
from edgegen.verify.look.memo import Memo

if TYPE_CHECKING:
    from cryptography import x509

# Mozilla's "intermediate" configuration, version 5.7, for TLS 1.2; in TLS 1.3 all that OpenSSL has is good.
INTERMEDIATE = (
    "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305",
    "DHE-RSA-AES128-GCM-SHA256", "DHE-RSA-AES256-GCM-SHA384", "DHE-RSA-CHACHA20-POLY1305",
)  # fmt: skip
# At level 1 a key of 1024 bits passes, for its own finding; SHA-1 does not: OpenSSL 3 puts it below.
_WIDER = "DEFAULT:!aNULL:!eNULL:!PSK:!SRP:@SECLEVEL=1"
# Everything that browsers still accept: a server with nothing better is seen as weak and not as broken. They and Go
# have no DHE, and of CBC only the suites with SHA-1.
_WIDE = f"{_WIDER}:!kDHE:!SHA256:!SHA384"
_ANYTHING = "ALL:@SECLEVEL=0"
_WEAK = ":".join(("ALL:COMPLEMENTOFALL:!PSK:!SRP", *(f"!{name}" for name in INTERMEDIATE), "@SECLEVEL=0"))
_LEGACY_SERVER_CONNECT = 0x4
"""OpenSSL's SSL_OP_LEGACY_SERVER_CONNECT; Python has a name for it from 3.12 on."""

FETCHED_HOLDS = 3600.0
_MOST_BYTES = 16 * 1024 * 1024
"""Of a file of authorities: those of the whole web are half a megabyte."""
ANSWER_HOLDS = 10.0


class Trust:
    """Made once a run, for many threads. Contexts that hold the authorities cost milliseconds and are shared."""

    def __init__(self, ca_file: str | None) -> None:
        self._ca_file = ca_file
        self._folder = complete_folder()
        self._lock = threading.Lock()
        self._issuers: dict[bytes, x509.Certificate] = {}
        self._loose: dict[str, x509.Certificate] = {}
        self.verified = self._verifying()
        """For HTTP: the name is checked, only in the SAN; TLS 1.2 at least."""
        self.unverified = _unverifying(_ANYTHING, ssl.TLSVersion.TLSv1_2, None)
        self.unverified_bare = _unverifying(_ANYTHING, ssl.TLSVersion.TLSv1_2, None, alpn=False)
        self.old = _unverifying(_ANYTHING, ssl.TLSVersion.TLSv1, None, alpn=False)
        """From TLS 1.0 on, with every suite there is."""
        self.weak = _unverifying(_WEAK, ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_2, alpn=False)
        """Only what Mozilla's intermediate configuration does not have."""
        self.weak_old = _unverifying(_ANYTHING, ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, alpn=False)
        """Only TLS 1.0 and 1.1."""
        self.fetched: Memo[str, tuple[bytes, ...]] = Memo(FETCHED_HOLDS)
        """URL of an issuer -> the certificates that were there."""
        self.dashboards: Memo[tuple[str, int], Response] = Memo(ANSWER_HOLDS)
        """Address and port -> what it answers to a question for Traefik's API."""
        self._completed: Memo[tuple[bytes, ...], ssl.SSLContext] = Memo(FETCHED_HOLDS)

    @cached_property
    def verified_bare(self) -> ssl.SSLContext:
        """As `verified`, for what is not HTTP: a server that does not know `http/1.1` would refuse it."""
        return self._verifying(alpn=False)

    @classmethod
    def load(cls, ca_file: str | None) -> Trust:
        """The system's authorities and those of a PEM file.

        Raises LocalIOError for a file that can't be read, and where there is no authority at all: every host would be
        called untrusted, and the fault is this machine's.
        """
        if ca_file is None and not _system_has_authorities():
            raise LocalIOError(
                "this machine has no certificate authorities",
                hint="install `ca-certificates`, or name some: --ca-file PEM",
            )
        hint = "--ca-file takes a PEM file with the certificates of the authorities to trust"
        try:
            if ca_file is not None:
                _refuse_odd(Path(ca_file), hint)
            return cls(ca_file)
        except ssl.SSLError:
            raise LocalIOError(f"{ca_file} contains no certificate that can be read", hint=hint) from None
        except OSError as error:
            raise LocalIOError(f"{ca_file} can't be read: {cause(error)}", hint=hint) from None

    def completed(self, issuers: tuple[bytes, ...], deadline: Deadline) -> ssl.SSLContext | None:
        """As `verified_bare`, with certificates (DER) at hand that a server should have sent.

        They are not anchors: the chain must continue from them to an authority that is trusted anyway.
        """
        return self._completed.get(issuers, lambda: self._completing(issuers), deadline)

    def learn(self, leaf: x509.Certificate, issuer: x509.Certificate) -> None:
        """A verified chain had this issuer, which signed the leaf: it completes others that lack it."""
        with self._lock:
            self._issuers.setdefault(leaf.issuer.public_bytes(), issuer)

    def issuer_of(self, certificate: x509.Certificate) -> x509.Certificate | None:
        """An issuer that completed another chain and has the name that is wanted; the caller checks its signature."""
        with self._lock:
            return self._issuers.get(certificate.issuer.public_bytes())

    def remember(self, fingerprint: str, certificate: x509.Certificate) -> None:
        """The end of a chain that nothing completes yet: another host may show its issuer later."""
        with self._lock:
            self._loose[fingerprint] = certificate

    def loose(self, fingerprint: str) -> x509.Certificate | None:
        """The end of a chain that was remembered."""
        with self._lock:
            return self._loose.get(fingerprint)

    def _verifying(self, *, alpn: bool = True) -> ssl.SSLContext:
        context = _context(_WIDE if alpn else _WIDER, ssl.TLSVersion.TLSv1_2, None, alpn=alpn)
        if self._folder is None:
            context.load_default_certs()
        else:
            context.load_verify_locations(capath=self._folder)
        if self._ca_file is not None:
            context.load_verify_locations(self._ca_file)
        # An authority that the user names is trusted, whether it is a root or not.
        context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
        context.hostname_checks_common_name = False
        return context

    def _completing(self, issuers: tuple[bytes, ...]) -> ssl.SSLContext:
        context = self._verifying(alpn=False)
        context.verify_flags &= ~ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
        context.load_verify_locations(cadata=b"".join(issuers))
        return context


def _refuse_odd(file: Path, hint: str) -> None:
    """OpenSSL says little of a file that it can't read, and waits forever for a FIFO or a device."""
    try:
        with opened(file, _MOST_BYTES):
            return
    except EdgegenError as error:
        raise LocalIOError(f"{file}: {error.problems[0].message}", hint=hint) from None


def _system_has_authorities() -> bool:
    """Where OpenSSL looks for them, `SSL_CERT_FILE` and `SSL_CERT_DIR` included, there is a file or something in it."""
    paths = ssl.get_default_verify_paths()
    if paths.cafile is not None:
        return True
    try:
        return paths.capath is not None and any(Path(paths.capath).iterdir())
    except OSError:
        return False


def _context(ciphers: str, lowest: ssl.TLSVersion, highest: ssl.TLSVersion | None, *, alpn: bool) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with warnings.catch_warnings():
        # Old versions are what this looks for.
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = lowest
        if highest is not None:
            context.maximum_version = highest
    context.set_ciphers(ciphers)
    if alpn:
        context.set_alpn_protocols(["http/1.1"])
    return context


def _unverifying(
    ciphers: str, lowest: ssl.TLSVersion, highest: ssl.TLSVersion | None, *, alpn: bool = True
) -> ssl.SSLContext:
    context = _context(ciphers, lowest, highest, alpn=alpn)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.options |= _LEGACY_SERVER_CONNECT
    return context
