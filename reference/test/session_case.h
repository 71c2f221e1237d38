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
