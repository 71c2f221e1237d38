/* What a vendor reads: policies and settings of a fixture in words. Markdown, appended to out. */
#ifndef CONFORMANCE_WORDS_H
#define CONFORMANCE_WORDS_H

#include "buf.h"
#include "registry/registry.h"

/* organisations/README.md: every rule of every organisation as a row of a table. */
void words_policies(const struct registry *registry, struct buf *out);
/* settings.md. issuers: the array of fixture.json. */
void words_settings(const json_t *issuers, const struct registry *registry, struct buf *out);
/* SETUP.md. */
void words_setup(struct buf *out);

#endif
