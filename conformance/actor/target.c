#include "actor/target.h"

#include "files/files.h"
#include "json.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LISTENERS_MAX = 8, LABEL_MAX = 64, PREFIX_MAX = 32, HOST_MAX = 255, GRACE_MAX_MS = 60000, SKEW_MAX_MS = 30000 };

static const char *const class_names[] = { "core",       "substrate", "policy",     "operation", "delegation",
					   "grants",     "renewal",   "revocation", "audit",     "cards",
					   "provenance", "carriage",  "pop",        NULL };
static const char *const algorithm_names[] = { "ES256", "EdDSA", "PS256", "RS256", NULL };
static const char *const core_alone[] = { "core", NULL };

static bool out_of_memory(struct fault *fault)
{
	return fault_set(fault, FAULT_UNAVAILABLE, "out of memory while reading the target");
}

static bool copy_text(const char *text, char **copy, struct fault *fault)
{
	free(*copy);
	*copy = slice_copy(slice_text(text));
	return *copy || out_of_memory(fault);
}

/* [A-Za-z0-9][A-Za-z0-9._-]{0,63}: it becomes part of script ids and of file names. */
static bool label_valid(const char *label)
{
	static const char first[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	static const char rest[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
	size_t size = strlen(label);
	return size >= 1 && size <= LABEL_MAX && strchr(first, label[0]) && strspn(label, rest) == size;
}

static bool port_from(struct slice digits, uint16_t *port)
{
	unsigned long value = 0;
	if (digits.size == 0 || digits.size > 5)
		return false;
	for (size_t i = 0; i < digits.size; i++) {
		if (digits.data[i] < '0' || digits.data[i] > '9')
			return false;
		value = value * 10 + (unsigned long)(digits.data[i] - '0');
	}
	*port = (uint16_t)value;
	return value >= 1 && value <= UINT16_MAX;
}

/* "host", "host:port", "[v6]:port": splits; *port keeps its value where the text names none. */
static bool split_host(struct slice rest, struct slice *host, uint16_t *port)
{
	bool bracket = rest.size > 0 && rest.data[0] == '[';
	const unsigned char *close = bracket ? memchr(rest.data, ']', rest.size) : NULL;
	if (bracket && !close)
		return false;
	size_t begin = bracket ? 1 : 0;
	size_t end = bracket ? (size_t)(close - rest.data) : 0;
	while (!bracket && end < rest.size && rest.data[end] != ':')
		end++;
	*host = slice_part(rest, begin, end - begin);
	struct slice tail = slice_part(rest, end + begin, rest.size);
	if (tail.size > 0 && (tail.data[0] != ':' || !port_from(slice_part(tail, 1, tail.size), port)))
		return false;
	for (size_t i = 0; i < host->size; i++) {
		if (host->data[i] <= ' ' || host->data[i] >= 0x7f || strchr("/@?#[]", host->data[i]))
			return false;
	}
	return host->size >= 1 && host->size <= HOST_MAX;
}

static bool address_read(const char *text, struct listener *listener, struct fault *fault)
{
	struct slice rest = slice_text(text), host = { NULL, 0 };
	bool tls = slice_starts(rest, slice_text("mqtts://"));
	size_t scheme = tls ? 8 : 7;
	if (!tls && !slice_starts(rest, slice_text("mqtt://")))
		return fault_set(fault, FAULT_MALFORMED,
				 "expected mqtt://host:port or mqtts://host:port, found \"%.200s\"", text);
	rest = slice_part(rest, scheme, rest.size);
	if (rest.size > 0 && rest.data[rest.size - 1] == '/')
		rest.size--;
	listener->tls = tls;
	listener->port = tls ? 8883 : 1883;
	if (!split_host(rest, &host, &listener->port))
		return fault_set(fault, FAULT_MALFORMED,
				 "expected a host and a port from 1 to 65535, as in %s127.0.0.1:%d; found \"%.200s\"",
				 tls ? "mqtts://" : "mqtt://", tls ? 8883 : 1883, text);
	listener->host = slice_copy(host);
	return listener->host || out_of_memory(fault);
}

static void listener_release(struct listener *listener)
{
	free(listener->name);
	free(listener->host);
}

static void list_free(char **list)
{
	for (size_t i = 0; list && list[i]; i++)
		free(list[i]);
	free(list);
}

void target_free(struct target *target)
{
	if (!target)
		return;
	for (size_t i = 0; i < target->listener_count; i++)
		listener_release(&target->listeners[i]);
	free(target->listeners);
	free(target->name);
	free(target->version);
	free(target->vendor);
	free(target->ca_file);
	free(target->server_name);
	free(target->username);
	free(target->client_id_prefix);
	for (enum hook_kind kind = 0; kind < HOOK_KINDS; kind++)
		hook_arguments_free(target->hooks[kind]);
	list_free(target->classes);
	list_free(target->algorithms);
	free(target);
}

static bool list_copy(const char *const *names, char ***copy, struct fault *fault)
{
	size_t count = 0;
	while (names[count])
		count++;
	list_free(*copy);
	*copy = calloc(count + 1, sizeof(**copy));
	for (size_t i = 0; *copy && i < count; i++) {
		(*copy)[i] = slice_copy(slice_text(names[i]));
		if (!(*copy)[i])
			return out_of_memory(fault);
	}
	return *copy || out_of_memory(fault);
}

static struct target *target_new(struct fault *fault)
{
	struct target *target = calloc(1, sizeof(*target));
	if (!target) {
		out_of_memory(fault);
		return NULL;
	}
	target->token_credentials = true;
	target->grace_ms = -1;
	if (!copy_text("", &target->version, fault) || !copy_text("", &target->vendor, fault) ||
	    !copy_text("", &target->client_id_prefix, fault) || !list_copy(core_alone, &target->classes, fault) ||
	    !list_copy(algorithm_names, &target->algorithms, fault)) {
		target_free(target);
		return NULL;
	}
	return target;
}

static bool digest_of(const char *text, char digest[65], struct fault *fault)
{
	return hex_digest(slice_text(text), digest) || fault_set(fault, FAULT_UNAVAILABLE, "SHA-256 is not available");
}

static bool loopback(const char *host)
{
	return strcasecmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 || strncmp(host, "127.", 4) == 0;
}

static bool grace_default(struct target *target)
{
	bool near = true;
	for (size_t i = 0; i < target->listener_count; i++)
		near = near && loopback(target->listeners[i].host);
	if (target->grace_ms < 0)
		target->grace_ms = near ? 100 : 500;
	return true;
}

static bool optional_text(const struct json_at *object, const char *name, char **copy, struct fault *fault)
{
	const char *text = NULL;
	struct json_at at = json_member(object, name);
	if (!at.value)
		return true;
	return json_text_at(&at, &text, fault) && copy_text(text, copy, fault);
}

static bool label_at(const struct json_at *object, const char *name, char **copy, struct fault *fault)
{
	const char *text = NULL;
	struct json_at at = json_member(object, name);
	if (!json_text_at(&at, &text, fault))
		return false;
	if (!label_valid(text))
		return json_expected(&at, "1 to 64 letters, digits, '.', '_' or '-', the first a letter or digit",
				     fault);
	return copy_text(text, copy, fault);
}

/* [AUTH-01] A token goes over TLS, or to a listener that the file marks as a plaintext test listener. */
static bool plaintext_at(const struct json_at *object, struct listener *listener, struct fault *fault)
{
	const char *text = NULL;
	struct json_at at = json_member(object, "plaintext");
	if (listener->tls)
		return !at.value || json_complain(&at, fault, "is for mqtt:// listeners only; remove it");
	if (!at.value)
		return json_complain(object, fault,
				     "this listener has no TLS; if tokens may travel to it for testing, "
				     "add \"plaintext\": \"test\"");
	if (!json_text_at(&at, &text, fault))
		return false;
	listener->test = strcmp(text, "test") == 0;
	return listener->test || json_expected(&at, "\"test\"", fault);
}

static bool listener_at(const struct json_at *at, struct target *target, struct fault *fault)
{
	static const char *const known[] = { "name", "address", "plaintext", NULL };
	struct listener *listener = &target->listeners[target->listener_count];
	struct json_at address = json_member(at, "address"), name = json_member(at, "name");
	const char *text = NULL;
	struct fault cause = { FAULT_NONE, "" };
	target->listener_count++; /* from here on target_free releases it */
	if (!json_object_at(at, known, fault) || !label_at(at, "name", &listener->name, fault) ||
	    !json_text_at(&address, &text, fault))
		return false;
	for (size_t i = 0; i + 1 < target->listener_count; i++) {
		if (strcmp(target->listeners[i].name, listener->name) == 0)
			return json_complain(&name, fault, "\"%s\" already names another listener", listener->name);
	}
	if (!address_read(text, listener, &cause))
		return json_complain(&address, fault, "%s", cause.text);
	return plaintext_at(at, listener, fault);
}

static bool listeners_at(const struct json_at *root, struct target *target, struct fault *fault)
{
	struct json_at at = json_member(root, "listeners");
	if (!json_array_at(&at, 1, LISTENERS_MAX, fault))
		return false;
	size_t count = json_array_size(at.value);
	target->listeners = calloc(count, sizeof(*target->listeners));
	if (!target->listeners)
		return out_of_memory(fault);
	for (size_t i = 0; i < count; i++) {
		struct json_at element = json_element(&at, i);
		if (!listener_at(&element, target, fault))
			return false;
	}
	return true;
}

static bool word_in(const char *word, const char *const *words)
{
	for (size_t i = 0; words[i]; i++) {
		if (strcmp(word, words[i]) == 0)
			return true;
	}
	return false;
}

/* A list of distinct words out of allowed; the member may be absent. */
static bool words_at(const struct json_at *root, const char *name, const char *const *allowed, char ***words,
		     struct fault *fault)
{
	const char *found[16] = { NULL };
	char expected[256];
	struct json_at at = json_member(root, name);
	if (!at.value)
		return true;
	if (!json_array_at(&at, 1, 15, fault))
		return false;
	size_t used = 0;
	expected[0] = '\0';
	for (size_t i = 0; allowed[i] && used + strlen(allowed[i]) + 8 < sizeof(expected); i++) {
		memcpy(expected + used, i ? ", " : "", i ? 2 : 0);
		used += i ? 2 : 0;
		memcpy(expected + used, allowed[i], strlen(allowed[i]) + 1);
		used += strlen(allowed[i]);
	}
	for (size_t i = 0; i < json_array_size(at.value); i++) {
		struct json_at element = json_element(&at, i);
		const char *word = NULL;
		if (!json_text_at(&element, &word, fault))
			return false;
		if (!word_in(word, allowed))
			return json_complain(&element, fault, "expected one of %s; found \"%.60s\"", expected, word);
		if (word_in(word, found))
			return json_complain(&element, fault, "\"%s\" stands twice", word);
		found[i] = word;
	}
	return list_copy(found, words, fault);
}

static bool optional_integer(const struct json_at *root, const char *name, int64_t most, int64_t *number,
			     struct fault *fault)
{
	struct json_at at = json_member(root, name);
	return !at.value || json_integer_at(&at, 0, most, number, fault);
}

static bool tls_at(const struct json_at *root, const char *file, struct target *target, struct fault *fault)
{
	static const char *const known[] = { "ca", "server_name", NULL };
	struct json_at at = json_member(root, "tls");
	char *ca = NULL;
	if (!at.value)
		return true;
	bool done = json_object_at(&at, known, fault) && optional_text(&at, "ca", &ca, fault) &&
		    optional_text(&at, "server_name", &target->server_name, fault);
	if (done && ca) {
		target->ca_file = json_beside(file, ca);
		done = target->ca_file || out_of_memory(fault);
	}
	free(ca);
	return done;
}

static bool credentials_at(const struct json_at *root, struct target *target, struct fault *fault)
{
	const char *text = NULL;
	struct json_at at = json_member(root, "credentials");
	if (!at.value)
		return true;
	if (!json_text_at(&at, &text, fault))
		return false;
	target->token_credentials = strcmp(text, "jwt") == 0;
	return target->token_credentials || strcmp(text, "none") == 0 ||
	       json_expected(&at, "\"jwt\" or \"none\"", fault);
}

/* The one member that may be empty, which json_text_at does not allow. */
static bool prefix_at(const struct json_at *root, struct target *target, struct fault *fault)
{
	struct json_at at = json_member(root, "client_id_prefix");
	if (!at.value || (json_is_string(at.value) && json_string_length(at.value) == 0))
		return true;
	if (!optional_text(root, "client_id_prefix", &target->client_id_prefix, fault))
		return false;
	return strlen(target->client_id_prefix) <= PREFIX_MAX || json_expected(&at, "at most 32 bytes", fault);
}

static bool document_read(const json_t *document, const char *file, struct target *target, struct fault *fault)
{
	static const char *const known[] = { "$schema",          "name",    "version",     "vendor",
					     "listeners",        "tls",     "credentials", "username",
					     "client_id_prefix", "classes", "algorithms",  "grace_ms",
					     "clock_skew_ms",    "hooks",   NULL };
	struct json_at root = json_root(document, file);
	return json_object_at(&root, known, fault) && label_at(&root, "name", &target->name, fault) &&
	       optional_text(&root, "version", &target->version, fault) &&
	       optional_text(&root, "vendor", &target->vendor, fault) && listeners_at(&root, target, fault) &&
	       tls_at(&root, file, target, fault) && credentials_at(&root, target, fault) &&
	       optional_text(&root, "username", &target->username, fault) && prefix_at(&root, target, fault) &&
	       words_at(&root, "classes", class_names, &target->classes, fault) &&
	       words_at(&root, "algorithms", algorithm_names, &target->algorithms, fault) &&
	       optional_integer(&root, "grace_ms", GRACE_MAX_MS, &target->grace_ms, fault) &&
	       optional_integer(&root, "clock_skew_ms", SKEW_MAX_MS, &target->clock_skew_ms, fault) &&
	       target_hooks_at(&root, file, target, fault) &&
	       grace_default(target);
}

/* The digest is taken over the document's canonical text, so that white space does not change it. */
static bool document_load(const json_t *document, const char *name, struct target *target, struct fault *fault)
{
	char *text = json_dumps(document, JSON_COMPACT | JSON_SORT_KEYS);
	bool done = document_read(document, name, target, fault) && (text || out_of_memory(fault)) &&
		    digest_of(text, target->digest, fault);
	free(text);
	return done;
}

struct target *target_read(const json_t *document, const char *name, struct fault *fault)
{
	struct target *target = target_new(fault);
	if (target && document_load(document, name, target, fault))
		return target;
	target_free(target);
	return NULL;
}

static bool address_load(const char *address, struct target *target, struct fault *fault)
{
	target->listeners = calloc(1, sizeof(*target->listeners));
	if (!target->listeners)
		return out_of_memory(fault);
	target->listener_count = 1;
	struct listener *listener = &target->listeners[0];
	if (!address_read(address, listener, fault))
		return false;
	listener->test = !listener->tls;
	return copy_text(listener->tls ? "tls" : "plain", &listener->name, fault) &&
	       copy_text(label_valid(listener->host) ? listener->host : "broker", &target->name, fault) &&
	       digest_of(address, target->digest, fault) && grace_default(target);
}

struct target *target_load(const char *file_or_address, struct fault *fault)
{
	struct target *target = NULL;
	if (!strstr(file_or_address, "://")) {
		json_t *document = json_read_file(file_or_address, &json_limits_file, fault);
		target = document ? target_read(document, file_or_address, fault) : NULL;
		json_decref(document);
		return target;
	}
	target = target_new(fault);
	if (target && address_load(file_or_address, target, fault))
		return target;
	target_free(target);
	return NULL;
}
