/* The two clocks. Pure code takes the time as an argument; only loops and mains call these. */
#ifndef MQTT_AGENT_CLOCK_H
#define MQTT_AGENT_CLOCK_H

#include <stdint.h>

int64_t clock_wall_ms(void);      /* Unix time, milliseconds: for claims */
int64_t clock_monotonic_us(void); /* microseconds from an arbitrary start: for deadlines and traces */

#endif
