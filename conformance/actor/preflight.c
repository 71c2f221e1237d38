/* Preflight: is there a broker, does it know a good token from a bad one, and how far away is it?
 * Every listener is probed at once, in at most PREFLIGHT_MS. */
#include "actor/control.h"
#include "actor/play.h"

#include <stdio.h>
#include <stdlib.h>

struct probe {
	struct run *run;
	const struct listener *listener;
	struct helper good, bad;
	struct peer good_peer, bad_peer;
	char good_who[96], bad_who[96], topic[96];
	struct nonce nonce;
	struct event *timer;
	bool accepted, subscribed, published, back, pinged, measured;
	bool good_done, bad_done, refused;
};

static void on_time(evutil_socket_t fd, short what, void *context)
{
	struct probe *probe = context;
	(void)fd;
	(void)what;
	probe->good_done = probe->bad_done = true;
	run_wake(probe->run);
}

static void on_heard(void *context, const struct packet *packet)
{
	struct probe *probe = context;
	if (slice_is(packet->topic, probe->topic) && slice_is(packet->payload, probe->nonce.text))
		probe->back = true;
}

static void set_peer(struct probe *probe, struct peer *peer, size_t listener, const char *who)
{
	peer_init(peer);
	peer->run = probe->run;
	peer->listener = listener;
	peer->who = who;
}

static bool probe_begin(struct probe *probe, struct run *run, size_t listener, struct fault *fault)
{
	probe->run = run;
	probe->listener = &run->target->listeners[listener];
	snprintf(probe->good_who, sizeof probe->good_who, "preflight %.80s", probe->listener->name);
	snprintf(probe->bad_who, sizeof probe->bad_who, "preflight %.70s, bad token", probe->listener->name);
	set_peer(probe, &probe->good_peer, listener, probe->good_who);
	set_peer(probe, &probe->bad_peer, listener, probe->bad_who);
	probe->timer = event_new(run->base, -1, 0, on_time, probe);
	if (!probe->timer || !helper_init(&probe->good, run, NULL) || !helper_init(&probe->bad, run, "flipped"))
		return fault_set(fault, FAULT_UNAVAILABLE, "out of memory");
	snprintf(probe->topic, sizeof probe->topic, "agents/%s/card", probe->good.name);
	probe->good_peer.heard = on_heard;
	probe->good_peer.context = probe;
	probe->bad_done = !run->target->token_credentials;
	play_arm(probe->timer, PREFLIGHT_MS);
	return nonce_make(run->salt, run->plan->seed, probe->good.name, 0, listener, 0, &probe->nonce) &&
	       peer_connect(&probe->good_peer, &probe->good.actor, fault) &&
	       (probe->bad_done || peer_connect(&probe->bad_peer, &probe->bad.actor, fault));
}

bool preflight_begin(struct run *run)
{
	struct fault fault = { FAULT_BUG, "the preflight could not begin" };
	size_t count = run->target->listener_count;
	run->probes = calloc(count ? count : 1, sizeof *run->probes);
	for (size_t i = 0; run->probes && i < count; i++) {
		if (!probe_begin(&run->probes[i], run, i, &fault)) {
			run_fail(run, fault.text);
			return false;
		}
	}
	if (!run->probes)
		run_fail(run, "out of memory");
	return run->probes != NULL;
}

void preflight_end(struct run *run)
{
	for (size_t i = 0; run->probes && i < run->target->listener_count; i++) {
		struct probe *probe = &run->probes[i];
		if (!probe->run)
			break;
		peer_release(&probe->good_peer);
		peer_release(&probe->bad_peer);
		helper_release(&probe->good);
		helper_release(&probe->bad);
		if (probe->timer)
			event_free(probe->timer);
	}
	free(run->probes);
	run->probes = NULL;
}

