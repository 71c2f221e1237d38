// The dialogue of README.md with MQTT.js.
"use strict";
const fs = require("fs");
const mqtt = require("mqtt");

const [address, port, ca, token, name] = process.argv.slice(2);
const own = `t/${name}`;
let step = "live";

const client = mqtt.connect(`${ca === "-" ? "mqtt" : "mqtts"}://${address}:${port}`, {
  protocolVersion: 5, clientId: name, username: "anybody", password: token, reconnectPeriod: 0,
  ca: ca === "-" ? undefined : fs.readFileSync(ca),
  will: { topic: `t/will/${name}`, payload: "gone", qos: 1, retain: false },
});

function fail(error) {
  console.error(error);
  process.exit(3);
}

function subscribe(filter, qos, then) {
  client.subscribe(filter, { qos }, (error) => (error ? fail(error) : then && then()));
}

client.on("error", fail);
client.on("connect", () => subscribe(own, 2, () => client.publish(own, "one", { qos: 2, retain: true })));
client.on("message", (topic, payload, packet) => {
  if (step === "work") {
    fs.writeSync(1, `work ${payload}\n`);
    process.exit(0);
  }
  fs.writeSync(1, `${step} ${packet.retain ? 1 : 0}\n`);
  if (step === "live") {
    step = "retained";
    subscribe(own, 1);
  } else {
    step = "work";
    subscribe("$share/g/t/work", 1, () => fs.writeSync(1, "ready\n"));
  }
});
