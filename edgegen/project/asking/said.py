"""Traefik's answer as findings, each at its line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from edgegen.core.finding import Outcome, Severity
from edgegen.core.location import Location
from edgegen.lint.edge import edge_of
from edgegen.lint.model import Project, Traefik
from edgegen.lint.own.el900_traefik_says import RULE as SAYS
from edgegen.lint.own.el901_traefik_not_asked import RULE as NOT_ASKED
from edgegen.lint.results import Result, stated
from edgegen.lint.rule import Confidence
from edgegen.oracle.answer import Answer, Data, errors_of
from edgegen.oracle.question import Question
from edgegen.project.asking.in_files import Place
from edgegen.project.asking.naming import named, options, removed
from edgegen.project.asking.places import Places
from edgegen.project.asking.question import PLACEHOLDER
from edgegen.traefik.errors import meaning
from edgegen.traefik.log import LogLine, read_log
from edgegen.traefik.named import SINGULAR
from edgegen.traefik.version import Version

STOPPED = "Traefik does not start:"
_UNDEFINED = re.compile(
    r"does not exist|doesn't exist|non-?existent|references a non-existing|unknown TLS options|transport not found"
)
_KEPT = re.compile(r"(?:middleware|service) \S+ does not exist")
"""What Traefik also notes at the router, as long as it is so."""
_SECOND = re.compile(r"Defaulting to first available network|[Nn]o valid entryPoint for this router")
"""A line that only repeats the one before it."""
_FOR_A_PERSON = re.compile(r"HostSNI matcher, \"[^\"]*[<{]")
"""A host like `app.<domain>`, which is for a person to fill in."""
_HARMLESS = ("deprecated", "is not configured", "will be processed once")
_NETWORK = re.compile(r'Could not find network named "([^"]+)"')
_FILE = re.compile(r"open /\S+: no such file or directory")
_CERTIFICATE = re.compile(r"Unable to (?:parse|append) certificate /.*failed to find any PEM data")
"""Of a file that is not here: Traefik takes the path for the certificate itself."""


def results(asked: Asked, answer: Answer) -> Iterator[Result]:
    """All that Traefik says of this project."""
    if answer.exit_code is not None:
        yield from asked.of_exit(answer)
        return
    used = [*_errors(answer.middlewares), *_errors(answer.services)]
    for line in read_log("\n".join((*answer.errors, *answer.warnings))):
        if not _SECOND.search(line.text) and not _is_in(line.text, used) and not _is_over(line, answer):
            yield from asked.of_line(line)
    yield from asked.of_items("routers", answer.routers, used)  # a router is off for what it uses
    yield from asked.of_items("middlewares", answer.middlewares)
    yield from asked.of_items("services", answer.services)
    yield from asked.unasked(answer)


def not_asked(project: Project, why: str, hint: str) -> Result:
    """Traefik could not be asked about this project at all."""
    where = project.files[0].location(()) if project.files else None
    return stated(NOT_ASKED, Outcome.UNKNOWN, project.folder, f"Traefik was not asked: {why}", where, hint=hint)


class Asked:
    """One question and its answer."""

    def __init__(self, project: Project, traefik: Traefik | None, question: Question, version: Version) -> None:
        self._project = project
        self._traefik = traefik
        self._question = question
        self._places = Places(project, traefik, question)
        self._version = version

    def of_exit(self, answer: Answer) -> Iterator[Result]:
        """It did not start."""
        lines = [line for line in read_log("\n".join(answer.errors)) if line.text] or [
            LogLine("error", text) for text in answer.errors[:3]
        ]
        told: list[str] = []
        for line in lines:
            text = re.sub(r"^command traefik error: ", "", line.error or line.message)
            if ("incompatible deprecated" in text and told) or _is_in(text, told) or any(text in item for item in told):
                continue
            told.append(text)
            yield self._result(f"{STOPPED} {text}", text, self._places.of_static([*removed(text), *named(text)]))

    def of_line(self, line: LogLine) -> Iterator[Result]:
        """A line of its log."""
        text, fields = line.text, line.fields
        if _FOR_A_PERSON.search(text):
            return
        if "port is missing" in text and not self._places.is_labelled(fields.get("container", "")):
            return  # nobody wants it routed
        place = self._place(text, fields)
        if network := _NETWORK.search(text):
            place = self._places.of_network(fields.get("container", ""), network[1], place)
        if "routerName" in fields and fields["routerName"].endswith("@internal"):
            place = self._places.of_static([fields["routerName"].partition("@")[0].partition("-")[0], *named(text)])
        if line.level == "warning" and place is None:
            return
        yield self._result(text, text, place, is_warning=line.level == "warning")

    def _place(self, text: str, fields: Mapping[str, str]) -> Place | None:
        found: Place | None = None
        if "container" in fields:
            found = self._places.of_container(fields["container"], text)
        elif skipped := re.search(r"Skip container (\S+)", text):
            found = self._places.of_container(skipped.group(1), text)
        if found is None and (root := re.search(r"label root (\S+)", text)):
            found = self._places.holding(root.group(1))
        if found is None and (file := re.search(r"(?:file configs?:|parsing file|file) (/\S+?):? ", text + " ")):
            found = self._places.of_file(file.group(1), named(text))
        for field, kind in (("routerName", "routers"), ("middlewareName", "middlewares"), ("serviceName", "services")):
            if found is None and fields.get(field):
                name = fields[field]
                name = name if "@" in name else f"{name}@{fields.get('providerName', self._question.provider)}"
                found = self._places.of_item(kind, name, options(text))
        words = named(text)
        if found is None and not fields:
            found = self._places.option(words) or self._places.anywhere(words)
        elif found is None and "field not found, node:" in text:
            found = self._places.anywhere(words)  # a label for a swarm's provider: the line names no service
        return found or self._places.of_static([*words, fields.get("entryPointName", "")])

    def of_items(self, kind: str, items: Mapping[str, Data], known: Collection[str] = ()) -> Iterator[Result]:
        """Routers, middlewares and services that it has switched off or warns of."""
        for name, item in items.items():
            for text in errors_of(item):
                if _SECOND.search(text) or _is_in(text, known):
                    continue
                place = self._places.of_item(kind, name, options(text))
                yield self._result(
                    text, text, place, f"{SINGULAR[kind]} {name}", is_warning=item.get("status") == "warning"
                )

    def unasked(self, answer: Answer) -> Iterator[Result]:
        """What it has not seen."""
        for name in answer.unasked:
            if name.startswith("file "):
                place = self._places.of_file(name.removeprefix("file "), ())
                why = "this dynamic file is a template, or can't be read, and Traefik was not asked about it"
                yield self._unknown(why, place)

    def _unknown(self, why: str, place: Place | None) -> Result:
        subject, where = (place.subject, place.spot.location) if place else (self._project.folder, self._top())
        return stated(NOT_ASKED, Outcome.UNKNOWN, subject, why, where)

    def _result(self, text: str, raw: str, place: Place | None, about: str = "", *, is_warning: bool = False) -> Result:
        known = meaning(raw)
        message = known.sentence if known and not text.startswith(STOPPED) else text
        if raw.startswith("Error while building configuration"):
            message = self._of_folder(raw)
        return stated(
            SAYS,
            Outcome.FAIL if self._sees(text, place) else Outcome.UNKNOWN,
            place.subject if place else self._project.folder,
            f"{about}: {message}" if about else message,
            place.spot.location if place else self._top(),
            hint=f"Traefik {self._version} says: {raw}" if message != raw else f"said by Traefik {self._version}",
            severity=_severity(raw) if is_warning else None,
            confidence=self._confidence(raw),
        )

    def _top(self) -> Location | None:
        """Where to show what has no place in a file."""
        return self._project.files[0].location(()) if self._project.files else None

    def _of_folder(self, raw: str) -> str:
        """One bad file is enough: none of its folder counts."""
        others = self._places.other_files()
        why = re.sub(
            r"^Error while building configuration( \(for the first time\))? |collecting file configs: \S+: ", "", raw
        )
        return f"Traefik refuses this file ({why})" + (f" and the {others} others of its folder" if others else "")

    def _sees(self, text: str, place: Place | None) -> bool:
        """Whether the files show all that this complaint is about: an unset variable, or what another project has."""
        if PLACEHOLDER in text or (place is not None and not place.is_known):
            return False
        if _FILE.search(text):
            return self._places.shows_files
        if _CERTIFICATE.search(text):
            return False  # no repository has the keys of its certificates
        if not _UNDEFINED.search(text):
            return True
        if "@file" in text and not edge_of(self._project).files_are_sure:
            return False
        return self._project.has_one_traefik

    def _confidence(self, text: str) -> Confidence:
        """Another project's labels may define what is missing here, unless this Traefik does not read them."""
        is_missing = _UNDEFINED.search(text) is not None and f"@{self._question.provider}" in text
        return Confidence.MEDIUM if is_missing and not edge_of(self._project).only_this_project else Confidence.HIGH


def _is_over(line: LogLine, answer: Answer) -> bool:
    """Whether a router only missed something until the next provider had delivered it."""
    router = {**answer.internal_routers, **answer.routers}.get(line.fields.get("routerName", ""))
    return router is not None and not errors_of(router) and _KEPT.search(line.text) is not None


def _errors(items: Mapping[str, Data]) -> list[str]:
    return [text for item in items.values() for text in errors_of(item)]


def _severity(warning: str) -> Severity:
    """What is only out of date, or left to a default, works."""
    return Severity.LOW if any(sign in warning for sign in _HARMLESS) else Severity.MEDIUM


def _is_in(text: str, known: Collection[str]) -> bool:
    return any(item in text for item in known)
