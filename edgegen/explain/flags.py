"""Traefik's container and its flags: whether it runs, redirects, allows long uploads and exposes its API. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from edgegen.core.location import Location
from edgegen.core.show import shown
from edgegen.explain.engine_view import Inside
from edgegen.explain.reason import Reason, Weight
from edgegen.explain.wanted import Wanted
from edgegen.traefik.log import LogLine
from edgegen.traefik.settings import flags_of
from edgegen.verify.checks.check import Hop

_REDIRECTION = re.compile(r"entrypoints\.(?P<entrypoint>[^.]+)\.http\.redirections\.entrypoint\.\w+")
_ENDS = re.compile(r"command traefik error: (?P<why>.+)")
_MEND = "fix Traefik's flags in the Compose file, then run `docker compose up -d`"
_LOGS = "`edgegen logs traefik --tail 50` shows its output"
_OUTER = (Hop.TCP, Hop.TLS, Hop.ENTRYPOINT)


def edge_reasons(inside: Inside, wanted: Wanted | None) -> Iterator[Reason]:
    """What is wrong with Traefik itself."""
    if inside.traefik is None:
        whose = f" of project `{wanted.edge_project}`" if wanted and wanted.edge_is_shared else ""
        yield from down(f"Traefik{whose} has no container", f"`edgegen up`{whose and ' in that project'} starts it")
        return
    if inside.traefik.state != "running":
        why = inside.traefik.complaint or _last_words(inside.log)
        said = f", and says: {why}" if why else ""
        yield from down(f"Traefik's container {inside.traefik.standing}{said}", _LOGS)
    yield from flag_reasons(inside, wanted)


def _last_words(log: Sequence[LogLine]) -> str:
    """Why Traefik ended by itself."""
    found = (_ENDS.search(line.text) for line in reversed(log))
    return next((shown(match["why"], 300) for match in found if match), "")


def flag_reasons(inside: Inside, wanted: Wanted | None, by_hand: str = _MEND) -> Iterator[Reason]:
    """What is wrong with the flags that Traefik runs with. `by_hand`: how they are fixed where there is no spec."""
    if inside.traefik is None:
        return
    running, meant = flags_of(inside.traefik.args), flags_of((wanted.edge.get("command") or ()) if wanted else ())
    if not any(name.startswith("entrypoints.") for name in running):
        return  # configured by variables or by a file, whose values are not read here
    mend = wanted.edge_mend if wanted else by_hand
    yield from _redirection(running, meant, wanted, mend)
    yield from _read_timeout(running, meant, wanted)
    if running.get("api.insecure", "false").lower() == "true" and "api.insecure" not in meant:
        sentence = "Traefik runs with `--api.insecure`: anyone who reaches its port 8080 sees all of its configuration"
        yield Reason(Hop.ENTRYPOINT, Weight.REMARK, sentence, mend, _place(wanted, "api.insecure"))


def down(sentence: str, hint: str) -> Iterator[Reason]:
    """This breaks every link from here on."""
    return (Reason(hop, Weight.EXPLAINS, sentence, hint) for hop in _OUTER)


def _redirection(
    running: Mapping[str, str], meant: Mapping[str, str], wanted: Wanted | None, mend: str
) -> Iterator[Reason]:
    """Without `.to` Traefik stays up and serves plain HTTP."""
    matches = (_REDIRECTION.fullmatch(name) for name in (*running, *meant))
    for entrypoint in dict.fromkeys(found["entrypoint"] for found in matches if found):
        goal = f"entrypoints.{entrypoint}.http.redirections.entrypoint.to"
        if not running.get(goal):
            sentence = f"Traefik runs without `--{goal}`, so its entrypoint {entrypoint} redirects nothing to https"
            yield Reason(Hop.ENTRYPOINT, Weight.REMARK, sentence, mend, _place(wanted, "redirections"))


def _read_timeout(running: Mapping[str, str], meant: Mapping[str, str], wanted: Wanted | None) -> Iterator[Reason]:
    if wanted is None or not wanted.is_registry:
        return
    for name, value in meant.items():
        if name.endswith(".respondingtimeouts.readtimeout") and running.get(name) != value:
            limit = running.get(name, "60s")
            sentence = f"Traefik's readTimeout is {limit}: an upload that takes longer is cut, however fast it flows"
            yield Reason(Hop.ENTRYPOINT, Weight.FAULT, sentence, wanted.edge_mend, _place(wanted, "readtimeout"))


def _place(wanted: Wanted | None, word: str) -> Location | None:
    """An override that names Traefik's command replaces all of its flags."""
    return wanted.place(word, "command") if wanted else None
