"""Headless Chromium, driven over a pair of pipes by its own DevTools protocol: no port, no driver, one deadline each.

Source: chromedevtools.github.io/devtools-protocol; `--remote-debugging-pipe` reads JSON from descriptor 3, writes it
to 4, and ends each message by a NUL.
"""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

START, STEP = 120.0, 120.0
"""Seconds for the start of the browser, and for each thing that it is told to do."""
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-extensions", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--remote-debugging-pipe",
)  # fmt: skip
LAUNCH = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 20) for end in sys.argv[1:3]]
os.dup2(ends[0], 3), os.dup2(ends[1], 4)
os.execvp(sys.argv[3], sys.argv[3:])
"""
Event = dict[str, Any]


class BrowserError(AssertionError):
    """The browser did not do what it was told, or not in time."""


@dataclass
class Browser:
    """A running browser. Everything it says is kept in `events`, in order."""

    process: subprocess.Popen[bytes]
    write: int
    read: int
    events: list[Event] = field(default_factory=list)
    idle: list[str] = field(default_factory=list)
    """Sessions of tabs that show nothing wanted any more: a new one would be a process of its own."""
    _buffer: bytes = b""
    _number: int = 0

    def call(self, method: str, *, session: str = "", within: float = STEP, **params: Any) -> Event:
        """One command and its result."""
        self._number += 1
        message = {
            "id": self._number,
            "method": method,
            "params": params,
            **({"sessionId": session} if session else {}),
        }
        os.write(self.write, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + within
        while (answer := self._next(deadline, method)).get("id") != self._number:
            self.events.append(answer)
        if "error" in answer:
            raise BrowserError(f"{method}: {answer['error']}")
        result: Event = answer["result"]
        return result

    def wait(self, method: str, session: str, within: float = STEP) -> Event:
        """The next event of a kind; those that have come already are looked at first."""
        deadline = time.monotonic() + within
        seen = 0
        while True:
            for event in self.events[seen:]:
                if event.get("method") == method and event.get("sessionId") == session:
                    return event
            seen = len(self.events)
            self.events.append(self._next(deadline, method))

    def _next(self, deadline: float, what: str) -> Event:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self.read], [], [], max(0.0, deadline - time.monotonic()))
            piece = os.read(self.read, 1 << 16) if ready else b""
            if not piece:
                raise BrowserError(f"{what}: {'the browser has gone' if ready else 'no answer in time'}")
            self._buffer += piece
        message, _, self._buffer = self._buffer.partition(b"\0")
        event: Event = json.loads(message)
        return event


@dataclass
class Page:
    """One page that has been loaded, as wide as was asked for."""

    browser: Browser
    session: str
    url: str

    def show(self, url: str) -> None:
        """Load an address, after which there are only its own events."""
        self.browser.events.clear()
        if trouble := self._call("Page.navigate", url=url).get("errorText"):
            raise BrowserError(f"{url}: {trouble}")
        self.browser.wait("Page.loadEventFired", self.session)

    def evaluate(self, expression: str, *, wait: bool = False) -> Any:
        """The value of an expression of JavaScript. (The page's own policy forbids scripts; the debugger's may run.)

        `wait`: for the promise that it is."""
        result = self._call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=wait)
        if "exceptionDetails" in result:
            raise BrowserError(result["exceptionDetails"]["text"])
        return result["result"].get("value")

    def print_media(self) -> None:
        """From now on it is laid out as on paper."""
        self._call("Emulation.setEmulatedMedia", media="print")

    def picture(self, file: Path, *, whole: bool = True) -> None:
        """A PNG of it."""
        shot = self._call("Page.captureScreenshot", captureBeyondViewport=whole)
        file.write_bytes(base64.b64decode(shot["data"]))

    def paper(self, file: Path) -> None:
        """A PDF, as the printer gets it."""
        file.write_bytes(
            base64.b64decode(self._call("Page.printToPDF", printBackground=True, preferCSSPageSize=True)["data"])
        )

    @property
    def complaints(self) -> list[str]:
        """All that the console has, whoever wrote it: scripts, the policy, the network, the parser."""
        return [
            json.dumps(event["params"])
            for event in self._of("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")
        ]

    @property
    def requests(self) -> list[str]:
        """Every address that was asked for beside the page's own."""
        urls = [event["params"]["request"]["url"] for event in self._of("Network.requestWillBeSent")]
        return [url for url in urls if url != self.url]

    def _of(self, *methods: str) -> Iterator[Event]:
        return (
            item for item in self.browser.events if item.get("sessionId") == self.session and item["method"] in methods
        )

    def _call(self, method: str, **params: Any) -> Event:
        return self.browser.call(method, session=self.session, **params)


@contextmanager
def running(folder: Path, flags: Sequence[str] = ()) -> Iterator[Browser]:
    """A browser that lives in a folder, and is gone afterwards."""
    to_browser, from_browser = os.pipe(), os.pipe()
    passed = (to_browser[0], from_browser[1])
    words = [sys.executable, "-c", LAUNCH, *map(str, passed), "chromium", *FLAGS, f"--user-data-dir={folder}/profile"]
    process = subprocess.Popen(
        [*words, *flags, "about:blank"], pass_fds=passed, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, env={**os.environ, "HOME": str(folder), "TMPDIR": "/tmp"},  # sockets: a short path
    )  # fmt: skip
    for end in passed:
        os.close(end)
    browser = Browser(process, to_browser[1], from_browser[0])
    try:
        browser.call("Browser.getVersion", within=START)
        yield browser
    finally:
        _stop(browser)


def _stop(browser: Browser) -> None:
    os.close(browser.write)  # its end of the pipe is closed: it leaves
    try:
        browser.process.wait(60)
    except subprocess.TimeoutExpired:
        browser.process.kill()
        browser.process.wait(60)
    os.close(browser.read)


@contextmanager
def opened(browser: Browser, what: Path | str, *, width: int, height: int = 800, dark: bool = False) -> Iterator[Page]:
    """A file or an address, loaded in a tab of its own."""
    session = browser.idle.pop() if browser.idle else _tab(browser)
    page = Page(browser, session, what if isinstance(what, str) else what.as_uri())
    page._call(
        "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
    )
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    page._call("Emulation.setEmulatedMedia", media="", features=[scheme])
    try:
        page.show(page.url)
        yield page
    finally:
        page.show("about:blank")  # what the page still has to say comes before the next one
        browser.idle.append(session)


def _tab(browser: Browser) -> str:
    """The session of a new tab."""
    target = browser.call("Target.createTarget", url="about:blank")["targetId"]
    session: str = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    for domain in ("Page", "Network", "Runtime", "Log"):
        browser.call(f"{domain}.enable", session=session)
    return session
