"""Null target: sends back what it gets, byte for byte."""

import contextlib

from broker import serve


async def echo(reader, writer):
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()


def main():
    serve(echo)


if __name__ == "__main__":
    main()
