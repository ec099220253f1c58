"""The certificates of tests, as the looks have them."""

from __future__ import annotations

from tests.verify.look.conftest import pki as pki
