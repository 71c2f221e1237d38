/* Reading of the configuration. "audience", "max_token_life", "issuers" and "policies" are read by
 * the modules that they are for. */
#include "config.h"

#include <stdlib.h>

static const char *const known_members[] = { "listeners", "audience", "max_token_life", "issuers",
					     "policies",  "log",      NULL };
static const char *const level_names[] = { "error", "warn", "info", "debug" };

enum { LEVELS = sizeof level_names / sizeof *level_names };

static bool out_of_memory(struct fault *fault)
{
	return fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
}

static bool copy_text(const char *text, char **out, struct fault *fault)
{
	*out = slice_copy(slice_text(text));
	return *out || out_of_memory(fault);
}

/* The name stands in the line `listening NAME ADDRESS PORT tls`: one word. */
static bool is_listener_name(const char *name)
{
	size_t size = strlen(name);

	return size <= CONFIG_LISTENER_NAME_MAX &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") == size;
}

static bool read_name(const struct json_at *at, const struct config *config, struct config_listener *listener,
		      struct fault *fault)
{
	const char *name;

	if (!json_text_at(at, &name, fault))
		return false;
	if (!is_listener_name(name))
		return json_expected(at, "1 to 64 of A-Z a-z 0-9 . _ -", fault);
	for (size_t i = 0; i < config->listener_count; i++)
		if (config->listeners[i].name && strcmp(config->listeners[i].name, name) == 0)
			return json_expected(at, "a name that no other listener has", fault);
	return copy_text(name, &listener->name, fault);
}

static bool read_address(const struct json_at *at, struct config_listener *listener, struct fault *fault)
{
	const char *address;

	if (!json_text_at(at, &address, fault))
		return false;
	if (!net_address_valid(address))
		return json_expected(at, "an IPv4 or IPv6 address", fault);
	return copy_text(address, &listener->address, fault);
}

static bool read_port(const struct json_at *at, struct config_listener *listener, struct fault *fault)
{
	int64_t port;

	if (!json_integer_at(at, 0, UINT16_MAX, &port, fault))
		return false;
	listener->port = (uint16_t)port;
	return true;
}

/* One step of the TLS set-up, from the file that a member names. A fault names the place as well. */
static bool read_tls_file(const struct json_at *at, const char *document, struct net_tls *tls,
			  bool (*step)(struct net_tls *, const char *, struct fault *), struct fault *fault)
{
	struct fault inner;
	const char *name;
	char *path;
	bool good;

	if (!json_text_at(at, &name, fault))
		return false;
	path = json_beside(document, name);
	good = path ? step(tls, path, &inner) : out_of_memory(&inner);
	free(path);
	return good || json_within(at, &inner, fault);
}

static bool read_tls(const struct json_at *at, const char *document, struct config_listener *listener,
		     struct fault *fault)
{
	static const char *const known[] = { "certificate", "key", "client_ca", NULL };
	struct json_at certificate = json_member(at, "certificate"), key = json_member(at, "key");
	struct json_at clients = json_member(at, "client_ca");

	if (!json_object_at(at, known, fault))
		return false;
	listener->tls = net_tls_new(fault);
	return listener->tls && read_tls_file(&certificate, document, listener->tls, net_tls_certificate, fault) &&
	       read_tls_file(&key, document, listener->tls, net_tls_key, fault) &&
	       (!clients.value || read_tls_file(&clients, document, listener->tls, net_tls_clients, fault));
}

/* Tokens travel over TLS; a listener without it has to say that it is for tests (chapter 1). */
static bool read_transport(const struct json_at *at, const char *document, struct config_listener *listener,
			   struct fault *fault)
{
	struct json_at tls = json_member(at, "tls"), plaintext = json_member(at, "plaintext");
	const char *word;

	if (!tls.value == !plaintext.value)
		return json_complain(at, fault, "expected either \"tls\" or \"plaintext\": \"test\", found %s",
				     tls.value ? "both" : "neither");
	if (tls.value)
		return read_tls(&tls, document, listener, fault);
	if (!json_text_at(&plaintext, &word, fault))
		return false;
	return strcmp(word, "test") == 0 || json_expected(&plaintext, "\"test\"", fault);
}

