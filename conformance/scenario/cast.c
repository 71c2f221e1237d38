/* The cast: who there is, of what kind, a copy of whom, in whose name. */
#include "scenario/parser.h"

#include "registry/list.h"

#include <ctype.h>

static bool actor_name_valid(struct slice name)
{
	for (size_t i = 0; i < name.size; i++)
		if (!islower(name.data[i]) && (i == 0 || (!isdigit(name.data[i]) && name.data[i] != '-')))
			return false;
	return !word_reserved(name);
}

/* "scout", or "scout, analyst": the names are added to the cast, *first is the index of the first. */
static bool read_names(struct parser *p, size_t *first)
{
	struct scenario_case *c = p->c;
	bool more = true;

	*first = c->cast_count;
	while (more) {
		struct token name;
		struct cast *casts;
		if (!parser_take(p, TOKEN_WORD, "the name of an actor", &name))
			return false;
		if (!actor_name_valid(name.text))
			return parser_complain(p, &name,
					       "expected a name in small letters that is no word of the language");
		if (case_actor(c, name.text) >= 0)
			return parser_complain(p, &name, "a second actor of the same name");
		casts = c->cast_count < CASE_CASTS_MAX ? list_room(c->casts, c->cast_count, sizeof *casts) : NULL;
		if (!casts)
			return parser_complain(p, &name, "more than %d actors, or out of memory", CASE_CASTS_MAX);
		c->casts = casts;
		casts[c->cast_count++] = (struct cast){ .name = name, .original = -1, .user = -1 };
		more = p->token.kind == TOKEN_COMMA;
		if (more && !parser_advance(p))
			return false;
	}
	return true;
}

/* agent, agents, …, or the name of an actor that is copied. */
static bool read_kind(struct parser *p, size_t first, bool plural)
{
	struct scenario_case *c = p->c;
	bool is_plural = plural;
	const char *claim = p->token.kind == TOKEN_WORD ? kind_claim(p->token.text, &is_plural) : NULL;
	ptrdiff_t original = p->token.kind == TOKEN_WORD && !claim ? case_actor(c, p->token.text) : -1;

	if ((!claim && (original < 0 || original >= (ptrdiff_t)first)) || is_plural != plural)
		return parser_expected(p, plural ? "agents, users, servers, tools or an earlier actor" :
						   "agent, user, server, tool or an earlier actor");
	for (size_t i = first; i < c->cast_count; i++) {
		c->casts[i].claim = claim ? claim : c->casts[original].claim;
		c->casts[i].original = original;
	}
	if (original >= 0)
		c->casts[original].used = true;
	return parser_advance(p);
}

/* An actor named above, of the given principal claim. */
static bool read_earlier(struct parser *p, size_t first, const char *claim, const char *what, size_t *actor)
{
	struct token at = p->token;

	if (!parser_actor(p, actor))
		return false;
	if (*actor >= first || strcmp(p->c->casts[*actor].claim, claim) != 0)
		return parser_complain(p, &at, "expected %s that is cast above, found \"%.*s\"", what, (int)at.text.size,
				       (const char *)at.text.data);
	return true;
}

/* `for USER via AGENT …`: a delegated token, its chain in the order in which it was handed on. */
static bool read_delegation(struct parser *p, size_t first)
{
	struct cast chain = { .user = -1 };
	struct token at = p->token;
	size_t user;
	bool more;

	if (!parser_is(p, "for"))
		return true;
	if (!parser_advance(p))
		return false;
	if (strcmp(p->c->casts[first].claim, "agent_id") != 0)
		return parser_complain(p, &at, "expected an agent before `for`: none but agents act for users");
	if (!read_earlier(p, first, "user_id", "a user", &user) || !parser_word(p, "via", &more))
		return false;
	while (more) {
		if (chain.via_count == CASE_VIA_MAX)
			return parser_complain(p, &p->token, "more than %d agents in one chain", CASE_VIA_MAX);
		if (!read_earlier(p, first, "agent_id", "an agent", &chain.via[chain.via_count++]) ||
		    !parser_word(p, "via", &more))
			return false;
	}
	for (size_t i = first; i < p->c->cast_count; i++) {
		struct cast *cast = &p->c->casts[i];
		cast->user = (ptrdiff_t)user;
		cast->via_count = chain.via_count;
		memcpy(cast->via, chain.via, sizeof chain.via);
	}
	return true;
}

bool parse_cast(struct parser *p)
{
	struct scenario_case *c = p->c;
	struct attributes with = { .count = 0 };
	size_t first;

	if (!read_names(p, &first))
		return false;
	bool plural = parser_is(p, "are");
	if (!plural && !parser_is(p, "is"))
		return parser_expected(p, "is or are");
	if (plural != (c->cast_count - first > 1))
		return parser_expected(p, plural ? "is after one name" : "are after several names");
	if (!parser_advance(p) || !read_kind(p, first, plural))
		return false;
	if (!read_delegation(p, first) || !parser_with(p, SCOPE_CAST, &with))
		return false;
	for (size_t i = first; i < c->cast_count; i++)
		c->casts[i].with = with;
	return true;
}
