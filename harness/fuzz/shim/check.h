/* What the unit tests' world asks of Check, for a program that is no unit test: a broken assertion
 * is a finding. */
#ifndef FUZZ_CHECK_H
#define FUZZ_CHECK_H

#include "fuzz.h"

#define ck_assert(held) fuzz_need(held)
#define ck_assert_msg(held, ...) fuzz_need(held)
#define ck_assert_ptr_null(pointer) fuzz_need((pointer) == NULL)
#define ck_assert_ptr_nonnull(pointer) fuzz_need((pointer) != NULL)
#define ck_assert_int_eq(a, b) fuzz_need((a) == (b))
#define ck_assert_uint_eq(a, b) fuzz_need((a) == (b))
#define ck_assert_uint_ge(a, b) fuzz_need((a) >= (b))
#define ck_assert_mem_eq(a, b, size) fuzz_need(memcmp((a), (b), (size)) == 0)
#define ck_abort_msg(...) abort()

#endif
