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
	/* PUBLISH packets of one client that are on their way: QoS 1 until it is acknowledged, QoS 2
	 * until it is released; announced as Receive Maximum [MQTT-3.3.4-9]. Beyond: 0x93. */
	LIMIT_RECEIVE_MAXIMUM = 256,
	/* QoS 2 messages that a session holds half received, those of earlier connections included,
	 * and their bytes. Beyond: PUBREC 0x97. */
	LIMIT_HELD_MESSAGES = 512,
	LIMIT_HELD_BYTES = 8388608,
	/* Topic aliases of one connection in each direction; announced as Topic Alias Maximum
	 * [MQTT-3.2.2-17]. Beyond: 0x94. */
	LIMIT_TOPIC_ALIASES = 16,
	/* Bytes of the topics behind them. Beyond: 0x97; our own topics are sent without an alias. */
	LIMIT_ALIAS_BYTES = 131072,
	/* Retained messages of one organisation, and their bytes with authors and places in the tree. All of
	 * them fit what one client may be owed, so that a replay is never too much by itself. Beyond: 0x97, and
	 * the publish has no effect. A topic of more than LIMIT_FILTER_LEVELS levels is not retained: 0x90. */
	LIMIT_RETAINED_MESSAGES = 4096,
	LIMIT_RETAINED_BYTES = 8388608,
	/* Packets taken from one connection in one turn: nobody makes the others wait long. */
	LIMIT_PACKETS_PER_TURN = 64,
	/* Filters in one SUBSCRIBE or UNSUBSCRIBE: each is a decision. Beyond: DISCONNECT 0x97. */
	LIMIT_FILTERS_PER_PACKET = 1024,
	/* Subscriptions of one session, and the bytes of their filters. Beyond: SUBACK 0x97. */
	LIMIT_SUBSCRIPTIONS = 1024,
	LIMIT_SUBSCRIPTION_BYTES = 262144,
	/* Levels of a filter: the depth of the topic tree. Beyond: SUBACK 0x8F. */
	LIMIT_FILTER_LEVELS = 128,
	/* QoS 1 and 2 messages on their way to one client, whatever larger Receive Maximum it offers. */
	LIMIT_INFLIGHT = 256,
	/* Messages waiting for a place among those, also while their session has no connection; and
	 * the bytes of both together. Beyond: the session ends, because what it was owed is lost
	 * (0x97 where it is connected; its owner finds Session Present 0). */
	LIMIT_QUEUE_MESSAGES = 4096,
	LIMIT_QUEUE_BYTES = 8388608,
	/* Bytes that were staged for one client and have not left. Beyond: DISCONNECT 0x97. */
	LIMIT_BACKLOG_BYTES = 8388608,
	/* Seconds that a session outlives its connection; announced as Session Expiry Interval
	 * (MQTT 5.0 3.2.2.3.2) where a client asks for more. */
	LIMIT_SESSION_EXPIRY = 604800,
	/* Sessions of one organisation, connected or not. Beyond: CONNACK 0x97. */
	LIMIT_SESSIONS = 16384,
	/* Sessions of one owner that wait without a connection. Beyond: the one that has waited
	 * longest ends. */
	LIMIT_WAITING_SESSIONS = 64,
	/* Seconds of silence that a client may ask for; announced as Server Keep Alive
	 * [MQTT-3.2.2-21] where it asks for more, or for none. */
	LIMIT_KEEP_ALIVE = 600,
	/* Milliseconds from a connection's first sign (TLS included) to its CONNECT. Beyond: closed. */
	LIMIT_CONNECT_MS = 10000,
	/* Connections at a time; fewer where the process may not open so many files. Beyond: closed
	 * at once. */
	LIMIT_CONNECTIONS = 4096,
	/* Connections of one owner at a time: nobody takes all of them. Beyond: CONNACK 0x97. */
	LIMIT_OWNER_CONNECTIONS = 512,
	/* CONNECT packets from one address in one second: each costs a signature. Beyond: CONNACK 0x9F
	 * before the token is looked at. */
	LIMIT_CONNECT_RATE = 4096,
	/* Milliseconds in which a closed connection takes its last bytes. Beyond: reset. */
	LIMIT_LINGER_MS = 2000,
};

#endif
