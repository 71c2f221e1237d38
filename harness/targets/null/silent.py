"""Null target: a port that takes connections and bytes and never says a word."""

from broker import serve


async def swallow(reader, writer):
    await reader.read()
    writer.close()


def main():
    serve(swallow)


if __name__ == "__main__":
    main()
