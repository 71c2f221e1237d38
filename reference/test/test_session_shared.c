/* session/: shared subscriptions: granted only where the rule names the group; members take turns. */
#include "session_case.h"

/* SUBSCRIBE with one filter; the code of its SUBACK. */
static unsigned subscribe(struct client *client, const char *filter, unsigned options)
{
	char hex[200];

	snprintf(hex, sizeof hex, "82 %02x 0001 00 %04x '%s' %02x", (unsigned)strlen(filter) + 6, (unsigned)strlen(filter),
		 filter, options);
	world_send(&world, client, hex);
	if (client->state != CLIENT_CONNECTED || client->staged.size != 6)
		return 0x100;
	options = client->staged.data[5];
	buf_clear(&client->staged);
	return options;
}

static struct client *member(const char *agent, unsigned qos)
{
	struct client *client = world_join(&world, (struct dial){ .agent = agent, .id = agent });

	ck_assert_uint_eq(subscribe(client, "$share/g/s/+", qos), qos);
	return client;
}

static void say(struct client *from, const char *byte)
{
	char hex[64];

	snprintf(hex, sizeof hex, "30 07 0003 's/a' 00 '%s'", byte);
	world_send(&world, from, hex);
}

static void gets(struct client *client, const char *byte)
{
	char hex[64];

	snprintf(hex, sizeof hex, *byte ? "30 07 0003 's/a' 00 '%s'" : "%s", byte);
	world_gets(&world, client, hex);
}

/* In the world, s/# may be shared in g and h, t/# in no group. */
static const struct {
	const char *filter;
	unsigned options, code;
} filters[] = {
	{ "s/#", 1, 1 },
	{ "$share/g/s/#", 1, 1 },
	{ "$share/h/s/a/+", 2, 2 },
	{ "$share/g/s", 0, 0 },
	{ "$share/i/s/#", 1, 0x87 },
	{ "$share/G/s/#", 1, 0x87 },
	{ "$share/g/#", 1, 0x87 },
	{ "$share/g/t/a", 1, 0x87 },
	{ "$share/*/s/#", 1, 0x87 },
	{ "$share/g/$share/g/s/a", 1, 0x87 },
	{ "$SHARE/g/s/#", 1, 0x87 },
	/* malformed, or shared and No Local: protocol errors */
	{ "$share", 1, 0x100 },
	{ "$share/", 1, 0x100 },
	{ "$share/g", 1, 0x100 },
	{ "$share/g/", 1, 0x100 },
	{ "$share//s/a", 1, 0x100 },
	{ "$share/+/s/a", 1, 0x100 },
	{ "$share/g/s/#", 5, 0x100 },
};

START_TEST(granted_where_the_rule_names_the_group)
{
	struct client *client = writer();

	ck_assert_uint_eq(subscribe(client, filters[_i].filter, filters[_i].options), filters[_i].code);
	if (filters[_i].code == 0x100)
		world_gets(&world, client, "e0 01 82");
	else
		ck_assert_uint_eq(client->session->subscriptions.count, filters[_i].code < 0x80);
}
END_TEST

START_TEST(members_take_turns)
{
	struct client *one = member("one", 0), *two = member("two", 0), *from = writer();

	for (int round = 0; round < 3; round++) {
		say(from, "a");
		gets(one, "a");
		gets(two, "");
		say(from, "b");
		gets(one, "");
		gets(two, "b");
	}
	lose(one);
	say(from, "c");
	gets(two, "c");
	world_send(&world, two, "a2 11 0001 00 000c '$share/g/s/+'");
	world_gets(&world, two, "b0 04 0001 00 00");
	say(from, "d");
	gets(two, "");
}
END_TEST

/* Another group, and a plain subscription, each get their own copy. */
START_TEST(groups_and_plain_ones_are_apart)
{
	struct client *one = member("one", 0), *other, *plain, *from = writer();

	other = world_join(&world, (struct dial){ .agent = "other", .id = "other" });
	plain = world_join(&world, (struct dial){ .agent = "plain", .id = "plain" });
	ck_assert_uint_eq(subscribe(other, "$share/h/s/+", 0), 0);
	ck_assert_uint_eq(subscribe(plain, "s/#", 0), 0);
	ck_assert_uint_eq(subscribe(one, "s/a", 0), 0); /* of the same session: a second copy */
	say(from, "a");
	gets(other, "a");
	gets(plain, "a");
	world_gets(&world, one, "30 07 0003 's/a' 00 'a' 30 07 0003 's/a' 00 'a'");
}
END_TEST

/* Whoever has no room is passed over while another has; nobody is, when all are busy. */
START_TEST(the_busy_are_passed_over)
{
	struct client *one = world_join(&world, (struct dial){ .agent = "one", .id = "one", .properties = "21 0001" });
	struct client *two = member("two", 1), *from = writer();

	ck_assert_uint_eq(subscribe(one, "$share/g/s/+", 1), 1);
	world_send(&world, from, "32 09 0003 's/a' 0001 00 'a' 32 09 0003 's/a' 0002 00 'b'");
	world_gets(&world, two, "32 09 0003 's/a' 0001 00 'a'");
	world_gets(&world, one, "32 09 0003 's/a' 0001 00 'b'");
	world_send(&world, from, "32 09 0003 's/a' 0003 00 'c' 32 09 0003 's/a' 0004 00 'd'");
	world_gets(&world, two, "32 09 0003 's/a' 0002 00 'c' 32 09 0003 's/a' 0003 00 'd'");
	world_gets(&world, one, "");
	lose(two);
	world_send(&world, from, "32 09 0003 's/a' 0005 00 'e'");
	world_gets(&world, one, "");
	world_send(&world, one, "40 02 0001");
	world_gets(&world, one, "32 09 0003 's/a' 0002 00 'e'");
}
END_TEST

