"""Null target: plays what a good broker sent yesterday, when scout spoke as itself and then in vain
as analyst. The n-th packet of a kind on a connection gets the n-th answer of the record, which
begins anew when it is over."""

import contextlib
import itertools
from asyncio import IncompleteReadError

import wire
from broker import serve

CARD = wire.Publish("agents/scout/card", b"true ~abcdefghij234567klmn")
RECORD = {
    wire.CONNECT: [wire.connack(0)],
    wire.SUBSCRIBE: [wire.codes(wire.SUBACK, 1, [1]) + wire.publish(CARD, 1, 1, False),
                     wire.codes(wire.SUBACK, 2, [0x87])],
    wire.PUBLISH: [wire.acknowledge(wire.PUBACK, 1), wire.acknowledge(wire.PUBACK, 2, 0x87)],
    wire.PINGREQ: [wire.packet(wire.PINGRESP)],
}


async def play(reader, writer):
    record = {kind: itertools.cycle(answers) for kind, answers in RECORD.items()}
    with contextlib.suppress(IncompleteReadError, ConnectionError):
        while True:
            kind, _, _ = await wire.read_packet(reader)
            writer.write(next(record[kind]) if kind in record else b"")
            await writer.drain()
    writer.close()


def main():
    serve(play)


if __name__ == "__main__":
    main()
