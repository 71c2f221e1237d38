/* Revocation orders, and tokens as they are sent: minted when their bytes are built, known by their end, and
 * blotted out of what is kept. */
#include "actor/engine.h"
#include "actor/template.h"
#include "base64url.h"
#include "clock.h"
#include "json.h"
#include "mint/order.h"

#include <check.h>
#include <stdlib.h>

static struct fixture_key keys[] = {
	{ .role = "main-es256", .kid = "m", .iss = "https://main.issuer.test" },
	{ .role = "revocation-es256", .kid = "r", .iss = "https://revocation.issuer.test" },
};
static struct fixture fixture = { .keys = keys, .key_count = 2, .audience = "mqtt://broker.test" };

static void make_keys(void)
{
	struct fault fault;
	for (size_t i = 0; i < 2; i++)
		keys[i].key = crypto_key_generate(JOSE_ES256, &fault);
}

static void free_keys(void)
{
	for (size_t i = 0; i < 2; i++)
		crypto_key_free(keys[i].key);
}

static json_t *part(struct slice token, size_t index)
{
	static const struct json_limits limits = { 65536, 32 };
	struct slice rest = token, word = slice_of(NULL, 0);
	struct fault fault;
	struct buf text;
	bool more = true;
	for (size_t i = 0; i <= index; i++)
		word = slice_word(&rest, '.', &more);
	buf_init(&text, 65536);
	ck_assert(base64url_decode(word, &text));
	json_t *object = json_parse(buf_slice(&text), "token", &limits, &fault);
	buf_release(&text);
	ck_assert_ptr_nonnull(object);
	return object;
}

static const char *text_at(const json_t *object, const char *a, const char *b)
{
	const json_t *inner = b ? json_object_get(object, a) : object;
	return json_string_value(json_object_get(inner, b ? b : a));
}

START_TEST(orders)
{
	static const struct {
		enum order_kind kind;
		const char *event;
	} kinds[] = {
		{ ORDER_REVOKE, "https://schemas.openid.net/secevent/caep/event-type/session-revoked" },
		{ ORDER_BAN, "https://schemas.openid.net/secevent/risc/event-type/account-disabled" },
		{ ORDER_LIFT, "https://schemas.openid.net/secevent/risc/event-type/account-enabled" },
	};
	struct fault fault;
	struct buf order;
	json_t *claims = json_pack("{s:s,s:s,s:s,s:i}", "org_id", "seed", "agent_id", "scout", "user_id", "alice", "exp", 5);
	buf_init(&order, 65536);
	ck_assert_msg(order_mint(&fixture, kinds[_i].kind, claims, 1000, 1003, "n1", &order, &fault), "%s", fault.text);
	json_t *header = part(buf_slice(&order), 0), *body = part(buf_slice(&order), 1);
	ck_assert_str_eq(text_at(header, "typ", NULL), "secevent+jwt");
	ck_assert_str_eq(text_at(header, "kid", NULL), "r");
	ck_assert_str_eq(text_at(body, "iss", NULL), "https://revocation.issuer.test");
	ck_assert_str_eq(text_at(body, "aud", NULL), "mqtt://broker.test");
	ck_assert_str_eq(text_at(body, "jti", NULL), "n1");
	ck_assert_int_eq(json_integer_value(json_object_get(body, "iat")), 1003);
	ck_assert(!json_object_get(body, "exp") && !json_object_get(body, "sub"));
	const json_t *subject = json_object_get(body, "sub_id"), *events = json_object_get(body, "events");
	ck_assert_str_eq(text_at(subject, "format", NULL), "complex");
	ck_assert_str_eq(text_at(subject, "tenant", "id"), "seed");
	ck_assert_str_eq(text_at(subject, "agent", "id"), "scout");
	ck_assert_str_eq(text_at(subject, "user", "format"), "opaque");
	ck_assert_uint_eq(json_object_size(subject), 4);
	ck_assert_uint_eq(json_object_size(events), 1);
	const json_t *event = json_object_get(events, kinds[_i].event);
	ck_assert_int_eq(json_integer_value(json_object_get(event, "event_timestamp")), 1000);
	json_decref(header);
	json_decref(body);
	json_decref(claims);
	buf_release(&order);
}
END_TEST

START_TEST(order_about_nobody)
{
	struct fault fault;
	struct buf order;
	json_t *claims = json_pack("{s:s}", "agent_id", "scout");
	buf_init(&order, 65536);
	ck_assert(!order_mint(&fixture, ORDER_REVOKE, claims, 1, 1, "n", &order, &fault));
	ck_assert_msg(strstr(fault.text, "no org_id") != NULL, "%s", fault.text);
	json_decref(claims);
	buf_release(&order);
}
END_TEST

