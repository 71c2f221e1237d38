/* session/: retained messages: set, replaced, cleared, replayed, bounded; the author's right at each replay. */
#include "retain.h"
#include "session_case.h"

static struct client *joined(const char *agent)
{
	return world_join(&world, (struct dial){ .agent = agent, .id = agent });
}

/* Subscribes, takes the SUBACK, and looks at what follows it. */
static void subscribe_gets(struct client *client, const char *filter_and_options, const char *hex)
{
	char packet[400], answer[400];
	struct buf body;

	buf_init(&body, 400);
	hex_put(&body, filter_and_options);
	snprintf(packet, sizeof packet, "82 %02x 0001 00 %s", (unsigned)(3 + body.size), filter_and_options);
	world_send(&world, client, packet);
	ck_assert_uint_ge(client->staged.size, 6);
	ck_assert_uint_eq(client->staged.data[0], 0x90);
	snprintf(answer, sizeof answer, "90 04 0001 00 %02x %s", (unsigned)client->staged.data[5], hex);
	world_gets(&world, client, answer);
	buf_release(&body);
}

START_TEST(set_replaced_cleared)
{
	struct client *from = joined("writer"), *to = joined("reader");

	subscribe_gets(to, "0003 't/#' 00", "");
	world_send(&world, from, "31 07 0003 't/a' 00 'x'");
	world_gets(&world, to, "30 07 0003 't/a' 00 'x'"); /* the flag is not for those who were there [MQTT-3.3.1-12] */
	subscribe_gets(to, "0003 't/#' 00", "31 07 0003 't/a' 00 'x'");
	world_send(&world, from, "33 09 0003 't/a' 0007 00 'y'");
	world_gets(&world, from, "40 02 0007");
	world_gets(&world, to, "30 07 0003 't/a' 00 'y'");
	subscribe_gets(to, "0003 't/#' 00", "31 07 0003 't/a' 00 'y'");
	world_send(&world, from, "30 06 0003 't/a' 00"); /* empty, without the flag: clears nothing */
	world_gets(&world, to, "30 06 0003 't/a' 00");
	subscribe_gets(to, "0003 't/#' 00", "31 07 0003 't/a' 00 'y'");
	world_send(&world, from, "30 07 0003 't/a' 00 'z'"); /* without the flag: changes nothing */
	world_gets(&world, to, "30 07 0003 't/a' 00 'z'");
	subscribe_gets(to, "0003 't/#' 00", "31 07 0003 't/a' 00 'y'");
	world_send(&world, from, "31 06 0003 't/a' 00");
	world_gets(&world, to, "30 06 0003 't/a' 00");
	subscribe_gets(to, "0003 't/#' 00", "");
}
END_TEST

/* [MQTT-3.3.1-9, -10, -11] Retain Handling in bits 4 and 5 of the options. */
START_TEST(handling)
{
	struct client *from = joined("writer"), *to = joined("reader");

	world_send(&world, from, "31 07 0003 't/a' 00 'x'");
	subscribe_gets(to, "0003 't/a' 20", "");
	subscribe_gets(to, "0003 't/a' 10", ""); /* it was there already */
	subscribe_gets(to, "0003 't/+' 10", "31 07 0003 't/a' 00 'x'");
	subscribe_gets(to, "0003 't/a' 00", "31 07 0003 't/a' 00 'x'");
	world_send(&world, to, "a2 08 0001 00 0003 't/a'");
	world_gets(&world, to, "b0 04 0001 00 00");
	subscribe_gets(to, "0003 't/a' 10", "31 07 0003 't/a' 00 'x'");
}
END_TEST

/* The smaller QoS, the subscription's identifier; an expiry that is counted down. */
START_TEST(how_it_is_sent)
{
	struct client *from = joined("writer"), *to = joined("reader");

	world_send(&world, from, "33 0e 0003 't/a' 0007 05 02 0000000a 'x'");
	world_pass(&world, 3000);
	world_send(&world, to, "82 0b 0001 02 0b 07 0003 't/a' 01");
	world_gets(&world, to, "90 04 0001 00 01  33 10 0003 't/a' 0001 07 02 00000007 0b 07 'x'");
	world_send(&world, to, "82 0b 0001 02 0b 07 0003 't/a' 00");
	world_gets(&world, to, "90 04 0001 00 00  31 0e 0003 't/a' 07 02 00000007 0b 07 'x'");
	world_pass(&world, 7000);
	subscribe_gets(to, "0003 't/a' 00", "");
	ck_assert_uint_eq(retained_count(to->session->organisation->retained), 0);
}
END_TEST

/* [MQTT-3.3.1-13] Retain As Published is bit 3. */
START_TEST(as_published)
{
	struct client *from = joined("writer"), *to = joined("reader");

	subscribe_gets(to, "0003 't/#' 08", "");
	world_send(&world, from, "31 07 0003 't/a' 00 'x'");
	world_gets(&world, to, "31 07 0003 't/a' 00 'x'");
	world_send(&world, from, "30 07 0003 't/a' 00 'x'");
	world_gets(&world, to, "30 07 0003 't/a' 00 'x'");
	world_send(&world, from, "31 06 0003 't/a' 00");
	world_gets(&world, to, "31 06 0003 't/a' 00");
}
END_TEST

