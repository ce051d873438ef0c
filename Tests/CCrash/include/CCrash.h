// Loaded into a program by LD_PRELOAD, this crashes it: XMDB_TEST_CRASH is ILL, SEGV or ABRT.
