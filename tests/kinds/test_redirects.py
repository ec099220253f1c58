"""Where a redirect of every request leads can be read back from its options."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from edgegen.kinds.routing import redirect_to, redirected_to

URLS = st.from_regex(r"https://[a-z]{1,8}\.test(/[a-z$]{0,6}){0,2}(\?[a-z]=[a-z$&]{0,5})?", fullmatch=True)


@given(url=URLS, keep_path=st.booleans())
def test_a_redirect_is_read_back(url: str, keep_path: bool) -> None:
    for item in redirect_to(url, keep_path=keep_path, permanent=True):
        options = item.options()
        found = redirected_to(options["regex"], options["replacement"])
        path, mark, query = url.partition("?")
        assert found == ((f"{path.rstrip('/')}{mark}{query}" if keep_path else url), keep_path)


def test_a_redirect_of_some_requests_is_not_one_of_all() -> None:
    assert redirected_to("^https://a.test/old$", "https://a.test/new") is None
    assert redirected_to("", "") is None
