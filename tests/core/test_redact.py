"""What is shown of a user's file has no secret in it, and all the rest of the line."""

from __future__ import annotations

import pytest

from edgegen.core.redact import redacted, redacted_line

BCRYPT = "$2y$05$ZKDTlvhwUnPVUYl5yNDIAeWlG6rMTB5pCjqV3NXqYvdZP1RBAiKbi"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (f"- traefik.x=me:{BCRYPT}", "- traefik.x=me:***"),
        (f'"a.basicauth.users": "me:{BCRYPT.replace("$", "$$")},you:plain"', '"a.basicauth.users": "me:***,you:***"'),
        ("me:$apr1$H6uskkkW$IgXLP6ewTrSuBkTrqE8wj/", "me:***"),
        ("me:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=", "me:***"),
        ("DATABASE_URL: postgres://u:pw@db/x", "DATABASE_URL: postgres://u:***@db/x"),
        ("says `Basic am9lOnNlY3JldA==`", "says `Basic ***`"),
        ("a.Authorization=Bearer eyJhbGciOi.J9", "a.Authorization=Bearer ***"),
        ("-----BEGIN EC PRIVATE KEY----- MHcC -----END EC PRIVATE KEY-----", "***"),
    ],
)
def test_hashes_and_passwords_are_masked_everywhere(line: str, shown: str) -> None:
    assert redacted(line) == shown
    assert redacted_line(line) == shown


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("  POSTGRES_PASSWORD: hunter2 # why", "  POSTGRES_PASSWORD: *** # why"),
        ("  SMTP_PASS: two words # why", "  SMTP_PASS: *** # why"),
        ("DB_PASS=abc$part#rest", "DB_PASS=***"),
        ("export DB_PASSWORD=one,two", "export DB_PASSWORD=***"),
        ('  - "DB_PASSWORD=two words"', '  - "DB_PASSWORD=***"'),
        ('"db_password": "two words",', '"db_password": ***,'),
        ("X=$argon2id$v=19$m=65540,t=3,p=4$salt$hash", "X=***"),
        ("  customrequestheader.Authorization: Basic am9l", "  customrequestheader.Authorization: Basic ***"),
        ("- a.customrequestheaders.X-Api-Key=abc", "- a.customrequestheaders.X-Api-Key=***"),
        ("  - CF_DNS_API_TOKEN=abc", "  - CF_DNS_API_TOKEN=***"),
        ("  --acme.eab.hmacencoded=abc", "  --acme.eab.hmacencoded=***"),
        ("command: [--token, abc, --x]", "command: [--token, ***, --x]"),
        ('command: ["--db.password" , "abc"]', 'command: ["--db.password" , "***"]'),
        ("command: run --api-key abc --x", "command: run --api-key *** --x"),
    ],
)
def test_the_value_of_what_is_named_as_a_secret_is_masked_in_a_line(line: str, shown: str) -> None:
    assert redacted_line(line) == shown


@pytest.mark.parametrize(
    "line",
    [
        "- traefik.http.routers.web.rule=Host(`a`)", "- TOKEN=${TOKEN}", "POSTGRES_PASSWORD_FILE: /run/secrets/x",
        "secrets: [db-password]", "  db-password: {file: x}", "    secret:", "image: traefik:v3.6", "costs $5 and $$5",
        "a.basicauth.usersfile=/etc/users", "Basic authentication of 2 users",
        "a.authresponseheaders=Authorization,X-User", "run --token", "[--token, --x]", "--token $TOKEN", "my-token abc",
        "a.authresponseheaders: [Authorization]", "Authorization: ${LOGIN}", 'password: ""', "compass=1",
        "bypass: true", "passHostHeader: true", 'TOKEN: "${TOKEN}"',
    ],
)  # fmt: skip
def test_the_rest_stays(line: str) -> None:
    assert redacted_line(line) == line
