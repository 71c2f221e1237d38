/* The target: which broker is judged and how it is reached. A file (JSON, schema
 * conformance/target.schema.json) or a bare address mqtt://host:port, mqtts://host:port. */
#ifndef CONFORMANCE_TARGET_H
#define CONFORMANCE_TARGET_H

#include "fault.h"
#include "hook/hook.h"
#include "json.h"

#include <stddef.h>
#include <stdint.h>

struct listener {
	char *name; /* "tls", "plain": unique */
	char *host;
	uint16_t port;
	bool tls;
	bool test; /* "plaintext": "test": tokens may travel here for testing */
};

struct target {
	char *name, *version, *vendor;
	struct listener *listeners;
	size_t listener_count;
	char *ca_file;          /* NULL: the fixture's CA */
	char *server_name;      /* SNI and name to verify; NULL: the host */
	bool token_credentials; /* "credentials": "jwt" (true) or "none" */
	char *username;         /* User Name sent with each token; NULL: none */
	char *client_id_prefix; /* "" */
	char **classes;         /* declared; NULL-terminated; default { "core" } */
	char **algorithms;      /* declared; NULL-terminated; default all four */
	int64_t grace_ms;       /* -1: 100 on loopback, 500 elsewhere */
	int64_t clock_skew_ms;
	char **hooks[HOOK_KINDS]; /* argv, NULL-terminated; NULL: the target has no such command */
	bool revoke_by_mqtt;      /* "revoke": "mqtt": orders go over MQTT, not through a command */
	char digest[65]; /* SHA-256 of the file; of the address text when there is none */
};

/* NULL with *fault: unknown members, wrong types, no listener, a bad address: file, JSON path, cause. */
struct target *target_load(const char *file_or_address, struct fault *fault);
/* The same from a document in memory; name stands for the file in messages and for relative names. */
struct target *target_read(const json_t *document, const char *name, struct fault *fault);
/* It can do this, by a command or, where that is possible, over MQTT. */
bool target_has_hook(const struct target *target, enum hook_kind kind);
void target_free(struct target *target);

/* Inside the folder: the member "hooks". */
bool target_hooks_at(const struct json_at *root, const char *file, struct target *target, struct fault *fault);

#endif
