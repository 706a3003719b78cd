/* shrink: the smallest pack and case that still show a difference. */
#ifndef ENTENTE_SHRINK_H
#define ENTENTE_SHRINK_H

#include "oracle/twins.h"

/* The files of a random pack. */
enum { PACK_FILES = 4 };
extern const char *const pack_files[PACK_FILES];

struct kb *pack_load_folder(const char *folder, struct problems *problems);

/* Does the difference show in this block? Called with candidates. */
typedef bool (*shows_difference)(const struct kb *kb, const struct put *put,
                                 const struct cases *block, void *ctx, char what[512]);

/* Drops cases, partners, respondents, answers, items and lines of the files in `folder`, parts of
 * conditions, while `shows` says so; then appends what is left to `out`. The folder is written
 * over. */
void shrink(const char *folder, const struct kb *kb, const struct put *put,
            const struct cases *block, shows_difference shows, void *ctx, struct buffer *out);

/* Every case, partner, respondent and answer of a block. */
void shrink_print_cases(const struct cases *block, struct buffer *out);

#endif
