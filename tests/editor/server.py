"""VS Code's YAML server as an editor talks to it: LSP over its standard streams."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Self

SECONDS = 60
SETTINGS = {
    "yaml": {"schemaStore": {"enable": False}, "validate": True, "hover": True, "completion": True},
    "http": {},
}
"""As VS Code has them, but nothing is fetched: the schema is the one that the file names."""


class YamlServer:
    """One server, for one folder."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._process = subprocess.Popen(
            ["node", program, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._answers: dict[int, queue.Queue[dict[str, Any]]] = {}
        self._told: dict[str, queue.Queue[list[dict[str, Any]]]] = {}
        self._last = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._folder = folder

    def __enter__(self) -> Self:
        capabilities = {
            "textDocument": {
                "completion": {"completionItem": {"documentationFormat": ["markdown"], "snippetSupport": True}},
                "hover": {"contentFormat": ["markdown"]},
                "publishDiagnostics": {},
            },
            "workspace": {"configuration": True, "workspaceFolders": True},
        }
        root = self._folder.as_uri()
        self.ask("initialize", processId=None, rootUri=root, capabilities=capabilities,
                 workspaceFolders=[{"uri": root, "name": "project"}])  # fmt: skip
        self._tell("initialized")
        self._tell("workspace/didChangeConfiguration", settings=SETTINGS)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join(SECONDS)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    def open(self, file: Path) -> list[dict[str, Any]]:
        """Open a file; what the server finds wrong with it."""
        uri = file.as_uri()
        told = self._told.setdefault(uri, queue.Queue())
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": file.read_text()}
        self._tell("textDocument/didOpen", textDocument=document)
        return told.get(timeout=SECONDS)

    def complete(self, file: Path, line: int, column: int) -> list[dict[str, Any]]:
        """The completions at a place (from 0)."""
        found = self.ask("textDocument/completion", **_at(file, line, column))
        return list(found["items"] if isinstance(found, dict) else found or [])

    def hover(self, file: Path, line: int, column: int) -> str:
        """What is shown at a place (from 0)."""
        found = self.ask("textDocument/hover", **_at(file, line, column))
        return str(found["contents"]["value"]) if found else ""

    def ask(self, method: str, **parameters: Any) -> Any:
        """The result of a request."""
        self._last += 1
        number = self._last
        waiting = self._answers[number] = queue.Queue()
        self._send({"id": number, "method": method, "params": parameters})
        answer = waiting.get(timeout=SECONDS)
        assert "error" not in answer, answer
        return answer.get("result")

    def _tell(self, method: str, **parameters: Any) -> None:
        self._send({"method": method, "params": parameters})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while head := stream.readline():
            if not head.lower().startswith(b"content-length:"):
                continue
            while stream.readline().strip():
                pass
            self._take(json.loads(stream.read(int(head.split(b":")[1]))))

    def _take(self, message: dict[str, Any]) -> None:
        method = message.get("method")
        if method == "textDocument/publishDiagnostics":
            parameters = message["params"]
            self._told.setdefault(parameters["uri"], queue.Queue()).put(parameters["diagnostics"])
        elif method == "workspace/configuration":
            asked = [SETTINGS.get(item.get("section", "").partition(".")[0]) for item in message["params"]["items"]]
            self._send({"id": message["id"], "result": asked})
        elif method is not None and "id" in message:
            self._send({"id": message["id"], "result": None})
        elif "id" in message:
            self._answers[message["id"]].put(message)


def _at(file: Path, line: int, column: int) -> dict[str, Any]:
    return {"textDocument": {"uri": file.as_uri()}, "position": {"line": line, "character": column}}