static bool mint_for_test(void *context, size_t actor, struct token *token, struct fault *fault)
{
	return token_mint(token, context, &((const struct run *)context)->plan->scripts[0]->actors[actor], 1, 1, fault);
}

/* 10 LEN 00 TOKEN 30 LEN 01: the first length counts all but the last packet's first byte. */
START_TEST(bytes_with_a_token)
{
	struct script_actor actor = { .client_id = "c", .password = true };
	struct script script = { .actors = &actor, .actor_count = 1 }, *scripts[] = { &script };
	struct plan plan = { .scripts = scripts, .script_count = 1 };
	struct target target = { .token_credentials = true, .clock_skew_ms = 500 };
	struct run run = { .plan = &plan, .target = &target, .fixture = &fixture, .begin_us = clock_monotonic_us() };
	unsigned char head[] = { 0x10 }, middle[] = { 0x00 }, next[] = { 0x30 }, tail[] = { 0x01 };
	const struct bytes_part parts[] = {
		{ .kind = BYTES_LITERAL, .data = head, .size = 1 },   { .kind = BYTES_LENGTH, .overlong = true },
		{ .kind = BYTES_LITERAL, .data = middle, .size = 1 }, { .kind = BYTES_TOKEN },
		{ .kind = BYTES_LITERAL, .data = next, .size = 1 },   { .kind = BYTES_LENGTH, .delta = 3 },
		{ .kind = BYTES_LITERAL, .data = tail, .size = 1 },
	};
	struct buf out, shown;
	struct fault fault;
	int64_t exp_us;
	actor.recipe = json_pack("{s:s, s:{s:s, s:s}, s:{s:i}}", "key", "main-es256", "claims", "org_id", "seed", "agent_id", "a",
				 "times", "exp", 7);
	buf_init(&out, 65536);
	buf_init(&shown, 65536);
	ck_assert_msg(template_build(parts, 7, mint_for_test, &run, &out, &shown, &exp_us, &fault), "%s", fault.text);
	size_t length = (size_t)(out.data[1] & 0x7f) | (size_t)(out.data[2] & 0x7f) << 7;
	size_t token = (size_t)out.data[5] << 8 | out.data[6];
	ck_assert_uint_eq(out.data[3], 0x00); /* the length takes a byte more than it needs */
	ck_assert_uint_eq(length, 1 + 2 + token);
	ck_assert_uint_eq(out.size, 4 + length + 3);
	ck_assert_uint_eq(out.data[out.size - 2], 4); /* one byte, and three that are not there */
	ck_assert_int_gt(exp_us, 6000000);
	ck_assert_int_le(exp_us, 7600000);
	ck_assert_uint_eq(shown.size, out.size);
	struct slice text = slice_of(out.data + 7, token), kept = slice_of(shown.data + 7, token);
	bool more;
	for (size_t i = 0; i < 2; i++)
		ck_assert(slice_equal(slice_word(&text, '.', &more), slice_word(&kept, '.', &more)));
	ck_assert_uint_gt(kept.size, 80);
	for (size_t i = 0; i < kept.size; i++)
		ck_assert_uint_eq(kept.data[i], '.');
	ck_assert(memchr(text.data, '.', text.size) == NULL);
	json_decref(actor.recipe);
	buf_release(&out);
	buf_release(&shown);
}
END_TEST

START_TEST(blots)
{
	static const struct {
		const char *token, *bytes, *kept;
	} cases[] = {
		{ "h.c.sig", "xh.c.sigx", "xh.c....x" },   { "h.c.s", "h.c.sh.c.s", "h.c..h.c.." },
		{ "opaque", "an opaque one", "an ...... one" }, { "h.c.s", "h.c.", "h.c." }, { "", "abc", "abc" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char bytes[32];
		snprintf(bytes, sizeof bytes, "%s", cases[i].bytes);
		token_blot(slice_text(cases[i].token), (unsigned char *)bytes, strlen(bytes));
		ck_assert_str_eq(bytes, cases[i].kept);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("order");
	TCase *tests = tcase_create("orders and tokens");
	tcase_add_checked_fixture(tests, make_keys, free_keys);
	tcase_add_loop_test(tests, orders, 0, 3);
	tcase_add_test(tests, order_about_nobody);
	tcase_add_test(tests, bytes_with_a_token);
	tcase_add_test(tests, blots);
	suite_add_tcase(suite, tests);
	SRunner *runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
