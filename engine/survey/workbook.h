/* workbook: a sheet of an Excel workbook as the CSV it would be; private to the survey.
 *
 *     bytes ──archive──▶ parts ──expat──▶ names of sheets, strings, cells ──▶ lines of CSV
 *
 * A line is a row of the sheet, and has its number: line breaks in cells become spaces, empty rows
 * empty lines. Numbers are as they are stored, to 15 digits; dates are numbers; TRUE and FALSE are
 * words. Nothing is unpacked to disk, and what is unpacked is bounded (limits.h). */
#ifndef ENTENTE_WORKBOOK_H
#define ENTENTE_WORKBOOK_H

#include "survey/archive.h"

/* The first bytes of a file are those of a workbook. */
bool workbook_is(struct text head);

/* Appends the sheet called so; NULL: the first that is not hidden and is a table. `name` is the
 * file's, for messages, which tell the sheet. False and a problem. */
bool workbook_read(struct text bytes, struct text name, const char *sheet, struct buffer *out,
                   struct problems *problems);

/* --- workbook_xml.c: one part of it ----------------------------------------------------------- */

/* Gives the next bytes of a part: *got 0 at its end; or why there are none. */
struct part_reader {
    enum part (*read)(void *ctx, char *at, size_t size, size_t *got);
    void *ctx;
    uint64_t budget; /* bytes that may still be unpacked, of all parts together */
};

/* Texts one after another in a buffer. */
struct strings_of {
    struct buffer bytes;
    struct buffer ends; /* size_t each: where a text ends */
};
void strings_init(struct strings_of *s);
void strings_deinit(struct strings_of *s);
size_t strings_count(const struct strings_of *s);
struct text strings_at(const struct strings_of *s, size_t i);
void strings_add(struct strings_of *s, struct text t);

/* name, id of relation, state of every sheet; id, target of every relation. */
enum part workbook_sheets(struct part_reader *r, struct strings_of *out);
enum part workbook_relations(struct part_reader *r, struct strings_of *out);
enum part workbook_strings(struct part_reader *r, struct strings_of *out);

/* *is_table: its first row has two cells at least, and another row follows. */
enum part workbook_cells(struct part_reader *r, const struct strings_of *shared, struct buffer *out,
                         bool *is_table);

#endif
