"""A new service for edge.yaml: refused where a name or host is taken, checked as a whole, and only then written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from edgegen.core.errors import RefusedError, SpecError
from edgegen.core.location import has
from edgegen.core.reserved import is_reserved
from edgegen.lint.edits.blocks import with_block
from edgegen.project.adding.edit import Edit, Present, checked_edit, present_for_services, unchanged
from edgegen.project.adding.pieces import Piece
from edgegen.project.adding.wish import Asked, Wish, asked
from edgegen.project.init import DEFAULT_USER
from edgegen.spec import SPEC_FILE
from edgegen.spec.covered import meant
from edgegen.spec.source import first_that_reads


class Addition(Struct, frozen=True):
    """What `add` is about to do, or has nothing to do for."""

    service: str
    host: str
    edit: Edit
    places: tuple[str, ...]
    """What is new in the spec: `services.blog`, `secrets.blog-db-password` …"""


def addition(project: Path, wish: Wish) -> Addition:
    """The new edge.yaml. Raises RefusedError for what collides, SpecError for a spec that is wrong already."""
    now = present_for_services(project)
    what = asked(wish, now.loaded.spec, DEFAULT_USER)
    new = [piece for piece in what.pieces if not _is_there(now, piece)]
    if not new:
        return Addition(what.service, what.host, unchanged(now), ())
    _refuse_names(now, new)
    _refuse_host(now, what, shared=bool(wish.path))
    _refuse_domain(now, what.host)
    edit = checked_edit(now, _with_pieces(now, new))
    return Addition(what.service, what.host, edit, tuple(f"{piece.section}.{piece.name}" for piece in new))


def _is_there(now: Present, piece: Piece) -> bool:
    return _has(now, piece) and now.data[piece.section][piece.name] == piece.value


def _has(now: Present, piece: Piece) -> bool:
    return has(now.data.get(piece.section), piece.name)


def _refuse_names(now: Present, new: Sequence[Piece]) -> None:
    for piece in new:
        if _has(now, piece):
            raise RefusedError(
                f"the spec already has `{piece.section}.{piece.name}`, with other content",
                where=now.loaded.locate((piece.section, piece.name)),
                hint="choose another name for the new service: --name NAME",
            )


def _refuse_host(now: Present, what: Asked, *, shared: bool) -> None:
    for path, host in now.loaded.spec.host_places():
        if host == what.host and not shared:
            owner = "the dashboard" if path[0] == "edge" else f"`{path[1]}`"
            raise RefusedError(
                f"`{host}` is already the name of {owner}",
                where=now.loaded.locate(path),
                hint="choose another host; --path /PREFIX gives the new service a part of this one",
            )


def _refuse_domain(now: Present, host: str) -> None:
    spec = now.loaded.spec
    if not spec.domains or spec.zone_of(host) or is_reserved(host):
        return
    raise RefusedError(
        f"no domain of `domains:` covers `{host}`", where=now.loaded.locate(("domains",)), hint=_domain_hint(now, host)
    )


def _domain_hint(now: Present, host: str) -> str:
    from edgegen.core.errors import UsageError
    from edgegen.core.registrable import registrable

    if near := meant(host, now.loaded.spec.domains):
        return f"did you mean `{near}`?"
    try:
        zone = registrable(host.removeprefix("*."))
    except UsageError:
        zone = host.removeprefix("*.")
    first = next(iter(now.loaded.spec.domains.values()))
    return f"add the line `{zone}: {{addresses: [{', '.join(first.addresses) or 'auto'}]}}` under `domains:`"


def _with_pieces(now: Present, new: Sequence[Piece]) -> str:
    """Raises SpecError, with the lines to write, for a file that can't be extended here."""
    source, data = now.source, now.data
    for piece in new:
        data = {**data, piece.section: {**(data.get(piece.section) or {}), piece.name: piece.value}}
        spaced = piece.section == "services"
        found = first_that_reads(with_block(source, piece.section, piece.block, spaced=spaced), SPEC_FILE, data)
        if found is None:
            lines = "\n".join(f"  {line}" for line in piece.block.lines)
            raise SpecError(
                f"`{piece.section}` can't be extended in this file: other places use the same lines (anchors, aliases)",
                where=now.loaded.locate((piece.section,)),
                hint=f"write it yourself:\n{piece.section}:\n{lines}",
            )
        source = found.decode()
    return source
