// Messages of bytes between the processes of one job: nonblocking, ordered between two processes, never spinning.
#define _POSIX_C_SOURCE 200809L  // nanosleep
#include "CMPIPlugin.h"
#include <stddef.h>

#if __has_include(<mpi.h>)
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/// A message that may still be on its way.
typedef struct outgoing {
  struct outgoing *next;
  MPI_Request request;
  char bytes[];
} outgoing;

// MPI is joined once in a process, whatever its interface says; so is this.
static struct {
  MPI_Comm processes;
  outgoing *first;
  /// Where the next message is hung.
  outgoing **last;
  /// The message that has been probed.
  MPI_Message found;
  char error[MPI_MAX_ERROR_STRING + 64];
} session;

static const char *failure(const char *doing, int code) {
  if (code == MPI_SUCCESS) return NULL;
  char reason[MPI_MAX_ERROR_STRING];
  int length;
  MPI_Error_string(code, reason, &length);
  snprintf(session.error, sizeof session.error, "%s: %s", doing, reason);
  return session.error;
}

/// A pause in which another process may use the core.
static void nap(void) { nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL); }

static int count_neighbours(int *size) {
  MPI_Comm machine;
  int code = MPI_Comm_split_type(session.processes, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine);
  if (code != MPI_SUCCESS) return code;
  code = MPI_Comm_size(machine, size);
  MPI_Comm_free(&machine);
  return code;
}

static const char *start(xmpi_world *world) {
  int level;
  int code = MPI_Init_thread(NULL, NULL, MPI_THREAD_SERIALIZED, &level);
  if (code != MPI_SUCCESS) return failure("MPI_Init_thread", code);
  if (level < MPI_THREAD_SERIALIZED) return "this MPI was built without threads (MPI_THREAD_SERIALIZED)";
  // A communicator of its own: no message of anybody else can come in between.
  code = MPI_Comm_dup(MPI_COMM_WORLD, &session.processes);
  if (code != MPI_SUCCESS) return failure("MPI_Comm_dup", code);
  MPI_Comm_set_errhandler(session.processes, MPI_ERRORS_RETURN);
  session.last = &session.first;
  MPI_Comm_rank(session.processes, &world->rank);
  MPI_Comm_size(session.processes, &world->size);
  return failure("MPI_Comm_split_type", count_neighbours(&world->local_size));
}

static const char *send_copy(const void *bytes, int count, int to) {
  outgoing *message = malloc(sizeof *message + (size_t)count);
  if (!message) return "there is not enough memory to send a message";
  memcpy(message->bytes, bytes, (size_t)count);
  message->next = NULL;
  int code = MPI_Isend(message->bytes, count, MPI_BYTE, to, 0, session.processes, &message->request);
  if (code != MPI_SUCCESS) return free(message), failure("MPI_Isend", code);
  *session.last = message;
  session.last = &message->next;
  return NULL;
}

static const char *reap(void) {
  outgoing **place = &session.first;
  while (*place) {
    outgoing *message = *place;
    int arrived = 0;
    int code = MPI_Test(&message->request, &arrived, MPI_STATUS_IGNORE);
    if (code != MPI_SUCCESS) return failure("MPI_Test", code);
    if (arrived) {
      *place = message->next;
      free(message);
    } else {
      place = &message->next;
    }
  }
  session.last = place;
  return NULL;
}

static const char *probe(int *from, int *count) {
  int arrived = 0;
  MPI_Status status;
  *from = -1;
  int code = MPI_Improbe(MPI_ANY_SOURCE, 0, session.processes, &arrived, &session.found, &status);
  if (code != MPI_SUCCESS) return failure("MPI_Improbe", code);
  if (!arrived) return NULL;
  *from = status.MPI_SOURCE;
  return failure("MPI_Get_count", MPI_Get_count(&status, MPI_BYTE, count));
}

static const char *receive(void *bytes, int count) {
  return failure("MPI_Mrecv", MPI_Mrecv(bytes, count, MPI_BYTE, &session.found, MPI_STATUS_IGNORE));
}

/// MPI_Finalize waits for the other processes with a busy loop; a barrier before it is waited for asleep.
static const char *wait_for_all(void) {
  MPI_Request barrier;
  int code = MPI_Ibarrier(session.processes, &barrier);
  for (int arrived = 0; code == MPI_SUCCESS; nap()) {
    code = MPI_Test(&barrier, &arrived, MPI_STATUS_IGNORE);
    if (arrived) break;
  }
  return failure("MPI_Ibarrier", code);
}

static const char *stop(void) {
  const char *error = reap();
  for (; !error && session.first; error = reap()) nap();
  if (!error) error = wait_for_all();
  if (error) return error;
  MPI_Comm_free(&session.processes);
  return failure("MPI_Finalize", MPI_Finalize());
}

static void abort_all(int status) { MPI_Abort(MPI_COMM_WORLD, status); }

#else

static const char *start(xmpi_world *world) {
  (void)world;
  return "it was built where there was no mpi.h; install openmpi-bin and libopenmpi-dev, and build it again";
}
static const char *send_copy(const void *bytes, int count, int to) { return (void)bytes, (void)count, (void)to, NULL; }
static const char *reap(void) { return NULL; }
static const char *probe(int *from, int *count) { return (void)count, *from = -1, NULL; }
static const char *receive(void *bytes, int count) { return (void)bytes, (void)count, NULL; }
static const char *stop(void) { return NULL; }
static void abort_all(int status) { (void)status; }

#endif

const xmpi_functions *xmdb_mpi_plugin(void) {
  static const xmpi_functions functions = {XMPI_VERSION, start, send_copy, reap, probe, receive, stop, abort_all};
  return &functions;
}
