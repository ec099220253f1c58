"""Variables that the registry ignores."""

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
      REGISTRY_AUTH_HTPASWD_PATH: /x
""",
        ["5 medium the registry ignores `REGISTRY_AUTH_HTPASWD_PATH`: no option has that name, so it sets no login"],
    ),
    Case(
        """\
services:
  reg:
    image: registry:2
    environment:
      - REGISTRY_STORAGE_DELETE_ENABLE=true
""",
        ["5 medium the registry ignores `REGISTRY_STORAGE_DELETE_ENABLE`: no option"],
    ),
    Case(
        """\
services:
  reg:
    image: registry:2
    environment:
      REGISTRY_AUTH: htpasswd
      REGISTRY_AUTH_HTPASSWD_PATH: /x
""",
        ["5 high the registry exits at startup: `REGISTRY_AUTH=htpasswd` needs `REGISTRY_AUTH_HTPASSWD_REALM`"],
    ),
    Case("""\
services:
  reg:
    image: registry:2
    environment:
      REGISTRY_AUTH: htpasswd
      REGISTRY_AUTH_HTPASSWD_REALM: R
      REGISTRY_AUTH_HTPASSWD_PATH: /auth/htpasswd
"""),
    Case("""\
services:
  reg:
    image: registry:2
    environment:
      - REGISTRY_HTTP_HEADERS_Access-Control-Allow-Origin=x
      - REGISTRY_STORAGE_S3_BUCKET=x
      - REGISTRY_STORAGE=x
      - REGISTRY_HTTP_ADDR=x
      - REGISTRY_LOG_LEVEL=x
      - REGISTRY_STORAGE_DELETE_ENABLED=x
      - REGISTRY_HTTP_TLS_CERTIFICATE=x
      - REGISTRY_PROXY_REMOTEURL=x
      - REGISTRY_HTTP_SECRET=x
      - REGISTRY_NOTIFICATIONS_ENDPOINTS_0_URL=x
      - REGISTRY_REDIS_ADDR=x
      - REGISTRY_STORAGE_FILESYSTEM_ROOTDIRECTORY=x
      - REGISTRY_VALIDATION_DISABLED=x
"""),
    Case("""\
services:
  reg:
    image: joxit/docker-registry-ui:2
    environment: {REGISTRY_TITLE: x}
"""),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed() -> None:
    assert differences(with_fault(RULE, "or _is_known(name)", "or not _is_known(name)"), CASES)
    assert differences(with_fault(RULE, "name not in said", "name in said"), CASES)
