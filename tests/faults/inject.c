/*
 * Makes system calls on chosen files fail with a chosen error, for as long as a control file says so.
 * Loaded into the daemon with LD_PRELOAD; the control file (FAULTS) holds lines "CALL ERRNO PATH-PART":
 *
 *     read 5 access.log
 *     write 28 phi-egress.db
 *
 * CALL is open, read, write or sync. It is read anew at every call, so a test turns faults on and off by writing it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static int (*real_open)(const char *, int, ...);

static void *next(const char *name) { return dlsym(RTLD_NEXT, name); }

/* The error that is ordered for this call on this path; 0 for none. */
static int fault(const char *call, const char *path) {
  const char *control = getenv("FAULTS");
  if (control == NULL || path == NULL || strcmp(path, control) == 0) return 0;
  if (real_open == NULL) real_open = next("open");
  int fd = real_open(control, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  static ssize_t (*real_read)(int, void *, size_t);
  if (real_read == NULL) real_read = next("read");
  char rules[1024];
  ssize_t size = real_read(fd, rules, sizeof rules - 1);
  close(fd);
  if (size <= 0) return 0;
  rules[size] = 0;
  char *state = NULL;
  for (char *rule = strtok_r(rules, "\n", &state); rule != NULL; rule = strtok_r(NULL, "\n", &state)) {
    char on[16], part[256];
    int error;
    if (sscanf(rule, "%15s %d %255s", on, &error, part) == 3 && strcmp(on, call) == 0 && strstr(path, part) != NULL)
      return error;
  }
  return 0;
}

static int fault_on(const char *call, int fd) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t size = readlink(link, path, sizeof path - 1);
  if (size <= 0) return 0;
  path[size] = 0;
  return fault(call, path);
}

#define FAIL_IF(error)  \
  do {                  \
    int code = (error); \
    if (code != 0) {    \
      errno = code;     \
      return -1;        \
    }                   \
  } while (0)

#define ON_FD(call, type, name, parameters, arguments) \
  type name parameters {                               \
    static type(*real) parameters;                     \
    if (real == NULL) real = next(#name);              \
    FAIL_IF(fault_on(call, fd));                       \
    return real arguments;                             \
  }

ON_FD("read", ssize_t, read, (int fd, void *data, size_t size), (fd, data, size))
ON_FD("read", ssize_t, pread, (int fd, void *data, size_t size, off_t at), (fd, data, size, at))
ON_FD("read", ssize_t, pread64, (int fd, void *data, size_t size, off64_t at), (fd, data, size, at))
ON_FD("read", ssize_t, readv, (int fd, const struct iovec *parts, int count), (fd, parts, count))
ON_FD("read", ssize_t, preadv, (int fd, const struct iovec *parts, int count, off_t at), (fd, parts, count, at))
ON_FD("read", ssize_t, preadv64, (int fd, const struct iovec *parts, int count, off64_t at), (fd, parts, count, at))
ON_FD("write", ssize_t, write, (int fd, const void *data, size_t size), (fd, data, size))
ON_FD("write", ssize_t, pwrite, (int fd, const void *data, size_t size, off_t at), (fd, data, size, at))
ON_FD("write", ssize_t, pwrite64, (int fd, const void *data, size_t size, off64_t at), (fd, data, size, at))
ON_FD("sync", int, fsync, (int fd), (fd))
ON_FD("sync", int, fdatasync, (int fd), (fd))

#define OPEN(name)                                     \
  int name(const char *path, int flags, ...) {         \
    static int (*real)(const char *, int, ...);        \
    if (real == NULL) real = next(#name);              \
    va_list rest;                                      \
    va_start(rest, flags);                             \
    int mode = flags & O_CREAT ? va_arg(rest, int) : 0; \
    va_end(rest);                                      \
    FAIL_IF(fault("open", path));                      \
    return real(path, flags, mode);                    \
  }

OPEN(open)
OPEN(open64)
