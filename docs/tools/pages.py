"""Every page of the site that is generated: from the models, the command line, and docstrings."""

from __future__ import annotations

from docs.tools.command_pages import command_pages
from docs.tools.rule_pages import rule_pages
from docs.tools.spec_pages import spec_pages


def generated() -> dict[str, str]:
    """Path below docs/ -> Markdown."""
    return dict([*spec_pages(), *command_pages(), *rule_pages()])
