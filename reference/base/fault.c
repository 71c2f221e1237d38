/* Refusals in words. */
#include "fault.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

bool fault_set(struct fault *fault, enum fault_class class, const char *format, ...)
{
	va_list arguments;

	fault->class = class;
	va_start(arguments, format);
	vsnprintf(fault->text, sizeof fault->text, format, arguments);
	va_end(arguments);
	return false;
}

const char *fault_class_name(enum fault_class class)
{
	static const char *const names[] = {
		[FAULT_NONE] = "none",     [FAULT_MALFORMED] = "malformed",     [FAULT_PROTOCOL] = "protocol",
		[FAULT_DENIED] = "denied", [FAULT_LIMIT] = "limit",             [FAULT_UNAVAILABLE] = "unavailable",
		[FAULT_BUG] = "bug",
	};

	return (size_t)class < sizeof names / sizeof *names ? names[class] : "unknown";
}
