/* tell: private to explain. The pieces of a proof for people: words, numbers, conditions, and what
 * a leaf read. */
#ifndef ENTENTE_TELL_H
#define ENTENTE_TELL_H

#include "explain/proof.h"

enum { TELL_STEP = 2 };

struct writer {
    const struct case_view *v;
    enum tongue tongue;
    struct buffer *out;
    struct buffer scratch;
    unsigned indent;
};

void tell(struct writer *w, enum phrase p);
void tell_indent(struct writer *w);
void tell_end(struct writer *w);                    /* of the line */
void tell_heading(struct writer *w, enum phrase p); /* what follows stands under it */
void tell_certainty(struct writer *w, double x);
void tell_interval(struct writer *w, struct interval x);
void tell_condition(struct writer *w, const struct node *n);
void tell_partner(struct writer *w, uint32_t partner);
void tell_verdict(struct writer *w, enum verdict v,
                  struct interval x); /* ": present, certainty " */

/* What a leaf read; and a line for each leaf of a rule, with what it came to. */
void tell_reads(struct writer *w, const struct leaf *l);
void tell_leaves(struct writer *w, const struct proof_rule *r);

#endif
