#include "registry/chapter.h"

#include "json.h"
#include "registry/keyword.h"
#include "registry/list.h"
#include "registry/probes.h"
#include "registry/prose.h"

#include <ctype.h>
#include <stdlib.h>

struct reader {
	struct registry *registry;
	const char *file;
	char *title;       /* the first heading; owned */
	char *class;       /* of the chapter; owned */
	size_t first_rule; /* of this chapter, in the registry */
	cmark_node *item; /* the rule item that the last rule came from; NULL: none yet */
	struct fault *fault;
};

/* Classes of conformance (spec/00-conventions.md). */
static const char *const classes[] = { "core",	  "substrate",	"policy", "operation",	"delegation", "grants",
				       "renewal", "revocation", "audit",  "cards", "provenance", "carriage", "pop" };

static bool complain(struct reader *r, unsigned line, const char *text)
{
	return fault_set(r->fault, FAULT_MALFORMED, "%s:%u: %s", r->file, line, text);
}

static unsigned line_of(cmark_node *node)
{
	int line = cmark_node_get_start_line(node);

	return line > 0 ? (unsigned)line : 1;
}

bool rule_id_valid(struct slice id)
{
	size_t area = id.size < 3 ? 0 : id.size - 3;

	if (area < 2 || area > 8 || !isupper(id.data[0]) || id.data[area] != '-')
		return false;
	for (size_t i = 0; i < area; i++)
		if (!isupper(id.data[i]) && !isdigit(id.data[i]))
			return false;
	return isdigit(id.data[area + 1]) && isdigit(id.data[area + 2]);
}

/* Strong text that was meant to be an id, so that a slip is an error and not a silent loss. */
static bool like_rule_id(struct slice text)
{
	size_t at = 0;

	while (at < text.size && (isupper(text.data[at]) || isdigit(text.data[at])))
		at++;
	return at >= 2 && at + 1 < text.size && text.data[at] == '-' && isdigit(text.data[at + 1]);
}

/* [conventions] Outside the first paragraph of a rule no BCP 14 word stands. */
static bool check_no_keyword(struct reader *r, const struct prose *prose, unsigned line)
{
	struct keyword found;
	size_t offset = 0;

	if (prose->masked.failed)
		return complain(r, line, "the paragraph is too long");
	if (!keyword_next(buf_slice(&prose->masked), &offset, &found))
		return true;
	return fault_set(r->fault, FAULT_PROTOCOL,
			 "%s:%u: %s stands outside a rule; only the first paragraph of a rule item holds a BCP 14 word",
			 r->file, line + prose_lines(prose, found.offset), found.word);
}

static bool set_text(struct reader *r, char **place, struct slice text)
{
	free(*place);
	*place = slice_copy(text);
	return *place || list_no_memory(r->fault);
}

static bool known_class(struct slice name)
{
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (slice_is(name, classes[i]))
			return true;
	return false;
}

static bool set_class(struct reader *r, char **place, struct slice name, unsigned line)
{
	if (*place)
		return complain(r, line, "a second class; one is enough");
	if (!known_class(name))
		return fault_set(r->fault, FAULT_MALFORMED, "%s:%u: unknown class \"%.*s\"", r->file, line,
				 (int)name.size, (const char *)name.data);
	return set_text(r, place, name);
}

/* "SBS-03, SBS-04 and SBS-06" becomes "SBS-03 SBS-04 SBS-06". */
static bool set_manner(struct reader *r, struct rule *rule, struct slice ids)
{
	struct buf list;
	bool more = true, good = ids.size > 0;

	if (rule->manner_of)
		return complain(r, rule->place.line, "a second \"manner of\"");
	buf_init(&list, 256);
	while (more && good) {
		struct slice word = slice_word(&ids, ' ', &more);
		while (word.size && word.data[word.size - 1] == ',')
			word.size--;
		if (!word.size || slice_is(word, "and"))
			continue;
		good = rule_id_valid(word);
		buf_text(&list, list.size ? " " : "");
		buf_put(&list, word);
	}
	if (good && list.size && !list.failed)
		good = set_text(r, &rule->manner_of, buf_slice(&list));
	else
		good = complain(r, rule->place.line, "expected rule ids after \"manner of\"");
	buf_release(&list);
	return good;
}

static bool read_tag(struct reader *r, struct rule *rule, struct slice tag)
{
	const struct slice manner = slice_text("manner of "), class = slice_text("class ");

	if (slice_starts(tag, manner))
		return set_manner(r, rule, prose_trim(slice_part(tag, manner.size, tag.size)));
	if (slice_starts(tag, class))
		return set_class(r, &rule->class, prose_trim(slice_part(tag, class.size, tag.size)), rule->place.line);
	return fault_set(r->fault, FAULT_MALFORMED,
			 "%s:%u: %s: expected \"manner of ID\" or \"class NAME\" in the tag list, found \"%.*s\"",
			 r->file, rule->place.line, rule->id, (int)tag.size, (const char *)tag.data);
}

