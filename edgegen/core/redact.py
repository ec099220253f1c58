"""A line of a user's file without the secrets that are recognised in it: for excerpts, messages and differences."""

from __future__ import annotations

import re

from edgegen.core.pattern import late_pattern
from edgegen.core.secret import MASK

_HASH = late_pattern(
    r"""
    \${1,2}(?:2[abxy]?|1|5|6|7|y|gy|apr1|scrypt|pbkdf2[a-z0-9-]*)\${1,2}[^\s,'"`|)\]}]{4,}
    | \${1,2}argon2[a-z]{1,2}\${1,2}[^\s'"`|)\]}]{4,}
    | \{(?:S?SHA(?:256|512)?|MD5|CRYPT)\}[^\s,'"`|)\]}]{4,}
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""What crypt(3), htpasswd and LDAP make of a password, with `$$` for `$` as a Compose file has it."""
_USERS = late_pattern(r"((?:basicauth|digestauth)\.users[\"']?\s*[=:]\s*[\"']?)([^\"'#\s][^\"'#]*)", re.IGNORECASE)
_USER = late_pattern(r"([^:,\s]+:)[^,\s]*")
_IN_URL = late_pattern(r"(://[^/?#\s:@]*:|(?<=http)://|(?<=https)://)[^/?#\s@]+@")
"""A password, or a token in place of a user; that of `ssh://` is the name of a user."""
_BARE_LOGIN = late_pattern(r"((?:\b(?:image|url)[\"']?\s*:\s*[\"']?|^))[^\s/@:\"']+:[^\s/@\"']+@(?!sha[0-9]{1,3}:)")
"""A login before an image's registry, or in a URL without `http://`: nothing takes it, but people write it."""
_NAMES = (
    r"[\w.-]*(?:passwo?rd|passwd|passphrase|secret|token|api_?key|private_?key|access_?key|hmac(?:encoded)?"
    r"|(?<![a-z])(?:pass|pwd))"
)
_ALONE = late_pattern(
    rf"""
    ^(\s*(?:-\s+)?)(["'])?((?:export\s+)?{_NAMES}["']?\s*(?:=|:(?=\s))\s*)
    (?!["']?(?:\$\{{|/run/secrets/)|[{{\[&*|>!]|(?:"|'|""|'')?\s*(?:\#|$))
    ("[^"]*"?|'[^']*'?|(?(2)[^\s"'][^"']*|[^\s"'](?:(?!\s\#).)*))
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""A line of one name and its value, which may hold spaces and commas."""
_NAMED = late_pattern(
    rf"""
    ({_NAMES}
    ["']?\s*(?:=|:(?=\s))\s*["']?)
    (?!\$\{{|/run/secrets/|[{{\[&*|>!]|["']?\s*(?:\#|$))([^\s"',}}\]\#]+)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_FLAG = late_pattern(
    r"((?<![\w-])--?[\w.-]*(?:passwo?rd|passwd|passphrase|secret|token|api-?key|private-?key|access-?key)[\"']?"
    r"(?:\s*,\s*|\s+)[\"']?)(?![\s\"'\]},#&|;<>$-])[^\s\"',}\]]+",
    re.IGNORECASE,
)
"""A flag of a command, whose value is the next word or the next item of a list."""
_LOGIN = late_pattern(r"\b(Basic|Bearer)(\s+)(?=[^\s\"',]*[0-9=])[\w.~+/-]{6,}={0,2}", re.IGNORECASE)
"""What a header of HTTP logs in with. Prose about it (`Basic authentication`) has neither a digit nor an `=`."""
_HEADER = late_pattern(
    r"((?:authorization|x-api-key|cookie)[\"']?\s*(?:=|:(?=\s))\s*[\"']?(?:(?:Basic|Bearer|Token)\s+)?+)"
    r"(?!\$\{|[{\[&*|>!#])([^\s\"',]+)",
    re.IGNORECASE,
)
_KEY = late_pattern(r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)")
_FILE = late_pattern(r"(?:_file|file)[\"']?\s*(?:=|:(?=\s))\s*[\"']?\Z", re.IGNORECASE)
_SIGNS = ("$", "{", "@", "-----begin", ".users", "basic", "bearer")
"""Each of the expressions for any text asks for one of these."""
_SIGNS_OF_LINES = (*_SIGNS, "pass", "pwd", "secret", "token", "key", "hmac", "authorization", "cookie")


def _may_hold(text: str, signs: tuple[str, ...]) -> bool:
    """Whether any expression may find something. Most lines hold no secret, and the expressions take long to compile.

    Outside of ASCII other letters count as equal, too: the expressions know them.
    """
    lower = text.lower()
    return not text.isascii() or any(sign in lower for sign in signs)


def redacted(text: str) -> str:
    """A sentence with `***` for password hashes, logins of HTTP headers, and passwords in URLs."""
    if not _may_hold(text, _SIGNS):
        return text
    text = _KEY.sub(MASK, text)
    text = _USERS.sub(lambda found: found[1] + _USER.sub(rf"\1{MASK}", found[2]), text)
    text = _LOGIN.sub(rf"\1\2{MASK}", _HASH.sub(MASK, text))
    return _IN_URL.sub(rf"\1{MASK}@", text)


def redacted_image(text: str) -> str:
    """An image, a URL without a scheme, or the line of one, without its login."""
    return _BARE_LOGIN.sub(rf"\1{MASK}@", text)


def redacted_line(text: str) -> str:
    """A line of a file: also without the values of what is named as a secret."""
    if not _may_hold(text, _SIGNS_OF_LINES):
        return text
    text = _FLAG.sub(rf"\1{MASK}", _HEADER.sub(rf"\1{MASK}", redacted_image(redacted(text))))
    text = _ALONE.sub(lambda found: f"{found[1]}{found[2] or ''}{found[3]}{MASK}", text)
    return _NAMED.sub(lambda found: found[0] if _FILE.search(found[1]) else found[1] + MASK, text)
