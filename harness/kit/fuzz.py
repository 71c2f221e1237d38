"""The fuzz targets of harness/fuzz: built with Clang, fed from what the project ships, run for a
while. What a run reached is printed, and what broke is kept."""

import json
import re
import shutil
import subprocess

from kit.paths import BUILD, HARNESS, ROOT, shown
from kit.problem import HARNESS as FAULT
from kit.problem import Problem

FUZZ = BUILD / "fuzz"
CORPUS = FUZZ / "corpus"
FINDINGS = FUZZ / "findings"
TARGETS = sorted(path.stem for path in (HARNESS / "fuzz").glob("*.c"))
PLANTED_SECONDS = 60
SPARE_SECONDS = 60  # for a start on a busy machine
INPUT_MAX = 65536   # bytes
ONE_INPUT_SECONDS = 10


def _quiet(command, what, **more):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, **more)
    if done.returncode:
        raise Problem(f"{what} failed\n{(done.stdout + done.stderr)[-4000:]}", FAULT)


def _compile(source, folder, targets):
    _quiet(["cmake", "-S", str(source), "-B", str(folder), "-G", "Ninja", "-DFUZZ=ON", "-DBUILD_TESTING=OFF",
            "-DCMAKE_C_COMPILER=clang", "-DCMAKE_BUILD_TYPE=RelWithDebInfo"], "configuring the fuzz targets")
    _quiet(["cmake", "--build", str(folder), "--target", *(f"fuzz-{name}" for name in targets)],
           "building the fuzz targets")


def build():
    _compile(ROOT, FUZZ / "build", TARGETS)


def _vectors(kind):
    for path in sorted((ROOT / "vectors" / kind).glob("*.json")):
        yield from json.loads(path.read_text())["vectors"]


def _tokens():
    for vector in _vectors("token"):
        compiled = vector.get("compiled", {})
        if "jwt" in compiled:
            yield b"\0" + compiled["jwt"].encode()
        recipe = vector.get("recipe", {})
        header = {"alg": "EdDSA", "kid": "k", "typ": "at+jwt", **recipe.get("header", {})}
        claims = {"iss": "i", "aud": "a", "sub": "s", "jti": "j", "org_id": "o", "agent_id": "scout",
                  "iat": 1790000000, "exp": 1790000600, **recipe.get("claims", {})}
        yield b"\1" + json.dumps(header).encode() + b"\n" + json.dumps(claims).encode()


def _policies():
    for kind in ("policy", "decision", "containment"):
        for vector in _vectors(kind):
            document = vector.get("policy") or vector.get("document")
            if document is None:
                continue
            text = document if isinstance(document, str) else json.dumps(document)
            yield (vector.get("topic") or vector.get("filter") or "agents/scout/card").encode() + b"\n" + text.encode()


def _scenarios():
    for path in sorted((ROOT / "conformance" / "cases").glob("*.scenario")):
        yield from (f"case {case}".encode() for case in re.split(r"(?m)^case ", path.read_text())[1:])
    for path in sorted((ROOT / "spec").glob("*.md")):
        for block in re.findall(r"(?ms)^( *)```scenario\n(.*?)^\1```", path.read_text()):
            yield re.sub(rf"(?m)^{block[0]}", "", block[1]).encode()


def _packets():
    return [bytes.fromhex(packet["hex"].replace(" ", "")) for vector in _vectors("packet")
            for packet in [vector] if "hex" in vector]


TARGET = {"name": "t", "listeners": [{"name": "tls", "address": "mqtts://127.0.0.1:8883"}], "classes": ["core"]}
CONFIG = {"audience": "a", "listeners": [{"name": "plain", "address": "127.0.0.1", "port": 0, "plaintext": "test"}],
          "issuers": [{"iss": "i", "jwks": "/dev/null", "organisations": {"o": {"agent_id": "*", "user_id": ["a", "b."]}}}],
          "policies": {"o": "/dev/null"}}



def _deed(deed, connection, data=b""):
    return bytes([deed * 16 + connection]) + data


