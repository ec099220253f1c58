"""Findings that the user does not want to see: by a comment, by `.edgegen-lint.yml`, or by its baseline. Pure."""
