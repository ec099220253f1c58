"""What a lock says of its holder, on this machine or on another one."""

from __future__ import annotations

import json
import os
import time

from edgegen.core.show import shown


def signature(machine: str) -> str:
    """This process, as JSON. `machine` is the name of the one that it runs on."""
    since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    return json.dumps({"pid": os.getpid(), "host": machine, "since": since})


def in_words(signed: str | bytes) -> str:
    """`pid 7 on one, since …`, from what a holder has written down."""
    try:
        holder = json.loads(signed)
        return f"pid {int(holder['pid'])} on {shown(holder['host'], 64)}, since {shown(holder['since'], 40)}"
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return "its process is not known yet"