def _dial(connection, flags=0x42, properties="", client="c", will="", token=0):
    front = bytes([flags]) + b"\0\x3c" + bytes([len(properties) // 2]) + bytes.fromhex(properties)
    front += len(client).to_bytes(2, "big") + client.encode() + bytes.fromhex(will)
    return _deed(0, connection, bytes([token, len(front)]) + front)


def _send(connection, packet):
    data = bytes.fromhex(packet)
    return _deed(1, connection, len(data).to_bytes(2, "big") + data)


# t/# is for everybody; hex: SUBSCRIBE t/#, PUBLISH t/1 at each QoS, PUBREL, acknowledgements.
HEARD, SAID = "8209000100000374 2f2302", ("3006 0003742f3100 61", "3208 0003742f31000100 61", "3408 0003742f31000200 61")
SHARED = "821100020000 0b 2473686172652f672f742f23 01"
WILL = "00 0003742f77 0001 67"


def _sessions():
    two = _dial(0, properties="1100000258", client="a") + _dial(1, client="b", token=1)
    yield two + _send(0, HEARD) + b"".join(_send(1, said) for said in SAID) + _send(1, "62020002") + _send(0, "50020001")
    yield two + _send(0, HEARD) + _deed(2, 0) + b"".join(_send(1, said) for said in SAID) + _dial(0, 0x40, "1100000258", "a")
    yield two + _send(0, SHARED) + _send(1, SHARED) + b"".join(_send(1, said) for said in SAID) * 3
    yield _dial(0, 0x46, "1100000258", "a", WILL) + _dial(1, token=1) + _send(1, HEARD) + _deed(2, 0) + _deed(3, 0, b"\x0c")
    yield two + _dial(2, 0x42, "", "a", token=3) + _dial(3, 0x40, "", "a", token=4) + _dial(4, 0x40, "", "a")
    yield _dial(0, properties="220005") + _send(0, "3009 0003742f31 03230001 61") + _send(0, "3006 0000 03230001 61")
    yield two + _send(0, "310600037 42f3100 61".replace(" ", "")) + _send(1, HEARD) + _deed(3, 0, b"\x0f") + _send(1, "c000")


HELLO = bytes.fromhex("101100044d5154540542003c00000163000178")
SEEDS = {
    "token": _tokens,
    "policy": _policies,
    "scenario": _scenarios,
    "packet": lambda: [b"\xff\xff" + packet for packet in [HELLO, *_packets()]],
    "wire": lambda: [bytes([side]) + packet for side in (0, 1) for packet in [HELLO, *_packets()]],
    "session": lambda: list(_sessions()),
    "target": lambda: [json.dumps(TARGET).encode()],
    "config": lambda: [json.dumps(CONFIG).encode()],
    "json": lambda: [path.read_bytes() for path in (ROOT / "vectors" / "schema").glob("*.json")],
    "jwks": lambda: [path.read_bytes() for path in (ROOT / "vectors" / "keys").glob("*.json")],
}


def _seed(name):
    folder = CORPUS / name
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(SEEDS.get(name, list)()):
        (folder / f"seed-{number:04d}").write_bytes(data[:INPUT_MAX])
    return folder


def _fuzz(program, name, seconds):
    """The output of a run and whether it found nothing."""
    FINDINGS.mkdir(parents=True, exist_ok=True)
    words = HARNESS / "fuzz" / f"{name}.dict"
    command = [str(program), str(_seed(name)), f"-max_total_time={seconds}", f"-max_len={INPUT_MAX}",
               f"-timeout={ONE_INPUT_SECONDS}", "-rss_limit_mb=2048", "-print_final_stats=1",
               f"-artifact_prefix={FINDINGS}/{name}-", *([f"-dict={words}"] if words.exists() else [])]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                              check=False, timeout=seconds + SPARE_SECONDS)
    except subprocess.TimeoutExpired as late:
        raise Problem(f"the target {name} did not end by itself", FAULT) from late
    return done.stdout + done.stderr, done.returncode == 0


def _figure(pattern, output):
    found = re.findall(pattern, output)
    return int(found[-1]) if found else 0


def run(name, seconds):
    """Fuzzes one target and prints what it reached; what it found, or None."""
    output, clean = _fuzz(FUZZ / "build" / "fuzz" / f"fuzz-{name}", name, seconds)
    edges = _figure(r"cov: (\d+)", output)
    inputs = _figure(r"stat::number_of_executed_units:\s+(\d+)", output)
    kept = len(list((CORPUS / name).iterdir()))
    print(f"{name:10} {edges:6} edges {inputs:10} inputs {kept:6} kept {seconds:5} s  "
          f"{'nothing found' if clean else 'FOUND SOMETHING'}", flush=True)
    if clean and not (edges and inputs):
        raise Problem(f"the target {name} ran nothing:\n{output[-2000:]}", FAULT)
    if clean:
        return None
    log = FINDINGS / f"{name}.log"
    log.write_text(output)
    print("\n".join(line for line in output.splitlines() if "ERROR" in line or "runtime error" in line or
                    "written to" in line))
    print(f"  the whole output is {shown(log)}")
    return output


# A bound that is a byte too wide, in the function that every field of the broker's decoder goes through.
PLANTED_FILE = "reference/packet/cursor.c"
PLANTED = (("if (size > c->rest.size) {", "if (size > c->rest.size + (c->rest.size > 0)) {"),
           ("taken = slice_part(c->rest, 0, size);", "taken = slice_of(c->rest.size ? c->rest.data : NULL, size);"))


def _plant(path):
    text = path.read_text()
    for sound, broken in PLANTED:
        if text.count(sound) != 1:
            raise Problem(f"{PLANTED_FILE}: expected exactly one {sound!r} to plant the overflow in", FAULT)
        text = text.replace(sound, broken)
    path.write_text(text)


def planted():
    """Plants an overflow in a copy of the sources: fuzzing that does not find it is worth nothing."""
    copy = FUZZ / "planted"
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(parents=True)
    for part in ("CMakeLists.txt", "reference", "conformance", "spec", "vectors", "harness/fuzz"):
        source = ROOT / part
        (shutil.copytree if source.is_dir() else shutil.copy)(source, copy / part)
    _plant(copy / PLANTED_FILE)
    _compile(copy, copy / "build", ["packet"])
    output, clean = _fuzz(copy / "build" / "fuzz" / "fuzz-packet", "packet", PLANTED_SECONDS)
    if clean or "heap-buffer-overflow" not in output:
        raise Problem(f"the planted overflow was not found in {PLANTED_SECONDS} s", FAULT)
    for artifact in FINDINGS.glob("packet-crash-*"):
        artifact.unlink()
    inputs = _figure(r"#(\d+)", output)
    return f"planted overflow: found after {inputs} inputs"
