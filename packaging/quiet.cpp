// The error handling of libhealpix_cxx without its messages on standard error, which belongs to the host of an extension. What is
// thrown is caught in Sources/CHealpix. In place of error_handling.o of the static archive, the only part of it that a
// shared object cannot hold: it is not position independent and refers to std::cerr.
#include <healpix_cxx/error_handling.h>

void planck_failure__(const char *, int, const char *, const std::string &) {}
void planck_failure__(const char *, int, const char *, const char *) {}
void killjob__() {}
PlanckError::PlanckError(const std::string &message) : msg(message) {}
PlanckError::PlanckError(const char *message) : msg(message) {}
PlanckError::~PlanckError() {}
