/* In: a row that was read. Out: its bytes, and from them the row again. Next: pile. No pointer of the
 * process is in the bytes: what points is turned into a distance. */
#include "survey/packed.h"

static char *append(char *to, struct text t)
{
    if (t.size)
        memcpy(to, t.at, t.size);
    return to + t.size;
}

void packed_write(struct buffer *out, const struct layout *l, const struct new_row *n,
                  uint32_t table, uint64_t line)
{
    const struct text *texts = layout_texts(l, (uint8_t *)(uintptr_t)n->block);
    size_t size = sizeof(struct packed_row) + l->stride + n->partner.size + n->respondent.size;
    for (uint32_t i = 0; i < l->text_count; i++)
        size += texts[i].size;
    size = (size + 15) & ~(size_t)15;
    if (size > UINT32_MAX || !buffer_reserve(out, size)) {
        out->failed = true;
        return;
    }
    struct packed_row *p = (struct packed_row *)(void *)(out->at + out->size);
    memset((char *)p + size - 16, 0, 16);
    *p = (struct packed_row){.size = (uint32_t)size,
                         .line = line,
                         .table = table,
                         .partner_size = (uint32_t)n->partner.size,
                         .respondent_size = (uint32_t)n->respondent.size};
    memcpy(packed_block(p), n->block, l->stride);
    char *at = append((char *)packed_block(p) + l->stride, n->partner);
    at = append(at, n->respondent);
    struct text *packed = layout_texts(l, packed_block(p));
    for (uint32_t i = 0; i < l->text_count; i++) {
        packed[i].at = (const char *)(at - (char *)p);
        at = append(at, texts[i]);
    }
    out->size += size;
}

void packed_settle(const struct layout *l, struct packed_row *p)
{
    struct text *texts = layout_texts(l, packed_block(p));
    for (uint32_t i = 0; i < l->text_count; i++)
        texts[i].at = (const char *)p + (uintptr_t)texts[i].at;
}
