/* Retained messages as a tree of topic levels. The children of a node are a balanced search tree, for
 * names, and a list, for wildcards. Recursion is as deep as the filter, which LIMIT_FILTER_LEVELS bounds,
 * but for `#`, which walks without it: a topic may have more levels than a filter. */
#include "retained.h"
#include "order.h"

#include <search.h>
#include <stdlib.h>

enum { INDEX_NODE_SIZE = 4 * sizeof(void *) };

struct retained_node {
	struct slice level; /* first, so that a key can stand in for a node in comparisons */
	struct retained_node *parent;
	void *index;                   /* tsearch root of the children */
	struct retained_node *children; /* the same as a list */
	struct retained_node *sibling, **link;
	struct kept *kept; /* NULL: none on this topic */
	/* the bytes of the level stand behind the node */
};

struct retained {
	struct retained_node root;
	struct kept *all;
	size_t count, bytes, most_messages, most_bytes;
};

/* What retained_match collects. */
struct found {
	struct kept *first;
};

static int compare_levels(const void *a, const void *b)
{
	return slice_order(*(const struct slice *)a, *(const struct slice *)b);
}

static struct retained_node *child_of(const struct retained_node *node, struct slice level)
{
	void *found = tfind(&level, &node->index, compare_levels);

	return found ? *(struct retained_node **)found : NULL;
}

static struct retained_node *add_child(struct retained_node *parent, struct slice level)
{
	struct retained_node *child = calloc(1, sizeof *child + level.size);

	if (!child)
		return NULL;
	if (level.size)
		memcpy(child + 1, level.data, level.size);
	child->level = slice_of(child + 1, level.size);
	child->parent = parent;
	if (!tsearch(child, &parent->index, compare_levels)) {
		free(child);
		return NULL;
	}
	child->sibling = parent->children;
	child->link = &parent->children;
	if (child->sibling)
		child->sibling->link = &child->sibling;
	parent->children = child;
	return child;
}

/* Removes nodes that hold nothing, from this one up. The root, which has no parent, stays. */
static void prune(struct retained_node *node)
{
	while (node->parent && !node->children && !node->kept) {
		struct retained_node *parent = node->parent;

		tdelete(node, &parent->index, compare_levels);
		*node->link = node->sibling;
		if (node->sibling)
			node->sibling->link = node->link;
		free(node);
		node = parent;
	}
}

struct retained *retained_new(size_t most_messages, size_t most_bytes)
{
	struct retained *retained = calloc(1, sizeof *retained);

	if (retained) {
		retained->most_messages = most_messages;
		retained->most_bytes = most_bytes;
	}
	return retained;
}

void retained_free(struct retained *retained)
{
	free(retained);
}

static const struct retained_node *find_node(const struct retained *retained, struct slice topic)
{
	const struct retained_node *node = &retained->root;
	bool more = true;

	while (node && more)
		node = child_of(node, slice_word(&topic, '/', &more));
	return node;
}

struct kept *retained_find(const struct retained *retained, struct slice topic)
{
	const struct retained_node *node = find_node(retained, topic);

	return node ? node->kept : NULL;
}

/* What a topic takes in the tree when it shares no level with another: nodes, and those of their index. */
static size_t place_size(struct slice topic)
{
	size_t levels = 1;

	for (size_t i = 0; i < topic.size; i++)
		levels += topic.data[i] == '/';
	return topic.size + levels * (sizeof(struct retained_node) + INDEX_NODE_SIZE);
}

bool retained_has_room(const struct retained *retained, struct slice topic, size_t size)
{
	const struct kept *old = retained_find(retained, topic);
	size_t count = retained->count - (old ? 1 : 0), bytes = retained->bytes - (old ? old->size : 0);

	if (count >= retained->most_messages || size > retained->most_bytes)
		return false;
	size += place_size(topic);
	return size <= retained->most_bytes && bytes <= retained->most_bytes - size;
}

static struct retained_node *make_node(struct retained *retained, struct slice topic)
{
	struct retained_node *node = &retained->root;
	bool more = true;

	while (more) {
		struct slice level = slice_word(&topic, '/', &more);
		struct retained_node *child = child_of(node, level);

		if (!child)
			child = add_child(node, level);
		if (!child) {
			prune(node);
			return NULL;
		}
		node = child;
	}
	return node;
}

static void unlink_kept(struct retained *retained, struct kept *kept)
{
	*kept->link = kept->next;
	if (kept->next)
		kept->next->link = kept->link;
	kept->node->kept = NULL;
	kept->node = NULL;
	retained->count--;
	retained->bytes -= kept->size;
}

bool retained_put(struct retained *retained, struct kept *kept, struct kept **replaced)
{
	struct retained_node *node = make_node(retained, kept->topic);

	if (!node)
		return false;
	*replaced = node->kept;
	if (node->kept)
		unlink_kept(retained, node->kept);
	node->kept = kept;
	kept->node = node;
	kept->next = retained->all;
	kept->link = &retained->all;
	if (kept->next)
		kept->next->link = &kept->next;
	retained->all = kept;
	kept->size += place_size(kept->topic);
	retained->count++;
	retained->bytes += kept->size;
	return true;
}

void retained_remove(struct retained *retained, struct kept *kept)
{
	struct retained_node *node = kept->node;

	unlink_kept(retained, kept);
	prune(node);
}

static void find_here(const struct retained_node *node, struct found *found)
{
	if (!node->kept)
		return;
	node->kept->next_found = found->first;
	found->first = node->kept;
}

/* The node behind this one in a walk of all that is below `top`, or NULL. */
static const struct retained_node *next_below(const struct retained_node *node, const struct retained_node *top)
{
	if (node->children)
		return node->children;
	while (node != top && !node->sibling)
		node = node->parent;
	return node == top ? NULL : node->sibling;
}

static void find_below(const struct retained_node *top, struct found *found)
{
	for (const struct retained_node *node = top; node; node = next_below(node, top))
		find_here(node, found);
}

static bool is_hidden(const struct retained_node *child)
{
	return !child->parent->parent && child->level.size && child->level.data[0] == '$';
}

/* [DLV-02] [MQTT-4.7.2-1] A wildcard at the front takes in nothing whose first level begins with `$`. */
static void find_all_topics(const struct retained_node *root, struct found *found)
{
	for (const struct retained_node *child = root->children; child; child = child->sibling)
		if (!is_hidden(child))
			find_below(child, found);
}

static void find_matching(const struct retained_node *node, struct slice rest, bool more, struct found *found)
{
	struct slice level;

	if (!more) {
		find_here(node, found);
		return;
	}
	level = slice_word(&rest, '/', &more);
	if (slice_is(level, "#")) {
		if (node->parent)
			find_below(node, found);
		else
			find_all_topics(node, found);
	} else if (slice_is(level, "+")) {
		for (const struct retained_node *child = node->children; child; child = child->sibling)
			if (!is_hidden(child))
				find_matching(child, rest, more, found);
	} else if ((node = child_of(node, level)) != NULL) {
		find_matching(node, rest, more, found);
	}
}

struct kept *retained_match(struct retained *retained, struct slice filter)
{
	struct found found = { NULL };

	find_matching(&retained->root, filter, true, &found);
	return found.first;
}

struct kept *retained_all(const struct retained *retained)
{
	return retained->all;
}

size_t retained_count(const struct retained *retained)
{
	return retained->count;
}