START_TEST(a_denied_publish_retains_and_clears_nothing)
{
	struct client *from = joined("writer"), *other = joined("other"), *to = joined("reader");

	world_send(&world, from, "33 10 000a 'own/writer' 0007 00 'x'");
	world_gets(&world, from, "40 02 0007");
	world_send(&world, other, "33 0f 000a 'own/writer' 0007 00");
	world_gets(&world, other, "40 03 0007 87");
	world_send(&world, other, "33 10 000a 'own/writer' 0008 00 'z'");
	world_gets(&world, other, "40 03 0008 87");
	subscribe_gets(from, "000a 'own/writer' 00", "31 0e 000a 'own/writer' 00 'x'");
	world_send(&world, from, "33 09 0003 'f/a' 0009 00 'x'"); /* "retain": false */
	world_gets(&world, from, "40 03 0009 87");
	world_send(&world, from, "32 09 0003 'f/a' 0009 00 'x'"); /* its twin */
	world_gets(&world, from, "40 02 0009");
	subscribe_gets(to, "0003 'f/#' 00", "");
}
END_TEST

START_TEST(organisations_retain_apart)
{
	struct client *from = joined("writer");
	struct client *there = world_join(&world, (struct dial){ .org = "p", .agent = "writer", .id = "there" });

	world_send(&world, from, "31 07 0003 't/a' 00 'x'");
	subscribe_gets(there, "0003 't/#' 00", "");
	subscribe_gets(from, "0003 't/#' 00", "31 07 0003 't/a' 00 'x'");
}
END_TEST

/* The organisation is there as long as it holds something, also when nobody is connected. */
START_TEST(outlives_its_author)
{
	struct client *from = joined("writer");

	world_send(&world, from, "31 07 0003 't/a' 00 'x' e0 00");
	ck_assert_ptr_null(from->session);
	world_pass(&world, (WORLD_TOKEN_LIFE + 10) * 1000); /* nor does the end of its token unsay it */
	subscribe_gets(joined("reader"), "0003 't/#' 00", "31 07 0003 't/a' 00 'x'");
}
END_TEST

/* [DLV] At replay the author's right is asked under the policy in force; what it may not say any more is
 * removed. */
START_TEST(the_authors_right_is_asked_at_replay)
{
	struct client *from = joined("writer"), *to = joined("reader");
	struct policies *before = world.policies;
	struct fault fault;
	struct json_at root;
	char path[128];
	json_t *config = json_parse(slice_text("{\"policies\":{\"o\":\"o.json\"}}"), "w", &json_limits_file, &fault);

	world_send(&world, from, "31 07 0003 't/a' 00 'x' 31 07 0003 's/a' 00 'y'");
	folder_write(&world.folder, "o.json",
		     "{\"version\":\"2.1\",\"default\":\"deny\",\"rules\":[{\"topic\":\"t/#\",\"action\":\"sub\"},"
		     "{\"topic\":\"s/#\",\"action\":\"pub+sub\"}]}");
	root = json_root(config, folder_file(&world.folder, "world.json", path));
	world.policies = policies_load(&root, &fault);
	world.gate.policies = world.policies;
	subscribe_gets(to, "0003 't/#' 00", "");
	subscribe_gets(to, "0003 's/#' 00", "31 07 0003 's/a' 00 'y'");
	ck_assert_uint_eq(retained_count(to->session->organisation->retained), 1);
	policies_free(before);
	json_decref(config);
}
END_TEST

/* A retained will is kept when it is sent. */
START_TEST(a_will_is_retained)
{
	struct client *from = world_join(&world, (struct dial){ .agent = "writer", .id = "w", .flags = 0x24,
								.will = "00 0003 't/w' 0001 'g'" });

	client_close(from, "gone");
	world_settle(&world);
	subscribe_gets(joined("reader"), "0003 't/#' 00", "31 07 0003 't/w' 00 'g'");
}
END_TEST

/* A half-received message is retained when it is released, not before. */
START_TEST(qos_2_is_retained_at_its_release)
{
	struct client *from = joined("writer"), *to = joined("reader");

	world_send(&world, from, "35 09 0003 't/a' 0007 00 'x'");
	world_gets(&world, from, "50 02 0007");
	subscribe_gets(to, "0003 't/#' 00", "");
	world_send(&world, from, "62 02 0007");
	world_gets(&world, from, "70 02 0007");
	world_gets(&world, to, "30 07 0003 't/a' 00 'x'");
	subscribe_gets(to, "0003 't/#' 00", "31 07 0003 't/a' 00 'x'");
}
END_TEST