/* [MQTT-4.8.2-4] What one member was sent is that member's, and comes again to it. */
START_TEST(a_message_stays_with_its_member)
{
	struct dial patient = { .agent = "one", .id = "one", .properties = "11 00000064" };
	struct client *one = world_join(&world, patient), *two, *from = writer();

	ck_assert_uint_eq(subscribe(one, "$share/g/s/+", 2), 2);
	world_send(&world, from, "34 09 0003 's/a' 0001 00 'a' 62 02 0001");
	world_gets(&world, one, "34 09 0003 's/a' 0001 00 'a'");
	two = member("two", 2);
	lose(one);
	world_gets(&world, two, "");
	world_send(&world, from, "34 09 0003 's/a' 0001 00 'b' 62 02 0001"); /* who is there goes before who is away */
	world_gets(&world, two, "34 09 0003 's/a' 0001 00 'b'");
	lose(two);
	world_send(&world, from, "34 09 0003 's/a' 0001 00 'c' 62 02 0001"); /* nobody is there */
	patient.resume = true;
	one = world_dial(&world, patient);
	ck_assert_uint_gt(one->staged.size, one->staged.data[1] + 2U); /* behind the CONNACK */
	one->staged.size -= one->staged.data[1] + 2U;
	memmove(one->staged.data, one->staged.data + one->staged.data[1] + 2, one->staged.size);
	world_gets(&world, one, "3c 09 0003 's/a' 0001 00 'a' 34 09 0003 's/a' 0002 00 'c'");
}
END_TEST

START_TEST(the_granted_qos_holds)
{
	struct client *one = member("one", 0), *two = member("two", 1), *from = writer();

	world_send(&world, from, "34 09 0003 's/a' 0001 00 'a' 62 02 0001 34 09 0003 's/a' 0002 00 'b' 62 02 0002");
	world_gets(&world, one, "30 07 0003 's/a' 00 'a'");
	world_gets(&world, two, "32 09 0003 's/a' 0001 00 'b'");
}
END_TEST

/* [MQTT-4.8.2-5, -6] Neither when the member refuses it nor when the member's session ends. */
START_TEST(what_was_sent_goes_to_no_other)
{
	struct client *one = member("one", 2), *two = member("two", 2), *from = writer();

	world_send(&world, from, "32 09 0003 's/a' 0001 00 'a'");
	world_gets(&world, one, "32 09 0003 's/a' 0001 00 'a'");
	world_send(&world, one, "40 03 0001 87");
	world_gets(&world, one, "");
	world_gets(&world, two, "");
	world_send(&world, from, "34 09 0003 's/a' 0001 00 'b' 62 02 0001");
	world_gets(&world, two, "34 09 0003 's/a' 0001 00 'b'");
	lose(two);
	world_gets(&world, one, "");
	world_send(&world, from, "30 07 0003 's/a' 00 'c'");
	gets(one, "c");
}
END_TEST

START_TEST(retained_messages_are_not_replayed)
{
	struct client *from = writer();

	world_send(&world, from, "31 07 0003 's/a' 00 'x'");
	member("one", 0); /* asserts that the SUBACK is all it gets */
	ck_assert_uint_eq(subscribe(from, "s/a", 0), 0x100);
	world_gets(&world, from, "90 04 0001 00 00 31 07 0003 's/a' 00 'x'");
}
END_TEST

START_TEST(organisations_share_apart)
{
	struct client *one = member("one", 0), *there, *from;

	there = world_join(&world, (struct dial){ .org = "p", .agent = "one", .id = "there" });
	from = world_join(&world, (struct dial){ .org = "p", .agent = "writer", .id = "from" });
	ck_assert_uint_eq(subscribe(there, "$share/g/t/+", 0), 0);
	world_send(&world, from, "30 07 0003 't/a' 00 'x'");
	world_gets(&world, there, "30 07 0003 't/a' 00 'x'");
	gets(one, "");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("session shared");
	TCase *all = session_case(suite);

	tcase_add_loop_test(all, granted_where_the_rule_names_the_group, 0, sizeof filters / sizeof *filters);
	tcase_add_test(all, members_take_turns);
	tcase_add_test(all, groups_and_plain_ones_are_apart);
	tcase_add_test(all, the_busy_are_passed_over);
	tcase_add_test(all, a_message_stays_with_its_member);
	tcase_add_test(all, the_granted_qos_holds);
	tcase_add_test(all, what_was_sent_goes_to_no_other);
	tcase_add_test(all, retained_messages_are_not_replayed);
	tcase_add_test(all, organisations_share_apart);
	return session_run(suite);
}
