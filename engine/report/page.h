/* page: private to report. Paragraphs, wrapped for a terminal or marked up for Markdown; whoever
 * writes them does not know which. A paragraph is made of pieces, then ended with its place. */
#ifndef ENTENTE_PAGE_H
#define ENTENTE_PAGE_H

#include "report/layout.h"

enum mark {
    MARK_NONE,
    MARK_BULLET,
    MARK_GOOD,   /* + */
    MARK_BAD,    /* ! */
    MARK_OPEN,   /* ? */
    MARK_NUMBER, /* 1. */
    MARK_COUNT
};

struct page {
    struct buffer *out;
    struct buffer *line; /* the paragraph being made */
    struct buffer *scratch;
    enum tongue tongue;
    bool markdown, color;
    unsigned width;
    unsigned number; /* of the last MARK_NUMBER since the heading */
};

void page_phrase(struct page *p, enum phrase phrase);
void page_phrase_with(struct page *p, enum phrase phrase, struct text a, struct text b);
void page_counted(struct page *p, enum phrase one, enum phrase many, uint64_t n);
void page_c(struct page *p, const char *c);      /* ours: written as it stands */
void page_text(struct page *p, struct text t);   /* of packs and people: made harmless */
void page_strong(struct page *p, struct text t); /* the same, bold */
void page_certainty(struct page *p, double x);
void page_number(struct page *p, double x, int decimals);

/* Ends the paragraph. */
void page_title(struct page *p);
void page_heading(struct page *p, enum phrase phrase);   /* a paragraph of its own */
void page_paragraph(struct page *p, enum phrase phrase); /* likewise, in a section */
void page_end(struct page *p, unsigned depth, enum mark mark);
void page_close(struct page *p); /* behind a case */

#endif
