"""The reference broker as a target: a fixture, a configuration, a process, a target file."""

import contextlib
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from kit.paths import BROKER, TARGETS
from kit.process import lines_until, running

ADDRESS = "127.0.0.1"


@dataclass
class Running:
    """A broker that is ready."""

    target: Path  # its target file
    ports: dict   # listener name: (port, is it TLS)
    process: subprocess.Popen
    log: Path


def configuration(fixture):
    """What the broker is told: the fixture's issuers and policies, a TLS and a plaintext test listener."""
    manifest = json.loads((fixture / "fixture.json").read_text())
    issuers = [{**issuer, "jwks": str(fixture / issuer["jwks"])} for issuer in manifest["issuers"]]
    policies = {name: str(fixture / "organisations" / f"{name}.json") for name in manifest["organisations"]}
    tls = {"certificate": str(fixture / "tls" / "server.pem"), "key": str(fixture / "tls" / "server.key")}
    return {
        "listeners": [
            {"name": "tls", "address": ADDRESS, "port": 0, "tls": tls},
            {"name": "plain", "address": ADDRESS, "port": 0, "plaintext": "test"},
        ],
        "audience": manifest["audience"],
        "max_token_life": manifest["max_token_life"],
        "issuers": issuers,
        "policies": policies,
        "log": "info",
    }


def listeners(lines):
    """{name: (port, is it TLS)} from the broker's own `listening NAME ADDRESS PORT tls|plaintext` lines."""
    words = [line.split() for line in lines if line.startswith("listening ")]
    return {name: (int(port), kind == "tls") for _, name, _, port, kind in words}


def target_file(name, ports, fixture):
    entries = [
        {"name": listener, "address": f"mqtts://{ADDRESS}:{port}"} if tls
        else {"name": listener, "address": f"mqtt://{ADDRESS}:{port}", "plaintext": "test"}
        for listener, (port, tls) in ports.items()
    ]
    return {"name": name, "version": "0.2.0", "vendor": "this project", "listeners": entries,
            "tls": {"ca": str(fixture / "tls" / "ca.pem")}, "classes": ["core", "substrate"]}


def loadable(document, folder):
    """The configuration with policies that may be replaced: copies of them, in the folder that the hook knows."""
    copies = folder / "policies"
    copies.mkdir(exist_ok=True)
    return {**document, "policies": {org: str(shutil.copy(path, copies / f"{org}.json"))
                                     for org, path in document["policies"].items()}}


def hooks(folder):
    return {"policy": [sys.executable, "-IS", str(Path(__file__).with_name("load_policy.py")), str(folder), "{org}"]}


@contextlib.contextmanager
def reference(fixture, name="reference", broker=BROKER, document=None):
    """Starts the broker; yields it as Running. Configuration, target file and log are in one folder.
    document: another configuration than that of the fixture; without one, class policy is judged too."""
    folder = TARGETS / name
    folder.mkdir(parents=True, exist_ok=True)
    config, log = folder / "broker.json", folder / "broker.log"
    config.write_text(json.dumps(document or loadable(configuration(fixture), folder), indent="\t"))
    with running([str(broker), "--config", str(config)], log, stdout=subprocess.PIPE) as process:
        ports = listeners(lines_until(process, "ready".__eq__, log))
        target = folder / "target.json"
        entry = target_file(name, ports, fixture)
        if document is None:
            (folder / "broker.pid").write_text(str(process.pid))
            entry["classes"].append("policy")
            entry["hooks"] = hooks(folder)
        target.write_text(json.dumps(entry, indent="\t"))
        yield Running(target, ports, process, log)
