/* The probes of the spec, asked of the broker: has it loaded each rule as it is written? Every
 * question has a connection of its own on the first listener, a few at the same time. */
#include "actor/play.h"

#include "wire/describe.h"

#include <stdio.h>
#include <stdlib.h>

enum { AT_ONCE = 8, TEXT_MAX = 600 };

enum question_stage { ASK_WAITING, ASK_CONNECT, ASK_ALLOWED, ASK_DENIED, ASK_DONE };

struct question {
	const struct probe *probe;
	enum question_stage stage;
	bool sent, granted;
	struct helper helper;
	struct peer peer;
	char who[160];
};

struct questions {
	struct run *run;
	struct question *items;
	size_t count;
	struct event *timer;
	size_t grants[2]; /* honoured: of publish, of subscribe */
	bool late;
};

static void on_time(evutil_socket_t fd, short what, void *context)
{
	struct questions *questions = context;
	(void)fd;
	(void)what;
	questions->late = true;
	run_wake(questions->run);
}

static bool has_org(const struct script *script, const char *org)
{
	for (size_t i = 0; i < script->actor_count; i++) {
		if (script->actors[i].org_id && strcmp(script->actors[i].org_id, org) == 0)
			return true;
	}
	return false;
}

/* A plan without scripts is no run but a look at the fixture: everything is asked. */
static bool wanted(const struct plan *plan, const struct probe *probe)
{
	bool found = plan->script_count == 0;
	for (size_t i = 0; i < plan->script_count && !found; i++)
		found = script_open(plan->scripts[i]) && has_org(plan->scripts[i], probe->org);
	return found;
}

static bool question_init(struct question *q, struct run *run, const struct probe *probe)
{
	q->probe = probe;
	peer_init(&q->peer);
	q->peer.run = run;
	q->peer.who = q->who;
	snprintf(q->who, sizeof q->who, "preflight %.40s %.40s %s", probe->org, probe->rule, probe->subscribe ? "sub" : "pub");
	if (!helper_init(&q->helper, run, NULL))
		return false;
	json_t *claims = json_pack("{s:s, s:s}", "org_id", probe->org, probe->claim, probe->name);
	return claims && json_object_set_new(q->helper.actor.recipe, "claims", claims) == 0;
}

bool questions_begin(struct run *run)
{
	const struct registry *registry = run->options->registry;
	size_t most = registry ? registry->probe_count : 0;
	struct questions *all = calloc(1, sizeof *all);
	bool good = all != NULL;
	run->questions = all;
	if (good) {
		all->run = run;
		all->items = calloc(most + 1, sizeof *all->items);
		all->timer = event_new(run->base, -1, 0, on_time, all);
		good = all->items && all->timer;
	}
	for (size_t i = 0; good && i < most; i++) {
		if (wanted(run->plan, &registry->probes[i]))
			good = question_init(&all->items[all->count++], run, &registry->probes[i]);
	}
	if (good)
		play_arm(all->timer, QUESTIONS_MS);
	else
		run_fail(run, "out of memory");
	return good;
}

void questions_end(struct run *run)
{
	struct questions *all = run->questions;
	for (size_t i = 0; all && i < all->count; i++) {
		peer_release(&all->items[i].peer);
		helper_release(&all->items[i].helper);
	}
	if (all && all->timer)
		event_free(all->timer);
	free(all ? all->items : NULL);
	free(all);
	run->questions = NULL;
}

static const char *kind_of(const struct probe *probe)
{
	return strcmp(probe->claim, "user_id") == 0 ? "user" : strcmp(probe->claim, "server_id") == 0 ? "server" :
	       strcmp(probe->claim, "tool_id") == 0 ? "tool" : "agent";
}

/* Notes what was not as the fixture wants it. */
static void find(struct run *run, const struct question *q, enum finding_kind kind, const char *seen)
{
	static const char *const grounds[] = {
		[FINDING_REFUSED] = "which the rule grants", [FINDING_SILENT] = "which the rule grants",
		[FINDING_ALLOWED] = "which no rule grants",
	};
	struct preflight *p = &run->result->preflight;
	const struct probe *probe = q->probe;
	const char *topic = kind == FINDING_ALLOWED ? probe->denied : probe->allowed;
	char text[TEXT_MAX];
	struct finding *findings = realloc(p->findings, (p->finding_count + 1) * sizeof *findings);
	if (!findings) {
		run_fail(run, "out of memory");
		return;
	}
	snprintf(text, sizeof text, "organisation %.60s, rule \"%.60s\": %s %.60s %s \"%.120s\", %s: saw %.200s", probe->org,
		 probe->rule, kind_of(probe), probe->name, probe->subscribe ? "subscribes" : "publishes", topic, grounds[kind], seen);
	p->findings = findings;
	findings[p->finding_count] = (struct finding){
		.kind = kind, .org = probe->org, .rule = probe->rule, .subscribe = probe->subscribe,
		.sentence = slice_copy(slice_text(text)),
	};
	if (!findings[p->finding_count++].sentence)
		run_fail(run, "out of memory");
}

