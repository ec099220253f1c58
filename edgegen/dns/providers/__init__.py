"""Providers: where a zone is kept. One file each, one line here."""
