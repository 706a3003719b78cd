# Entente. `make run` shows it at work, `make test` proves it; the rest is below.
#
#   make [VARIANT=release|debug|san|cover|fuzz] [WERROR=1] [OUT=build] [STAGES=..] [TESTS=..]
#   make deps run test test-long accept valgrind fuzz bench layers check-style format install clean
#
# STAGES="base lang" TESTS="text number" builds and tests a part; OUT=/tmp/mine builds elsewhere.

# The reading order, the build order and the include law: a file includes headers of its own
# folder and the door header of folders to its left. To add a stage: put its name here.
STAGES := base lang pack kb program cases infer explain interview survey report api serve cli
# These are users of the library: they include the public header (and base's door) only.
USERS := serve cli

VERSION := $(shell sed -n 's/^#define ENTENTE_VERSION "\(.*\)"/\1/p' engine/base/version.h)
SOVERSION := 0
VARIANT := release
OUT := build
PREFIX := /usr/local
DESTDIR :=

# pkg-config module=Debian package
NEEDED := libpcre2-8=libpcre2-dev libcyaml=libcyaml-dev yaml-0.1=libyaml-dev \
          libutf8proc=libutf8proc-dev zlib=zlib1g-dev expat=libexpat1-dev
TEST_NEEDED := cmocka=libcmocka-dev jansson=libjansson-dev

CC := gcc
B := $(OUT)/$(VARIANT)
# What the command line alone stands on, and the library does not.
PROGRAM_NEEDED := libedit=libedit-dev
MODULES := $(foreach n,$(NEEDED),$(firstword $(subst =, ,$n)))
PROGRAM_MODULES := $(foreach n,$(PROGRAM_NEEDED),$(firstword $(subst =, ,$n)))
PROGRAM_LIBS = $(shell pkg-config --libs $(PROGRAM_MODULES) 2>/dev/null)
LIBS := $(shell pkg-config --libs $(MODULES) 2>/dev/null) -lm -pthread

VARIANT_release := -O3 -g
VARIANT_debug := -O0 -g
VARIANT_san := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
               -fno-omit-frame-pointer
VARIANT_cover := -O0 -g --coverage
# With gcc our driver is told of every branch; with clang it is libFuzzer.
CLANG := $(findstring clang,$(notdir $(CC)))
VARIANT_fuzz := $(VARIANT_san) \
                -fsanitize$(if $(CLANG),=fuzzer-no-link,-coverage=trace-pc)
ifndef VARIANT_$(VARIANT)
$(error VARIANT=$(VARIANT) is not one of release, debug, san, cover, fuzz)
endif

# No fused multiply-add, no -march: the same numbers and the same binary on every machine.
COMPILE := -std=c11 -D_GNU_SOURCE -Iengine -Iinclude $(VARIANT_$(VARIANT)) \
    -ffp-contract=off -fno-trapping-math -fno-math-errno -fPIC -fvisibility=hidden -pthread \
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow $(if $(WERROR),-Werror) \
    -DENTENTE_RULES_DIR='"$(PREFIX)/share/entente/rules"' \
    $(shell pkg-config --cflags $(MODULES) 2>/dev/null) $(CFLAGS)
LINK := $(VARIANT_$(VARIANT)) -pthread $(LDFLAGS)

