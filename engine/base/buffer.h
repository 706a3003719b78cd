/* buffer: bytes that grow, from malloc. A failed growth is remembered in `failed`, what follows is
 * ignored, and whoever hands the bytes on asks once. */
#ifndef ENTENTE_BUFFER_H
#define ENTENTE_BUFFER_H

#include "base/text.h"

struct buffer {
    char *at;
    size_t size, capacity;
    bool failed;
};

void buffer_init(struct buffer *b);
void buffer_deinit(struct buffer *b);
void buffer_clear(struct buffer *b); /* size 0, keeps the memory and clears `failed` */
bool buffer_reserve(struct buffer *b, size_t more);
void buffer_byte(struct buffer *b, char c);
void buffer_text(struct buffer *b, struct text t);
void buffer_c(struct buffer *b, const char *c);
void buffer_repeat(struct buffer *b, char c, size_t n);
void buffer_unsigned(struct buffer *b, uint64_t n);
void buffer_fixed(struct buffer *b, double x, int decimals); /* number_fixed */
void buffer_json(struct buffer *b, struct text t); /* a JSON string with its quotes; bytes that are
                                                      not UTF-8 become U+FFFD */
void buffer_yaml(struct buffer *b, struct text t); /* in double quotes, as our YAML takes it: spaces
                                                      for control characters and bad bytes */
void buffer_visible(struct buffer *b, struct text t); /* control characters, bidi controls and bad
                                                         bytes written out as \xNN or \u{N} */
struct text buffer_view(const struct buffer *b);

#endif
