"""A load balancer for connections, as a Service of Kubernetes is one.

A connection stays with the pod that it was given; a pod that leaves gets no new ones.
"""

import socket
import threading
from contextlib import suppress


class Balancer:
    """Listens until it is closed. `pods`: the ports that new connections are given to, in turn."""

    def __init__(self, *pods: int) -> None:
        self.pods = list(pods)
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = int(self._listening.getsockname()[1])
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    def _accept(self) -> None:
        relays = []
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                self.pods.append(pod := self.pods.pop(0))
                relays.append(threading.Thread(target=_relay, args=(client, pod)))
                relays[-1].start()
        for relay in relays:
            relay.join()

    def close(self) -> None:
        """Take no more connections, and wait for the last one's end."""
        self._listening.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._listening.close()


def _relay(client: socket.socket, pod: int) -> None:
    """Pass on what both say until both have ended."""
    with client, socket.create_connection(("127.0.0.1", pod)) as server:
        back = threading.Thread(target=_pump, args=(server, client))
        back.start()
        _pump(client, server)
        back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