/* One PUBLISH of QoS 1 to t/{number}, retained; the code that answers it. */
static unsigned retain_number(struct client *from, unsigned number, const char *payload)
{
	char hex[200];
	unsigned code;

	snprintf(hex, sizeof hex, "33 %02x 0007 't/%05u' 0007 00 %s", (unsigned)(12 + (*payload ? 1 : 0)), number, payload);
	world_send(&world, from, hex);
	ck_assert_uint_ge(from->staged.size, 4);
	code = from->staged.data[1] == 2 ? 0 : from->staged.data[4];
	buf_clear(&from->staged);
	return code;
}

/* LIMIT_RETAINED_MESSAGES at its edge: one more is refused and has no effect; a replacement, and what takes
 * the place of an expired one, is not one more. */
START_TEST(no_more_than_so_many)
{
	struct client *from = joined("writer"), *to;

	world_send(&world, from, "31 0c 0003 't/x' 05 02 00000001 'x'");
	for (unsigned i = 1; i < LIMIT_RETAINED_MESSAGES; i++)
		ck_assert_uint_eq(retain_number(from, i, "'x'"), 0);
	to = joined("other");
	subscribe_gets(to, "0007 't/99999' 00", "");
	ck_assert_uint_eq(retain_number(from, 99999, "'x'"), 0x97);
	world_gets(&world, to, ""); /* no effect */
	ck_assert_uint_eq(retain_number(from, 1, "'y'"), 0);
	world_pass(&world, 1000);
	ck_assert_uint_eq(retain_number(from, 99999, "'x'"), 0);
	world_gets(&world, to, "30 0b 0007 't/99999' 00 'x'");
	ck_assert_uint_eq(retain_number(from, 99998, "'x'"), 0x97);
	ck_assert_uint_eq(retain_number(from, 1, ""), 0);
	ck_assert_uint_eq(retain_number(from, 99998, "'x'"), 0);
}
END_TEST

/* Is there room for a retained message with so large a payload? */
static bool has_room(struct client *from, const unsigned char *bytes, size_t size)
{
	const struct properties none = { slice_of(NULL, 0), 0 };
	struct message *message = message_new(slice_text("t/a"), slice_of(bytes, size), &none, 0, 0);
	enum reason code;

	message_sign(message, from->session->author, true);
	code = retain_admit(&world.service, from->session->organisation, message);
	message_release(message);
	ck_assert(code == REASON_SUCCESS || code == REASON_QUOTA);
	return code == REASON_SUCCESS;
}

/* LIMIT_RETAINED_BYTES at its edge, wherever between the two sizes it lies; what is there already counts. */
START_TEST(no_more_than_so_many_bytes)
{
	unsigned char *bytes = calloc(1, LIMIT_RETAINED_BYTES);
	size_t fits = LIMIT_RETAINED_BYTES - 8192, fails = LIMIT_RETAINED_BYTES;
	struct client *from = joined("writer");

	ck_assert_ptr_nonnull(bytes);
	ck_assert(has_room(from, bytes, fits) && !has_room(from, bytes, fails));
	while (fails - fits > 1) {
		size_t middle = fits + (fails - fits) / 2;

		if (has_room(from, bytes, middle))
			fits = middle;
		else
			fails = middle;
	}
	world_send(&world, from, "31 07 0003 't/b' 00 'x'");
	ck_assert(!has_room(from, bytes, fits));
	world_send(&world, from, "31 06 0003 't/b' 00");
	ck_assert(has_room(from, bytes, fits));
	free(bytes);
}
END_TEST

/* LIMIT_FILTER_LEVELS at its edge, for topics that are retained. */
START_TEST(no_deeper_than_filters)
{
	struct client *from = joined("writer");
	char hex[1024];

	for (int more = 0; more < 2; more++) {
		size_t slashes = LIMIT_FILTER_LEVELS - 1 + (size_t)more;
		int size = snprintf(hex, sizeof hex, "33 %02x 01 %04x 't", (unsigned)(slashes + 7) | 0x80, (unsigned)slashes + 1);

		for (size_t i = 0; i < slashes; i++)
			size += snprintf(hex + size, sizeof hex - (size_t)size, "/");
		snprintf(hex + size, sizeof hex - (size_t)size, "' 0007 00 'x'");
		world_send(&world, from, hex);
		world_gets(&world, from, more ? "40 03 0007 90" : "40 02 0007");
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session retained");
	TCase *all = session_case(suite);

	tcase_add_test(all, set_replaced_cleared);
	tcase_add_test(all, handling);
	tcase_add_test(all, how_it_is_sent);
	tcase_add_test(all, as_published);
	tcase_add_test(all, a_denied_publish_retains_and_clears_nothing);
	tcase_add_test(all, organisations_retain_apart);
	tcase_add_test(all, outlives_its_author);
	tcase_add_test(all, the_authors_right_is_asked_at_replay);
	tcase_add_test(all, a_will_is_retained);
	tcase_add_test(all, qos_2_is_retained_at_its_release);
	tcase_add_test(all, no_more_than_so_many);
	tcase_add_test(all, no_more_than_so_many_bytes);
	tcase_add_test(all, no_deeper_than_filters);
	return session_run(suite);
}
