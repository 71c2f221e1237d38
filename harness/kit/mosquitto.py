"""Debian's Mosquitto as it comes, as a target: a broker that knows no tokens. Never the system's
service: a process of our own with a configuration of three lines."""

import contextlib
import json

from kit.paths import TARGETS
from kit.process import free_port, running, wait_port
from kit.reference import Running

PROGRAM = "/usr/sbin/mosquitto"


@contextlib.contextmanager
def mosquitto(credentials="jwt"):
    """Starts it; yields it as Running. It takes the suite's tokens and looks at none, or gets none and is
    judged by MQTT alone."""
    folder, port = TARGETS / ("mosquitto" if credentials == "jwt" else "mosquitto-bare"), free_port()
    folder.mkdir(parents=True, exist_ok=True)
    config, log, target = folder / "mosquitto.conf", folder / "mosquitto.log", folder / "target.json"
    config.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n")
    target.write_text(json.dumps({
        "name": "mosquitto", "vendor": "Eclipse, as packaged by Debian",
        "listeners": [{"name": "plain", "address": f"mqtt://127.0.0.1:{port}", "plaintext": "test"}],
        "credentials": credentials,
        "classes": ["core", "substrate"] if credentials == "jwt" else ["substrate"],
    }, indent="\t"))
    with running([PROGRAM, "-c", str(config)], log) as process:
        wait_port(process, port, log)
        yield Running(target, {"plain": (port, False)}, process, log)
