/* The broker's configuration: one JSON file (schema: config.schema.json), read as a whole before
 * anything starts. File names in it are relative to it. An unknown member, like any other fault,
 * is refused with file, JSON path and what was expected. */
#ifndef MQTT_AGENT_CONFIG_H
#define MQTT_AGENT_CONFIG_H

#include "gate.h"
#include "log.h"
#include "net.h"
#include "token.h"

enum { CONFIG_LISTENERS_MAX = 16, CONFIG_LISTENER_NAME_MAX = 64 };

struct config_listener {
	char *name;    /* unique; letters, digits, '.', '_', '-' */
	char *address; /* IPv4 or IPv6, numeric */
	uint16_t port; /* 0: any free one */
	struct net_tls *tls; /* NULL: a plaintext test listener */
};

struct config {
	char *path;
	struct config_listener *listeners; /* at least one */
	size_t listener_count;
	enum log_level log_level;
	struct trust *trust;
	struct policies *policies;
};

/* NULL with *fault: nothing is half-loaded. Keys, policies and certificates are loaded and found
 * usable; no socket is opened. */
struct config *config_load(const char *path, struct fault *fault);
void config_free(struct config *config); /* NULL is taken */

/* Takes over what may change while the broker runs: keys, policies, certificates, log level. fresh has the
 * earlier ones afterwards, to be freed when nobody uses them. False with *fault, and nothing has changed, when
 * the listeners are not the same: those need a new start. */
bool config_renew(struct config *config, struct config *fresh, struct fault *fault);

#endif
