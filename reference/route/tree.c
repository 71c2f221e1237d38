/* The topic tree. The children of a node are a balanced search tree (POSIX tsearch), so that no
 * choice of names makes a look-up slow; `+` and `#` are children like any other, looked for by
 * name. Recursion is as deep as the tree, which LIMIT_FILTER_LEVELS bounds. */
#include "tree.h"
#include "order.h"

#include <search.h>
#include <stdlib.h>

struct tree_node {
	struct slice level; /* first, so that a key can stand in for a node in comparisons */
	struct tree_node *parent;
	void *children; /* tsearch root */
	struct subscription *subscriptions;
	/* the bytes of the level stand behind the node */
};

struct tree {
	struct tree_node root;
};

static int compare_levels(const void *a, const void *b)
{
	return slice_order(*(const struct slice *)a, *(const struct slice *)b);
}

static struct tree_node *child_of(const struct tree_node *node, struct slice level)
{
	void *found = tfind(&level, &node->children, compare_levels);

	return found ? *(struct tree_node **)found : NULL;
}

static struct tree_node *add_child(struct tree_node *parent, struct slice level)
{
	struct tree_node *child = calloc(1, sizeof *child + level.size);

	if (!child)
		return NULL;
	if (level.size)
		memcpy(child + 1, level.data, level.size);
	child->level = slice_of(child + 1, level.size);
	child->parent = parent;
	if (!tsearch(child, &parent->children, compare_levels)) {
		free(child);
		return NULL;
	}
	return child;
}

/* Removes nodes that hold nothing, from this one up. The root, which has no parent, stays. */
static void prune(struct tree_node *node)
{
	while (node->parent && !node->children && !node->subscriptions) {
		struct tree_node *parent = node->parent;

		tdelete(node, &parent->children, compare_levels);
		free(node);
		node = parent;
	}
}

struct tree *tree_new(void)
{
	return calloc(1, sizeof(struct tree));
}

void tree_free(struct tree *tree)
{
	free(tree);
}

size_t tree_levels(struct slice filter)
{
	size_t levels = 1;

	for (size_t i = 0; i < filter.size; i++)
		levels += filter.data[i] == '/';
	return levels;
}

bool tree_add(struct tree *tree, struct subscription *subscription)
{
	struct tree_node *node = &tree->root;
	struct slice rest = subscription->filter;
	bool more = true;

	while (more) {
		struct slice level = slice_word(&rest, '/', &more);
		struct tree_node *child = child_of(node, level);

		if (!child)
			child = add_child(node, level);
		if (!child) {
			prune(node);
			return false;
		}
		node = child;
	}
	subscription->node = node;
	subscription->next = node->subscriptions;
	subscription->link = &node->subscriptions;
	if (subscription->next)
		subscription->next->link = &subscription->next;
	node->subscriptions = subscription;
	return true;
}

void tree_remove(struct tree *tree, struct subscription *subscription)
{
	struct tree_node *node = subscription->node;

	(void)tree; /* the node knows its way up */
	*subscription->link = subscription->next;
	if (subscription->next)
		subscription->next->link = subscription->link;
	subscription->node = NULL;
	prune(node);
}

struct matching {
	void (*visit)(void *context, struct subscription *);
	void *context;
};

static void visit_all(const struct tree_node *node, const struct matching *matching)
{
	struct subscription *next;

	if (!node)
		return;
	for (struct subscription *s = node->subscriptions; s; s = next) {
		next = s->next;
		matching->visit(matching->context, s);
	}
}

/* [SUB-33] rest: the levels of the topic below this node; more is false when there are none. */
static void match_below(const struct tree_node *node, struct slice rest, bool more, bool wildcards,
			const struct matching *matching)
{
	const struct tree_node *next;
	struct slice level;

	if (wildcards) /* `#` takes all levels that are left, none included */
		visit_all(child_of(node, slice_text("#")), matching);
	if (!more) {
		visit_all(node, matching);
		return;
	}
	level = slice_word(&rest, '/', &more);
	next = child_of(node, level);
	if (next)
		match_below(next, rest, more, true, matching);
	next = wildcards ? child_of(node, slice_text("+")) : NULL;
	if (next)
		match_below(next, rest, more, true, matching);
}

void tree_match(const struct tree *tree, struct slice topic, void (*visit)(void *context, struct subscription *),
		void *context)
{
	const struct matching matching = { visit, context };
	bool dollar = topic.size && topic.data[0] == '$'; /* [DLV-02] [SUB-34] [MQTT-4.7.2-1] */

	match_below(&tree->root, topic, true, !dollar, &matching);
}
