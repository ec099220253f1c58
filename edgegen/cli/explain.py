"""`edgegen explain URL`: trace one request to its first broken link."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from edgegen.cli import complete, look_options
from edgegen.cli.console import coloured, json_result, note, out, printable
from edgegen.cli.deploy_options import runner
from edgegen.cli.options import HERE, AuthorityPort, Directory, Environment, Host, Json, Quiet, Resolver, Verbose
from edgegen.lookup import DNS_PORT
from edgegen.verify.settings import TIMEOUT

if TYPE_CHECKING:
    from edgegen.explain.subject import Subject
    from edgegen.project.explain import Explained
    from edgegen.verify.diagnosis import Link
    from edgegen.verify.look.traefik_api import Door
    from edgegen.verify.settings import Settings

_MARKS = {"good": ("good", "32"), "broken": ("BROKEN", "31;1"), "not-seen": ("?", "33")}
_MARK, _HOP = 8, 12
_INDENT = " " * (_MARK + _HOP)
_WIDEST = 100
_CODES = {True: 0, False: 1, None: 4}

Url = Annotated[
    str, typer.Argument(metavar="URL", autocompletion=complete.url, help="E.g. https://www.example.com/path.")
]
TraefikApi = Annotated[
    str, typer.Option("--traefik-api", metavar="URL", help="Also ask Traefik's API, e.g. http://127.0.0.1:8080.")
]


def explain(
    url: Url,
    host: Host = "",
    traefik_api: TraefikApi = "",
    timeout: look_options.Timeout = TIMEOUT,
    ca_file: look_options.CaFile = None,
    connect_to: look_options.ConnectTo = None,
    resolver: Resolver = None,
    allow_private: look_options.AllowPrivate = False,
    cf_ranges: look_options.CfRanges = None,
    authority_port: AuthorityPort = DNS_PORT,
    directory: Directory = HERE,
    environment: Environment = None,
    json: Json = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> int:
    """Trace a request: DNS, TCP, TLS, entrypoint, router, service, container. Show the first broken link.

    The last links can only be checked where the engine is: on the server, or with --host. Exit 0: no problems. 1: a
    link is broken. 4: no link is broken, but something could not be checked.
    """
    from edgegen.explain.subject import subject_of
    from edgegen.project.explain import door_of
    from edgegen.project.verify import with_local_authority

    settings = look_options.look_settings(
        ca_file=ca_file, connect_to=connect_to, resolver=resolver, allow_private=allow_private, timeout=timeout,
        cf_ranges=cf_ranges, authority_port=authority_port,
    )  # fmt: skip
    subject = subject_of(directory, environment, url)
    settings = with_local_authority(settings, [subject.endpoint], directory)
    found, code = _walk(subject, settings, host, door_of(traefik_api, subject.loaded, os.environ))
    for remark in found.notes:
        note(remark)
    if json:
        json_result("explain", code == 0, found.findings, **_as_json(found))
    else:
        out("\n".join(_text(found)))
    return code


def _walk(subject: Subject, settings: Settings, host: str, door: Door | None) -> tuple[Explained, int]:
    """The links, and the exit code; that of a signal if one arrived."""
    from edgegen.cli.progress import progress_bar
    from edgegen.project.explain import Ears, explain
    from edgegen.project.verify import Ways
    from edgegen.system.stop import Stop

    settings = look_options.logged_in(settings, [subject.endpoint])
    ears = Ears(runner(host), host, door)
    stop = Stop()
    with stop.on_signals(), progress_bar("links seen", "tracing the request") as progress:
        found = explain(subject, settings, Ways(lambda: datetime.now(UTC), stop.event, progress), ears)
    return found, _CODES[found.good] if stop.exit_code is None else stop.exit_code


def _as_json(found: Explained) -> dict[str, object]:
    endpoint, first = found.subject.endpoint, found.first
    return {
        "url": found.subject.url,
        "host": endpoint.host,
        "service": endpoint.name if found.subject.in_spec else None,
        "incomplete": found.incomplete,
        "links": [link.as_json() for link in found.links],
        "first_broken": first.as_json() if first else None,
        "notes": list(found.notes),
    }


def _text(found: Explained) -> Iterator[str]:
    for link in found.links:
        yield from _link(link)
    yield from _wrapped(_verdict(found), "")


def _link(link: Link) -> Iterator[str]:
    mark, colour = _MARKS[link.state.value]
    where = f" [{link.where}]" if link.where and link.state.value == "broken" else ""
    first, *rest = _wrapped(f"{mark:<{_MARK}}{link.hop.value:<{_HOP}}{link.message}{where}", _INDENT)
    yield coloured(first[:_MARK].rstrip(), colour, sys.stdout) + first[len(mark) :]
    yield from rest
    for remark in link.remarks:
        yield from _wrapped(f"{_INDENT}{remark}", _INDENT)
    if link.hint:
        yield from _wrapped(f"{_INDENT}-> {link.hint}", _INDENT)


def _verdict(found: Explained) -> str:
    if found.incomplete:
        return "stopped before everything was checked"
    if found.first:
        where = f": see {found.first.where}" if found.first.where else ""
        return f"the first broken link is {found.first.hop.value}{where}"
    return "every link is good" if found.good else "no link is broken, as far as can be checked from here"


def _wrapped(text: str, hanging: str) -> list[str]:
    """In pieces that fit a terminal; one line for programs. Text from others is made harmless."""
    text = printable(text).replace("\n", " ").replace("\t", " ")
    if not sys.stdout.isatty():
        return [text]
    lead = text[: len(text) - len(text.lstrip())]
    width = max(40, min(shutil.get_terminal_size().columns, _WIDEST))
    return textwrap.wrap(text.strip(), width, initial_indent=lead, subsequent_indent=hanging, drop_whitespace=True)
