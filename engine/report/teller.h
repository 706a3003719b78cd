/* teller: private to report. Who writes the page of one case, and the sections it is made of. */
#ifndef ENTENTE_TELLER_H
#define ENTENTE_TELLER_H

#include "report/page.h"

struct teller {
    struct page page;
    const struct one_case *c;
    struct arena *arena;
    const struct report *r;
    const struct kb *kb;
    const struct case_view *v;
};

/* write_page.c */
void teller_partner(struct teller *t, uint32_t partner); /* its name, or "partner 2" */
struct text teller_label(const struct teller *t, uint32_t conclusion);
void teller_labels(struct teller *t, const uint32_t *conclusions, uint32_t count);

void tell_plan(struct teller *t); /* write_plan.c: what to do */
void tell_open(struct teller *t); /* write_open.c: what is not known */

#endif
