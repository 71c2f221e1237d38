/* packet/: what is refused, with the exact class and reason code (MQTT 5.0 sections 1.5, 2, 3, 4.13). */
#include "hex.h"
#include "packet.h"

#include <check.h>

struct refused {
	const char *hex;
	unsigned code;
	const char *statement;
};

static const struct refused refused[] = {
	/* fixed header */
	{ "00 00", 0x81, "MQTT 5.0 2.1.2" },
	{ "01", 0x81, "MQTT 5.0 2.1.2" },
	{ "11 00", 0x81, "MQTT-2.1.3-1" },
	{ "41 02 0001", 0x81, "MQTT-2.1.3-1" },
	{ "60 02 0001", 0x81, "MQTT-2.1.3-1" },
	{ "80 07 0007 00 0001 'a' 01", 0x81, "MQTT-2.1.3-1" },
	{ "a0 06 0007 00 0001 'a'", 0x81, "MQTT-2.1.3-1" },
	{ "c1 00", 0x81, "MQTT-2.1.3-1" },
	{ "e2 00", 0x81, "MQTT-2.1.3-1" },
	{ "f1 00", 0x81, "MQTT-2.1.3-1" },
	{ "20 03 000000", 0x82, "MQTT 5.0 2.1.2" }, /* CONNACK, SUBACK, UNSUBACK, PINGRESP: a server's */
	{ "90 04 00010000", 0x82, "MQTT 5.0 2.1.2" },
	{ "b0 04 00010000", 0x82, "MQTT 5.0 2.1.2" },
	{ "d0 00", 0x82, "MQTT 5.0 2.1.2" },
	{ "c0 80 00", 0x81, "MQTT-1.5.5-1" }, /* overlong */
	{ "c0 80 80 80 00", 0x81, "MQTT-1.5.5-1" },
	{ "c0 80 80 80 80 01", 0x81, "MQTT-1.5.5-1" }, /* five bytes */
	{ "30 ff ff ff 7f", 0x95, "MQTT-3.2.2-15" },
	{ "c0 01 00", 0x81, "MQTT-2.1.4" }, /* PINGREQ with a body */

	/* CONNECT: name and level */
	{ "10 0d 0004 'MQTX' 05 02 003c 00 0000", 0x84, "MQTT-3.1.2-1" },
	{ "10 0c 0004 'MQTT' 04 02 003c 0000", 0x84, "MQTT-3.1.2-2" },
	{ "10 0d 0004 'MQTT' 06 02 003c 00 0000", 0x84, "MQTT-3.1.2-2" },
	{ "10 0e 0006 'MQIsdp' 03 02 003c 0000", 0x84, "MQTT-3.1.2-1" },
	/* CONNECT: flags */
	{ "10 0d 0004 'MQTT' 05 03 003c 00 0000", 0x81, "MQTT-3.1.2-3" },
	{ "10 0d 0004 'MQTT' 05 0a 003c 00 0000", 0x81, "MQTT-3.1.2-11" },
	{ "10 13 0004 'MQTT' 05 1e 003c 00 0000 00 0001 'w' 0000", 0x81, "MQTT-3.1.2-12" },
	{ "10 0d 0004 'MQTT' 05 22 003c 00 0000", 0x81, "MQTT-3.1.2-13" },
	/* CONNECT: fields that the flags promise or do not */
	{ "10 0d 0004 'MQTT' 05 42 003c 00 0000", 0x81, "MQTT-2.1.4" },
	{ "10 0d 0004 'MQTT' 05 82 003c 00 0000", 0x81, "MQTT-2.1.4" },
	{ "10 0f 0004 'MQTT' 05 02 003c 00 0000 0000", 0x81, "MQTT-2.1.4" },
	{ "10 0c 0004 'MQTT' 05 02 003c 00 00", 0x81, "MQTT-2.1.4" },
	{ "10 07 0004 'MQTT' 05", 0x81, "MQTT-2.1.4" },
	{ "10 0e 0004 'MQTT' 05 02 003c 00 0002 'a'", 0x81, "MQTT-2.1.4" },
	{ "10 0e 0004 'MQTT' 05 02 003c 00 0001 ff", 0x81, "MQTT-1.5.4-1" },
	{ "10 0e 0004 'MQTT' 05 02 003c 00 0001 00", 0x81, "MQTT-1.5.4-1" },
	{ "10 10 0004 'MQTT' 05 82 003c 00 0000 0001 ff", 0x81, "MQTT-1.5.4-1" },
	/* CONNECT: the will */
	{ "10 13 0004 'MQTT' 05 06 003c 00 0000 00 0001 '#' 0000", 0x90, "MQTT-4.7.3-1" },
	{ "10 12 0004 'MQTT' 05 06 003c 00 0000 00 0000 0000", 0x90, "MQTT-4.7.3-1" },
	{ "10 17 0004 'MQTT' 05 06 003c 00 0000 04 08 0001 '+' 0001 'w' 0000", 0x82, "MQTT-3.3.2-14" },
	{ "10 16 0004 'MQTT' 05 06 003c 00 0000 03 23 0001 0001 'w' 0000", 0x81, "MQTT 5.0 2.2.2.2" },
	/* CONNECT: properties */
	{ "10 10 0004 'MQTT' 05 02 003c 03 21 0000 0000", 0x82, "MQTT 5.0 3.1.2.11.3" },
	{ "10 12 0004 'MQTT' 05 02 003c 05 27 00000000 0000", 0x82, "MQTT 5.0 3.1.2.11.4" },
	{ "10 0f 0004 'MQTT' 05 02 003c 02 17 02 0000", 0x82, "MQTT 5.0 3.1.2.11.7" },
	{ "10 0f 0004 'MQTT' 05 02 003c 02 19 02 0000", 0x82, "MQTT 5.0 3.1.2.11.6" },
	{ "10 13 0004 'MQTT' 05 02 003c 06 21 0001 21 0001 0000", 0x82, "MQTT 5.0 2.2.2.2" },
	{ "10 10 0004 'MQTT' 05 02 003c 03 23 0001 0000", 0x81, "MQTT 5.0 2.2.2.2" },
	{ "10 0f 0004 'MQTT' 05 02 003c 02 7f 00 0000", 0x81, "MQTT 5.0 2.2.2.2" },
	{ "10 0f 0004 'MQTT' 05 02 003c 02 a100 0000", 0x81, "MQTT-1.5.5-1" }, /* overlong 0x21 */
	{ "10 0f 0004 'MQTT' 05 02 003c 02 21 00 0000", 0x81, "MQTT-2.1.4" },
	{ "10 0d 0004 'MQTT' 05 02 003c 09 0000", 0x81, "MQTT-2.1.4" },
	{ "10 0e 0004 'MQTT' 05 02 003c 80 00 0000", 0x81, "MQTT-1.5.5-1" },
	{ "10 11 0004 'MQTT' 05 02 003c 04 16 0001 'd' 0000", 0x82, "MQTT 5.0 3.1.2.11.10" },
	{ "10 12 0004 'MQTT' 05 02 003c 05 26 0001 ff 0000 0000", 0x81, "MQTT-1.5.4-1" },

	/* PUBLISH */
	{ "36 06 0001 'a' 0001 00", 0x81, "MQTT-3.3.1-4" },
	{ "38 04 0001 'a' 00", 0x81, "MQTT-3.3.1-2" },
	{ "32 06 0001 'a' 0000 00", 0x82, "MQTT-2.2.1-3" },
	{ "30 03 0000 00", 0x82, "MQTT 5.0 3.3.2.1" },
	{ "30 04 0001 '#' 00", 0x90, "MQTT-3.3.2-2" },
	{ "30 06 0003 'a/+' 00", 0x90, "MQTT-3.3.2-2" },
	{ "30 06 0003 eda080 00", 0x81, "MQTT-1.5.4-1" }, /* a surrogate */
	{ "30 05 0002 c080 00", 0x81, "MQTT-1.5.4-1" }, /* an overlong NUL */
	{ "30 04 0001 00 00", 0x81, "MQTT-1.5.4-1" },
	{ "30 02 0005", 0x81, "MQTT-2.1.4" },
	{ "30 03 0001 'a'", 0x81, "MQTT-2.1.4" }, /* no property length */
	{ "32 04 0001 'a' 00", 0x81, "MQTT-2.1.4" },
	{ "30 06 0001 'a' 02 0b 01", 0x82, "MQTT-3.3.4-6" },
	{ "30 08 0001 'a' 04 0b 01 0b 02", 0x82, "MQTT-3.3.4-6" },
	{ "30 06 0001 'a' 02 0b 00", 0x82, "MQTT 5.0 3.8.2.1.2" },
	{ "30 08 0001 'a' 04 01 00 01 00", 0x82, "MQTT 5.0 2.2.2.2" },
	{ "30 06 0001 'a' 02 01 02", 0x82, "MQTT 5.0 3.3.2.3.2" },
	{ "30 09 0001 'a' 05 11 00000000", 0x81, "MQTT 5.0 2.2.2.2" },
	{ "30 08 0001 'a' 04 08 0001 '#'", 0x82, "MQTT-3.3.2-14" },
	{ "30 08 0001 'a' 04 08 0001 ff", 0x81, "MQTT-1.5.4-1" },
	{ "30 08 0001 'a' 04 03 0001 ff", 0x81, "MQTT-1.5.4-1" },
	{ "30 07 0001 'a' 03 08 0000", 0x82, "MQTT-3.3.2-14" },
	{ "30 07 0001 'a' 03 08 0001", 0x81, "MQTT-2.1.4" },

	/* PUBACK and the rest of its family */
	{ "40 02 0000", 0x82, "MQTT-2.2.1-3" },
	{ "40 01 00", 0x81, "MQTT-2.1.4" },
	{ "40 00", 0x81, "MQTT-2.1.4" },
	{ "40 03 0001 8e", 0x82, "MQTT-3.4.2-1" },
	{ "40 05 0001 00 00 00", 0x81, "MQTT-2.1.4" },
	{ "40 06 0001 00 02 01 00", 0x81, "MQTT 5.0 2.2.2.2" },
	{ "62 03 0001 87", 0x82, "MQTT-3.6.2-1" },

	/* SUBSCRIBE, UNSUBSCRIBE */
	{ "82 03 0001 00", 0x82, "MQTT-3.8.3-2" },
	{ "82 07 0000 00 0001 'a' 00", 0x82, "MQTT-2.2.1-3" },
	{ "82 07 0001 00 0001 'a' 40", 0x81, "MQTT-3.8.3-5" },
	{ "82 07 0001 00 0001 'a' 80", 0x81, "MQTT-3.8.3-5" },
	{ "82 07 0001 00 0001 'a' 03", 0x82, "MQTT 5.0 3.8.3.1" },
	{ "82 07 0001 00 0001 'a' 30", 0x82, "MQTT 5.0 3.8.3.1" },
	{ "82 06 0001 00 0001 'a'", 0x81, "MQTT-2.1.4" }, /* no options */
	{ "82 0a 0001 00 0001 'a' 00 0001 'b'", 0x81, "MQTT-2.1.4" },
	{ "82 06 0001 00 0000 00", 0x81, "MQTT-4.7.1-1" },
	{ "82 07 0001 00 0001 ff 00", 0x81, "MQTT-1.5.4-1" },
	{ "82 09 0001 00 0003 'a#b' 00", 0x81, "MQTT-4.7.1-1" },
	{ "82 09 0001 00 0003 '#/a' 00", 0x81, "MQTT-4.7.1-1" },
	{ "82 08 0001 00 0002 'a+' 00", 0x81, "MQTT-4.7.1-1" },
	{ "82 09 0001 02 0b 00 0001 'a' 00", 0x82, "MQTT 5.0 3.8.2.1.2" },
	{ "82 0b 0001 04 0b 01 0b 02 0001 'a' 00", 0x82, "MQTT 5.0 2.2.2.2" },
	{ "82 0c 0001 00 0006 '$share' 00", 0x82, "MQTT-4.8.2-1" },
	{ "82 0e 0001 00 0008 '$share/g' 00", 0x82, "MQTT-4.8.2-1" },
	{ "82 0f 0001 00 0009 '$share//t' 00", 0x82, "MQTT-4.8.2-1" },
	{ "82 10 0001 00 000a '$share/+/t' 00", 0x82, "MQTT-4.8.2-1" },
	{ "82 10 0001 00 000a '$share/g/t' 04", 0x82, "MQTT-3.8.3-4" },
	{ "a2 03 0001 00", 0x82, "MQTT-3.10.3-2" },
	{ "a2 06 0000 00 0001 'a'", 0x82, "MQTT-2.2.1-3" },
	{ "a2 06 0001 00 0001 ff", 0x81, "MQTT-1.5.4-1" },
	{ "a2 05 0001 00 0000", 0x81, "MQTT-4.7.1-1" },

	/* DISCONNECT, AUTH */
	{ "e0 01 01", 0x82, "MQTT-3.14.2-1" },
	{ "e0 01 8e", 0x82, "MQTT-3.14.2-1" }, /* a server's */
	{ "e0 03 00 00 00", 0x81, "MQTT-2.1.4" },
	{ "e0 04 00 02 17 00", 0x81, "MQTT 5.0 2.2.2.2" },
	{ "f0 01 01", 0x82, "MQTT-3.15.2-1" },
};

