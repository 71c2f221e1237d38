/* A name server that does not answer, as an executable sees it. */
#include <netdb.h>
#include <unistd.h>

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **list)
{
	(void)node;
	(void)service;
	(void)list;
	if (!hints || !(hints->ai_flags & AI_NUMERICHOST))
		sleep(60);
	return EAI_NONAME;
}