static bool read_listener(const struct json_at *at, const char *document, struct config *config, struct fault *fault)
{
	static const char *const known[] = { "name", "address", "port", "tls", "plaintext", NULL };
	struct config_listener *listener = &config->listeners[config->listener_count++];
	struct json_at name = json_member(at, "name"), address = json_member(at, "address");
	struct json_at port = json_member(at, "port");

	return json_object_at(at, known, fault) && read_name(&name, config, listener, fault) &&
	       read_address(&address, listener, fault) && read_port(&port, listener, fault) &&
	       read_transport(at, document, listener, fault);
}

static bool read_listeners(const struct json_at *at, const char *document, struct config *config, struct fault *fault)
{
	if (!json_array_at(at, 1, CONFIG_LISTENERS_MAX, fault))
		return false;
	config->listeners = calloc(json_array_size(at->value), sizeof *config->listeners);
	if (!config->listeners)
		return out_of_memory(fault);
	for (size_t i = 0; i < json_array_size(at->value); i++) {
		struct json_at element = json_element(at, i);

		if (!read_listener(&element, document, config, fault))
			return false;
	}
	return true;
}

static bool read_log(const struct json_at *at, struct config *config, struct fault *fault)
{
	const char *word;

	config->log_level = LOG_INFO;
	if (!at->value)
		return true;
	if (!json_text_at(at, &word, fault))
		return false;
	for (size_t i = 0; i < LEVELS; i++) {
		if (strcmp(word, level_names[i]) == 0) {
			config->log_level = (enum log_level)i;
			return true;
		}
	}
	return json_expected(at, "error, warn, info or debug", fault);
}

static bool read_config(const struct json_at *root, const char *path, struct config *config, struct fault *fault)
{
	struct json_at listeners = json_member(root, "listeners"), log = json_member(root, "log");

	if (!json_object_at(root, known_members, fault) || !read_listeners(&listeners, path, config, fault) ||
	    !read_log(&log, config, fault))
		return false;
	config->trust = trust_load(root, fault);
	if (!config->trust)
		return false;
	config->policies = policies_load(root, fault);
	return config->policies != NULL;
}

struct config *config_load(const char *path, struct fault *fault)
{
	json_t *document = json_read_file(path, &json_limits_file, fault);
	struct config *config = NULL;
	struct json_at root;

	if (!document)
		return NULL;
	root = json_root(document, path);
	config = calloc(1, sizeof *config);
	if (!config)
		out_of_memory(fault);
	else if (!copy_text(path, &config->path, fault) || !read_config(&root, path, config, fault)) {
		config_free(config);
		config = NULL;
	}
	json_decref(document);
	return config;
}

void config_free(struct config *config)
{
	if (!config)
		return;
	for (size_t i = 0; i < config->listener_count; i++) {
		free(config->listeners[i].name);
		free(config->listeners[i].address);
		net_tls_free(config->listeners[i].tls);
	}
	free(config->listeners);
	free(config->path);
	trust_free(config->trust);
	policies_free(config->policies);
	free(config);
}

static bool same_listener(const struct config_listener *a, const struct config_listener *b)
{
	return strcmp(a->name, b->name) == 0 && strcmp(a->address, b->address) == 0 && a->port == b->port &&
	       !a->tls == !b->tls;
}

static bool same_listeners(const struct config *a, const struct config *b)
{
	if (a->listener_count != b->listener_count)
		return false;
	for (size_t i = 0; i < a->listener_count; i++)
		if (!same_listener(&a->listeners[i], &b->listeners[i]))
			return false;
	return true;
}

static void exchange(struct config *a, struct config *b)
{
	struct config kept = *a;

	a->trust = b->trust;
	a->policies = b->policies;
	a->log_level = b->log_level;
	b->trust = kept.trust;
	b->policies = kept.policies;
	b->log_level = kept.log_level;
}

/* Names stay where they are: connections refer to them. */
bool config_renew(struct config *config, struct config *fresh, struct fault *fault)
{
	if (!same_listeners(config, fresh))
		return fault_set(fault, FAULT_PROTOCOL,
				 "%s: $.listeners: expected the listeners that are open; others need a new start",
				 config->path);
	exchange(config, fresh);
	for (size_t i = 0; i < config->listener_count; i++) {
		struct net_tls *tls = config->listeners[i].tls;

		config->listeners[i].tls = fresh->listeners[i].tls;
		fresh->listeners[i].tls = tls;
	}
	return true;
}
