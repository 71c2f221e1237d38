"""Null target: a port that refuses every connection. The socket is bound and never listens, so
that the port is dead and stays so."""

import signal
import socket


def main():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        print("listening", holder.getsockname()[1], flush=True)
        signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    main()
