/* limits: every bound on input, in one place, each with its reason. */
#ifndef ENTENTE_LIMITS_H
#define ENTENTE_LIMITS_H

#define LIMIT_PACK_FILE (16u << 20)   /* bytes of one pack file: 10,000 rules fit several times */
#define LIMIT_YAML_DEPTH 64u          /* nesting; libyaml takes quadratic time on deep flow text */
#define LIMIT_YAML_NODES 4000000u     /* nodes of one file: bounds memory before it is spent */
#define LIMIT_PACKS 64u               /* packs in one knowledge base, extended ones included */
#define LIMIT_EXTENDS_DEPTH 16u       /* a chain of packs longer than this is a mistake */
#define LIMIT_ID 64u                  /* bytes of an id: it is a column header and a JSON value */
#define LIMIT_NAME 256u               /* bytes of a name or a reference: one line of a report */
#define LIMIT_TEXT (1u << 20)         /* bytes of one text in a pack */
#define LIMIT_CONDITION_DEPTH 64u     /* nesting of a condition: walks may recurse this deep */
#define LIMIT_CONDITION_TOKENS 20000u /* tokens of one condition */
#define LIMIT_PATTERN (4u << 10)      /* bytes of one pattern */
#define LIMIT_PATTERN_GROUPS 100u     /* parentheses of one pattern */
/* Bytes of an answer a pattern reads: quadratic scans are not stopped by PCRE2's match limit. */
#define LIMIT_PATTERN_TEXT (16u << 10)
#define LIMIT_PATTERN_MATCH 100000u /* PCRE2 match limit: about a millisecond */
/* The automata that find all patterns at once; what they do not take is left to PCRE2. */
#define LIMIT_PATTERN_STEPS 4096u      /* of a pattern: its repetitions are written out */
#define LIMIT_AUTOMATON_STEPS 32768u   /* of all its patterns; about as many states come of them */
#define LIMIT_AUTOMATON_CELLS 2097152u /* of its table: 8 MB */
/* Of all questions of a program together: 32 MB of tables, of which caches hold a part only; and
 * threads moved to make them, for each pattern and in all, about half a second. */
#define LIMIT_SCANNER_CELLS 8388608u
#define LIMIT_PATTERN_THREADS 50000u
#define LIMIT_SCANNER_THREADS 16000000u
#define LIMIT_QUESTIONS 10000u
#define LIMIT_CONCLUSIONS 20000u
#define LIMIT_RULES 200000u
#define LIMIT_REMEDIES 10000u
#define LIMIT_CHOICES 250u              /* a choice is a byte; the rest are answer states */
#define LIMIT_MANY_CHOICES 64u          /* many_of: a bit a choice */
#define LIMIT_SCALE_POINTS 101u         /* 0..100 */
#define LIMIT_FIELD (1u << 20)          /* bytes of one CSV field */
#define LIMIT_RECORD (2u << 20)         /* bytes of one CSV record */
#define LIMIT_COLUMNS 16384u            /* columns of a CSV file */
#define LIMIT_WORKBOOK (256u << 20)     /* bytes of a workbook as it is stored */
#define LIMIT_WORKBOOK_XML (512u << 20) /* unpacked, and of the sheet as CSV: no zip bombs */
/* Looked for one after another, sheet by sheet: half a second where all are as many as they may. */
#define LIMIT_WORKBOOK_PARTS 65535u /* parts, and relations: as many as without 64-bit fields */
#define LIMIT_WORKBOOK_SHEETS 1024u
#define LIMIT_SHEET_ROWS 1048576u       /* rows of a sheet: no workbook holds more */
#define LIMIT_PARTNERS 1024u            /* partners of one case */
#define LIMIT_PEOPLE 1000u              /* respondents of one partner in an interview */
#define LIMIT_SESSION (16u << 20)       /* bytes of a saved session: long texts from many people */
#define LIMIT_LINE (64u << 10)          /* bytes of one line typed or piped into an interview */
#define LIMIT_SHEET (4u << 20)          /* bytes of one answer sheet */
#define LIMIT_PROBLEMS 200u             /* problems kept; the rest are counted */
#define LIMIT_QUOTED 80u                /* bytes of user data in one message */
#define LIMIT_JOBS 64u

#endif
