/* decode: bytes of another encoding become UTF-8 on their way in.
 *
 *     raw bytes ──decoder_room──▶ [at, size) ──decoder_take──▶ UTF-8, as much as there is room for
 *
 * What is no character becomes bytes that are no UTF-8 (a half of a pair as three bytes, an
 * undefined byte as it is), so that its row is rejected like any bad row and no other is touched.
 * A letter that does not fit waits in `spill`: what is handed out is always filled to its end. */
#ifndef ENTENTE_DECODE_H
#define ENTENTE_DECODE_H

#include "base/base.h"

enum encoding {
#define ENCODING(name, word, also, people) ENCODING_##name,
#include "survey/encodings.def"
#undef ENCODING
    ENCODING_COUNT
};

enum { DECODER_BYTES = 16 << 10 };

struct decoder {
    enum encoding encoding;
    size_t at, size; /* of raw: not yet decoded */
    bool ended;      /* nothing follows what is in raw */
    size_t spilled;
    char spill[4];
    char raw[DECODER_BYTES];
};

/* By its word; ENCODING_COUNT where there is none. */
enum encoding encoding_find(struct text word);
const char *encoding_word(enum encoding e);
const char *encoding_for_people(enum encoding e);
/* Adds the problem that there is none of that name; false. */
bool encoding_unknown(struct text word, struct span at, struct problems *problems);

/* Room for more raw bytes; decoder->size grows by what is put there. */
char *decoder_room(struct decoder *d, size_t *room);
/* Up to `room` bytes of UTF-8; fewer where raw bytes are needed first. */
size_t decoder_take(struct decoder *d, char *out, size_t room);
/* Nothing is left, and nothing follows. */
bool decoder_is_done(const struct decoder *d);

#endif