/* The emphasised parenthesis behind the id. Returns the node after it, where the sentence begins. */
static bool read_tags(struct reader *r, struct rule *rule, cmark_node **node)
{
	cmark_node *emph = *node && cmark_node_get_type(*node) == CMARK_NODE_TEXT ? cmark_node_next(*node) : *node;
	const char *gap = *node ? cmark_node_get_literal(*node) : NULL;
	struct prose prose;
	bool good = true, more = true;

	if (!emph || cmark_node_get_type(emph) != CMARK_NODE_EMPH || (gap && prose_trim(slice_text(gap)).size))
		return true;
	prose_init(&prose);
	prose_inside(&prose, emph);
	struct slice text = buf_slice(&prose.plain);
	if (text.size >= 2 && text.data[0] == '(' && text.data[text.size - 1] == ')') {
		text = slice_part(text, 1, text.size - 2);
		while (more && good)
			good = read_tag(r, rule, prose_trim(slice_word(&text, ';', &more)));
		*node = cmark_node_next(emph);
	}
	prose_release(&prose);
	return good;
}

/* [conventions] Exactly one BCP 14 word, and it is the level. */
static bool read_level(struct reader *r, struct rule *rule, const struct prose *prose)
{
	struct keyword first, second;
	size_t offset = 0;

	if (prose->masked.failed)
		return complain(r, rule->place.line, "the sentence is too long");
	if (!keyword_next(buf_slice(&prose->masked), &offset, &first))
		return fault_set(r->fault, FAULT_PROTOCOL,
				 "%s:%u: %s: no BCP 14 word in this rule; a rule holds exactly one", r->file,
				 rule->place.line, rule->id);
	rule->level = first.level;
	if (!keyword_next(buf_slice(&prose->masked), &offset, &second))
		return true;
	return fault_set(r->fault, FAULT_PROTOCOL,
			 "%s:%u: %s: two BCP 14 words (%s, %s) in one rule; a rule holds exactly one", r->file,
			 rule->place.line + prose_lines(prose, second.offset), rule->id, first.word, second.word);
}

static bool read_sentence(struct reader *r, struct rule *rule, cmark_node *node)
{
	struct prose prose;
	bool good;

	if (!read_tags(r, rule, &node))
		return false;
	prose_init(&prose);
	prose_inlines(&prose, node);
	good = read_level(r, rule, &prose) && set_text(r, &rule->sentence, prose_trim(buf_slice(&prose.plain)));
	prose_release(&prose);
	return good;
}

static bool add_rule(struct reader *r, cmark_node *paragraph, struct slice id)
{
	struct registry *g = r->registry;
	const struct rule *other = registry_rule(g, id);
	struct rule *rules;

	if (other)
		return fault_set(r->fault, FAULT_PROTOCOL, "%s:%u: %s: the id is taken by the rule at %s:%u", r->file,
				 line_of(paragraph), other->id, other->place.file, other->place.line);
	rules = list_room(g->rules, g->rule_count, sizeof *rules);
	if (!rules)
		return list_no_memory(r->fault);
	g->rules = rules;
	struct rule *rule = &rules[g->rule_count++];
	rule->place = (struct place){ r->file, line_of(paragraph) };
	return set_text(r, &rule->id, id) && set_text(r, &rule->area, slice_part(id, 0, id.size - 3)) &&
	       set_text(r, &rule->rationale, slice_text("")) &&
	       read_sentence(r, rule, cmark_node_next(cmark_node_first_child(paragraph)));
}

/* A paragraph that may be a rule: the first of a list item, beginning with strong text. */
static bool may_be_rule(cmark_node *paragraph)
{
	cmark_node *parent = cmark_node_parent(paragraph), *first = cmark_node_first_child(paragraph);

	return cmark_node_get_type(parent) == CMARK_NODE_ITEM && !cmark_node_previous(paragraph) && first &&
	       cmark_node_get_type(first) == CMARK_NODE_STRONG;
}

static bool read_excuse(struct reader *r, struct rule *rule, struct slice text, unsigned line)
{
	static const char *const forms[] = { "not-observable: ", "implied-by ", "later-draft: " };

	if (rule->excuse)
		return complain(r, line, "a second excuse");
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct slice form = slice_text(forms[i]);
		if (slice_starts(text, form) && text.size > form.size)
			return set_text(r, &rule->excuse, text);
	}
	return fault_set(r->fault, FAULT_MALFORMED,
			 "%s:%u: %s: expected an excuse \"not-observable: …\", \"implied-by ID: …\" or "
			 "\"later-draft: …\"",
			 r->file, line, rule->id);
}

