/* Every cap of the broker on what a client may send, hold or cause, in one place (token and policy
 * have their own: identity/token.h, decision/policy.h). Each line says which statement of MQTT 5.0
 * lets a server set it, or which danger it bounds, and what happens beyond it. */
#ifndef MQTT_AGENT_MQTT_LIMITS_H
#define MQTT_AGENT_MQTT_LIMITS_H

enum {
	/* Bytes of one packet, fixed header included; announced as Maximum Packet Size
	 * [MQTT-3.2.2-15]. Beyond: 0x95. */
	LIMIT_PACKET_BYTES = 1048576,
	/* Bytes of a CONNECT: what a stranger may make us hold before his token was looked at.
	 * Beyond: CONNACK 0x95. */
	LIMIT_CONNECT_BYTES = 262144,
	/* Unacknowledged QoS 1 PUBLISH packets of one client; announced as Receive Maximum
	 * [MQTT-3.3.4-9]. A turn takes fewer than this from one connection and acknowledges them
	 * all, so that it cannot be exceeded. */
	LIMIT_RECEIVE_MAXIMUM = 256,
	/* Packets taken from one connection in one turn: nobody makes the others wait long. */
	LIMIT_PACKETS_PER_TURN = 64,
	/* Filters in one SUBSCRIBE or UNSUBSCRIBE: each is a decision. Beyond: DISCONNECT 0x97. */
	LIMIT_FILTERS_PER_PACKET = 1024,
	/* Subscriptions of one session. Beyond: SUBACK 0x97. */
	LIMIT_SUBSCRIPTIONS = 1024,
	/* Levels of a filter: the depth of the topic tree. Beyond: SUBACK 0x8F. */
	LIMIT_FILTER_LEVELS = 128,
	/* QoS 1 messages on their way to one client, whatever larger Receive Maximum it offers. */
	LIMIT_INFLIGHT = 256,
	/* Messages waiting for a place among those. Beyond: DISCONNECT 0x97. */
	LIMIT_QUEUE_MESSAGES = 4096,
	/* Bytes on their way to one client: staged, unsent and queued together.
	 * Beyond: DISCONNECT 0x97. */
	LIMIT_BACKLOG_BYTES = 8388608,
	/* Milliseconds from a connection's first sign (TLS included) to its CONNECT. Beyond: closed. */
	LIMIT_CONNECT_MS = 10000,
	/* Connections at a time; fewer where the process may not open so many files. Beyond: closed
	 * at once. */
	LIMIT_CONNECTIONS = 4096,
	/* Milliseconds in which a closed connection takes its last bytes. Beyond: reset. */
	LIMIT_LINGER_MS = 2000,
};

#endif
