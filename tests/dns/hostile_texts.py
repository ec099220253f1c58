"""Names and contents of records that can't be, or that mean something else to whoever reads them carelessly."""

from __future__ import annotations

HOSTILE_TEXTS = (
    "x\nevil 60 IN A 192.0.2.66", "x\r\n", "a\tb", "\x00", "\x1b[2J", "a\x85b", "a b", "", " ", "..", ".", "a..b",
    ".a", "x" * 64, "a" * 260, "*.*", "a.*", "-a", "a-", "a_b", "x.example.org.", "x.example.org", "@.a", "$ORIGIN",
    "$INCLUDE /etc/passwd", '"', "\\", ";", "(", ")", "☃.", "ß", "xn--", "a;b", "a\\.b", "192.0.2.1", "2001:db8::1",
    "10 mail.example.net", "0 1 993 mail.example.net", "http://x.example.net/", "x.example.net:443", "localhost",
    "_acme-challenge", "_acme-challenge.www", "www", "@", "www.example.com", "ns.example.com", "\u2028", "a\u200bb",
    '"open', '"a" b', '"a\\999"', '"\\1"', "0 issue", "300 issue x.org", "0 is-sue x", '0 issue "a" "b"',
    "1 issue x.org", "0 iodef x", "127.0.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "::ffff:1.2.3.4",
    "fe80::1%eth0", "1.2.3", "0300.0.2.1", "١.٢.٣.٤", "t" * 5000, "t" * 70000, "a\\;b", " lead", "trail ",
    "192.0.2.1\n", "example.com",
)  # fmt: skip