sources = $(sort $(wildcard engine/$1/*.c))
objects = $(patsubst %.c,$(B)/%.o,$1)
LIBRARY_SOURCES := $(foreach s,$(filter-out $(USERS),$(STAGES)),$(call sources,$s))
PROGRAM_SOURCES := $(foreach s,$(filter $(USERS),$(STAGES)),$(call sources,$s))
TESTS := $(patsubst tests/unit/%_test.c,%,$(sort $(wildcard tests/unit/*_test.c)))
ORACLE_SOURCES := $(sort $(wildcard tests/oracle/*.c))
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
# The engine of fuzzing: our driver, or libFuzzer (variant fuzz with clang), which has its own main.
DRIVER_SOURCES := $(if $(and $(CLANG),$(filter fuzz,$(VARIANT))),,$(wildcard tests/fuzz/driver/*.c))

ARCHIVE := $(B)/libentente.a
SHARED := $(B)/libentente.so.$(VERSION)
PROGRAM := $(if $(PROGRAM_SOURCES),$(B)/entente)
UNITS := $(patsubst %,$(B)/tests/unit/%_test,$(TESTS))
ORACLE := $(if $(ORACLE_SOURCES),$(B)/oracle)
FUZZ := $(patsubst %,$(B)/tests/fuzz/%,$(FUZZERS))

# A make inside this one: quietly, and on all cores unless -j was given.
JOBS = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell nproc))
AGAIN = $(MAKE) --no-print-directory $(JOBS)

.PHONY: all tests there deps deps-test run test test-long accept valgrind fuzz fuzz-with bench layers \
        banned unique codes width check-style format install clean FORCE
.DELETE_ON_ERROR:

all: $(ARCHIVE) $(SHARED) $(PROGRAM)

tests: all $(UNITS) $(ORACLE) $(FUZZ)

# --- products

# Holds the flags, so that other flags (WERROR, PREFIX) compile anew.
$(B)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' "$(subst ",\",$(CC) $(COMPILE) $(LINK))" | cmp -s - $@ || \
	    printf '%s\n' "$(subst ",\",$(CC) $(COMPILE) $(LINK))" > $@

$(B)/%.o: %.c $(B)/flags | there
	@mkdir -p $(@D)
	@echo "  CC   $<"
	@$(CC) $(if $(filter tests/fuzz/driver/%,$<),$(filter-out -fsanitize-coverage=%,$(COMPILE)),$(COMPILE)) \
	    $(if $(filter tests/%,$<),-I. -Itests) -MMD -MP -c $< -o $@

$(ARCHIVE): $(call objects,$(LIBRARY_SOURCES))
	@rm -f $@
	@ar rcs $@ $^

$(SHARED): $(call objects,$(LIBRARY_SOURCES))
	@printf 'ENTENTE_$(SOVERSION) { global: entente_*; local: *; };\n' > $(B)/entente.map
	@$(CC) -shared $(LINK) -Wl,-soname,libentente.so.$(SOVERSION) \
	    -Wl,--version-script,$(B)/entente.map $(if $(filter san,$(VARIANT)),,-Wl,-z,defs) \
	    $^ $(LIBS) -o $@
	@ln -sf $(@F) $(B)/libentente.so.$(SOVERSION)
	@ln -sf libentente.so.$(SOVERSION) $(B)/libentente.so

$(B)/entente: $(call objects,$(PROGRAM_SOURCES)) $(ARCHIVE)
	@$(CC) $(LINK) $^ $(PROGRAM_LIBS) $(LIBS) -o $@

# Unit tests can make the engine's allocations fail, and do without machine code (tests/test.h).
WRAP := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=pcre2_jit_compile_8
$(B)/tests/unit/%_test: $(B)/tests/unit/%_test.o $(B)/tests/test.o $(ARCHIVE)
	@$(CC) $(LINK) $(WRAP) $^ $(LIBS) -lcmocka -ljansson -ldl -o $@

$(B)/oracle: $(call objects,$(ORACLE_SOURCES)) $(ARCHIVE)
	@$(CC) $(LINK) $^ $(LIBS) -o $@

$(B)/%_bench: $(B)/tests/bench/%_bench.o $(ARCHIVE)
	@$(CC) $(LINK) $^ $(LIBS) -o $@

$(B)/tests/fuzz/%: $(B)/tests/fuzz/%.o $(call objects,$(DRIVER_SOURCES) tests/fuzz/fuzz.c tests/test.c) \
    $(ARCHIVE)
	@$(CC) $(LINK) $(WRAP) $(if $(DRIVER_SOURCES),,-fsanitize=fuzzer) $^ $(LIBS) -lcmocka -ljansson \
	    -ldl -o $@

.SECONDARY:
-include $(shell find $(B) -name '*.d' 2>/dev/null)

# --- what the build stands on

# $(call look_for,PAIRS): says what pkg-config does not find, and leaves it in $missing.
define look_for
missing=; \
command -v $(firstword $(CC)) >/dev/null || missing="$$missing gcc libc6-dev"; \
command -v pkg-config >/dev/null || missing="$$missing pkg-config"; \
for pair in $1; do \
    pkg-config --exists "$${pair%=*}" 2>/dev/null || missing="$$missing $${pair#*=}"; \
done; \
[ -z "$$missing" ] || echo "Entente is built on Debian packages that are not here:$$missing"
endef

# $(call install,PAIRS): installs them; silent where nothing is missing.
define install
$(call look_for,$1); \
if [ -n "$$missing" ]; then \
    if ! command -v apt-get >/dev/null; then \
        echo "There is no apt-get: please install what stands for them here." >&2; exit 1; \
    fi; \
    sudo=; \
    if [ "$$(id -u)" -ne 0 ]; then \
        command -v sudo >/dev/null || { \
            echo "You are not root and there is no sudo. Have root run, then try again:" >&2; \
            echo "    apt-get install$$missing" >&2; exit 1; }; \
        sudo="sudo "; \
    fi; \
    echo "Installing: $${sudo}apt-get install$$missing"; \
    export DEBIAN_FRONTEND=noninteractive; \
    $$sudo apt-get install -y -q --no-install-recommends $$missing >/dev/null 2>&1 || { \
        $$sudo apt-get update -q >/dev/null && \
        $$sudo apt-get install -y -q --no-install-recommends $$missing >/dev/null; }; \
fi
endef

there:
	@$(call look_for,$(NEEDED) $(PROGRAM_NEEDED)); \
	[ -z "$$missing" ] || { echo "Type: make deps" >&2; exit 1; }

deps:
	@$(call install,$(NEEDED) $(PROGRAM_NEEDED))

deps-test: deps
	@$(call install,$(TEST_NEEDED))
	@command -v python3 >/dev/null || { $(call install,python3=python3); }

# --- running and testing

run: deps
	@+$(AGAIN) all
	@$(B)/entente diagnose -p rules/core samples/partnerships.csv --format text
	@echo; echo "Why? Type: $(B)/entente explain -p rules/core --how imbalance samples/sheet.yaml"

test: deps-test
	@+$(AGAIN) VARIANT=san WERROR=1 tests
	@BUILD=$(abspath $(OUT)/san) tests/run

test-long: deps-test
	@+$(AGAIN) VARIANT=san WERROR=1 tests
	@BUILD=$(abspath $(OUT)/san) LONG=1 tests/run

accept: deps-test
	@+$(AGAIN) VARIANT=san tests
	@BUILD=$(abspath $(OUT)/san) ACCEPT=1 tests/run

valgrind: deps-test
	@command -v valgrind >/dev/null || { $(call install,valgrind=valgrind); }
	@+$(AGAIN) VARIANT=debug tests
	@BUILD=$(abspath $(OUT)/debug) VALGRIND=1 tests/run

# Long: FUZZ_SECONDS each. libFuzzer does it; where clang cannot be had, our driver and gcc.
FUZZ_SECONDS := 60
fuzz: deps-test
	@command -v clang >/dev/null && [ -e "$$(clang -print-runtime-dir)/libclang_rt.fuzzer-$$(uname -m).a" ] || \
	    ( $(call install,clang=clang rt=libclang-rt-dev) ) || echo "Going on without libFuzzer"
	@+$(AGAIN) fuzz-with CC=$$(command -v clang >/dev/null && echo clang || echo $(CC))

fuzz-with:
	@+$(AGAIN) VARIANT=fuzz OUT=$(OUT)$(if $(CLANG),/clang) \
	    $(patsubst %,$(OUT)$(if $(CLANG),/clang)/fuzz/tests/fuzz/%,$(FUZZERS))
	@BUILD=$(abspath $(OUT)$(if $(CLANG),/clang)/fuzz) FUZZ_SECONDS=$(FUZZ_SECONDS) \
	    FUZZERS="$(FUZZERS)" tests/fuzz/run

bench: deps
	@command -v python3 >/dev/null || { $(call install,python3=python3); }
	@[ -e /usr/include/clips/clips.h ] || ( $(call install,clips=libclips-dev) ) || \
	    echo "Going on without CLIPS"
	@+$(AGAIN) VARIANT=release all $(OUT)/release/interview_bench $(OUT)/release/scan_bench
	@BUILD=$(abspath $(OUT)/release) ENTENTE=$(abspath $(OUT)/release/entente) tests/bench/run

# --- keeping the house

C_FILES = $(sort $(shell find engine include tests -name '*.[ch]'))

# The include law of STAGES.
layers:
	@awk -v stages='$(STAGES)' -v users='$(USERS)' ' \
	    BEGIN { n = split(stages, s); for (i = 1; i <= n; i++) at[s[i]] = i; \
	            m = split(users, u); for (i = 1; i <= m; i++) user[u[i]] = 1 } \
	    function no(why) { printf "%s:%d: %s: %s\n", FILENAME, FNR, $$0, why; bad = 1 } \
	    /^[ \t]*#[ \t]*include/ { \
	        split(FILENAME, path, "/"); own = path[2]; \
	        if ($$0 ~ /<entente\//) { \
	            if (!user[own] && own != "api") no("only api, " users " see the public header"); \
	            next } \
	        if ($$0 !~ /"/) next; \
	        split($$0, quoted, "\""); \
	        if (split(quoted[2], part, "/") != 2) { no("write \"stage/file.h\""); next } \
	        if (part[1] == own) next; \
	        if (!(part[1] in at)) no("there is no such stage"); \
	        else if (part[2] != part[1] ".h") no("not the door header of " part[1]); \
	        else if (at[part[1]] > at[own]) no(part[1] " stands to the right of " own); \
	        else if (user[own] && part[1] != "base") no(own " uses base and entente.h only") } \
	    END { exit bad }' $$(find engine -name '*.[ch]' -o -name '*.def' | sort)

BANNED := sprintf|strcpy|strcat|strtok|atoi|strto[a-z]+|sscanf|localtime|gmtime|system|vsprintf
banned:
	@! grep -nwE '($(BANNED))\(|setlocale\(LC_ALL' $(C_FILES)

unique:
	@twice=$$(printf '%s\n' $(notdir $(C_FILES)) | sort | uniq -d); \
	[ -z "$$twice" ] || { echo "file names that stand twice:" $$twice; exit 1; }

# Every problem code is provoked by a test: its label or its name stands in tests/.
codes:
	@sed -n 's/^PROBLEM(\([A-Z0-9_]*\), *\([0-9]*\), *SEVERITY_\(.\).*/\1 \3 \2/p' \
	    engine/base/problems.def | sort | { status=0; while read -r name letter number; do \
	        label=$$(printf '%s%04d' "$$letter" "$$number"); \
	        grep -rqE "$$label|PROBLEM_$$name\b" tests || \
	            { echo "$$label $$name has no test"; status=1; }; \
	    done; exit $$status; }

# In characters, not bytes.
width:
	@! LC_ALL=C.UTF-8 grep -nE '^.{101,}' $(C_FILES)

check-style: layers banned unique codes width
	@wc -l $(C_FILES) | awk '$$2 != "total" && $$1 > 700 { print "over 700 lines: " $$2, $$1 }'

format:
	@clang-format -i $(C_FILES)

# --- installing

# Libs.private, not Requires.private: that would ask for the headers of what the libraries themselves
# are made of, which entente.h does not include.
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/include/entente \
	    $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/share/entente
	install -m 755 $(B)/entente $(DESTDIR)$(PREFIX)/bin/
	install -m 644 include/entente/entente.h $(DESTDIR)$(PREFIX)/include/entente/
	install -m 644 $(ARCHIVE) $(SHARED) $(DESTDIR)$(PREFIX)/lib/
	ln -sf libentente.so.$(VERSION) $(DESTDIR)$(PREFIX)/lib/libentente.so.$(SOVERSION)
	ln -sf libentente.so.$(SOVERSION) $(DESTDIR)$(PREFIX)/lib/libentente.so
	printf '%s\n' 'prefix=$(PREFIX)' 'Name: entente' \
	    'Description: rule-based diagnosis of partnerships' 'Version: $(VERSION)' \
	    'Libs: -L$${prefix}/lib -lentente' 'Libs.private: $(LIBS)' \
	    'Cflags: -I$${prefix}/include' \
	    > $(DESTDIR)$(PREFIX)/lib/pkgconfig/entente.pc
	for pack in rules/*; do rm -rf $(DESTDIR)$(PREFIX)/share/entente/$$pack; done
	cp -R rules $(DESTDIR)$(PREFIX)/share/entente/
	$(if $(DESTDIR),,[ "$$(id -u)" -ne 0 ] || ldconfig)

clean:
	rm -rf $(OUT)