START_TEST(refusal)
{
	const struct refused *wanted = &refused[_i];
	struct packet_fault fault = { FAULT_NONE, 0, "" };
	struct packet packet;
	struct buf bytes;

	buf_init(&bytes, 256);
	hex_put(&bytes, wanted->hex);
	ck_assert_msg(packet_read(buf_slice(&bytes), LIMIT_PACKET_BYTES, &packet, &fault) == PACKET_BROKEN, "%s",
		      wanted->hex);
	ck_assert_msg(fault.code == wanted->code, "%s: 0x%02x %s", wanted->hex, fault.code, fault.statement);
	ck_assert_msg(strcmp(fault.statement, wanted->statement) == 0, "%s: %s", wanted->hex, fault.statement);
	ck_assert_int_eq(fault.class, wanted->code == 0x81   ? FAULT_MALFORMED
				      : wanted->code == 0x95 ? FAULT_LIMIT
							     : FAULT_PROTOCOL);
	buf_release(&bytes);
}
END_TEST

/* LIMIT_FILTERS_PER_PACKET at its edge. */
START_TEST(too_many_filters)
{
	struct packet_fault fault;
	struct packet packet;
	struct buf bytes;

	for (size_t extra = 0; extra < 2; extra++) {
		size_t count = LIMIT_FILTERS_PER_PACKET + extra;

		buf_init(&bytes, 65536);
		buf_u8(&bytes, 0x82);
		varint_put(&bytes, (uint32_t)(3 + count * 4));
		hex_put(&bytes, "0001 00");
		for (size_t i = 0; i < count; i++)
			hex_put(&bytes, "0001 'a' 00");
		if (extra) {
			ck_assert_int_eq(packet_read(buf_slice(&bytes), LIMIT_PACKET_BYTES, &packet, &fault),
					 PACKET_BROKEN);
			ck_assert_uint_eq(fault.code, 0x97);
		} else {
			ck_assert_int_eq(packet_read(buf_slice(&bytes), LIMIT_PACKET_BYTES, &packet, &fault),
					 PACKET_READ);
			ck_assert_uint_eq(packet.filters.count, count);
		}
		buf_release(&bytes);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("packet refused");
	TCase *all = tcase_create("refused");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(all, refusal, 0, sizeof refused / sizeof *refused);
	tcase_add_test(all, too_many_filters);
	suite_add_tcase(suite, all);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
