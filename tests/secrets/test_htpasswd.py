"""Lines of htpasswd: bcrypt alone, and what is written really is the password's hash."""

from __future__ import annotations

import bcrypt
import pytest

from edgegen.core.errors import SpecError
from edgegen.core.secret import Secret
from edgegen.secrets.htpasswd import Users, bcrypt_hash, random_text

HASH = "$2y$05$abcdefghijklmnopqrstuuWFyTzZUdNoRPLOMXnzfiyI8bHVK5VOa"
OTHERS = {
    "plain text": "ci:secret",
    "SHA-1": "ci:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=",
    "salted SHA-1": "ci:{SSHA}kNvXd3D0HVMkZbHMEwAXPyYqVdyUNFMm",
    "Apache's MD5": "ci:$apr1$r31.....$HqJZimcKQFAMYayBlzkrA/",
    "MD5 crypt": "ci:$1$salt$qJH7.N4xYta3aEG/dfqo/0",
    "SHA-256 crypt": "ci:$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc8",
    "SHA-512 crypt": "ci:$6$salt$" + "IxDD3jeSOb5eB1CX5LBsqZFVkJdido3OUILO5Ifz5iwM" * 2,
    "DES crypt": "ci:rl0uE2dDQc6bA",
    "argon2": "ci:$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b27Hw",
    "bcrypt cut short": f"ci:{HASH[:-1]}",
    "bcrypt of an unknown kind": f"ci:{HASH.replace('2y', '2x')}",
    "no user": f":{HASH}",
    "no colon": HASH,
    "a space in the name": f"c i:{HASH}",
}


@pytest.mark.parametrize("line", OTHERS.values(), ids=OTHERS)
def test_every_other_format_is_refused_with_its_line(line: str) -> None:
    with pytest.raises(SpecError) as caught:
        Users.parse(f"# users\nok:{HASH}\n{line}\n".encode(), "registry/htpasswd")
    assert str(caught.value.problems[0].where) == "registry/htpasswd:3:1"
    assert line not in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_byte_order_mark_is_no_part_of_a_name() -> None:
    """A registry takes it for one, so the first user could not log in."""
    with pytest.raises(SpecError, match="byte order mark") as caught:
        Users.parse(b"\xef\xbb\xbf" + f"ci:{HASH}\n".encode(), "my users/htpasswd")
    assert caught.value.problems[0].hint.endswith("'my users/htpasswd'")


@pytest.mark.parametrize("kind", ["2a", "2b", "2y"])
def test_bcrypt_is_accepted(kind: str) -> None:
    line = f"ci:{HASH.replace('2y', kind)}"
    assert Users.parse(f"\n{line}\r\n".encode(), "f").content() == f"{line}\n".encode()


@pytest.mark.slow
def test_a_hash_verifies_the_password_and_no_other(cost_of_hashes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edgegen.secrets.htpasswd.COST", cost_of_hashes)
    made = bcrypt_hash(Secret("pässword $1"))
    assert bcrypt.checkpw("pässword $1".encode(), made.encode())
    assert not bcrypt.checkpw(b"password $1", made.encode())
    assert int(made.split("$")[2]) >= 10


@pytest.mark.parametrize(
    ("password", "said"),
    [("", "72 bytes"), ("x" * 73, "72 bytes"), ("ä" * 37, "72 bytes"), ("a\0b", "NUL"), ("a\udcff", "be UTF-8 text")],
)
def test_a_password_that_bcrypt_would_cut_is_refused(password: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        bcrypt_hash(Secret(password))


@pytest.mark.slow
def test_changes_leave_the_others_and_their_order() -> None:
    users = Users.parse(f"a:{HASH}\nb:{HASH}\nc:{HASH}\n".encode(), "f")
    changed = users.with_user("b", Secret("new")).without("c").with_user("d", Secret("x"))
    assert list(changed.hashes) == ["a", "b", "d"]
    assert changed.hashes["a"] == HASH
    assert changed.hashes["b"] != HASH
    assert list(users.hashes) == ["a", "b", "c"]


def test_random_text_is_letters_and_digits_and_never_the_same() -> None:
    made = {random_text(24).reveal() for _ in range(100)}
    assert len(made) == 100
    assert all(len(text) == 24 and text.isalnum() and text.isascii() for text in made)
