/* The turn of broker.c, over a real socket: nothing leaves before the commit, and nothing of a turn
 * whose commit failed leaves at all. The commit looks at the client's end of the connection. */
#include "broker.h"
#include "clock.h"
#include "world.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>

struct probe {
	int client;    /* the other end */
	bool succeeds; /* the commit does */
	unsigned commits;
	bool leaked; /* something had left before a commit */
};

static struct world world;
static char path[128];

static void setup(void)
{
	world_make(&world);
	folder_write(&world.folder, "broker.json",
		     "{\"listeners\":[{\"name\":\"n\",\"address\":\"127.0.0.1\",\"port\":0,\"plaintext\":\"test\"}],"
		     "\"audience\":\"a\",\"issuers\":[{\"iss\":\"i\",\"jwks\":\"keys.json\","
		     "\"organisations\":{\"o\":{\"agent_id\":\"*\"}}}],\"policies\":{\"o\":\"o.json\"},\"log\":\"error\"}");
	folder_file(&world.folder, "broker.json", path);
}

static void teardown(void)
{
	world_end(&world);
}

/* The first commit looks, and asks the broker to stop: the next turn is its last. */
static bool look(void *context)
{
	struct probe *probe = context;
	unsigned char byte;

	if (!probe->commits++) {
		if (recv(probe->client, &byte, 1, MSG_PEEK | MSG_DONTWAIT) != -1 || errno != EAGAIN)
			probe->leaked = true;
		raise(SIGTERM);
	}
	return probe->succeeds;
}

static int dial_port(uint16_t port)
{
	struct sockaddr_in address;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	memset(&address, 0, sizeof address);
	address.sin_family = AF_INET;
	address.sin_port = htons(port);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(connect(fd, (const struct sockaddr *)(const void *)&address, sizeof address), 0);
	return fd;
}

/* The port that the broker said it listens on; also that it said "ready". */
static uint16_t port_of(FILE *out)
{
	unsigned port = 0;
	char line[128];

	rewind(out);
	ck_assert_ptr_nonnull(fgets(line, sizeof line, out));
	ck_assert(strncmp(line, "listening n 127.0.0.1 ", 22) == 0);
	port = (unsigned)strtoul(line + 22, NULL, 10);
	ck_assert_ptr_nonnull(strstr(line, " plaintext\n"));
	ck_assert_ptr_nonnull(fgets(line, sizeof line, out));
	ck_assert_str_eq(line, "ready\n");
	return (uint16_t)port;
}

/* One client sends CONNECT and half a breath more; returns what it had received at the end. */
static size_t run(struct probe *probe, unsigned char *received, size_t room)
{
	struct fault fault = { FAULT_NONE, "" };
	struct config *config = config_load(path, &fault);
	struct broker_commit commit = { look, probe };
	struct broker *broker = config ? broker_new(config, &commit, &fault) : NULL;
	FILE *out = tmpfile();
	struct buf bytes;
	ssize_t size, total = 0;

	ck_assert_msg(broker && broker_listen(broker, out, &fault), "%s", fault.text);
	probe->client = dial_port(port_of(out));
	world.service.now.wall_ms = clock_wall_ms();
	buf_init(&bytes, 65536);
	world_connect(&world, &(struct dial){ .behind = "32 09 0003 't/a' 0007 00 'x' c0 00" }, &bytes);
	ck_assert_int_eq(send(probe->client, bytes.data, bytes.size, 0), (ssize_t)bytes.size);
	broker_run(broker);
	while ((size = recv(probe->client, received + total, room - (size_t)total, 0)) > 0)
		total += size;
	ck_assert_int_eq(size, 0);
	close(probe->client);
	fclose(out);
	buf_release(&bytes);
	broker_free(broker);
	config_free(config);
	return (size_t)total;
}

START_TEST(nothing_leaves_before_the_commit)
{
	static const unsigned char rest[] = { 0x40, 2, 0, 7, 0xd0, 0, 0xe0, 1, 0x8b };
	struct probe probe = { .succeeds = true };
	unsigned char received[256];
	size_t size = run(&probe, received, sizeof received);

	ck_assert(!probe.leaked);
	ck_assert_uint_eq(probe.commits, 2); /* one a turn: the answers, the farewell */
	ck_assert_uint_eq(size, 16 + sizeof rest);
	ck_assert_uint_eq(received[0], 0x20);
	ck_assert_mem_eq(received + 16, rest, sizeof rest);
}
END_TEST

START_TEST(nothing_leaves_after_a_failed_commit)
{
	struct probe probe = { .succeeds = false };
	unsigned char received[256];

	ck_assert_uint_eq(run(&probe, received, sizeof received), 0);
	ck_assert(!probe.leaked);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("turn");
	TCase *all = tcase_create("turn");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(all, setup, teardown);
	tcase_set_timeout(all, 20);
	tcase_add_test(all, nothing_leaves_before_the_commit);
	tcase_add_test(all, nothing_leaves_after_a_failed_commit);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
