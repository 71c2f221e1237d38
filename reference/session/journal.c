/* Log lines of the session layer. */
#include "journal.h"

#include <stdio.h>

enum { PAIRS_MAX = 16, CODE_TEXT = 8 };

struct line {
	struct log_pair pairs[PAIRS_MAX + 1]; /* the last one stays empty */
	size_t count;
};

static void put(struct line *line, const char *key, struct slice value)
{
	if (line->count == PAIRS_MAX || !value.size)
		return;
	line->pairs[line->count].key = key;
	line->pairs[line->count++].value = value;
}

static void put_text(struct line *line, const char *key, const char *value)
{
	put(line, key, slice_text(value));
}

/* text must live as long as the line. */
static void put_code(struct line *line, char text[CODE_TEXT], uint8_t code)
{
	snprintf(text, CODE_TEXT, "0x%02X", (unsigned)code);
	put_text(line, "code", text);
}

static void put_owner(struct line *line, const struct identity *identity)
{
	for (unsigned claim = 0; claim < CLAIM_COUNT; claim++)
		put(line, claim_name((enum claim)claim), identity_claim(identity, (enum claim)claim));
}

static void put_client(struct line *line, const struct client *client)
{
	if (client->session) {
		put_owner(line, &client->session->identity);
		put(line, "client", client->session->client_id);
	}
	put_text(line, "listener", client->listener);
	put_text(line, "peer", client->peer);
}

bool journal_decision(void *context, const struct gate_entry *entry)
{
	struct log *log = context;
	const struct decision *decision = entry->decision;
	enum log_level level = decision->allowed ? LOG_DEBUG : LOG_INFO;
	struct line line = { .count = 0 };
	char code[CODE_TEXT];

	if (level > log->level)
		return true;
	put_text(&line, "door", door_name(entry->request->door));
	put_text(&line, "decision", decision->allowed ? "allow" : "deny");
	put_owner(&line, entry->identity);
	put_text(&line, "jti", entry->identity->jti);
	put(&line, "topic", entry->request->topic);
	put(&line, "group", entry->request->group);
	if (entry->request->of_author)
		put_text(&line, "of", "author");
	if (decision->allowed) {
		put_text(&line, "rule", decision->rule);
	} else {
		put_code(&line, code, decision->code);
		put_text(&line, "why", decision->why);
	}
	log_event(log, level, "decision", line.pairs);
	return true;
}

void journal_not_retained(const struct service *service, const char *org_id, struct slice topic)
{
	struct line line = { .count = 0 };

	put_text(&line, "org_id", org_id);
	put(&line, "topic", topic);
	log_event(service->log, LOG_WARN, "not-retained", line.pairs);
}

void journal_accepted(const struct client *client)
{
	struct line line = { .count = 0 };

	put_text(&line, "decision", "allow");
	put_client(&line, client);
	put_text(&line, "iss", client->session->identity.iss);
	put_text(&line, "jti", client->session->identity.jti);
	log_event(client->service->log, LOG_INFO, "connect", line.pairs);
}

void journal_refused(const struct client *client, uint8_t code, const char *rule, const char *why)
{
	struct line line = { .count = 0 };
	char text[CODE_TEXT];

	put_text(&line, "decision", "deny");
	put_code(&line, text, code);
	put_text(&line, "rule", rule);
	put_text(&line, "why", why);
	put_client(&line, client);
	log_event(client->service->log, LOG_INFO, "connect", line.pairs);
}

void journal_closed(const struct client *client, uint8_t code, const char *why)
{
	struct line line = { .count = 0 };
	char text[CODE_TEXT];

	if (code)
		put_code(&line, text, code);
	put_text(&line, "why", why);
	put_client(&line, client);
	log_event(client->service->log, LOG_INFO, "close", line.pairs);
}