static void ask(struct question *q, const char *topic)
{
	struct fault ignored; /* a connection that ends is seen as such */
	struct publish message = { .qos = 1, .topic = slice_text(topic), .payload = slice_text("probe") };
	const char *const filters[] = { topic };
	q->sent = q->probe->subscribe ? peer_filters(&q->peer, PACKET_SUBSCRIBE, filters, 1, 0, &ignored) :
					peer_publish(&q->peer, &message, &ignored);
}

/* What came back to the last request; NULL: nothing yet. A connection that the broker ended is a refusal. */
static const char *answer(const struct question *q, bool *allowed, char *words, size_t size)
{
	enum packet_type type = q->probe->subscribe ? PACKET_SUBACK : PACKET_PUBACK;
	bool closed = q->peer.state == PEER_CLOSED;
	if (q->sent && !q->peer.unanswered && !closed) {
		*allowed = q->peer.last_code < 0x80;
		snprintf(words, size, "%s 0x%02X %s", packet_name(type), q->peer.last_code, code_name(type, q->peer.last_code));
		return words;
	}
	*allowed = false;
	if (closed)
		snprintf(words, size, "the connection end%s%.100s", *q->peer.how ? ": " : "", q->peer.how);
	return closed ? words : NULL;
}

static void finish(struct question *q)
{
	peer_leave(&q->peer);
	q->stage = ASK_DONE;
}

static void poll_connect(struct run *run, struct question *q)
{
	char words[200];
	if (q->peer.state == PEER_READY) {
		q->stage = ASK_ALLOWED;
		ask(q, q->probe->allowed);
	} else if (q->peer.answered || q->peer.state == PEER_CLOSED) {
		snprintf(words, sizeof words, q->peer.answered ? "CONNACK 0x%02X" : "no CONNACK", q->peer.code);
		find(run, q, FINDING_REFUSED, words);
		finish(q);
	}
}

static void poll_answer(struct run *run, struct question *q)
{
	char words[300];
	bool allowed, first = q->stage == ASK_ALLOWED;
	const char *seen = answer(q, &allowed, words, sizeof words);
	if (!seen)
		return;
	if (allowed != first)
		find(run, q, first ? FINDING_REFUSED : FINDING_ALLOWED, seen);
	else
		run->result->preflight.probes_held += !first;
	run->questions->grants[q->probe->subscribe] += first && allowed;
	if (!first || !allowed) {
		finish(q);
		return;
	}
	q->stage = ASK_DENIED;
	ask(q, q->probe->denied);
}

static void question_poll(struct run *run, struct question *q)
{
	struct fault fault;
	if (q->stage == ASK_WAITING) {
		q->stage = ASK_CONNECT;
		if (!peer_connect(&q->peer, &q->helper.actor, &fault))
			run_fail(run, fault.text);
	} else if (q->stage == ASK_CONNECT) {
		poll_connect(run, q);
	} else if (q->stage != ASK_DONE) {
		poll_answer(run, q);
	}
}

bool questions_poll(struct run *run)
{
	struct questions *all = run->questions;
	size_t busy = 0;
	for (size_t i = 0; i < all->count && busy < AT_ONCE && !run->failed; i++) {
		struct question *q = &all->items[i];
		if (q->stage != ASK_DONE)
			question_poll(run, q);
		if (all->late && q->stage != ASK_DONE) {
			find(run, q, FINDING_SILENT, "no answer in time");
			finish(q);
		}
		busy += q->stage != ASK_DONE;
	}
	run->result->preflight.probes = all->count;
	return busy == 0;
}

/* A grant that does not hold would break the twins of the whole organisation, one by one: they are told
 * once. Where nothing at all could be published, or subscribed to, it is no slip of translation; that, and
 * a denial that does not hold, is for the cases to fail on: a violation is never hidden. */
static void mark_blocking(struct run *run)
{
	struct preflight *p = &run->result->preflight;
	for (size_t i = 0; run->questions && i < p->finding_count; i++)
		p->findings[i].blocks =
			p->findings[i].kind == FINDING_REFUSED && run->questions->grants[p->findings[i].subscribe] > 0;
}

void questions_block(struct run *run)
{
	const struct preflight *p = &run->result->preflight;
	mark_blocking(run);
	for (size_t i = 0; i < run->plan->script_count; i++) {
		for (size_t k = 0; k < p->finding_count; k++) {
			struct moment m = { .kind = MOMENT_STOPPED, .script = (ptrdiff_t)i, .actor = NOBODY, .text = p->findings[k].sentence };
			if (p->findings[k].blocks && has_org(run->plan->scripts[i], p->findings[k].org)) {
				run_emit(run, &m);
				break;
			}
		}
	}
}
