/* remarks: what is said about the columns of tables; private to the survey. */
#ifndef ENTENTE_REMARKS_H
#define ENTENTE_REMARKS_H

#include "survey/dialect.h"

/* False: these are errors. */
bool remark_missing(const struct table *t, struct text name, struct problems *problems);
bool remark_no_question(const struct columns *c, const struct table *t, struct problems *problems);

/* Notes what is nearly called like a question, and fills c->ignored with the others that are none.
 * Inside arena_run. */
void remark_ignored(struct arena *a, struct columns *c, const struct table *tables, size_t count,
                    struct problems *problems);
/* Where no table has a key column, but one that looks like it. */
void remark_keys(const struct columns *c, const struct table *tables, size_t count,
                 struct problems *problems);
void remark_empty(const struct table *t, struct problems *problems);
void remark_separator(const struct table *t, struct problems *problems);

#endif
