/* What all tests of session/ begin with: one world, made before each test and ended after it, and the
 * clients that most of them need. */
#ifndef MQTT_AGENT_TEST_SESSION_CASE_H
#define MQTT_AGENT_TEST_SESSION_CASE_H

#include "organisation.h"
#include "world.h"

static struct world world;

static inline void setup(void)
{
	world_make(&world);
}

static inline void teardown(void)
{
	world_end(&world);
}

/* Subscribed to t/# at QoS 1. */
static inline struct client *reader(const char *agent, const char *properties)
{
	return world_reader(&world, agent, properties);
}

static inline struct client *writer(void)
{
	return world_join(&world, (struct dial){ .agent = "writer", .id = "writer" });
}

/* The connection is lost: without DISCONNECT, with the will. */
static inline void lose(struct client *client)
{
	client_close(client, "lost");
	world_settle(&world);
}

/* The same, and forgotten: a test may have many one after the other. */
static inline void lose_for_good(struct client *client)
{
	size_t place = 0;

	lose(client);
	while (world.clients[place] != client)
		place++;
	world.clients[place] = NULL;
	client_free(client);
}

/* Takes the CONNACK off what is staged: was a session there? */
static inline bool session_present(struct client *client)
{
	unsigned char *staged = client->staged.data;
	bool present;
	size_t size;

	ck_assert_uint_ge(client->staged.size, 5);
	ck_assert_uint_eq(staged[0], 0x20);
	ck_assert_uint_lt(staged[1], 0x80);
	ck_assert_uint_eq(staged[3], 0);
	present = staged[2] == 1;
	size = 2U + staged[1];
	client->staged.size -= size;
	memmove(staged, staged + size, client->staged.size);
	return present;
}

static inline TCase *session_case(Suite *suite)
{
	TCase *all = tcase_create("session");

	tcase_add_checked_fixture(all, setup, teardown);
	tcase_set_timeout(all, 60);
	suite_add_tcase(suite, all);
	return all;
}

/* The exit code of a test program. */
static inline int session_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	int failed;

	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}

#endif
