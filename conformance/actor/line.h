/* A line: one TCP or TLS connection on the loop. It moves bytes and knows no MQTT. */
#ifndef CONFORMANCE_LINE_H
#define CONFORMANCE_LINE_H

#include "actor/address.h"
#include "slice.h"

#include <event2/event.h>
#include <openssl/ssl.h>

enum { LINE_GONE = -1 };

/* Called from the loop, never from within a call of this header. */
struct line_owner {
	void (*opened)(void *context);
	/* Returns how many bytes it took; LINE_GONE when it freed the line meanwhile. */
	ptrdiff_t (*bytes)(void *context, struct slice bytes);
	/* The other side ended it, or it could not be opened. The line is to be freed by the owner. */
	void (*closed)(void *context, const char *how);
	/* After line_finish: everything is written. The line is to be freed by the owner. */
	void (*finished)(void *context);
};

struct line;

/* tls NULL: plaintext. name: SNI and the name that the certificate must bear. owner and context
 * are borrowed. NULL with *fault. */
struct line *line_open(struct event_base *base, const struct address *address, SSL_CTX *tls, const char *name,
		       const struct line_owner *owner, void *context, struct fault *fault);
/* false: the other side does not read, and there is no room for more; nothing was taken. */
bool line_send(struct line *line, struct slice bytes);
/* The same, a byte a segment (TLS: a byte a record): each byte is on its way before the next one
 * leaves. What is sent meanwhile follows in the same manner. */
bool line_dribble(struct line *line, struct slice bytes);
/* How many bytes still wait to be dribbled. */
size_t line_dribbling(const struct line *line);
/* Reads nothing more. That the other side ended is still seen where the platform can tell. */
void line_stall(struct line *line);
void line_finish(struct line *line); /* writes what is left, ends TLS, then tells the owner */
void line_free(struct line *line);   /* at once, whatever is left; NULL: nothing */

/* Verifies against the authorities in ca_file. NULL with *fault. */
SSL_CTX *line_tls(const char *ca_file, struct fault *fault);

#endif
