/* Bytes as a scenario writes them, made whole when they are sent: lengths counted, tokens minted. */
#ifndef CONFORMANCE_TEMPLATE_H
#define CONFORMANCE_TEMPLATE_H

#include "actor/token.h"

/* Mints the token of an actor. false with *fault. */
typedef bool template_token(void *context, size_t actor, struct token *token, struct fault *fault);

/* Appends the bytes to out and their twin without signatures, of the same length, to shown. *exp_us: end
 * of the last token in them; 0: none. false with *fault. */
bool template_build(const struct bytes_part *parts, size_t count, template_token *mint, void *context, struct buf *out,
		    struct buf *shown, int64_t *exp_us, struct fault *fault);

#endif
