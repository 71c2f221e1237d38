#include "judge/nonce.h"

#include "crypto.h"

enum { NONCE_INPUT_MAX = 4096 };

static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";

bool nonce_make(const char *salt, uint64_t seed, const char *script, unsigned attempt, size_t step, size_t copy,
		struct nonce *nonce)
{
	unsigned char digest[SHA256_SIZE];
	struct buf input;
	buf_init(&input, NONCE_INPUT_MAX);
	buf_format(&input, "%s %llu %s %u %zu %zu", salt, (unsigned long long)seed, script, attempt, step, copy);
	bool made = !input.failed && sha256(buf_slice(&input), digest);
	buf_release(&input);
	nonce->text[0] = '~';
	for (size_t i = 1; i < NONCE_SIZE; i++)
		nonce->text[i] = made ? alphabet[digest[i] & 31] : 'a';
	nonce->text[NONCE_SIZE] = '\0';
	return made;
}

static bool nonce_character(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7');
}

bool nonce_next(struct slice *rest, struct nonce *found)
{
	while (rest->size >= NONCE_SIZE) {
		size_t length = 1;
		while (rest->data[0] == '~' && length < NONCE_SIZE && nonce_character(rest->data[length]))
			length++;
		if (length == NONCE_SIZE) {
			memcpy(found->text, rest->data, NONCE_SIZE);
			found->text[NONCE_SIZE] = '\0';
			*rest = slice_part(*rest, NONCE_SIZE, rest->size);
			return true;
		}
		*rest = slice_part(*rest, length, rest->size);
	}
	return false;
}
