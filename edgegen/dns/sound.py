"""Whether a wanted record can exist: what a provider would refuse, or a zone file would read as something else. Pure.

Foreign records are never checked by this: they are accepted as they are.
"""

from __future__ import annotations

import re

from edgegen.core.show import shown
from edgegen.core.zone_text import quoted
from edgegen.records import Record, RecordType

_MAX_NAME, _MAX_LABEL = 253, 63
_FOREIGN_TO_NAMES = re.compile(r'[^!-~]|["$();@\\]')
_CAA = re.compile(r'(\d{1,3}) [a-z0-9]{1,15} "([ !#-\[\]-~]*)"')


def check(record: Record) -> None:
    """Raise ValueError for a record in canonical spelling that can't exist."""
    _check_name(record.name)
    if record.type in (RecordType.CNAME, RecordType.NS, RecordType.MX, RecordType.SRV):
        target = record.content.split(" ", 2)[-1] if record.type is RecordType.SRV else record.content
        # Source: RFC 7505 and RFC 2782: `.` says that the service does not exist.
        if target or record.type in (RecordType.CNAME, RecordType.NS):
            _check_name(target)
    elif record.type is RecordType.TXT:
        _check_text(record.content)
    elif record.type is RecordType.CAA:
        found = _CAA.fullmatch(record.content)
        if found is None or int(found[1]) > 255:
            raise ValueError(f'`{shown(record.content)}` is not a CAA content like `0 issue "letsencrypt.org"`')
    elif "%" in record.content:
        raise ValueError(f"`{shown(record.content)}` is an address that is only valid on one interface")


def _check_name(name: str) -> None:
    if not name or len(name) > _MAX_NAME or _FOREIGN_TO_NAMES.search(name):
        raise ValueError(f"`{shown(name)}` is not a name that a record can have")
    if not all(0 < len(label) <= _MAX_LABEL for label in name.split(".")):
        raise ValueError(f"`{shown(name)}` has a part that is empty or longer than {_MAX_LABEL} characters")


def _check_text(text: str) -> None:
    try:
        quoted(text)
    except UnicodeEncodeError:
        raise ValueError(f"`{shown(text)}` contains half a character") from None
    if "\0" in text:
        raise ValueError(f"`{shown(text)}` contains a NUL")
