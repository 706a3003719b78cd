/* packfile: folders and files of packs, read without trusting them. Private to pack. */
#ifndef ENTENTE_PACKFILE_H
#define ENTENTE_PACKFILE_H

#include "base/base.h"
#include <sys/types.h>

struct held;

struct folder {
    int fd;            /* closed by folder_close, at the latest when its arena is reset */
    struct held *held; /* private */
    struct text path;  /* as people would name it */
    dev_t device;
    ino_t inode;
};

void folder_close(struct folder *f);

enum folder_found { FOLDER_OPEN, FOLDER_ABSENT, FOLDER_REFUSED };

/* A folder that the user named: links in its path are followed. Refused: a problem was added. */
enum folder_found folder_open(struct arena *a, struct text path, struct folder **out,
                              struct problems *problems);
/* The folder `id` inside `parent`, of which no link is followed. `span` is where it is asked for.
 */
enum folder_found folder_open_in(struct arena *a, struct text parent, struct text id,
                                 struct span span, struct folder **out, struct problems *problems);
/* The path of `name` in a folder, as people would write it. */
struct text folder_join(struct arena *a, struct text folder, struct text name);
/* The folder that `path` stands in, as named. */
struct text folder_parent(struct arena *a, struct text path);

/* Names in a folder that begin and end so, sorted by bytes. False and a problem where it cannot be
 * read, or holds more than `limit` of them. */
struct names_list {
    struct text *at;
    size_t count;
};
bool folder_names(struct arena *a, const struct folder *f, const char *prefix, const char *suffix,
                  size_t limit, struct names_list *out, struct problems *problems);

enum file_found { FILE_READ, FILE_ABSENT, FILE_REFUSED };

/* Reads a regular file of at most LIMIT_PACK_FILE bytes and makes it a source. */
enum file_found file_read(struct arena *scratch, const struct folder *f, struct text name,
                          source_id *out, struct problems *problems);

#endif
