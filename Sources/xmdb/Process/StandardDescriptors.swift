import Glibc

/// Descriptors 0, 1 and 2, which a parent may have closed.
enum StandardDescriptors {
  /// Takes up those that are closed, before a file or a pipe of the program's own gets such a number and is taken for
  /// standard input or written to as standard output: reading gives the end of the file, writing fails as before.
  static func takeUp() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is given: this one.
      _ = open("/dev/null", O_RDONLY)
    }
  }
}
