"""A free port of this machine, for servers that cannot be given port 0."""

import socket


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on; another process may take it before you do, so be ready to retry."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