static void send_card(struct probe *probe)
{
	struct fault ignored; /* a connection that ends is seen as such */
	struct publish card = { .topic = slice_text(probe->topic), .payload = slice_text(probe->nonce.text) };
	static const char *const directory[] = { "agents/+/card" };
	struct peer *peer = &probe->good_peer;
	if (!probe->subscribed) {
		probe->subscribed = peer_filters(peer, PACKET_SUBSCRIBE, directory, 1, 0, &ignored);
	} else if (!probe->published && peer->unanswered == 0) {
		probe->published = peer_publish(peer, &card, &ignored);
	} else if (probe->back && !probe->pinged) {
		probe->pinged = peer_ping(peer, &ignored);
	}
}

static void probe_poll(struct probe *probe)
{
	struct peer *good = &probe->good_peer, *bad = &probe->bad_peer;
	probe->accepted |= good->answered && good->code == 0x00;
	if (good->state == PEER_READY)
		send_card(probe);
	probe->measured |= probe->pinged && good->pongs > 0;
	probe->good_done |= good->state == PEER_CLOSED || (good->answered && good->state != PEER_READY) || probe->measured;
	if (probe->bad_done)
		return;
	bool answered = bad->answered || (bad->opened && bad->state == PEER_CLOSED);
	probe->refused = answered && bad->state != PEER_READY && (!bad->answered || bad->code >= 0x80);
	probe->bad_done = answered || bad->state == PEER_CLOSED;
}

/* What is wrong with a listener, first things first. NULL: nothing is. */
static const char *cause_of(const struct probe *probe, char *words, size_t size)
{
	const struct peer *good = &probe->good_peer;
	bool closed = good->state == PEER_CLOSED;
	const char *how = *good->how ? good->how : "closed";
	if (!good->opened) {
		snprintf(words, size, "no connection: %s", closed ? how : "not in time");
	} else if (!good->answered) {
		snprintf(words, size, closed ? "the connection ended without a CONNACK (%s)" : "silent: no CONNACK in time", how);
	} else if (!probe->accepted) {
		snprintf(words, size, "a good token was refused with CONNACK 0x%02X", good->code);
	} else if (!probe->back && closed) {
		snprintf(words, size, "the connection ended before the agent's own card came back (%s)", how);
	} else if (!probe->back) {
		return "the agent's own card did not come back in time: the fixture may not be loaded";
	} else if (!probe->refused && probe->run->target->token_credentials) {
		return "does not authenticate: a token with a spoilt signature was not refused";
	} else {
		return NULL;
	}
	return words;
}

static bool problem_of(const struct probe *probe, char *text, size_t size)
{
	char words[300];
	const char *cause = cause_of(probe, words, sizeof words);
	if (cause)
		snprintf(text, size, "listener %.60s (%.100s:%u): %.300s", probe->listener->name, probe->listener->host,
			 probe->listener->port, cause);
	return cause != NULL;
}

static void conclude(struct run *run)
{
	struct preflight *p = &run->result->preflight;
	char text[500];
	*p = (struct preflight){ .reached = true, .good_token_accepted = true, .own_message_back = true,
				 .bad_token_refused = true };
	for (size_t i = 0; i < run->target->listener_count; i++) {
		const struct probe *probe = &run->probes[i];
		p->reached &= probe->good_peer.opened;
		p->good_token_accepted &= probe->accepted;
		p->own_message_back &= probe->back;
		p->bad_token_refused &= probe->refused;
		if (probe->measured && probe->good_peer.round_trip_us > p->round_trip_us)
			p->round_trip_us = probe->good_peer.round_trip_us;
		if (!p->problem && problem_of(probe, text, sizeof text))
			p->problem = slice_copy(slice_text(text));
	}
}

bool preflight_poll(struct run *run)
{
	bool over = true, hopeless = false;
	for (size_t i = 0; i < run->target->listener_count; i++) {
		struct probe *probe = &run->probes[i];
		probe_poll(probe);
		over &= probe->good_done && probe->bad_done;
		hopeless |= probe->good_done && !probe->measured;
	}
	if (!over && !hopeless)
		return false;
	conclude(run);
	return true;
}
