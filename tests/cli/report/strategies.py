"""Any run at all: every state, every outcome, and text that nobody would write on purpose."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st

from edgegen.certificates.certificate import CertificateSeen
from edgegen.cli.report.model import Report
from edgegen.core.finding import Finding, Outcome, Severity
from edgegen.core.location import Location
from edgegen.endpoints import Endpoint, Kind
from edgegen.verify.observation import (
    AddressSeen,
    Failure,
    NamesSeen,
    Observation,
    Phase,
    PushSeen,
    Response,
    Step,
    StepSeen,
    TlsSeen,
    Trouble,
)

NASTY = ("<script>", "]]>", "&amp;", "\x00\x1b[31m", "\u202e", "\ud800", "\ufffe", "::error::", "%0A", "{{ 1 }}", "'\"")
texts = st.one_of(st.text(max_size=12), st.sampled_from(NASTY), st.text(st.characters(codec=None), max_size=4))
times = st.datetimes(datetime(1950, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC))
seconds = st.floats(0, 1e6)
statuses = st.one_of(st.just(0), st.integers(100, 999))
words = st.from_regex(r"[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,6}){0,2}", fullmatch=True)

failures = st.builds(Failure, st.sampled_from(Trouble), st.sampled_from(Phase), texts, seconds)
certificates = st.builds(
    CertificateSeen, subject=texts, issuer=texts, common_name=texts, issuer_name=texts,
    names=st.lists(texts, max_size=3).map(tuple), not_before=times, not_after=times, serial=texts,
    fingerprint=st.sampled_from(["aa", "bb", "cc"]), key=texts, key_bits=st.just(256), signature=texts,
)  # fmt: skip
answers = st.builds(Response, texts, statuses, failure=st.none() | failures)
tls = st.builds(
    TlsSeen, failure=st.none() | failures, verified=st.booleans(), verify_message=texts, protocol=texts, cipher=texts,
    chain=st.lists(certificates, max_size=2).map(tuple),
)  # fmt: skip
addresses = st.builds(
    AddressSeen, st.sampled_from(["192.0.2.1", "2001:db8::1", "a.name"]) | texts, st.booleans(),
    connect=st.none() | failures, tls=st.none() | tls, answers=st.lists(answers, max_size=2).map(tuple),
)  # fmt: skip
steps = st.builds(
    StepSeen, st.sampled_from(Step), texts, statuses, seconds, st.integers(0, 2**40), st.booleans(), texts,
    failure=st.none() | failures,
)  # fmt: skip
pushes = st.builds(
    PushSeen, st.lists(steps, max_size=3).map(tuple), texts, st.integers(0, 2**40), cleaned=st.none() | st.booleans()
)  # fmt: skip
places = st.none() | st.builds(Location, texts, st.integers(0, 99), st.integers(1, 99))


@st.composite
def findings(draw: st.DrawFn, subjects: list[str]) -> Finding:
    outcome = draw(st.sampled_from(Outcome))
    verdicts = st.just("") | words.filter(lambda word: word != "not-seen")
    return Finding(
        f"EV{draw(st.integers(1, 22)):03}", draw(words), draw(st.sampled_from(Severity)),
        outcome, draw(st.sampled_from(subjects)), draw(texts), draw(places), draw(texts),
        # What was not seen is never good or bad.
        draw(verdicts | st.just("not-seen") if outcome is Outcome.UNKNOWN else verdicts),
    )  # fmt: skip


@st.composite
def reports(draw: st.DrawFn) -> Report:
    hosts = draw(st.lists(texts, max_size=4))
    kinds = st.sampled_from(Kind)
    endpoints = [
        Endpoint(draw(texts), host, draw(kinds), places={"host": place} if (place := draw(places)) else {})
        for host in hosts
    ]
    seen = [
        Observation(
            item, NamesSeen(cname=tuple(draw(st.lists(texts, max_size=2))), detour=draw(texts)),
            tuple(draw(st.lists(addresses, max_size=3))), push=draw(st.none() | pushes), seconds=draw(seconds),
            incomplete=draw(st.booleans()),
        )
        for item in endpoints if draw(st.integers(0, 9))
    ]  # fmt: skip
    subjects = [*(item.shown for item in endpoints), "nobody's"]
    found = draw(st.lists(findings(subjects), max_size=8))
    return Report.of(
        endpoints, seen, found, started=draw(times), seconds=draw(seconds), incomplete=draw(st.booleans()),
        version=draw(texts),
    )  # fmt: skip
