/* personal: columns about people, which do not leave unless that is asked for; private to the
 * survey.
 *
 *     header, first rows ──▶ a kind a column (heading.personal) ──▶ what of it is kept, hidden,
 * said
 *
 * The kinds and their words are in personal.def. A column of closed answers is of no kind. */
#ifndef ENTENTE_PERSONAL_H
#define ENTENTE_PERSONAL_H

#include "survey/dialect.h"

enum personal {
    PERSONAL_NONE,
#define PERSONAL(kind, what, option) PERSONAL_##kind,
#include "survey/personal.def"
    PERSONAL_COUNT
};

/* What a value by itself looks like: an e-mail, an IP address, a phone number, or none of them. */
enum personal personal_value(struct text value);

/* Fills heading.personal of every column, from its header and the records of the head behind it.
 * Inside arena_run. */
void personal_look(struct arena *a, struct table *t, const struct head *h, const struct split *s);

/* What the options let out. */
bool personal_may_leave(const struct survey_options *o, unsigned kind);
/* The kind of a column once its question is known. */
enum personal personal_of(const struct columns *c, const struct table *t, uint32_t column);

/* Leaves out kept columns that may not leave, and says so; says what else there is, and whether the
 * names of cases and partners are hidden. Inside arena_run. */
void personal_settle(struct survey_options *o, struct columns *c, const struct table *tables,
                     size_t count, struct problems *problems);

/* "(not shown)" in the place of a value that may not leave. */
struct text personal_shown(const struct columns *c, const struct table *t, uint32_t column,
                           bool is_whole_row, struct text value);

#endif
