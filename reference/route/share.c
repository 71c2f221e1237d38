/* Shares: a list of members in the order of their turns. */
#include "share.h"
#include "order.h"

#include <search.h>
#include <stdlib.h>

struct share {
	struct slice group; /* first two, so that a key can stand in for a share in comparisons */
	struct slice filter;
	struct subscription subscription; /* in the tree */
	struct share_member *first, **end;
	/* the bytes of group and filter stand behind it */
};

struct share_key {
	struct slice group, filter;
};

static int compare_shares(const void *a, const void *b)
{
	const struct share_key *one = a, *other = b;
	int order = slice_order(one->group, other->group);

	return order ? order : slice_order(one->filter, other->filter);
}

static struct share *share_find(const struct shares *shares, struct slice group, struct slice filter)
{
	const struct share_key key = { group, filter };
	void *found = tfind(&key, &shares->index, compare_shares);

	return found ? *(struct share **)found : NULL;
}

static struct share *share_new(struct slice group, struct slice filter)
{
	struct share *share = calloc(1, sizeof *share + group.size + filter.size);
	unsigned char *bytes;

	if (!share)
		return NULL;
	bytes = (unsigned char *)(share + 1);
	memcpy(bytes, group.data, group.size);
	memcpy(bytes + group.size, filter.data, filter.size);
	share->group = slice_of(bytes, group.size);
	share->filter = slice_of(bytes + group.size, filter.size);
	share->subscription.filter = share->filter;
	share->subscription.share = share;
	share->end = &share->first;
	return share;
}

static struct share *share_found(struct shares *shares, struct tree *tree, struct slice group, struct slice filter)
{
	struct share *share = share_new(group, filter);

	if (!share)
		return NULL;
	if (!tsearch(share, &shares->index, compare_shares))
		goto failed;
	if (tree_add(tree, &share->subscription))
		return share;
	tdelete(share, &shares->index, compare_shares);
failed:
	free(share);
	return NULL;
}

static void append(struct share *share, struct share_member *member)
{
	member->next = NULL;
	member->link = share->end;
	*share->end = member;
	share->end = &member->next;
}

static void take_out(struct share *share, struct share_member *member)
{
	*member->link = member->next;
	if (member->next)
		member->next->link = member->link;
	else
		share->end = member->link;
}

bool share_join(struct shares *shares, struct tree *tree, struct slice group, struct slice filter,
		struct share_member *member)
{
	struct share *share = share_find(shares, group, filter);

	if (!share)
		share = share_found(shares, tree, group, filter);
	if (!share)
		return false;
	member->share = share;
	append(share, member);
	return true;
}

void share_leave(struct shares *shares, struct tree *tree, struct share_member *member)
{
	struct share *share = member->share;

	take_out(share, member);
	member->share = NULL;
	if (share->first)
		return;
	tree_remove(tree, &share->subscription);
	tdelete(share, &shares->index, compare_shares);
	free(share);
}

struct share_member *share_next(struct share *share, bool (*fits)(const struct share_member *member))
{
	struct share_member *member = share->first;

	while (member && !fits(member))
		member = member->next;
	if (member) {
		take_out(share, member);
		append(share, member);
	}
	return member;
}
