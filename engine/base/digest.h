/* digest: 64 bits over bytes that come piece by piece; how they were cut makes no difference. Tells
 * damage and mix-ups, not malice. */
#ifndef ENTENTE_DIGEST_H
#define ENTENTE_DIGEST_H

#include "base/text.h"

enum { DIGEST_LANES = 4, DIGEST_BLOCK = 8 * DIGEST_LANES };

struct digest {
    uint64_t lane[DIGEST_LANES];
    uint64_t size;           /* bytes taken */
    char rest[DIGEST_BLOCK]; /* of them, those that fill no block yet */
};

void digest_init(struct digest *d);
void digest_text(struct digest *d, struct text t);
void digest_number(struct digest *d, uint64_t n);
void digest_string(struct digest *d, const char *c); /* with its end; NULL is not "" */
uint64_t digest_value(const struct digest *d);

#endif
