"""htpasswd files of bcrypt lines, the only ones that a registry understands."""

from __future__ import annotations

import secrets
import shlex
import string
from codecs import BOM_UTF8

from msgspec import Struct

from edgegen.core.errors import SpecError
from edgegen.core.location import Location
from edgegen.core.pattern import late_pattern
from edgegen.core.secret import Secret

COST = 10  # 2**10 rounds, about 80 ms: each request to a registry pays it
PASSWORD_LENGTH = 24  # letters and digits: 142 bits
MAX_BYTES = 72  # bcrypt ignores the rest of a password

_LINE = late_pattern(r"^(?P<user>[^:\s]+):(?P<hash>\$2[aby]\$\d\d\$[./A-Za-z0-9]{53})$")
_ALPHABET = string.ascii_letters + string.digits


class Users(Struct, frozen=True):
    """The users of an htpasswd file, in its order."""

    hashes: dict[str, str]

    @classmethod
    def parse(cls, content: bytes, file: str) -> Users:
        """Raise SpecError, with the line, for anything but bcrypt lines: a registry would never let such users in."""
        if content.startswith(BOM_UTF8):
            raise SpecError(
                "begins with a byte order mark: a registry takes it for a part of the first user's name",
                where=Location(file, 1, 1),
                hint=f"remove it: sed -i '1s/^\\xEF\\xBB\\xBF//' {shlex.quote(file)}",
            )
        hashes: dict[str, str] = {}
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            match = _LINE.match(line.strip())
            if not match:
                raise SpecError(
                    "not a bcrypt line: a registry ignores every other kind of hash",
                    where=Location(file, number, 1),
                    hint="remove the line and run `edgegen registry user passwd NAME`",
                )
            hashes[match["user"]] = match["hash"]
        return cls(hashes)

    def content(self) -> bytes:
        """The file's bytes."""
        return "".join(f"{user}:{digest}\n" for user, digest in self.hashes.items()).encode()

    def with_user(self, user: str, password: Secret) -> Users:
        """The same users with this one added, or with another password."""
        return Users({**self.hashes, user: bcrypt_hash(password)})

    def without(self, user: str) -> Users:
        """The same users without this one."""
        return Users({name: digest for name, digest in self.hashes.items() if name != user})


def bcrypt_hash(password: Secret) -> str:
    """The bcrypt hash of a password of at most 72 bytes. Raises ValueError for what bcrypt would cut or can't carry."""
    import bcrypt

    try:
        data = password.reveal().encode()
    except UnicodeEncodeError:  # without its words: they would quote the password
        raise ValueError("a password must be UTF-8 text") from None
    if b"\0" in data:
        raise ValueError("a password can't have a NUL byte: bcrypt reads nothing after it")
    if not 0 < len(data) <= MAX_BYTES:
        raise ValueError(f"a password must have 1 to {MAX_BYTES} bytes: bcrypt reads no more")
    return bcrypt.hashpw(data, bcrypt.gensalt(COST)).decode("ascii")


def random_text(length: int) -> Secret:
    """`length` random letters and digits from the system's source."""
    return Secret("".join(secrets.choice(_ALPHABET) for _ in range(length)))
