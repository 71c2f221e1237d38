"""Null target: resets every connection at its first byte. Whatever must be refused is gone, and
whatever must not arrive does not."""

import socket
import struct

from broker import serve

RESET = struct.pack("ii", 1, 0)  # SO_LINGER: on, for no time


async def reset(reader, writer):
    await reader.read(1)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    writer.close()


def main():
    serve(reset)


if __name__ == "__main__":
    main()
