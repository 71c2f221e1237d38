/* The y of a point says all that is asked here: x^2 follows from the curve's equation, and doubling
 * needs no more than the two squares. Public keys are no secret: time may vary. */
#include "ed25519.h"

#include <openssl/bn.h>
#include <string.h>

enum { CURVE_D_OVER = 121665, CURVE_D_UNDER = 121666, COFACTOR_DOUBLINGS = 3 };

/* p = 2^255 - 19; d = -121665/121666 */
struct field {
	BN_CTX *scratch;
	BIGNUM *p, *d;
};

static bool field_init(struct field *f)
{
	BIGNUM *under = BN_new();
	bool good;

	f->scratch = BN_CTX_new();
	f->p = BN_new();
	f->d = BN_new();
	good = f->scratch && f->p && f->d && under && BN_set_bit(f->p, 255) && BN_sub_word(f->p, 19) &&
	       BN_set_word(under, CURVE_D_UNDER) && BN_mod_inverse(under, under, f->p, f->scratch) &&
	       BN_set_word(f->d, CURVE_D_OVER) && BN_mod_mul(f->d, f->d, under, f->p, f->scratch) &&
	       BN_sub(f->d, f->p, f->d);
	BN_free(under);
	return good;
}

static void field_release(struct field *f)
{
	BN_free(f->d);
	BN_free(f->p);
	BN_CTX_free(f->scratch);
}

/* out = over/under; the curve's formulas never divide by zero (RFC 8032 section 5.1.4: they are complete). */
static bool divide(const struct field *f, BIGNUM *out, const BIGNUM *over, BIGNUM *under)
{
	return BN_mod_inverse(under, under, f->p, f->scratch) && BN_mod_mul(out, over, under, f->p, f->scratch);
}

/* y2 = y^2, x2 = (y^2 - 1)/(d y^2 + 1) */
static bool squares(const struct field *f, const BIGNUM *y, BIGNUM *y2, BIGNUM *x2)
{
	BIGNUM *over = BN_new(), *under = BN_new();
	bool good = over && under && BN_mod_sqr(y2, y, f->p, f->scratch) && BN_copy(over, y2) &&
		    BN_mod_sub(over, over, BN_value_one(), f->p, f->scratch) &&
		    BN_mod_mul(under, f->d, y2, f->p, f->scratch) &&
		    BN_mod_add(under, under, BN_value_one(), f->p, f->scratch) && divide(f, x2, over, under);

	BN_free(over);
	BN_free(under);
	return good;
}

/* The y of twice the point: (y^2 + x^2)/(2 - y^2 + x^2) */
static bool double_y(const struct field *f, BIGNUM *y)
{
	BIGNUM *y2 = BN_new(), *x2 = BN_new(), *over = BN_new(), *under = BN_new();
	bool good = y2 && x2 && over && under && squares(f, y, y2, x2) && BN_mod_add(over, y2, x2, f->p, f->scratch) &&
		    BN_mod_sub(under, x2, y2, f->p, f->scratch) && BN_add_word(under, 2) &&
		    divide(f, y, over, under);

	BN_free(y2);
	BN_free(x2);
	BN_free(over);
	BN_free(under);
	return good;
}

static const char *point_defect(const struct field *f, BIGNUM *y, BIGNUM *y2, BIGNUM *x2)
{
	if (BN_cmp(y, f->p) >= 0)
		return "a coordinate that is not canonical";
	if (!squares(f, y, y2, x2))
		return "a point that cannot be computed";
	if (BN_kronecker(x2, f->p, f->scratch) < 0)
		return "a point that is not on the curve";
	for (int i = 0; i < COFACTOR_DOUBLINGS; i++)
		if (!double_y(f, y))
			return "a point that cannot be computed";
	return BN_is_one(y) ? "a point of small order, under which anybody can sign" : NULL;
}

/* A set sign beside x = 0 would be a second spelling; those points are of small order anyway. */
const char *ed25519_defect(const unsigned char key[ED25519_KEY_SIZE])
{
	const char *defect = "a point that cannot be computed";
	unsigned char bytes[ED25519_KEY_SIZE];
	BIGNUM *y, *y2 = BN_new(), *x2 = BN_new();
	struct field f;

	memcpy(bytes, key, sizeof bytes);
	bytes[ED25519_KEY_SIZE - 1] &= 0x7f; /* the sign of x */
	y = BN_lebin2bn(bytes, sizeof bytes, NULL);
	if (field_init(&f) && y && y2 && x2)
		defect = point_defect(&f, y, y2, x2);
	field_release(&f);
	BN_free(y);
	BN_free(y2);
	BN_free(x2);
	return defect;
}
