"""`acme: {ca: local}`: the authority in `.edgegen/ca`, and the certificates that Traefik's file provider reads.

The authority's key and certificate are one file, made once: a crash can't leave one without the other, and a lost one
is never silently replaced, since every browser that trusts it would have to be told again.
"""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from edgegen.core.errors import LockedError, RefusedError
from edgegen.core.location import Location
from edgegen.core.reserved import reserved_end
from edgegen.desired.edge import LEAF_FOLDER, LEAF_PATH, LOCAL_CERTIFICATES
from edgegen.files import Output, put_file, read_project_file
from edgegen.files.output import PRIVATE, STATE_DIRECTORY
from edgegen.spec.edge import Spec

if TYPE_CHECKING:
    from edgegen.certificates.issuing import Pair

FOLDER = f"{STATE_DIRECTORY}/ca"
AUTHORITY = f"{FOLDER}/root-key.pem"
"""The authority itself, key and certificate; mounted nowhere."""
ROOT = f"{FOLDER}/root.pem"
"""Its certificate, for those who should trust it."""
DYNAMIC = f"traefik/dynamic/{LOCAL_CERTIFICATES}"
_MOST_NAMES = 100
"""In one certificate: it is sent with every handshake."""
_AGAIN = f"restore it from a backup, or remove {FOLDER}: `edgegen render` then creates a new one for browsers to trust"


class LocalCa(Struct, frozen=True):
    """The files of a local authority, and what to say of it."""

    authority: bytes
    outputs: tuple[Output, ...]
    is_new: bool
    """Nobody trusts it yet."""
    fingerprint: str

    def keep(self, project: Path) -> None:
        """Write the authority, before anything that it has signed. Raises LockedError where another run made one."""
        present = read_project_file(project, AUTHORITY)
        if present not in (None, self.authority):
            raise LockedError(f"another edgegen wrote `{AUTHORITY}` at the same time", hint="run the command again")
        put_file(project, AUTHORITY, self.authority, mode=PRIVATE)


def local_ca(project: Path, spec: Spec, now: datetime) -> LocalCa | None:
    """What `acme: {ca: local}` needs on disk; None where certificates come from elsewhere.

    Raises RefusedError for an authority that is lost, broken, at its end, or not meant for a host of the spec.
    """
    if not spec.acme.is_local or not spec.has_own_edge:
        return None
    names = certificate_names(spec)
    present = read_project_file(project, AUTHORITY)
    if present is None:
        _refuse_lost(project)
    root = _made(spec, names, now) if present is None else _read(present, names, now)
    leaves = list(_leaves(project, root, names, now))
    outputs = (Output(ROOT, root.public_pem()), *leaves, Output(DYNAMIC, _dynamic(leaves)))
    digest = hashlib.sha256(root.public_pem()).hexdigest()
    return LocalCa(root.pem() if present is None else present, outputs, present is None, digest)


def certificate_names(spec: Spec) -> list[str]:
    """The names that need a certificate: every public host, but those of services that bring their own."""
    own = {name for name, service in spec.services.items() if service.keeps_certificate}
    return list(dict.fromkeys(str(host) for name, host in spec.public_hosts() if name not in own))


def limits(spec: Spec, names: Sequence[str]) -> list[str]:
    """The domains that a new authority can vouch for: those of the spec. A host that is added to one needs no other."""
    return list(dict.fromkeys([*map(str, spec.domains), *(_domain(spec, name) for name in names)]))


def _domain(spec: Spec, host: str) -> str:
    if zone := spec.zone_of(host):
        return zone
    bare = host.removeprefix("*.")
    if reserved := reserved_end(bare):
        return reserved
    return bare.partition(".")[2] if bare == host and bare.count(".") > 1 else bare


def trust_line(project: Path, spec: Spec, platform: str, *, has_update: bool) -> str:
    """One line for the shell that makes this machine's programs and browsers trust the authority."""
    root, name = shlex.quote(str(project.absolute() / ROOT)), f"edgegen-{spec.name}"
    if platform == "darwin":
        return f"sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain {root}"
    system = (
        f"sudo cp {root} /usr/local/share/ca-certificates/{name}.crt && sudo update-ca-certificates"
        if has_update
        else f"sudo trust anchor --store {root}"
    )
    # Chromium and the like ask their own store, which `certutil` (libnss3-tools) writes.
    database = '"sql:$HOME/.pki/nssdb"'
    return f'{system} && mkdir -p "$HOME/.pki/nssdb" && certutil -d {database} -A -t C,, -n {name} -i {root}'


def _refuse_lost(project: Path) -> None:
    left = [path for path in (ROOT, f"{LEAF_FOLDER}/1.pem") if read_project_file(project, path) is not None]
    if left:
        raise RefusedError(
            f"the authority is gone, and its certificates are still here ({', '.join(left)})",
            where=Location(str(project / AUTHORITY)),
            hint=_AGAIN,
        )


def _made(spec: Spec, names: Sequence[str], now: datetime) -> Pair:
    from cryptography import x509

    from edgegen.certificates.issuing import authority, new_key

    title = f"edgegen local CA of {spec.name}"
    return authority(title, limits(spec, names), now, new_key(), x509.random_serial_number())


def _read(present: bytes, names: Sequence[str], now: datetime) -> Pair:
    from edgegen.certificates.issuing import permitted, read_pair

    where = Location(AUTHORITY)
    try:
        root = read_pair(present)
    except (ValueError, TypeError) as error:
        first = str(error).partition("\n")[0] or "no certificate with its key"
        raise RefusedError(f"the authority can't be read: {first}", where=where, hint=_AGAIN) from None
    if root.certificate.not_valid_after_utc <= now:
        raise RefusedError(f"ended on {root.certificate.not_valid_after_utc:%Y-%m-%d}", where=where, hint=_AGAIN)
    if outside := root.outside(names):
        raise RefusedError(
            f"the authority is limited to {', '.join(permitted(root.certificate))}: it can't vouch for `{outside[0]}`",
            where=where,
            hint=f"remove {FOLDER}: `edgegen render` then creates a new one for browsers to trust",
        )
    return root


def _leaves(project: Path, root: Pair, names: Sequence[str], now: datetime) -> Iterator[Output]:
    for number, start in enumerate(range(0, len(names), _MOST_NAMES), 1):
        path = f"{LEAF_FOLDER}/{number}.pem"
        yield Output(
            path, _leaf(read_project_file(project, path), root, names[start : start + _MOST_NAMES], now), PRIVATE
        )


def _leaf(present: bytes | None, root: Pair, names: Sequence[str], now: datetime) -> bytes:
    from cryptography import x509

    from edgegen.certificates.issuing import is_current, leaf, new_key, read_pair

    if present is not None:
        try:
            if is_current(read_pair(present), root, names, now):
                return present
        except (ValueError, TypeError):
            pass  # not a certificate any more: whose work that is, is judged where files are written
    return leaf(root, names, now, new_key(), x509.random_serial_number()).pem()


def _dynamic(leaves: Sequence[Output]) -> bytes:
    """Traefik reads a certificate again when a file of this folder changes: so this one changes with them."""
    import json

    paths = [f"{LEAF_PATH}/{item.parts[-1]}" for item in leaves]
    data = {"tls": {"certificates": [{"certFile": path, "keyFile": path} for path in paths]}}
    digest = hashlib.sha256(b"".join(item.content for item in leaves)).hexdigest()
    about = "# Certificates of the local authority. Changes with them, so that Traefik reads them again.\n"
    return f"{about}# {digest[:16]}\n{json.dumps(data if paths else {})}\n".encode()
