/*
 * The disk of a process that writes a SQLite database: what it writes and syncs is recorded, and
 * calls fail on demand. Loaded by LD_PRELOAD; see disks.py.
 *
 * DISK_TRACE names the file of records; DISK_FAULT a file such as "write 28": a call, and the errno
 * with which it is to fail as long as the file is there.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum call { WRITE, TRUNCATE, SYNC };
enum { DATABASE, LOG, OTHER };

struct head {
    int32_t call, file;
    int64_t offset, length;
};

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

static int ends_with(const char *path, const char *end) {
    size_t length = strlen(path), tail = strlen(end);
    return length >= tail && !strcmp(path + length - tail, end);
}

static int which_file(int descriptor) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    path[length < 0 ? 0 : length] = 0;
    if (ends_with(path, "/history.db")) return DATABASE;
    return ends_with(path, "/history.db-wal") ? LOG : OTHER;
}

/* After the call: what another thread syncs meanwhile may lack it. */
static void record(enum call call, int file, off64_t offset, const void *content, size_t length) {
    static int trace = -1;
    struct head head = {call, file, offset, length};
    struct iovec parts[] = {{&head, sizeof head}, {(void *)content, content ? length : 0}};
    pthread_mutex_lock(&turn);
    if (trace < 0)
        trace = open(getenv("DISK_TRACE"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (writev(trace, parts, 2) < 0) abort();
    pthread_mutex_unlock(&turn);
}

static int fails(const char *call) {
    char name[16];
    int number = 0;
    FILE *fault = fopen(getenv("DISK_FAULT"), "re");
    if (!fault) return 0;
    if (fscanf(fault, "%15s %d", name, &number) != 2 || strcmp(name, call)) number = 0;
    fclose(fault);
    errno = number;
    return number;
}

ssize_t pwrite64(int descriptor, const void *content, size_t length, off64_t offset) {
    static ssize_t (*original)(int, const void *, size_t, off64_t);
    if (!original) original = dlsym(RTLD_NEXT, "pwrite64");
    int file = which_file(descriptor);
    if (file == OTHER) return original(descriptor, content, length, offset);
    if (fails("write")) return -1;
    ssize_t written = original(descriptor, content, length, offset);
    if (written > 0) record(WRITE, file, offset, content, written);
    return written;
}

int ftruncate64(int descriptor, off64_t length) {
    static int (*original)(int, off64_t);
    if (!original) original = dlsym(RTLD_NEXT, "ftruncate64");
    int file = which_file(descriptor), failed = original(descriptor, length);
    if (file != OTHER && !failed) record(TRUNCATE, file, 0, NULL, length);
    return failed;
}

static int sync_by(int (*original)(int), int descriptor) {
    int file = which_file(descriptor);
    if (file != OTHER && fails("sync")) return -1;
    int failed = original(descriptor);
    if (file != OTHER && !failed) record(SYNC, file, 0, NULL, 0);
    return failed;
}

int fdatasync(int descriptor) {
    static int (*original)(int);
    if (!original) original = dlsym(RTLD_NEXT, "fdatasync");
    return sync_by(original, descriptor);
}

int fsync(int descriptor) {
    static int (*original)(int);
    if (!original) original = dlsym(RTLD_NEXT, "fsync");
    return sync_by(original, descriptor);
}
