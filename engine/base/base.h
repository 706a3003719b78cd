/* base: what every stage stands on, and nothing that knows what a pack or a case is.
 *
 * Takes nothing; gives texts, arenas, problems, numbers, maps, buffers, files.
 * Threads: no global state. An arena, a buffer, a problem list belong to one thread at a time.
 * Memory: inside arena_run an allocation never returns NULL (arena.h); everything else says on
 * its own line what it does when memory is short. Nothing here prints, nothing exits. */
#ifndef ENTENTE_BASE_H
#define ENTENTE_BASE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/digest.h"
#include "base/idmap.h"
#include "base/limits.h"
#include "base/number.h"
#include "base/outfile.h"
#include "base/problem.h"
#include "base/spool.h"
#include "base/suggest.h"
#include "base/text.h"
#include "base/utf8.h"
#include "base/version.h"

#endif
