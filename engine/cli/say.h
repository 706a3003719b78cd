/* say: private to cli. What is said in a conversation, in two languages. */
#ifndef ENTENTE_SAY_H
#define ENTENTE_SAY_H

#include "base/base.h"

enum say {
#define SAY(name, english, french) SAY_##name,
#include "cli/say.def"
#undef SAY
    SAY_COUNT
};

struct text say_text(bool french, enum say s);
/* Appends s with {0} {1} {2} replaced; holes are safe to print already. */
void say_put(struct buffer *out, bool french, enum say s, struct text a, struct text b,
             struct text c);

#endif
