/*
 * Writes down, in their order, the calls by which a program changes the files below one directory and brings them to the
 * disk. Loaded with LD_PRELOAD; TRACED is the directory, TRACE the file written to. Each call is a line, and behind that
 * of a write its bytes:
 *
 *     write OFFSET SIZE PATH
 *     truncate SIZE 0 PATH
 *     sync 0 0 PATH
 *     unlink 0 0 PATH
 *     rename 0 SIZE PATH      behind it SIZE bytes: the path that it had
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static void *next(const char *name) { return dlsym(RTLD_NEXT, name); }

/* The path of a file below the traced directory; NULL for any other. */
static const char *traced(int fd, char *path, size_t size) {
  const char *directory = getenv("TRACED");
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = directory == NULL ? -1 : readlink(link, path, size - 1);
  if (length <= 0) return NULL;
  path[length] = 0;
  return strncmp(path, directory, strlen(directory)) == 0 ? path : NULL;
}

/* Held from before a call to behind its note: what is noted first was done first. */
static void note(const char *call, off_t first, size_t second, const char *path, const void *data) {
  static int trace = -1;
  static ssize_t (*real)(int, const struct iovec *, int);
  if (real == NULL) real = next("writev");
  if (trace < 0) trace = open(getenv("TRACE"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  char head[4300];
  int size = snprintf(head, sizeof head, "%s %lld %zu %s\n", call, (long long)first, second, path);
  struct iovec parts[] = {{head, size}, {(void *)data, data == NULL ? 0 : second}};
  real(trace, parts, 2);
}

static off_t place(int fd) {
  struct stat facts;
  if ((fcntl(fd, F_GETFL) & O_APPEND) && fstat(fd, &facts) == 0) return facts.st_size;
  return lseek(fd, 0, SEEK_CUR);
}

#define WRITE(name, parameters, arguments, offset)                                  \
  ssize_t name parameters {                                                         \
    static ssize_t(*real) parameters;                                               \
    if (real == NULL) real = next(#name);                                           \
    char buffer[4096];                                                              \
    const char *path = traced(fd, buffer, sizeof buffer);                           \
    if (path == NULL) return real arguments;                                        \
    pthread_mutex_lock(&turn);                                                      \
    off_t from = (offset);                                                          \
    ssize_t done = real arguments;                                                  \
    if (done > 0) note("write", from, done, path, data);                            \
    pthread_mutex_unlock(&turn);                                                    \
    return done;                                                                    \
  }

WRITE(write, (int fd, const void *data, size_t size), (fd, data, size), place(fd))
WRITE(pwrite, (int fd, const void *data, size_t size, off_t at), (fd, data, size, at), at)
WRITE(pwrite64, (int fd, const void *data, size_t size, off64_t at), (fd, data, size, at), at)

#define CALL(note_as, name, parameters, arguments, first)  \
  int name parameters {                                    \
    static int(*real) parameters;                          \
    if (real == NULL) real = next(#name);                  \
    char buffer[4096];                                     \
    const char *path = traced(fd, buffer, sizeof buffer);  \
    if (path == NULL) return real arguments;               \
    pthread_mutex_lock(&turn);                             \
    int failed = real arguments;                           \
    if (!failed) note(note_as, first, 0, path, NULL);      \
    pthread_mutex_unlock(&turn);                           \
    return failed;                                         \
  }

CALL("truncate", ftruncate, (int fd, off_t size), (fd, size), size)
CALL("truncate", ftruncate64, (int fd, off64_t size), (fd, size), size)
CALL("sync", fsync, (int fd), (fd), 0)
CALL("sync", fdatasync, (int fd), (fd), 0)

int rename(const char *from, const char *to) {
  static int (*real)(const char *, const char *);
  if (real == NULL) real = next("rename");
  const char *directory = getenv("TRACED");
  pthread_mutex_lock(&turn);
  int failed = real(from, to);
  if (!failed && directory != NULL && strncmp(to, directory, strlen(directory)) == 0) note("rename", 0, strlen(from), to, from);
  pthread_mutex_unlock(&turn);
  return failed;
}

int unlink(const char *path) {
  static int (*real)(const char *);
  if (real == NULL) real = next("unlink");
  const char *directory = getenv("TRACED");
  pthread_mutex_lock(&turn);
  int failed = real(path);
  if (!failed && directory != NULL && strncmp(path, directory, strlen(directory)) == 0) note("unlink", 0, 0, path, NULL);
  pthread_mutex_unlock(&turn);
  return failed;
}
