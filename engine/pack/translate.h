/* translate: the texts of a model in another language. Private to pack. */
#ifndef ENTENTE_TRANSLATE_H
#define ENTENTE_TRANSLATE_H

#include "pack/tables.h"

/* Checks every catalogue of the model, and puts the texts of `language` into its items (empty, or
 * of which there is none: they stay in the packs' own). With `all`, warns of texts that a language
 * lacks. Problems where an entry fits nothing. */
void translate(struct model *model, struct arena *scratch, struct text language, bool all,
               struct problems *problems);

#endif
