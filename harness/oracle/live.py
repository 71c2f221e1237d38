"""The live broker as an examinee: its policies are reloaded for each scene, and every answer and every delivery on the
wire is compared with the model. Each scene has an organisation of its own, so that nothing of the last one is left."""

import contextlib
import json
import signal
import time
from collections import Counter

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm
from kit import reference
from kit.paths import BROKER, TARGETS

from .claims import PRINCIPALS
from .decide import Question
from .difference import Difference, report
from .peer import RETAIN_AS_PUBLISHED, Peer, fence
from .world import OBSERVER, WATCHED, World, watched

DOORS = ("publish", "publish", "subscribe", "subscribe", "will-accept")
AUDIENCE, ISSUER = "mqtt://model.test", "https://model.test"
RELOAD_SECONDS = 5
LIFE = 3000
SUCCESS, NO_SUBSCRIBERS, WITH_WILL = 0x00, 0x10, 0x04
REFUSED = 0x87


class Live:
    """Started with `with`; examines one scene after the other."""

    def __init__(self, tally, broker=BROKER, name="model"):
        self.tally, self.number = tally, 0
        self.folder = TARGETS / name
        self.folder.mkdir(parents=True, exist_ok=True)
        self.key = Ed25519PrivateKey.generate()
        public = {**json.loads(OKPAlgorithm.to_jwk(self.key.public_key())), "kid": "model", "alg": "EdDSA", "use": "sig"}
        (self.folder / "jwks.json").write_text(json.dumps({"keys": [public]}))
        self._write({"version": "2.1", "default": "deny", "rules": []})
        self.stack = contextlib.ExitStack()
        self.program, self.name = broker, name

    def __enter__(self):
        self.broker = self.stack.enter_context(
            reference.reference(self.folder, self.name, self.program, self._configuration()))
        self.port = self.broker.ports["plain"][0]
        self.log = self.stack.enter_context(self.broker.log.open())
        return self

    def __exit__(self, *exception):
        return self.stack.__exit__(*exception)

    @property
    def org(self):
        return f"model-{self.number}"

    def _configuration(self):
        issuer = {"iss": ISSUER, "jwks": "jwks.json", "organisations": {self.org: {claim: "*" for claim in PRINCIPALS}}}
        return {"listeners": [{"name": "plain", "address": reference.ADDRESS, "port": 0, "plaintext": "test"}],
                "audience": AUDIENCE, "issuers": [issuer], "policies": {self.org: "policy.json"}}

    def _write(self, document):
        (self.folder / "policy.json").write_text(json.dumps(document, ensure_ascii=False))

    def _load(self, document):
        self.log.read()
        self._write(document)
        (self.folder / "broker.json").write_text(json.dumps(self._configuration()))
        self.broker.process.send_signal(signal.SIGHUP)
        text, deadline = "", time.monotonic() + RELOAD_SECONDS
        while " event=reload " not in text:
            if time.monotonic() > deadline:
                raise Difference("the broker did not reload")
            time.sleep(0.0005)
            text += self.log.read()
        if "event=reload decision=done" not in text:
            raise Difference(f"the broker refuses {json.dumps(document)}\n{text}")

    def _token(self, identity):
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "model", "jti": f"{self.number}-{identity}", "iat": now,
                  "exp": now + LIFE, "org_id": self.org, **identity}
        return jwt.encode(claims, self.key, algorithm="EdDSA", headers={"kid": "model", "typ": "at+jwt"})

    def __call__(self, scene):
        self.number += 1
        self.tally.scene(scene.document["rules"])
        document = watched(scene.document)
        self._load(document)
        with contextlib.ExitStack() as stack:
            try:
                Stage(self, scene, stack).play()
            except (OSError, TypeError) as error:
                raise Difference(f"the broker did not answer: {error!r}") from error

    def peer(self, stack, identity, client, will=None):
        made = Peer(self.port, self._token(identity), client, will)
        stack.callback(made.close)
        return made


class Stage:
    """One scene being played."""

    def __init__(self, live, scene, stack):
        self.live, self.scene, self.stack = live, scene, stack
        self.everybody = [*scene.identities, OBSERVER]
        self.world = World(watched(scene.document), self.everybody)
        self.peers = {}

    def play(self):
        for who, identity in enumerate(self.everybody):
            self._connect(who, identity)
        observer = len(self.everybody) - 1
        for topic in WATCHED:
            self._subscribe(observer, Question("subscribe", topic, 2), RETAIN_AS_PUBLISHED)
        for number, operation in enumerate(self.scene.operations):
            if operation.who in self.peers:
                self._operate(number, operation.who, operation.question)

    def _connect(self, who, identity):
        peer = self.live.peer(self.stack, identity, f"client-{who}")
        good = self.world.connected(who)
        if peer.code != (SUCCESS if good else REFUSED):
            raise self._difference(who, Question("connect"), f"the broker answers {peer.code}")
        if good:
            self.peers[who] = peer

    def _operate(self, number, who, question):
        answer = self.world.ask(who, question)
        self.live.tally.operation(question.door, answer.allowed)
        if question.door == "subscribe":
            self._subscribe(who, question)
            return
        payload = b"" if question.retain and number % 4 == 3 else b"%d" % number
        if question.door == "publish":
            code = self.peers[who].publish(question, payload)
            good = code in (None, SUCCESS, NO_SUBSCRIBERS) if answer.allowed else code in (None, REFUSED)
        else:
            code = self._will(who, question, payload, number % 2, answer.allowed)
            good = code == (SUCCESS if answer.allowed else REFUSED)
        if not good:
            raise self._difference(who, question, f"the broker answers {code}")
        self._heard(who, question, payload, answer.allowed)

    def _will(self, who, question, payload, rude, due):
        """A connection that says nothing and ends, either way with its will."""
        peer = self.live.peer(self.stack, self.everybody[who], "", (question.topic, payload, question.qos, question.retain))
        if peer.code != SUCCESS:
            return peer.code
        if not rude:
            peer.leave(WITH_WILL)
        peer.close()
        observer = self.peers[len(self.everybody) - 1]
        deadline = time.monotonic() + RELOAD_SECONDS
        while due and not observer.heard and time.monotonic() < deadline:
            fence([observer])
        return peer.code

    def _heard(self, who, question, payload, allowed):
        fence(self.peers.values())
        heard = [self.peers[number].taken() if number in self.peers else [] for number in range(len(self.everybody))]
        if allowed:
            self.world.published(question, payload)
            fault = self.world.misheard(heard, question, payload)
        else:
            fault = f"somebody heard {heard}" if any(heard) else None
        if fault:
            raise self._difference(who, question, fault)

    def _subscribe(self, who, question, options=0):
        answer = self.world.ask(who, question)
        text = f"$share/{question.group}/{question.topic}" if question.group else question.topic
        code = self.peers[who].subscribe(text, question.qos, options)
        if code != (answer.qos if answer.allowed else REFUSED):
            raise self._difference(who, question, f"the broker answers {code}")
        replay = self.world.subscribed(who, question, answer.qos) if answer.allowed else Counter()
        fence(self.peers.values())
        for number, peer in self.peers.items():
            heard = Counter(peer.taken())
            if heard != (replay if number == who else Counter()):
                raise self._difference(who, question, f"{self.everybody[number]} heard {heard}, not {replay}")

    def _difference(self, who, question, found):
        answer = self.world.ask(who, question)
        return report("the live broker:", self.scene.document, self.everybody[who], question, answer, found)
