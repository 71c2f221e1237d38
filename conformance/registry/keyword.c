#include "registry/keyword.h"

#include <ctype.h>

/* The longer word stands before the one that begins it. */
static const struct {
	const char *word;
	enum level level;
} words[] = {
	{ "MUST NOT", LEVEL_MUST },   { "MUST", LEVEL_MUST },	  { "REQUIRED", LEVEL_MUST },
	{ "SHALL NOT", LEVEL_MUST },  { "SHALL", LEVEL_MUST },	  { "SHOULD NOT", LEVEL_SHOULD },
	{ "SHOULD", LEVEL_SHOULD },   { "NOT RECOMMENDED", LEVEL_SHOULD },
	{ "RECOMMENDED", LEVEL_SHOULD }, { "MAY", LEVEL_MAY },	  { "OPTIONAL", LEVEL_MAY },
};

static bool word_byte(unsigned char c)
{
	return isalnum(c) || c == '_' || c >= 0x80;
}

/* How many bytes of text the word takes at its beginning; 0: it does not stand there. */
static size_t match(struct slice text, const char *word)
{
	size_t at = 0;

	for (; *word; word++) {
		if (*word == ' ') {
			size_t gap = at;
			while (at < text.size && isspace(text.data[at]))
				at++;
			if (at == gap)
				return 0;
		} else if (at >= text.size || text.data[at++] != (unsigned char)*word) {
			return 0;
		}
	}
	return at < text.size && word_byte(text.data[at]) ? 0 : at;
}

bool keyword_next(struct slice text, size_t *offset, struct keyword *found)
{
	for (size_t at = *offset; at < text.size; at++) {
		if (at > 0 && word_byte(text.data[at - 1]))
			continue;
		for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
			size_t size = match(slice_part(text, at, text.size), words[i].word);
			if (!size)
				continue;
			*found = (struct keyword){ words[i].word, words[i].level, at };
			*offset = at + size;
			return true;
		}
	}
	*offset = text.size;
	return false;
}
