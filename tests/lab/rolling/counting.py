"""The application that rolls: it dies at SIGTERM in the midst of what it does, writes each POST down, and can be slow.

Runs by itself, as the image `counting`. An application that ignores SIGTERM would serve on for ten seconds, and a meter
would see no difference between a good update and a bad one.
"""

import os
import pathlib
import signal
import socket
import threading
import time

PORT = 8000
MARK = "counted "


def die(number: int, frame: object) -> None:
    os._exit(0)


def serve(connection: socket.socket) -> None:
    """Requests on one connection, until the client closes it."""
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with connection, connection.makefile("rb") as stream:
        while line := stream.readline():
            method, path, _ = line.decode("latin-1").split(" ", 2)
            length = 0
            while (header := stream.readline()) not in (b"\r\n", b"\n", b""):
                name, _, value = header.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            body = answer(method, path, stream.read(length).decode("latin-1")).encode()
            head = f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n\r\n"
            connection.sendall(head.encode() + body)


def answer(method: str, path: str, body: str) -> str:
    if method == "POST":
        os.write(1, f"{MARK}{body}\n".encode())  # one write is one line of the log, however many threads there are
    if path == "/slow":
        time.sleep(1)
    if path.startswith("/file/"):
        return pathlib.Path(path[5:]).read_text()
    return os.environ.get("VERSION", "")


def quietly(connection: socket.socket) -> None:
    try:
        serve(connection)
    except (OSError, ValueError):
        return


def main() -> None:
    signal.signal(signal.SIGTERM, die)  # the first process of a container has no default for it
    with socket.create_server(("", PORT), backlog=128) as server:
        while True:
            threading.Thread(target=quietly, args=(server.accept()[0],), daemon=True).start()


if __name__ == "__main__":
    main()
