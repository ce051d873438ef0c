internal import CatalogStore
internal import Glibc

/// What a piece takes, from now on.
struct CostClock {
  private let start = Program.seconds()
  private let processorStart = CostClock.threadSeconds()

  init() { PeakMemory.restart() }

  func cost(host: String, isReused: Bool = false) -> RunCost {
    RunCost(
      seconds: Program.seconds() - start, processorSeconds: Self.threadSeconds() - processorStart,
      peakBytes: PeakMemory.bytes, host: host, isReused: isReused)
  }

  /// Processor seconds of the calling thread.
  static func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// The most memory that the process has held since it was asked to forget, as Linux counts it.
enum PeakMemory {
  /// Forgets: the peak begins with what is held now. With several threads, each forgets for all.
  static func restart() {
    let descriptor = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
    if descriptor < 0 { return }
    defer { close(descriptor) }
    _ = write(descriptor, "5", 1)
  }

  /// The peak, bytes; nil where the system does not tell.
  static var bytes: Int64? {
    guard let status = try? FileSystem.text(ofKernelFile: "/proc/self/status") else { return nil }
    for line in status.split(separator: "\n") where line.hasPrefix("VmHWM:") {
      return line.split(separator: " ").dropFirst().first.flatMap { Int64($0) }.map { $0 * 1024 }
    }
    return nil
  }
}
