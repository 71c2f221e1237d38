/* The two clocks, over POSIX. */
#include "clock.h"

#include <time.h>

static struct timespec clock_read(clockid_t id)
{
	struct timespec now = { 0, 0 };

	clock_gettime(id, &now); /* cannot fail for these two ids */
	return now;
}

int64_t clock_wall_ms(void)
{
	struct timespec now = clock_read(CLOCK_REALTIME);

	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_monotonic_us(void)
{
	struct timespec now = clock_read(CLOCK_MONOTONIC);

	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}