static bool add_rationale(struct reader *r, struct rule *rule, struct slice text)
{
	struct buf all;
	bool good;

	buf_init(&all, (size_t)4 * PROSE_PARAGRAPH_MAX);
	buf_text(&all, rule->rationale);
	buf_text(&all, all.size ? "\n\n" : "");
	buf_put(&all, text);
	good = !all.failed && set_text(r, &rule->rationale, buf_slice(&all));
	buf_release(&all);
	return good || list_no_memory(r->fault);
}

/* What a paragraph says about the rule, chapter or document it stands in, by its first word. */
static bool read_labelled(struct reader *r, cmark_node *paragraph, struct slice text)
{
	const struct slice why = slice_text("Why:"), excuse = slice_text("Excuse:"), class = slice_text("Class:"),
			   revision = slice_text("Revision:");
	struct slice rest;
	bool top = cmark_node_get_type(cmark_node_parent(paragraph)) == CMARK_NODE_DOCUMENT;
	bool in_rule = r->item && cmark_node_parent(paragraph) == r->item;
	struct registry *g = r->registry;
	struct rule *rule = in_rule ? &g->rules[g->rule_count - 1] : NULL;

	if (rule && slice_starts(text, why))
		return add_rationale(r, rule, prose_trim(slice_part(text, why.size, text.size)));
	if (rule && slice_starts(text, excuse))
		return read_excuse(r, rule, prose_trim(slice_part(text, excuse.size, text.size)), line_of(paragraph));
	if (top && slice_starts(text, class))
		return set_class(r, &r->class, prose_trim(slice_part(text, class.size, text.size)), line_of(paragraph));
	if (!top || !slice_starts(text, revision))
		return true;
	rest = prose_trim(slice_part(text, revision.size, text.size));
	if (g->revision[0] || !rest.size || rest.size >= sizeof g->revision)
		return complain(r, line_of(paragraph), "expected one revision of 1 to 31 bytes in the whole of spec/");
	memcpy(g->revision, rest.data, rest.size);
	return true;
}

static bool read_ordinary(struct reader *r, cmark_node *block)
{
	struct prose prose;
	bool good;

	prose_init(&prose);
	prose_inside(&prose, block);
	good = check_no_keyword(r, &prose, line_of(block));
	if (good && cmark_node_get_type(block) == CMARK_NODE_PARAGRAPH)
		good = read_labelled(r, block, buf_slice(&prose.plain));
	if (good && cmark_node_get_type(block) == CMARK_NODE_HEADING && !r->title)
		good = set_text(r, &r->title, prose_trim(buf_slice(&prose.plain)));
	prose_release(&prose);
	return good;
}

static bool read_paragraph(struct reader *r, cmark_node *paragraph)
{
	struct prose prose;
	bool good, rule = false;

	if (!may_be_rule(paragraph))
		return read_ordinary(r, paragraph);
	prose_init(&prose);
	prose_inside(&prose, cmark_node_first_child(paragraph));
	struct slice id = buf_slice(&prose.plain);
	rule = rule_id_valid(id);
	if (rule)
		good = add_rule(r, paragraph, id);
	else if (like_rule_id(id))
		good = complain(r, line_of(paragraph), "expected a rule id of the form AREA-NN in the strong text");
	else
		good = read_ordinary(r, paragraph);
	if (rule)
		r->item = cmark_node_parent(paragraph);
	prose_release(&prose);
	return good;
}

static bool add_scenario(struct reader *r, cmark_node *block)
{
	struct registry *g = r->registry;
	struct scenario_block *blocks = list_room(g->blocks, g->block_count, sizeof *blocks);
	int column = cmark_node_get_start_column(block);

	if (!blocks)
		return list_no_memory(r->fault);
	g->blocks = blocks;
	blocks += g->block_count++;
	blocks->place = (struct place){ r->file, line_of(block) + 1 };
	blocks->indent = column > 1 ? (unsigned)column - 1 : 0;
	return set_text(r, &blocks->text, slice_text(cmark_node_get_literal(block)));
}

