/* interviews: an interview that stops early must come to what the whole questionnaire comes to. */
#ifndef ENTENTE_INTERVIEWS_H
#define ENTENTE_INTERVIEWS_H

#include "interview/interview.h"
#include "oracle/random_pack.h"

struct interviews {
    uint64_t held, asked, put; /* interviews; questions asked in them, and those there were */
    bool wrong;
    char what[512]; /* for people */
};

/* Draws partners and what everybody would answer to everything, asks what the interview wants to
 * know, and compares verdicts, severities and plan with those of all the answers. False where they
 * differ, where the bound on what is left grows, or where something fails. */
bool interviews_check(struct random *r, const struct kb *kb, struct interviews *i,
                      struct problems *problems);

#endif
