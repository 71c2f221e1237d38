#include "actor/template.h"

#include "wire/build.h"

#include <stdlib.h>

static bool build_token(const struct bytes_part *part, template_token *mint, void *context, struct buf *out,
			struct buf *shown, int64_t *exp_us, struct fault *fault)
{
	struct token token;
	token_init(&token);
	bool minted = mint(context, part->actor, &token, fault);
	struct slice text = buf_slice(&token.text);
	*exp_us = token.exp_us;
	buf_u16(out, (uint16_t)text.size);
	buf_put(out, text);
	buf_u16(shown, (uint16_t)text.size);
	buf_put(shown, text);
	if (minted && !shown->failed)
		token_blot(text, shown->data + shown->size - text.size, text.size);
	token_release(&token);
	return minted;
}

/* What a length counts: everything behind it, but not the first byte of the packet that has the next
 * length. */
static size_t counted(const struct bytes_part *parts, size_t count, size_t at, const size_t *sizes)
{
	size_t sum = 0;
	for (size_t i = at + 1; i < count; i++) {
		if (parts[i].kind == BYTES_LENGTH)
			return sum > 0 ? sum - 1 : 0;
		sum += sizes[i];
	}
	return sum;
}

static void put_part(const struct bytes_part *part, struct slice body, size_t length, struct buf *out)
{
	if (part->kind == BYTES_LENGTH)
		build_varint(out, (uint32_t)((int64_t)length + part->delta), part->overlong);
	else
		buf_put(out, body);
}

/* All but the lengths, one behind the other, with the size of each. */
static bool build_bodies(const struct bytes_part *parts, size_t count, template_token *mint, void *context,
			 struct buf *bodies, struct buf *shown, size_t *sizes, int64_t *exp_us, struct fault *fault)
{
	for (size_t i = 0; i < count; i++) {
		size_t before = bodies->size;
		if (parts[i].kind == BYTES_TOKEN && !build_token(&parts[i], mint, context, bodies, shown, exp_us, fault))
			return false;
		if (parts[i].kind == BYTES_LITERAL) {
			buf_put(bodies, slice_of(parts[i].data, parts[i].size));
			buf_put(shown, slice_of(parts[i].data, parts[i].size));
		}
		sizes[i] = bodies->size - before;
	}
	return true;
}

static void join(const struct bytes_part *parts, size_t count, const size_t *sizes, struct slice bodies, struct buf *out)
{
	size_t at = 0;
	for (size_t i = 0; i < count; i++) {
		put_part(&parts[i], slice_part(bodies, at, sizes[i]), counted(parts, count, i, sizes), out);
		at += sizes[i];
	}
}

bool template_build(const struct bytes_part *parts, size_t count, template_token *mint, void *context, struct buf *out,
		    struct buf *shown, int64_t *exp_us, struct fault *fault)
{
	struct buf bodies, blotted;
	size_t *sizes = calloc(count + 1, sizeof *sizes);
	buf_init(&bodies, out->limit);
	buf_init(&blotted, out->limit);
	*exp_us = 0;
	bool built = sizes && build_bodies(parts, count, mint, context, &bodies, &blotted, sizes, exp_us, fault);
	if (built) {
		join(parts, count, sizes, buf_slice(&bodies), out);
		join(parts, count, sizes, buf_slice(&blotted), shown);
	}
	if (!sizes || bodies.failed || blotted.failed || out->failed || shown->failed)
		built = fault_set(fault, FAULT_LIMIT, "bytes that do not fit into %zu", out->limit);
	free(sizes);
	buf_release(&bodies);
	buf_release(&blotted);
	return built;
}