/* Parses the text as if it stood at its own line, so that errors name the line of the chapter. */
static json_t *parse_policy(struct reader *r, cmark_node *block)
{
	struct buf text;
	json_t *document = NULL;

	buf_init(&text, json_limits_file.bytes);
	for (unsigned i = 0; i < line_of(block); i++)
		buf_u8(&text, '\n');
	buf_text(&text, cmark_node_get_literal(block));
	if (text.failed)
		complain(r, line_of(block), "the policy is too long");
	else
		document = json_parse(buf_slice(&text), r->file, &json_limits_file, r->fault);
	if (document && !json_is_object(document)) {
		complain(r, line_of(block), "expected a policy that is a JSON object");
		json_decref(document);
		document = NULL;
	}
	buf_release(&text);
	return document;
}

static bool policy_name_valid(struct slice name)
{
	for (size_t i = 0; i < name.size; i++)
		if (!islower(name.data[i]) && (i == 0 || (!isdigit(name.data[i]) && name.data[i] != '-')))
			return false;
	return name.size > 0 && name.size <= 64;
}

static bool add_policy(struct reader *r, cmark_node *block, struct slice name)
{
	struct registry *g = r->registry;
	struct policy_block *policies;

	if (!policy_name_valid(name))
		return complain(r, line_of(block), "expected the name of an organisation after \"policy\"");
	if (registry_policy(g, name))
		return fault_set(r->fault, FAULT_PROTOCOL, "%s:%u: a second policy \"%.*s\"", r->file, line_of(block),
				 (int)name.size, (const char *)name.data);
	policies = list_room(g->policies, g->policy_count, sizeof *policies);
	if (!policies)
		return list_no_memory(r->fault);
	g->policies = policies;
	policies += g->policy_count;
	policies->place = (struct place){ r->file, line_of(block) + 1 };
	if (!set_text(r, &policies->name, name))
		return false;
	g->policy_count++;
	policies->document = parse_policy(r, block);
	return policies->document != NULL;
}

static bool read_code(struct reader *r, cmark_node *block)
{
	const char *info = cmark_node_get_fence_info(block);
	struct slice rest = slice_text(info);
	bool more;
	struct slice kind = slice_word(&rest, ' ', &more);

	if (slice_is(kind, "scenario"))
		return add_scenario(r, block);
	if (slice_is(kind, "policy"))
		return add_policy(r, block, prose_trim(rest));
	if (slice_is(kind, "probes"))
		return probes_read(r->registry, (struct place){ r->file, line_of(block) + 1 }, prose_trim(rest),
				   slice_text(cmark_node_get_literal(block)), r->fault);
	return true;
}

static bool read_html(struct reader *r, cmark_node *block)
{
	struct prose prose;
	bool good;

	prose_init(&prose);
	buf_text(&prose.masked, cmark_node_get_literal(block));
	good = check_no_keyword(r, &prose, line_of(block));
	prose_release(&prose);
	return good;
}

static bool read_block(struct reader *r, cmark_node *node)
{
	switch (cmark_node_get_type(node)) {
	case CMARK_NODE_PARAGRAPH:
		return read_paragraph(r, node);
	case CMARK_NODE_HEADING:
		return read_ordinary(r, node);
	case CMARK_NODE_CODE_BLOCK:
		return read_code(r, node);
	case CMARK_NODE_HTML_BLOCK:
		return read_html(r, node);
	default:
		return true;
	}
}

/* Rules get the title and, unless tagged otherwise, the class of their chapter. */
static bool finish(struct reader *r)
{
	for (size_t i = r->first_rule; i < r->registry->rule_count; i++) {
		struct rule *rule = &r->registry->rules[i];
		if (!r->title)
			return complain(r, rule->place.line, "expected a heading above the rules of a chapter");
		if (!rule->class && !r->class)
			return complain(r, rule->place.line, "expected a paragraph \"Class: NAME\" above rules");
		if (!rule->class && !set_text(r, &rule->class, slice_text(r->class)))
			return false;
		if (!set_text(r, &rule->title, slice_text(r->title)))
			return false;
	}
	return true;
}

bool chapter_read(struct registry *registry, const char *file, struct slice text, struct fault *fault)
{
	struct reader r = { .registry = registry, .file = file, .first_rule = registry->rule_count, .fault = fault };
	cmark_node *document;
	cmark_iter *iter;
	cmark_event_type event;
	bool good = true;

	if (!slice_utf8(text))
		return fault_set(fault, FAULT_MALFORMED, "%s: not UTF-8", file);
	document = cmark_parse_document((const char *)text.data, text.size, CMARK_OPT_DEFAULT);
	if (!document)
		return list_no_memory(fault);
	iter = cmark_iter_new(document);
	while (good && (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE)
		good = event != CMARK_EVENT_ENTER || read_block(&r, cmark_iter_get_node(iter));
	good = good && finish(&r);
	cmark_iter_free(iter);
	cmark_node_free(document);
	free(r.title);
	free(r.class);
	return good;
}
