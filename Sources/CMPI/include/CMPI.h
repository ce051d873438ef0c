// What the plugin offers to the program. No type of MPI appears here: only the plugin is compiled against mpi.h.
#ifndef XMDB_CMPI_H
#define XMDB_CMPI_H

/// Changes with the table below.
#define XMPI_VERSION 1

/// Where this process stands among those that were launched together.
typedef struct {
  int rank;
  int size;
  /// The number of processes on this machine.
  int local_size;
} xmpi_world;

/// The plugin's functions. Those that return text return null when all went well, else what went wrong, valid until the
/// next call. One thread calls at a time.
typedef struct {
  int version;
  /// Joins the other processes.
  const char *(*start)(xmpi_world *world);
  /// Sends a copy of the bytes; it is on its way when this returns.
  const char *(*send)(const void *bytes, int count, int to);
  /// Frees the copies that have arrived.
  const char *(*reap)(void);
  /// Finds the next message that has arrived and its sender, or sets `from` to -1. Never waits.
  const char *(*probe)(int *from, int *count);
  /// Takes the message that `probe` found.
  const char *(*receive)(void *bytes, int count);
  /// Waits until all processes have come here and all that was sent has left, then leaves. Sleeps while it waits.
  const char *(*stop)(void);
  /// Ends all processes.
  void (*abort)(int status);
} xmpi_functions;

/// The one symbol of the plugin.
const xmpi_functions *xmdb_mpi_plugin(void);

/// Loads the plugin.
/// Returns null, and the reason in `error` (valid until the next call), when it cannot be used. It stays loaded.
const xmpi_functions *xmpi_load(const char *path, const char **error);

#endif
