"""harness/bench/run: the reference beside Debian's Mosquitto, interleaved in one run. The broker has one core, the
load the other. Mosquitto has no access control; the reference has all of its own."""

import argparse
import contextlib
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kit import fixture, tokens  # noqa: E402
from kit.build import build  # noqa: E402
from kit.mosquitto import mosquitto  # noqa: E402
from kit.paths import BUILD, FIXTURE, shown  # noqa: E402
from kit.reference import configuration, reference  # noqa: E402

LOAD = BUILD / "bench" / "load"
FOLDER = BUILD / "bench"
ORG = "seed"
AGENTS = 64
FLOWS = [(qos, size, publishers, subscribers)
         for qos in (0, 1) for size in (64, 1024) for publishers, subscribers in ((1, 1), (1, 50), (50, 1))]
RULES = [
    {"id": "say", "topic": "bench/{$self}/t", "action": "pub", "binding": "agent_id"},
    {"id": "hear", "topic": "bench/+/t", "action": "sub"},
]


def clients():
    """agent and token of each client, as the load reads them."""
    path = FOLDER / "clients"
    path.write_text("".join(f"a{i} {tokens.agent(FIXTURE, ORG, f'a{i}', 3500)}\n" for i in range(AGENTS)))
    return path


def policy(rules):
    """So many rules; the two that the load needs come last."""
    others = [{"id": f"r{i}", "topic": f"area{i % 97}/{{$self}}/thing{i}", "action": "pub", "binding": "agent_id"}
              for i in range(rules - len(RULES))]
    path = FOLDER / f"policy-{rules}.json"
    path.write_text(json.dumps({"version": "2.1", "default": "deny", "rules": others + RULES}))
    return str(path)


def ours(name, rules):
    document = configuration(FIXTURE)
    document["policies"] = {**document["policies"], ORG: policy(rules)}
    document["log"] = "error"
    return reference(FIXTURE, name, document=document)


class Broker:
    def __init__(self, running, file):
        self.port, self.pid, self.file = running.ports["plain"][0], running.process.pid, file
        os.sched_setaffinity(self.pid, {0})

    def load(self, mode, **options):
        command = ["taskset", "-c", "1", str(LOAD), mode, str(self.port), str(self.file),
                   *(f"{name}={value}" for name, value in options.items())]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode:
            raise SystemExit(f"harness/bench/run: {' '.join(command[3:])}: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def cpu_us(self):
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * 1_000_000 / os.sysconf("SC_CLK_TCK")

    def resident(self):
        return int(Path(f"/proc/{self.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def flow(broker, seconds, qos, size, publishers, subscribers):
    found = broker.load("flow", qos=qos, size=size, publishers=publishers, subscribers=subscribers, seconds=seconds,
                        window=max(4, 200 // publishers))
    if found["dead"]:
        print(f"  {found['dead']} connections were closed under load", file=sys.stderr)
    return found["received_per_s"]


def latency(broker, seconds, qos, share):
    return broker.load("flow", qos=qos, rate=1000, seconds=seconds)[share]


def connect_cpu(broker, seconds):
    before = broker.cpu_us()
    return (broker.cpu_us() - before, broker.load("storm", seconds=seconds)["connects"], broker.cpu_us() - before)


def storm(broker, seconds):
    """Microseconds of the broker's processor for one CONNECT with a token, and its end."""
    _, connects, used = connect_cpu(broker, seconds)
    return used / connects


def idle_bytes(broker, connections):
    before = broker.resident()
    command = [str(LOAD), "idle", str(broker.port), str(broker.file), f"subscribers={connections}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        used = broker.resident() - before
        process.stdin.close()
    return used / connections


def rows(seconds):
    """Title, aim, is more better, and how one broker is measured."""
    for shape in FLOWS:
        qos, size, publishers, subscribers = shape
        yield (f"QoS {qos}, {size} B, {publishers} to {subscribers}", "msg/s", (10, 6)[qos], True,
               lambda broker, shape=shape: flow(broker, seconds, *shape))
    for qos in (0, 1):
        for share in ("p50_us", "p99_us"):
            yield (f"latency at 1,000 msg/s, QoS {qos}, {share[:3]}", "us", 1, False,
                   lambda broker, qos=qos, share=share: latency(broker, seconds, qos, share))
    yield "idle memory of a connection", "B", None, False, lambda broker: idle_bytes(broker, 2000)


def measure(row, brokers, repeats):
    """The median of each broker, measured in turn."""
    title, unit, aim, more, how = row
    values = {name: [] for name in brokers}
    for _ in range(repeats):
        for name, broker in brokers.items():
            values[name].append(how(broker))
    medians = {name: statistics.median(found) for name, found in values.items()}
    ratio = medians["reference"] / medians["mosquitto"]
    return {"row": title, "unit": unit, **medians, "ratio": ratio, "aim": aim,
            "reached": aim is None or (ratio >= aim if more else ratio <= aim)}


def table(found):
    lines = [f"{'':38} {'reference':>12} {'mosquitto':>12} {'ratio':>7} {'aim':>5}"]
    for row in found:
        aim = "" if row["aim"] is None else f"{row['aim']:g}"
        lines.append(f"{row['row']:38} {row['reference']:12,.0f} {row['mosquitto']:12,.0f} {row['ratio']:7.2f} {aim:>5}"
                     f" {row['unit']}{'' if row['reached'] else '  short'}")
    return "\n".join(lines)


def arguments():
    parser = argparse.ArgumentParser(prog="harness/bench/run", description=__doc__)
    parser.add_argument("--seconds", type=int, default=2, help="of one measurement (default 2)")
    parser.add_argument("--repeats", type=int, default=3, help="measurements of each, interleaved (default 3)")
    parser.add_argument("--only", default="", help="rows whose title has this text in it")
    return parser.parse_args()


def main():
    options = arguments()
    build(say=print)
    fixture.ensure(say=print)
    FOLDER.mkdir(parents=True, exist_ok=True)
    file = clients()
    with contextlib.ExitStack() as stack:
        brokers = {"reference": Broker(stack.enter_context(ours("bench", len(RULES) + 8)), file),
                   "mosquitto": Broker(stack.enter_context(mosquitto()), file)}
        found = [measure(row, brokers, options.repeats) for row in rows(options.seconds) if options.only in row[0]]
        print(table(found))
        print(f"CONNECT with a token: {storm(brokers['reference'], options.seconds):.0f} us of the reference's processor")
    if not options.only:
        result = FOLDER / "bench.json"
        result.write_text(json.dumps(found, indent="\t"))
        print(f"figures: {shown(result)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
