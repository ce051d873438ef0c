#include "CMPI.h"
#include <dlfcn.h>
#include <stddef.h>

const xmpi_functions *xmpi_load(const char *path, const char **error) {
  // Open MPI loads plugins of its own, which look for its symbols among the global ones.
  void *library = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
  if (!library) return *error = dlerror(), NULL;
  const xmpi_functions *(*plugin)(void) = (const xmpi_functions *(*)(void))dlsym(library, "xmdb_mpi_plugin");
  if (!plugin) return *error = "it is not a plugin of xmdb", NULL;
  const xmpi_functions *functions = plugin();
  if (functions->version != XMPI_VERSION) return *error = "it belongs to another version of xmdb", NULL;
  return functions;
}
