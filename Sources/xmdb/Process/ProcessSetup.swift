import CProcessor
import CatalogStore
import Glibc

/// What a process needs around it before anything else happens, whoever started it.
enum ProcessSetup {
  /// Descriptors that every command can do with.
  private static let fewestDescriptors: rlim_t = 16
  /// With less, libraries and threads cannot be started, bytes of address space.
  private static let leastAddressSpace: rlim_t = 216 << 20

  /// Connects descriptors 0 to 2 to nothing where the caller has closed them. Else the first files that are opened would get
  /// these numbers, and messages would go into a database, or a database would be read as standard input.
  static func connectStandardDescriptors() {
    for descriptor in STDIN_FILENO...STDERR_FILENO
    where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
      // The lowest free number is the one that is missing.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_RDONLY : O_WRONLY)
    }
  }

  /// A file that may not grow any more (ulimit -f) is an error like a full disk, not the end.
  static func ignoreFileSizeSignal() { signal(SIGXFSZ, SIG_IGN) }

  /// Lets threads share heaps: what one of them has freed serves the others. glibc gives each thread a heap of its own, and the memory
  /// that was once needed in each stays there: a fifth to two fifths of a match. Threads allocate too seldom to wait for each other.
  static func shareHeaps(threads: Int) { xmdb_memory_heaps(CInt(clamping: max(1, threads / threadsOfAHeap))) }

  private static let threadsOfAHeap = 4

  /// Keeps memory that is freed for what comes next: a match frees and takes the same amounts for every chunk, and what is given back
  /// to the system each time comes back as page faults, a tenth of the processor time. Where little memory is granted it is not kept,
  /// since it adds to what a chunk needs.
  /// - Parameter granted: Memory of a thread, bytes.
  static func keepFreedMemory(granted: Int64) {
    if granted < ampleBytes { return }
    xmdb_memory_keep(keptBytes, largestKeptBytes)
  }

  /// So much is eight times what is kept, and more than the largest usual chunk needs.
  private static let ampleBytes: Int64 = 512 << 20
  /// So much freed memory is kept at the end of a heap.
  private static let keptBytes: CInt = 64 << 20
  /// Larger blocks go back to the system at once; the most that glibc allows.
  private static let largestKeptBytes: CInt = 32 << 20

  /// Refuses limits under which the program would fail somewhere in the middle.
  static func requireLimits() throws {
    let descriptors = limit(RLIMIT_NOFILE)
    if descriptors < fewestDescriptors {
      throw StoreError(
        .system, "xmdb",
        "may open \(descriptors) files only (ulimit -n); allowed: \(fewestDescriptors) or more, and 64 for each thread of a match"
      )
    }
    let space = limit(RLIMIT_AS)
    if space < leastAddressSpace {
      throw StoreError(
        .system, "xmdb",
        "may use \(Format.bytes(Int64(clamping: space))) of address space only (ulimit -v); allowed: "
          + "\(Format.bytes(Int64(clamping: leastAddressSpace))) or more, and what --memory says beside it")
    }
  }

  private static func limit(_ resource: __rlimit_resource) -> rlim_t {
    var limit = rlimit()
    return getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 ? limit.rlim_cur : rlim_t.max
  }

  /// Refuses arguments that are not UTF-8: they would be changed on the way, and name other files than those that were meant.
  static func requireTextArguments() throws {
    for position in 0..<Int(CommandLine.argc) {
      guard let argument = CommandLine.unsafeArgv[position] else { break }
      if String(validatingCString: argument) == nil {
        throw StoreError(
          .usage, "argument \(position)",
          "'\(String(cString: argument))' is not UTF-8; give files and folders names in UTF-8, or a link with such a name"
        )
      }
    }
    for name in ["XMDB_DB", "XMDB_LOCKS"] {
      guard let value = getenv(name), String(validatingCString: value) == nil else { continue }
      throw StoreError(.usage, "$\(name)", "'\(String(cString: value))' is not UTF-8; give a name in UTF-8")
    }
  }
}
