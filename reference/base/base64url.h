/* base64url without padding (RFC 4648 section 5, as RFC 7515 section 2 uses it). */
#ifndef MQTT_AGENT_BASE64URL_H
#define MQTT_AGENT_BASE64URL_H

#include "buf.h"

/* Strict: a foreign character, padding, a line break, a length of 1 mod 4 or non-zero trailing
 * bits give false [AUTH-02]. Appends to out. */
bool base64url_decode(struct slice text, struct buf *out);
void base64url_encode(struct slice bytes, struct buf *out);

#endif
