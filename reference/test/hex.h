/* Bytes as the tests write them: hexadecimal digits, spaces anywhere, 'text' for itself. */
#ifndef MQTT_AGENT_TEST_HEX_H
#define MQTT_AGENT_TEST_HEX_H

#include "buf.h"

#include <stdlib.h>

static inline unsigned hex_digit(char c)
{
	const char *digits = "0123456789abcdef";
	const char *place = c ? strchr(digits, c | 0x20) : NULL;

	if (!place)
		abort();
	return (unsigned)(place - digits);
}

static inline void hex_put(struct buf *out, const char *text)
{
	while (*text) {
		if (*text == ' ') {
			text++;
		} else if (*text == '\'') {
			for (text++; *text && *text != '\''; text++)
				buf_u8(out, (uint8_t)*text);
			if (!*text++)
				abort();
		} else {
			buf_u8(out, (uint8_t)(hex_digit(text[0]) << 4 | hex_digit(text[1])));
			text += 2;
		}
	}
}

#endif
