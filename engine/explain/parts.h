/* parts: private to explain. The parts of explain_case that have files of their own. */
#ifndef ENTENTE_PARTS_H
#define ENTENTE_PARTS_H

#include "explain/explain.h"

void make_plan(struct arena *a, struct case_view *v);    /* from the findings */
void make_profile(struct arena *a, struct case_view *v); /* from the answers */

#endif
