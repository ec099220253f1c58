"""Users whom the registry never lets in."""

from __future__ import annotations

from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
CASES = (
    Case(
        """\
services:
  reg:
    image: registry:2
    environment:
      REGISTRY_AUTH: htpasswd
      REGISTRY_AUTH_HTPASSWD_REALM: R
      REGISTRY_AUTH_HTPASSWD_PATH: /auth/htpasswd
    volumes:
      - ./auth:/auth
""",
        ["9 high `auth/htpasswd` has no bcrypt hash for `ci`, `dev`"],
        files={"auth/htpasswd": "ok:$2y$05$aaaa\nci:$apr1$x$hash\ndev:{SHA}abc\n"},
    ),
    Case(
        """\
services:
  reg:
    image: registry:2
    environment:
      REGISTRY_AUTH: htpasswd
      REGISTRY_AUTH_HTPASSWD_REALM: R
      REGISTRY_AUTH_HTPASSWD_PATH: /auth/htpasswd
    volumes:
      - ./auth:/auth
""",
        files={"auth/htpasswd": "# x\n\nok:$2y$05$aaa\nb:$2b$10$aaa\n"},
    ),
    Case("""\
services:
  reg:
    image: registry:2
    environment:
      REGISTRY_AUTH: htpasswd
      REGISTRY_AUTH_HTPASSWD_REALM: R
      REGISTRY_AUTH_HTPASSWD_PATH: /auth/htpasswd
    volumes:
      - ./auth:/auth
"""),
    Case(
        """\
services:
  reg:
    image: registry:2
    volumes:
      - ./auth:/auth
""",
        files={"auth/htpasswd": "ci:$apr1$x$hash\n"},
    ),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "if not _BCRYPT.match(line)", "if _BCRYPT.match(line)"), CASES)
