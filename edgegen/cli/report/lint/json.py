"""What `edgegen lint --json` prints besides the findings. Pure."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from edgegen.core.finding import Finding
from edgegen.core.redact import redacted
from edgegen.lint.answer import Answer


def harmless(finding: Finding) -> Finding:
    """The finding without secrets."""
    return replace(finding, message=redacted(finding.message), hint=redacted(finding.hint))


def body(answer: Answer) -> dict[str, Any]:
    """The keys of the object, `findings` first: those that could not be seen have the outcome `unknown`."""
    return {
        "findings": [
            {
                **harmless(item.result.finding).as_json(),
                "confidence": item.result.confidence.value,
                "fingerprint": item.fingerprint,
                "fix": redacted(item.result.fix.summary) if item.result.fix else None,
            }
            for item in answer.reported
        ],
        "counts": answer.counts,
        "fail_on": answer.fail_on,
        "unseen": len(answer.unseen),
        "fixable": answer.fixable,
        "fixed": answer.fixed,
        "files": list(answer.texts),
        "suppressed": [
            {
                **harmless(item.result.finding).as_json(),
                "fingerprint": item.fingerprint,
                "by": item.by,
                "reason": item.reason,
            }
            for item in answer.suppressed
        ],
    }
