/* shim: what the preloaded libraries of this folder share.
 * A shim counts and disturbs calls only while the program's main runs: the dynamic loader and the
 * constructors of libraries before it, and what libc does after it, stay as they are. */
#ifndef ENTENTE_SHIM_H
#define ENTENTE_SHIM_H

#include <stdatomic.h>
#include <stdbool.h>

/* True between the start of main and its return. */
extern atomic_bool shim_on;

/* Given by each shim. */
void shim_begin(void);
void shim_end(int report); /* the descriptor of the report file, or -1 */

/* The digits in an environment variable; 0 where there are none. */
unsigned long shim_number(const char *variable);
void shim_report(int report, const char *name, long value);

#endif
